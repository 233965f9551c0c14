"""What a before-and-after chart alone would have said: how much each cohort changed, by itself.

In: the frame of one outcome. Out: rows of the estimates table with analysis "before-after only": the mean change of
the people seen at both waves, cohort by cohort, with a paired t interval. It is shown to be mistrusted: people who are
chosen for high distress get better by themselves, and untreated groups change too. It never carries an effect size.
"""

import numpy as np

from alongside.effects.rows import NOTHING, describe_outcome, estimate_row
from alongside.tables.analyses import BEFORE_AFTER

CAUTION = "change within one cohort, which is no effect of the programme: people who are not mentored change too"


def describe_changes(design, *, plan):
    """One row per cohort and follow-up wave; the contrast is the cohort alone."""
    people = design.people.set_index("participant")["cohort"]
    # pivot sorts by pseudonym; sums must not depend on what the pseudonyms are
    wide = design.frame.pivot(index="participant", columns="wave", values="score").reindex(people.index)
    rows = []
    for cohort in design.cohorts:
        for wave in design.followups:
            change = (wide[wave] - wide[design.baseline])[people == cohort].dropna().to_numpy()
            place = {
                **describe_outcome(design.outcome, plan.outcomes[design.outcome]),
                "analysis": BEFORE_AFTER,
                "contrast": cohort,
                "wave": wave,
                "n_participants": len(change),
                "n_observations": 2 * len(change),
                "n_clusters": None,
                "covariance": "",
                "df_method": "paired t",
                "status": "ok",
                "note": CAUTION,
            }
            if len(change) < 3 or np.ptp(change) == 0:
                place |= {"status": "not-estimable", "note": "too few people were seen at both waves"}
                found = NOTHING
            else:
                found = {
                    "estimate": change.mean(),
                    "se": change.std(ddof=1) / np.sqrt(len(change)),
                    "df": len(change) - 1.0,
                }
            rows.append(estimate_row(place, found, confidence=plan.analysis.confidence))
    return rows
