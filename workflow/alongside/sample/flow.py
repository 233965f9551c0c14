"""Who is left at each stage, for every outcome, wave and cohort.

In: the panel (everybody enrolled, at every collected wave), responses, scores. Out: the flow table. Stages, each a
subset of the one before it:

enrolled    everybody in the panel
answered    gave at least one answer to this outcome at this wave
scoreable   answered enough of it for a score
analysed    the score stands in the panel

`reason` is "" for the people who are still there; other rows say how many left at that stage, and why: no response at
this wave; a response that was set aside, by rule; a response without an answer to this outcome; too few items. Waves
at which an outcome was not asked, or that are not collected yet, have no rows.

Fails with AssertionError where a stage has people whom the stage before it did not have.
"""

import numpy as np
import pandas as pd

from alongside.tables import FLOW, check_table

STAGES = ("enrolled", "answered", "scoreable", "analysed")
NO_RESPONSE = "no-response"
NOT_ANSWERED = "not-answered"


def count_flow(panel, *, responses, scores, plan):
    """plan: participants, waves, outcomes"""
    cohort = panel.drop_duplicates("participant").set_index(panel["participant"].drop_duplicates().astype("str"))[
        "cohort"
    ]
    people = cohort.index
    why_absent = _why_absent(responses)
    waves = [wave for wave in plan.waves if (panel["wave"].astype("str") == wave).any()]
    scores = scores.assign(**{name: scores[name].astype("str") for name in ("participant", "wave", "outcome")})
    parts = []
    for name, outcome in plan.outcomes.items():
        for wave in waves:
            if wave not in outcome.waves:
                continue
            own = scores[(scores["outcome"] == name) & (scores["wave"] == wave)].set_index("participant")
            if own.empty:
                continue
            at_wave = panel[panel["wave"].astype("str") == wave].set_index(
                panel.loc[panel["wave"].astype("str") == wave, "participant"].astype("str")
            )
            answered = people.isin(own.index)
            scoreable = people.isin(own.index[own["score"].notna()])
            analysed = at_wave[name].reindex(people).notna().to_numpy()
            left_before = why_absent.get(wave, pd.Series(dtype="object")).reindex(people)
            left_before = left_before.fillna(NO_RESPONSE).to_numpy()
            too_few = own["reason"].reindex(people).fillna("").to_numpy()
            stages = {
                "enrolled": (np.ones(len(people), dtype=bool), None),
                "answered": (answered, left_before),
                "scoreable": (scoreable, too_few),
                "analysed": (analysed, np.full(len(people), "not-in-panel")),
            }
            parts.append(_count(stages, cohort.to_numpy()).assign(outcome=name, wave=wave))
    if not parts:
        return check_table(pd.DataFrame(columns=FLOW.names), FLOW)
    return check_table(pd.concat(parts, ignore_index=True), FLOW)


def _why_absent(responses):
    """{wave: reason a person}: why somebody has no answers there. A kept response: it holds none to this outcome."""
    known = responses[responses["participant"].notna()]
    found = {}
    for wave, group in known.groupby(known["wave"].astype("str"), sort=False):
        # a duplicate is never why somebody is absent: another response of theirs was kept, or all were rejected
        best = group.sort_values("kept", kind="stable").drop_duplicates("participant", keep="last")
        reasons = best["reason"].astype("str").where(~best["kept"], NOT_ANSWERED)
        found[wave] = pd.Series(reasons.to_numpy(), index=best["participant"].astype("str"))
    return found


def _count(stages, cohort):
    """Rows of stage, cohort, reason, n"""
    rows = []
    before = None
    levels = list(cohort.categories) if hasattr(cohort, "categories") else sorted(set(cohort))
    cohort = np.asarray(cohort, dtype=object)
    for stage, (there, why_left) in stages.items():
        assert before is None or not (there & ~before).any(), f"{stage}: people whom the stage before did not have"
        for level in levels:
            own = cohort == level
            rows.append((level, stage, "", int((there & own).sum())))
            if before is not None:
                left = pd.Series(why_left[before & ~there & own]).value_counts().sort_index()
                rows += [(level, stage, reason, int(n)) for reason, n in left.items()]
        before = there
    return pd.DataFrame(rows, columns=["cohort", "stage", "reason", "n"])
