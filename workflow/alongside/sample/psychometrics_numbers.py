"""Reliability of a set of items, as numbers: correlations with the rest, alpha without an item, omega of one factor.

In: people x items without missing answers, every column with some variance. Out: arrays and numbers.
"""

import numpy as np
from scipy.special import fdtri, ndtri  # quantiles of F and z; `scipy.stats` takes a second to import

CONFIDENCE = 0.95
FEWEST = 4  # people: below that no correlation has an interval
LARGEST_LOADING = np.sqrt(0.995)  # psych::fa keeps a uniqueness of at least .005, too


def correlate_with_rest(values):
    """Correlation of each item with the sum of the others; NaN where the others' sum does not vary."""
    rest = values.sum(axis=1, keepdims=True) - values
    item, rest = values - values.mean(axis=0), rest - rest.mean(axis=0)
    spread = np.sqrt((item**2).sum(axis=0) * (rest**2).sum(axis=0))
    flat = spread < 1e-9 * len(values)
    return np.where(flat, np.nan, (item * rest).sum(axis=0) / np.where(flat, 1.0, spread))


def limits_of_correlation(r, n):
    """95% limits of Pearson's r by Fisher's transformation (Fisher 1921); NaN below four people."""
    r = np.asarray(r, dtype=float)
    if n < FEWEST:
        return np.full(r.shape, np.nan), np.full(r.shape, np.nan)
    half = ndtri(0.5 + CONFIDENCE / 2) / np.sqrt(n - 3)
    with np.errstate(divide="ignore"):  # a correlation of one has limits of one
        middle = np.arctanh(np.clip(r, -1.0, 1.0))
    return np.tanh(middle - half), np.tanh(middle + half)


def alpha_of(covariance):
    """Cronbach's alpha from a covariance matrix; NaN for one item, or a sum that does not vary."""
    k, total = len(covariance), covariance.sum()
    return k / (k - 1) * (1 - np.trace(covariance) / total) if k > 1 and total > 1e-12 else np.nan


def limits_of_alpha(alpha, *, n, k):
    """95% limits by Feldt's method (Feldt, Woodruff & Salih 1987, Applied Psychological Measurement 11)."""
    tail = (1 - CONFIDENCE) / 2
    high, low = fdtri(n - 1, (n - 1) * (k - 1), [tail, 1 - tail])
    return 1 - (1 - alpha) * low, 1 - (1 - alpha) * high


def alpha_without_each(values):
    """Alpha of the other items, for each item; NaN where fewer than two are left."""
    covariance = np.atleast_2d(np.cov(values, rowvar=False))
    everyone = np.arange(len(covariance))
    return np.array([alpha_of(covariance[np.ix_(everyone != k, everyone != k)]) for k in everyone])


def omega_total(correlations, *, rounds=10_000, tolerance=1e-10):
    """(omega total, loadings, whether a loading ran into its limit) of one factor; NaN where it was not found.

    1 - sum(uniquenesses) / sum(R), with the loadings that leave the smallest sum of squared residual correlations off
    the diagonal (minimum residuals): psych::omega(nfactors = 1, flip = FALSE). R is the items' correlation matrix, so
    this is omega of the standardised items (McDonald 1999). Each round solves for one loading at a time, given the
    others, which is a least-squares line and can only lower the sum.
    """
    k = len(correlations)
    off = correlations - np.diag(np.diag(correlations))
    loadings = _first_component(correlations)
    for _ in range(rounds):
        before = loadings.copy()
        for item in range(k):
            others = loadings @ loadings - loadings[item] ** 2
            best = off[item] @ loadings / others if others > 0 else 0.0
            loadings[item] = np.clip(best, -LARGEST_LOADING, LARGEST_LOADING)
        if np.abs(loadings - before).max() < tolerance:
            unique = k - loadings @ loadings
            at_limit = bool((np.abs(loadings) >= LARGEST_LOADING - 1e-9).any())
            return 1 - unique / correlations.sum(), loadings, at_limit
    return np.nan, loadings, False


def _first_component(correlations):
    values, vectors = np.linalg.eigh(correlations)
    first = vectors[:, -1] * np.sqrt(max(values[-1], 0.0))
    return np.clip(first if first.sum() >= 0 else -first, -LARGEST_LOADING, LARGEST_LOADING)
