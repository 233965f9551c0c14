"""Totals that were computed elsewhere, held against the scale that they are said to be of (`score_of`).

In: the values of an outcome of one column, and the Measure of its scale. Out: a `Finding`, or nothing.

Codebooks say which scores exist. Raw sums of the SWEMWBS are whole numbers where its conversion table has none; doubled
sums of the DASS-21 are all even. Up to one value in twenty may be a slip. Totals outside the scale's limits, a K10 from
0 to 40 where 10 to 50 is declared, do not come here: intake has refused them.
"""

import numpy as np

from alongside.sample.keying_rules import FEWEST, SCORES, Finding

SLIPS = 0.05
WRITTEN_TO = 0.0051  # totals may be rounded to two decimals


def check_totals(values, measure):
    """values: all totals of the outcome; measure: of the scale"""
    n = len(values)
    if n < FEWEST:
        return None
    impossible = ~_possible(values, measure)
    if impossible.mean() > SLIPS:
        raw = " They are whole numbers: sums that were not converted?" if _whole(values).all() else ""
        more = f"Totals are not among the scores that {measure.name} can have ({_method(measure)}).{raw}"
        return Finding(SCORES, "", n, more=more)
    if _method(measure) == "sum" and len(measure.items) > 1 and _all_even(values):
        more = f"All totals are even: doubled sums of {measure.name}, whose own go up to {measure.range.max:g}?"
        return Finding(SCORES, "", n, more=more)
    return None


def _method(measure):
    return measure.parts[0].scoring.method


def _possible(values, measure):
    """Flags: can the scale give this value? Everything can be where missing answers are made good by a mean."""
    part = measure.parts[0]
    if part.scoring.method == "table":
        scores = np.array(sorted(part.scoring.table.values()))
        nearest = np.abs(values[:, None] - scores).min(axis=1)
        return nearest <= WRITTEN_TO
    if any(one.rule.how == "prorate" for one in measure.parts):
        return np.ones(len(values), dtype=bool)
    steps = {"mean": 1 / len(measure.items), "multiply": part.scoring.factor}.get(part.scoring.method, 1.0)
    return np.abs(values / steps - np.round(values / steps)) * steps <= WRITTEN_TO


def _whole(values):
    return values == np.round(values)


def _all_even(values):
    """Even, and different enough for that to mean something."""
    return len(np.unique(values)) >= 5 and bool((values % 2 == 0).all())
