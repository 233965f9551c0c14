"""The items of a scale as they enter its score: what both the psychometrics and the check of the keys look at.

In: the answers table and what an outcome takes from its scale (instruments/measure.py). Out: `ScoredItems`: one row for
each person and wave with at least one answer, one column for each item that makes the score, reversed by the key that
is in force, and turned into 0 and 1 where the score counts answers; NaN for no answer.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from alongside.scoring import lay_out
from alongside.tables.check import codes_and_levels


@dataclass(frozen=True)
class ScoredItems:
    """keys: participant and wave of each row; numbers: item number of each column; reversed: those that were reversed;
    limits: smallest and largest value that a column can have"""

    keys: pd.DataFrame
    values: np.ndarray
    numbers: np.ndarray
    reversed: np.ndarray
    limits: tuple[float, float]

    @property
    def waves(self):
        """The waves at which anybody answered, in the study's order."""
        codes, levels = codes_and_levels(self.keys["wave"])
        return [str(levels[code]) for code in np.unique(codes)]

    def at(self, wave):
        """The rows of one wave."""
        return self.only((self.keys["wave"] == wave).to_numpy())

    def only(self, rows):
        """Some of the rows. rows: flags"""
        return ScoredItems(self.keys[rows], self.values[rows], self.numbers, self.reversed, self.limits)

    def complete(self):
        """The rows without a missing answer."""
        return self.only(~np.isnan(self.values).any(axis=1))


def read_items(answers, *, name, measure):
    """The items of the outcome `name`. answers: the ANSWERS table of all outcomes; measure: the outcome's Measure"""
    own = answers[(answers["outcome"] == name).to_numpy()]
    keys, values = lay_out(own, n_items=measure.n_scale)
    low, high = measure.response
    turned = np.array(measure.reversed, dtype=np.int64) - 1
    values[:, turned] = low + high - values[:, turned]
    for part in measure.parts:
        if part.scoring.method == "dichotomise-count":
            counted = np.array(part.items) - 1
            raw = values[:, counted]
            values[:, counted] = np.where(np.isnan(raw), np.nan, raw >= part.scoring.counts_from)
            low, high = 0.0, 1.0
    numbers = np.array(measure.items, dtype=np.int64)
    return ScoredItems(keys, values[:, numbers - 1], numbers, np.isin(numbers, measure.reversed), (low, high))
