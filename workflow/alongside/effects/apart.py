"""How many people stand in one analysis and not in another, and how many in the smaller cohort of each.

In: panels and the plan. Out: rows of set_apart, for disclosure control: two estimates that differ by one person's
scores tell about that person, and an analysis of a part of the people may rest on fewer than the flow shows.

* flagged responses left out or put back: people whose score at the baseline or the wave stands in one panel only;
* completers only: people of the two cohorts who were seen at the baseline and the wave but not at every wave, because
  they stand in "before-after only" and not here; where there is none, those seen at the baseline or the wave, because
  they stand in the primary analysis and not here;
* before-after only: people of the cohort who were seen at one of the two waves, for the same reason.
"""

import pandas as pd

from alongside.effects.describe import asked
from alongside.effects.names import name_contrast
from alongside.tables.analyses import BEFORE_AFTER, COMPLETERS


def find_differing(panel, other, name):
    """participant, cohort and wave of the scores of an outcome that stand in only one of two panels."""
    keys = ["participant", "wave"]
    mine, theirs = (one.loc[one[name].notna(), [*keys, "cohort"]].astype("str") for one in (panel, other))
    both = mine.merge(theirs, how="outer", on=[*keys, "cohort"], indicator=True)
    return both.loc[both["_merge"] != "both", [*keys, "cohort"]]


def count_differing(panel, differing, name, analysis, plan):
    """Rows for an analysis of another panel. panel: the other one; differing: from find_differing"""
    seen, cohorts = _list_seen(panel, name, plan)
    for pair, wave in asked(name, plan):
        waves = [plan.baseline, wave]
        here = differing["cohort"].isin(pair) & differing["wave"].isin(waves)
        left = [int(seen.loc[cohorts == one, at].sum()) for one in pair for at in waves if at in seen]
        yield {
            "outcome": name, "analysis": analysis, "contrast": name_contrast(pair), "wave": wave,
            "n": differing.loc[here, "participant"].nunique(), "fewest": min(left, default=0),
        }  # fmt: skip


def count_classical(panel, name, plan):
    """Rows for the analyses that drop whoever was not seen: completers only, before-after only."""
    seen, cohorts = _list_seen(panel, name, plan)
    if plan.baseline not in seen:
        return
    complete = seen.all(axis=1)
    for wave in (one for one in plan.followups if one in seen):
        either, both = seen[plan.baseline] | seen[wave], seen[plan.baseline] & seen[wave]
        for pair in plan.contrasts:
            here = cohorts.isin(pair)
            apart = int((both & ~complete & here).sum()) or int((either & ~complete & here).sum())
            yield {
                "outcome": name, "analysis": COMPLETERS, "contrast": name_contrast(pair), "wave": wave, "n": apart,
                "fewest": min(int((complete & (cohorts == one)).sum()) for one in pair),
            }  # fmt: skip
        for cohort in plan.participants.cohort.levels:
            here = cohorts == cohort
            yield {
                "outcome": name, "analysis": BEFORE_AFTER, "contrast": cohort, "wave": wave,
                "n": int((either & ~both & here).sum()), "fewest": int((both & here).sum()),
            }  # fmt: skip


def _list_seen(panel, name, plan):
    """(was a person seen at a wave: people x waves at which anybody was; cohort of each person)"""
    modelled = [wave for wave in (plan.baseline, *plan.followups) if wave in plan.outcomes[name].waves]
    there = panel.loc[panel[name].notna() & panel["wave"].isin(modelled), ["participant", "cohort", "wave"]]
    there = there.astype("str")
    return (
        pd.crosstab(there["participant"], there["wave"]) > 0,
        there.drop_duplicates("participant").set_index("participant")["cohort"].sort_index(),
    )
