"""What stands in the way of an answer, contrast by contrast.

In: the rows of one outcome. Out: {(contrast, wave): sentence}: a wave that is not collected, an empty cell, a
comparison cohort that had been mentored by then, one cluster per cohort (What Works Clearinghouse: confounded with the
programme).
"""

import pandas as pd

from alongside.effects.names import NOT_MEASURED


def find_obstacles(frame, clusters, plan):
    """frame: participant, cohort, wave and clusters at the observed rows; the first obstacle of each is named."""
    counts = pd.crosstab(frame["cohort"], frame["wave"], dropna=False)
    confounded = _confounded_cohorts(frame, clusters)
    late = _waves_after(plan)
    found = {
        (pair, wave): _obstacle(pair, wave, counts, confounded, late, plan)
        for pair in plan.contrasts
        for wave in plan.followups
    }
    return {place: sentence for place, sentence in found.items() if sentence}


def _obstacle(pair, wave, counts, confounded, late, plan):
    if wave not in counts.columns or counts[wave].sum() == 0:
        return f"{NOT_MEASURED} at wave {wave} so far"
    for name in pair:
        for seen_at in (plan.baseline, wave):
            if name not in counts.index or counts.at[name, seen_at] == 0:
                return f"nobody in {name} has a score at wave {seen_at}"
    if wave in late and plan.participants.cohort.comparison in pair:
        return f"the comparison cohort had been mentored by wave {wave}"
    for name in pair:
        if name in confounded:
            return f"all of {name} is in one {confounded[name]}, which cannot be told apart from the programme"
    return ""


def _waves_after(plan):
    """Follow-ups after the last wave at which nobody in the comparison had been mentored."""
    until = plan.participants.cohort.comparison_until
    if until is None:
        return ()
    order = [plan.baseline, *plan.followups]
    return tuple(order[order.index(until) + 1 :]) if until in order else ()


def _confounded_cohorts(frame, clusters):
    """{cohort: cluster level}: cohorts that lie in one cluster which holds nobody of another cohort."""
    people = frame.drop_duplicates("participant")
    found = {}
    for level in clusters:
        cohorts_in = people.groupby(level, sort=False, observed=True)["cohort"].nunique()
        for cohort, members in people.groupby("cohort", sort=False, observed=True):
            units = members[level].dropna().unique()
            if len(units) == 1 and cohorts_in[units[0]] == 1 and members[level].notna().all():
                found.setdefault(cohort, level)
    return found
