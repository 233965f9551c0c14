"""With how many digits a number may be shown: no more than mean something, so that it tells no number of people.

In: public tables whose small groups are gone. Out: the same tables, their numbers in multiples of a unit.

The mean of n whole numbers is a multiple of 1/n: with ten digits its fraction names n, whatever is done to the counts
beside it. An effect size over the same estimate and standard deviation names n by its small-sample correction, t and p
name the degrees of freedom. So

* points (estimates, means, standard errors, limits): multiples of 1, 2 or 5 times a power of ten, at least a twentieth
  of the standard error, and at least 2/n as far as that is no more than a quarter of the standard error: then every
  number of people that rounds to the same count gives the same mean. Nothing moves by more than a sixteenth of its
  standard error, in small groups of narrow scales by a third. What a verdict rests on stays visible: a limit that
  would be shown as zero keeps one place more, so that an interval without zero stays one; and where a claim is judged
  by a worthwhile difference, a number whose nearest multiple lies beyond it is shown as the next one on its own side
  (the verdict tells the side anyway, so this tells no more);
* standardised differences: likewise a twentieth of their standard error, as a 95% interval has it; the improvement
  index follows from what is shown, with one decimal;
* degrees of freedom: those that belong to the counts as they are shown, for they are n minus a number that everybody
  knows; one decimal where they are fewer than the clusters, which are no people;
* t: one decimal; p: three significant digits, and below .05 where it is; variances, and differences declared in
  standard deviations: three significant digits; alpha, omega and correlations: three decimals.

Where min_cell is 1 the data are public, and nothing is rounded. The numbers as they were computed stay in
restricted/work/ (judged/estimates, means, components, claims, reliability, item_checks, inter_item).
"""

import math

import numpy as np
import pandas as pd

from alongside.effects.effect_size import improvement_index
from alongside.judgement.audit import texts
from alongside.judgement.levels import CONFIRMED
from alongside.judgement.suppression import round_count
from alongside.tables.analyses import PRIMARY

ROUND = (1.0, 2.0, 5.0, 10.0)
PART_OF_SE = 20
MOST_OF_SE = 4
ERRORS_WIDE = 4  # a 95% interval is about four standard errors wide
SIGNIFICANT = 3
BETWEEN_WITHIN = "between-within"  # scores minus people minus columns (effects/crosscheck.py)
DECIMALS = 3
SIZES = ["effect_size", "es_low", "es_high"]
CHANCES = ["p", "p_bh", "p_holm"]
PLACE = ["outcome", "contrast", "wave"]


def choose_step(size):
    """The smallest 1, 2 or 5 times a power of ten that is no smaller than `size`."""
    power = 10.0 ** math.floor(math.log10(size))
    return next(power * number for number in ROUND if power * number >= size * (1 - 1e-12))


def choose_unit(se, n):
    """The unit in which a mean, or a difference of means, of n people is shown."""
    return choose_step(max(se / PART_OF_SE, min(2 / n, se / MOST_OF_SE)))


def round_to_unit(value, unit):
    """The nearest multiple; missing stays missing."""
    return value if pd.isna(value) else round(round(value / unit) * unit, 12)


def round_interval(low, high, unit, *, worthwhile=None):
    """Both limits; in tenths of the unit for one that would become zero, and one of them if that were zero, too."""
    return tuple(
        _round_aside(end, unit, worthwhile)
        or _round_aside(end, unit / 10, worthwhile)
        or round_to_unit(np.sign(end) * unit / 10, unit / 10)
        for end in (low, high)
    )


def round_claimed(estimate, low, high, unit, *, worthwhile=None):
    """An estimate and its limits, each on its own side of a worthwhile difference in points, in either direction."""
    return _round_aside(estimate, unit, worthwhile), *round_interval(low, high, unit, worthwhile=worthwhile)


def _round_aside(value, unit, worthwhile):
    """The nearest multiple that is below the worthwhile difference, as that is shown, where the value is below it."""
    nearest = round_to_unit(value, unit)
    if pd.isna(value) or worthwhile is None or pd.isna(worthwhile):
        return nearest
    shown = round_significant(worthwhile)
    reaches = abs(value) >= worthwhile
    if (abs(nearest) >= shown) == reaches:
        return nearest
    first = math.ceil(round(shown / unit, 9))  # the first multiple that reaches it
    return round_to_unit(math.copysign(first if reaches else first - 1, value) * unit, unit)


