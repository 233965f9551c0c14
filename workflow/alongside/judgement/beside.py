"""What two analyses give away together, when they differ by a few people; and how many people were flagged.

In: estimates of all analyses, how many people's scores stand in only one of two of them (set_apart), flags. Out: the
same tables, fit to be shown.

Two estimates that differ by one person's answers tell that person's answers: subtract them. It needs no model:
"before-after only" of both cohorts and "completers only" subtract to the changes of those who left in between, and the
mean of a cohort's baseline in the primary model and the paired change to the baseline of one who left. Where fewer than
min_cell people are set apart, the analysis that is not the primary one is therefore shown in round numbers: the
estimate to a multiple of at least half its standard error, the interval's half-width upwards to the same multiple,
nothing else. In two cohorts of n people one person moves the estimate by about their distance from the mean over n, so
the rounding leaves open at least 0.25 sqrt(n) standard deviations of a change to either side: 0.8 at the smallest
cohort that may be shown (10). Verdicts (`rejudged`) come from the exact numbers.
"""

import math

import numpy as np
import pandas as pd

from alongside.judgement.audit import texts
from alongside.judgement.books import round_column
from alongside.judgement.digits import choose_step, round_to_unit
from alongside.judgement.suppression import find_hidden
from alongside.tables.flags import ANY, EVERYWHERE, UNFINISHED

APART = ["outcome", "analysis", "contrast", "wave"]
NOT_SHOWN = ["se", "df", "statistic", "p", "p_bh", "p_holm", "effect_size", "es_low", "es_high", "improvement_index"]
FEW_LEFT = "rests on fewer people of a cohort than may be shown"
FEW_APART = "differs from another analysis by fewer people than may be shown"


def blur_few_apart(estimates, set_apart, *, min_cell, audit):
    """Estimates whose difference from other ones is about fewer than min_cell people, in round numbers."""
    n_apart = dict(zip(texts(set_apart, APART), set_apart["n"], strict=True))
    few = np.array([0 < n_apart.get(place, 0) < min_cell for place in texts(estimates, APART)], dtype=bool)
    few &= estimates["estimate"].notna().to_numpy()
    steps = {at: choose_step(estimates.at[at, "se"] / 2) for at in estimates.index[few]}
    made = audit.take_out(
        "estimates", estimates, [FEW_APART if one else None for one in few], columns=NOT_SHOWN,
        named_by=[*APART, "subgroup", "subgroup_level"],
    )  # fmt: skip
    for at, step in steps.items():
        low, middle, high = (estimates.at[at, name] for name in ("ci_low", "estimate", "ci_high"))
        reach = math.ceil((high - low) / 2 / step) * step
        middle = round_to_unit(middle, step)
        made.loc[at, ["ci_low", "estimate", "ci_high"]] = [
            round_to_unit(end, step) for end in (middle - reach, middle, middle + reach)
        ]
        said = f"in multiples of {step:g}, because it {FEW_APART}"
        made.loc[at, "note"] = "; ".join(part for part in (said, made.at[at, "note"]) if part)
    return made


def control_flags(flags, *, min_cell, round_to, audit, why):
    """(flags in public, kinds whose number over all waves and cohorts is not shown)."""
    keys = texts(flags, ["wave", "cohort", "flag"])
    counts = dict(zip(keys, (int(n) for n in flags["n"]), strict=True))
    waves, cohorts, kinds = (dict.fromkeys(names) for names in zip(*keys, strict=True)) if keys else ({}, {}, {})
    sums = []
    for wave, cohort, kind in keys:
        if cohort == EVERYWHERE:
            sums.append(((wave, cohort, kind), [(wave, one, kind) for one in cohorts if one != EVERYWHERE]))
        if wave == EVERYWHERE:
            sums.append(((wave, cohort, kind), [(one, cohort, kind) for one in waves if one != EVERYWHERE]))
    for place in dict.fromkeys((wave, cohort) for wave, cohort, _ in keys):
        sums += _sum_kinds(place, kinds, counts)
    hidden = find_hidden(counts, sums, min_cell=min_cell, round_to=round_to)
    reasons = [why[hidden[key]] if key in hidden else None for key in keys]
    public = audit.take_out("flags", flags, reasons, columns=["n"], named_by=["wave", "cohort", "flag"])
    return round_column(public, "n", round_to), {kind for kind in kinds if (EVERYWHERE, EVERYWHERE, kind) in hidden}


def _sum_kinds(place, kinds, counts):
    """Raised flags are the sum over kinds, and responses with any flag are fewer by those with several.

    Neither the sum nor the difference is ever shown; to count them as shown only hides more.
    """
    parts = [(*place, kind) for kind in kinds if kind not in (ANY, UNFINISHED)]
    if not parts:
        return []
    raised, twice = (*place, "raised"), (*place, "raised twice")
    counts[raised] = sum(counts[part] for part in parts)
    counts[twice] = counts[raised] - counts[*place, ANY]
    return [(raised, parts), (raised, [(*place, ANY), twice])]


def control_rejudged(rejudged, claims, *, few_left, audit):
    """Without the claims that lost their own verdict to disclosure control, and without analyses of few people.

    claims: in public; few_left: (outcome, analysis, contrast, wave) that rest on few people of a cohort
    """
    places = dict(zip(claims["claim"], texts(claims, ["outcome", "contrast", "wave"]), strict=True))
    shown = set(claims.loc[claims["estimate"].notna(), "claim"])
    reasons = []
    for claim, analysis in texts(rejudged, ["claim", "analysis"]):
        outcome, contrast, wave = places[claim]
        if claim not in shown:
            reasons.append("the claim itself is not judged in public")
        else:
            reasons.append(FEW_LEFT if (outcome, analysis, contrast, wave) in few_left else None)
    for name, reason in zip(texts(rejudged, ["claim", "analysis"]), reasons, strict=True):
        if reason is not None:
            audit.note("rejudged", " / ".join(name), "all", reason)
    return pd.DataFrame(rejudged[np.array([reason is None for reason in reasons], dtype=bool)])
