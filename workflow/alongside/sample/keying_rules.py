"""What in the answers contradicts a key: correlations that are clearly below zero where the key says the opposite.

In: scored items of one wave (psychometrics_items.py), or the scores of one outcome. Out: `Finding`s.

Every rule asks whether the upper 95% limit of a correlation lies below zero, so a small study is stopped only by what
is beyond chance in a study of its size; a plain negative value would stop a true correlation of .10 one time in four
at 50 people. None of them chooses what to look at by the data (docs/decisions/0050-keys-against-data.md has the
rates):

item            an item against the sum of the others: reversed by mistake, not reversed, or out of order
reversed items  the sum of the reversed items against the sum of the others: the file may hold them reversed already
whole scale     alpha: with about half of the items keyed wrongly no single one stands out, but their sum falls apart
between waves   the same people's scores at two waves: one wave is coded the other way round
"""

from itertools import combinations
from typing import NamedTuple

import numpy as np

from alongside.sample.psychometrics_numbers import (
    alpha_of,
    correlate_with_rest,
    limits_of_alpha,
    limits_of_correlation,
)

ITEM, REVERSED, WHOLE, WAVES = "item", "reversed items", "whole scale", "between waves"
SCORES, DIRECTION, UNUSED = "scores", "direction", "unused answers"
FEWEST = 20  # people: below that the limits of a correlation between rating scales mean little


class Finding(NamedTuple):
    """wave: '' where several were looked at; item: its number, None where it is not about one item; r: a correlation,
    or alpha; more: what else the sentence says"""

    finding: str
    wave: str
    n: int
    r: float = np.nan
    low: float = np.nan
    high: float = np.nan
    item: int | None = None
    more: str = ""


def find_contradictions(items, wave):
    """The contradictions in the items of one wave. items: ScoredItems of that wave"""
    complete = items.complete()
    varying = np.ptp(complete.values, axis=0) > 0 if len(complete.values) else np.zeros(len(items.numbers), dtype=bool)
    n, k = len(complete.values), int(varying.sum())
    if n < FEWEST or k < 2:
        return []
    values, numbers, turned = complete.values[:, varying], items.numbers[varying], items.reversed[varying]
    return [
        *_find_items(values, numbers, wave),
        *_find_halves(values, turned, wave),
        *_find_whole(values, wave),
    ]


def _find_items(values, numbers, wave):
    rest = correlate_with_rest(values)
    low, high = limits_of_correlation(rest, len(values))
    return [
        Finding(ITEM, wave, len(values), rest[at], low[at], high[at], item=int(numbers[at]))
        for at in np.flatnonzero(high < 0)
    ]


def _find_halves(values, turned, wave):
    """Nothing with fewer than two items on a side: then the rule for items has said it."""
    if min(turned.sum(), (~turned).sum()) < 2:
        return []
    found = _below_zero(values[:, turned].sum(axis=1), values[:, ~turned].sum(axis=1))
    return [Finding(REVERSED, wave, *found)] if found else []


def _find_whole(values, wave):
    if values.shape[1] < 3:
        return []
    alpha = alpha_of(np.cov(values, rowvar=False))
    low, high = limits_of_alpha(alpha, n=len(values), k=values.shape[1])
    return [Finding(WHOLE, wave, len(values), alpha, low, high)] if high < 0 else []


def find_turned_waves(scores):
    """Waves between which the same people's scores go opposite ways. scores: people x waves, NaN for none"""
    findings = []
    for first, second in combinations(scores.columns, 2):
        both = scores[[first, second]].dropna().to_numpy()
        found = _below_zero(both[:, 0], both[:, 1])
        if found:
            findings.append(Finding(WAVES, str(second), *found, more=str(first)))
    return findings


def find_opposed(first, second):
    """(n, r, low, high) where two outcomes, both turned so that higher is better, clearly go opposite ways, else None.

    Correlations between 0 and -.2 are left alone: outcomes may be unrelated, and large samples see everything.
    """
    found = _below_zero(first, second)
    return found if found and found[1] <= -0.2 else None


def _below_zero(x, y):
    """(n, r, low, high) of two columns whose correlation is clearly below zero, else None."""
    if len(x) < FEWEST or np.ptp(x) == 0 or np.ptp(y) == 0:
        return None
    r = float(np.corrcoef(x, y)[0, 1])
    low, high = limits_of_correlation(r, len(x))
    return (len(x), r, float(low), float(high)) if high < 0 else None