def round_significant(value):
    """With three significant digits; missing stays missing."""
    return value if pd.isna(value) else float(f"{value:.{SIGNIFICANT}g}")


def round_chance(p):
    """As many digits; what is below .05 is not shown as .05."""
    return min(round_significant(p), CONFIRMED - 0.0001) if p < CONFIRMED else round_significant(p)


def find_unit(row):
    """The unit of an estimate's row as it was computed."""
    return choose_unit(row["se"], row["n_participants"])


def find_df(row, round_to):
    """The degrees of freedom as they would be for the counts that are shown: whole numbers, as those are.

    A grid of their own would cut the counts' grid: 22 shown as 20 and 23 people as 25 leave only 23. Where they are
    fewer than the clusters, people do not limit them: one decimal. A coarse grid may show a dozen people as nobody:
    one, then.
    """
    if pd.isna(row["df"]) or (pd.notna(row["n_clusters"]) and row["df"] < row["n_clusters"]):
        return round(row["df"], 1)
    moved = {
        name: round_count(int(row[name]), round_to) - int(row[name]) for name in ("n_participants", "n_observations")
    }
    people = moved["n_participants"]
    more = moved["n_observations"] - people if row["df_method"] == BETWEEN_WITHIN else people
    return float(max(1, round(row["df"] + more)))


def shorten_estimates(estimates, exact, *, claims, round_to):
    """Rows whose standard error is shown; others are withheld or in round numbers already.

    exact: the same rows as they were computed; claims: too, for what they declare worthwhile
    """
    made = estimates.copy()
    declared = dict(zip(texts(claims, PLACE), claims["worthwhile"], strict=True))
    judged = {at: declared.get(place) for place, at in _find_judged(exact).items()}
    for at in estimates.index[estimates["se"].notna()]:
        _shorten_row(made, at, find_unit(exact.loc[at]), "estimate", judged.get(at))
        if pd.notna(estimates.at[at, "effect_size"]):
            low, high = estimates.loc[at, ["es_low", "es_high"]]
            unit = choose_step((high - low) / ERRORS_WIDE / PART_OF_SE)
            size = round_to_unit(estimates.at[at, "effect_size"], unit)
            made.loc[at, SIZES] = [size, *round_interval(low, high, unit)]
    for at in estimates.index[estimates["df"].notna()]:
        made.at[at, "df"] = find_df(exact.loc[at], round_to)
    made["statistic"] = made["statistic"].round(1)
    index = improvement_index(made["improvement_sign"].astype(float) * made["effect_size"])
    made["improvement_index"] = np.round(index, 1)
    for name in CHANCES:
        made[name] = made[name].map(round_chance)
    return made


def shorten_means(means, exact):
    """exact: the same rows as they were computed, with the numbers of people"""
    made = means.copy()
    for at in means.index[means["se"].notna()]:
        _shorten_row(made, at, find_unit(exact.loc[at]), "mean")
    return made


def shorten_claims(claims, estimates):
    """estimates: as they were computed; a claim has the unit of the estimate that it rests on"""
    rows = _find_judged(estimates)
    made = claims.copy()
    for at, place in zip(claims.index, texts(claims, PLACE), strict=True):
        if pd.notna(claims.at[at, "estimate"]):
            unit = find_unit(estimates.loc[rows[place]])
            _shorten_row(made, at, unit, "estimate", claims.at[at, "worthwhile"])
    for name in ("p", "p_adjusted"):
        made[name] = made[name].map(round_chance)
    made["worthwhile"] = made["worthwhile"].map(round_significant)
    return made


def _find_judged(estimates):
    """{outcome, contrast, wave: row} of what claims are judged by."""
    primary = estimates[(estimates["analysis"] == PRIMARY) & (estimates["subgroup"].fillna("") == "")]
    return dict(zip(texts(primary, PLACE), primary.index, strict=True))


def _shorten_row(made, at, unit, middle, worthwhile=None):
    numbers = [middle, "ci_low", "ci_high"]
    made.loc[at, numbers] = round_claimed(*made.loc[at, numbers], unit, worthwhile=worthwhile)
    if "se" in made:
        made.at[at, "se"] = round_to_unit(made.at[at, "se"], unit)
