"""Differences in change in units that can be compared between scales.

In: an estimate with its standard error and degrees of freedom, and the spread of the scores. Out: Hedges' g with its
interval, the improvement index. Methods 3; the adjusted difference stands over the *unadjusted* standard deviation
(What Works Clearinghouse), never over a residual one:

    g = J estimate / S,  J = 1 - 3 / (4 df_S - 1),  df_S = n1 + n0 - 2
    SE_g^2 = J^2 SE^2 / S^2 + g^2 / (2 df_S)          the second part: S is estimated too
    improvement index = 100 (Phi(g) - 0.5)            percentile points of an average person of the comparison cohort
"""

from typing import NamedTuple

import numpy as np
from scipy.special import ndtr, stdtrit  # z and t; `scipy.stats` takes a second to import


class Spread(NamedTuple):
    """A pooled standard deviation and the degrees of freedom behind it; both missing where it cannot be had."""

    sd: float
    df: float


class EffectSize(NamedTuple):
    value: float
    low: float
    high: float


def pool_sd(*groups):
    """The pooled standard deviation of arrays of scores, weighted by their degrees of freedom."""
    df = sum(len(group) - 1 for group in groups)
    if min(len(group) for group in groups) < 1 or df < 1:
        return Spread(np.nan, np.nan)
    squares = sum(float(np.sum((group - np.mean(group)) ** 2)) for group in groups)
    return Spread(float(np.sqrt(squares / df)), float(df)) if squares > 0 else Spread(np.nan, np.nan)


def standardise(estimate, *, se, df, spread, confidence):
    """Hedges' g of an estimate, with an interval from t with the model's degrees of freedom."""
    correction = 1 - 3 / (4 * spread.df - 1)
    value = correction * estimate / spread.sd
    error = np.sqrt((correction * se / spread.sd) ** 2 + value**2 / (2 * spread.df))
    reach = stdtrit(df, (1 + confidence) / 2) * error
    return EffectSize(value, value - reach, value + reach)


def improvement_index(effect_size):
    """Percentile points by which an average person of the comparison cohort would move; from -50 to 50."""
    return 100 * (ndtr(effect_size) - 0.5)
