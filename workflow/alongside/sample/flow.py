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

from alongside.tables import FLOW
from alongside.tables.check import check_table, codes_and_levels, empty_table

NO_RESPONSE = "no-response"
NOT_ANSWERED = "not-answered"
NOT_IN_PANEL = "not-in-panel"


def count_flow(panel, *, responses, scores, plan):
    """plan: participants, waves, outcomes"""
    if panel.empty:
        return empty_table(FLOW)
    waves = list(panel["wave"].cat.categories)
    n_people = len(panel) // len(waves)
    people = pd.Index(panel["participant"].astype("str")[:: len(waves)])
    cohort = panel["cohort"][:: len(waves)]
    persons = _Places(people, responses["participant"])
    scored = _Places(people, scores["participant"])
    score_wave, score_outcome = _texts(scores["wave"]), _texts(scores["outcome"])
    parts = []
    for name, outcome in plan.outcomes.items():
        relevant = _relevant(responses, name, plan)
        own = score_outcome == name
        for place, wave in enumerate(waves):
            here = own & (score_wave == wave)
            if wave not in outcome.waves or not here.any():
                continue
            formed = here & scores["score"].notna().to_numpy()
            at_wave = relevant & (_texts(responses["wave"]) == wave)
            stages = (
                ("enrolled", np.ones(n_people, dtype=bool), None),
                ("answered", scored.flags(here), _why_absent(responses, at_wave, persons)),
                ("scoreable", scored.flags(formed), _why_no_score(scores, here & ~formed, scored)),
                (
                    "analysed",
                    panel[name].notna().to_numpy().reshape(n_people, len(waves))[:, place],
                    np.full(n_people, NOT_IN_PANEL, dtype=object),
                ),
            )
            parts += [{"outcome": name, "wave": wave, **row} for row in _count(stages, cohort)]
    return check_table(pd.DataFrame(parts, columns=FLOW.names), FLOW)


class _Places:
    """Where in `people` each row's participant stands; -1: nobody, or nobody who is enrolled."""

    def __init__(self, people, participants):
        codes, levels = codes_and_levels(participants)
        place = np.append(people.get_indexer(pd.Index(levels).astype("str")), -1)
        self.rows = place[codes]
        self.n = len(people)

    def flags(self, which):
        found = np.zeros(self.n + 1, dtype=bool)
        found[self.rows[which]] = True
        return found[:-1]

    def spread(self, which, values, *, default):
        """One value a person: the first in alphabetical order of those in the chosen rows."""
        rows, values = self.rows[which], np.asarray(values, dtype=object)[which]
        found = np.full(self.n + 1, default, dtype=object)
        order = np.argsort(values.astype("str"), kind="stable")[::-1]
        found[rows[order]] = values[order]
        return found[:-1]


def _relevant(responses, name, plan):
    """Responses in which the outcome could have been answered: its own source, or those that are no other outcome's."""
    source = _texts(responses["source"])
    if plan.outcomes[name].from_ is not None:
        return source == plan.outcomes[name].from_
    others = {outcome.from_ for outcome in plan.outcomes.values()} - {None}
    return ~np.isin(source, sorted(others))


def _why_absent(responses, at_wave, persons):
    """Somebody with a kept response gave no answer to this outcome; others have the rule that set theirs aside."""
    kept = responses["kept"].to_numpy()
    why = persons.spread(at_wave & ~kept, responses["reason"].fillna(""), default=NO_RESPONSE)
    why[persons.flags(at_wave & kept)] = NOT_ANSWERED
    return why


def _why_no_score(scores, which, scored):
    return scored.spread(which, scores["reason"].fillna(""), default="")


def _texts(values):
    return values.astype("str").to_numpy(dtype=object)


def _count(stages, cohort):
    """Rows of cohort, stage, reason, n"""
    rows, before = [], None
    for stage, there, why_left in stages:
        assert before is None or not (there & ~before).any(), f"{stage}: people whom the stage before did not have"
        for level in cohort.cat.categories:
            own = (cohort == level).to_numpy()
            rows.append({"cohort": level, "stage": stage, "reason": "", "n": int((there & own).sum())})
            if before is not None:
                left = pd.Series(why_left[before & ~there & own], dtype=object).value_counts().sort_index()
                rows += [{"cohort": level, "stage": stage, "reason": why, "n": int(n)} for why, n in left.items()]
        before = there
    return rows
