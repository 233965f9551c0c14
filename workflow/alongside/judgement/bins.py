"""Scores in bands, so that a figure can show how people differ without showing a single one.

In: the panel. Out: for each outcome, wave and cohort how many people scored in each band. Bands start from at most
twelve of a round width over the scale's whole range and are joined from the lower end until each holds at least
`min_cell` people; what is left at the upper end joins the last. The edges come from the declared range, never from the
smallest or largest score, which belong to somebody. A group of fewer than `min_cell` people has no bands.
"""

import numpy as np
import pandas as pd

from alongside.effects.names import CONTINUOUS
from alongside.instruments import find_measure
from alongside.tables import DISTRIBUTIONS
from alongside.tables.check import check_table, empty_table

BANDS = 12
ROUND = (1.0, 2.0, 5.0, 10.0)


def bin_scores(panel, *, instruments, plan, min_cell):
    """The distributions table. instruments: {id: Instrument}; plan: outcomes; min_cell: people in a band at least"""
    rows = []
    for name, outcome in plan.outcomes.items():
        if outcome.kind not in CONTINUOUS:
            continue
        seen = panel.loc[panel[name].notna() & panel["wave"].isin(outcome.waves)]
        if seen.empty:
            continue
        edges = _make_edges(seen[name], *_find_range(outcome, instruments))
        for (wave, cohort), group in seen.groupby(["wave", "cohort"], sort=False, observed=True):
            for low, high, n in _join_bands(group[name].to_numpy(float), edges, min_cell):
                rows.append((name, str(wave), str(cohort), low, high, n))
    made = pd.DataFrame(rows, columns=DISTRIBUTIONS.names)
    return check_table(made, DISTRIBUTIONS) if rows else empty_table(DISTRIBUTIONS)


def _find_range(outcome, instruments):
    """(lowest, highest) possible score; None where nothing is declared."""
    measure = find_measure(outcome, instruments)
    return (outcome.min, outcome.max) if measure is None else measure.range


def _make_edges(scores, low, high):
    """Bands of a round width from the lowest to the highest possible score; at most BANDS of them.

    Where no range is declared its ends are round numbers outside the scores.
    """
    given = (scores.min() if low is None else low, scores.max() if high is None else high)
    width = max(float(given[1] - given[0]), 1e-9)
    power = 10.0 ** np.floor(np.log10(width / BANDS))
    step = next(power * round_number for round_number in ROUND if power * round_number * BANDS >= width * (1 - 1e-12))
    first = step * np.floor(scores.min() / step) if low is None else low
    last = step * (np.floor(scores.max() / step) + 1) if high is None else high
    inner = first + step * np.arange(1, np.ceil((last - first) / step - 1e-9))
    return np.array([first, *inner, last], dtype=float)


def _join_bands(scores, edges, min_cell):
    """(low, high, n) of the joined bands."""
    if len(scores) < min_cell:
        return []
    counts = np.histogram(scores, bins=edges)[0]
    bands, low, waiting = [], edges[0], 0
    for n, high in zip(counts, edges[1:], strict=True):
        waiting += int(n)
        if waiting >= min_cell:
            bands.append((float(low), float(high), waiting))
            low, waiting = high, 0
    if bands:
        first, _, n = bands.pop()
        bands.append((first, float(edges[-1]), n + waiting))
    return bands
