"""Sums that cannot make a model: collinear columns, more columns than rows, a response without variation.

In: `Summaries` and their `Data`. Out: nothing. Fails with DesignError, naming the columns.
"""

import numpy as np

from alongside.mixed.basis import refuse_collinear
from alongside.mixed.definite import least_eigenvalue_exceeds
from alongside.mixed.failures import DesignError, refuse

COLLINEAR = 1e-11  # share of the largest eigenvalue of the scaled cross-products
FAR = 1e-6  # an eigenvalue that nobody needs to look at any closer


def check_rank(summaries, data):
    """Refuse collinear columns, too few rows and a response that the columns fit perfectly."""
    k = data.columns
    if data.rows <= k:
        refuse(
            DesignError, "data", f"{data.rows:g} complete rows for {k} columns of the design", remedy="use fewer terms"
        )
    gram = data.total[:k, :k]
    scale = np.sqrt(gram.diagonal())
    names = summaries.recipe.names
    if not scale.min() > 0:
        refuse_collinear([names[j] for j in np.flatnonzero(scale == 0)], "is zero in every row")
    scaled = gram / scale / scale[:, None]
    if least_eigenvalue_exceeds(scaled, FAR):
        return
    values, vectors = np.linalg.eigh(scaled)
    if values[0] < COLLINEAR * values[-1]:
        null = summaries.basis @ (vectors[:, values < COLLINEAR * values[-1]] / scale[:, None])
        size = np.abs(null) * _column_sizes(summaries, gram)[:, None]
        hit = (size > 1e-6 * size.max(axis=0)).any(axis=1)
        refuse_collinear([name for name, yes in zip(names, hit, strict=True) if yes])


def check_variation(summaries, data, response):
    """Refuse a response that the columns fit to the last digit."""
    k = data.columns
    total = data.total
    left = total[k] @ data.least_squares
    raw = np.r_[np.linalg.solve(summaries.basis, summaries.shift[:, response]), 1.0]
    if left <= 1e-22 * (raw @ total @ raw):
        refuse(DesignError, "response", "has no variation left after the fixed effects", remedy="look at the formula")


def _column_sizes(summaries, gram):
    inverse = np.linalg.inv(summaries.basis)
    return np.sqrt(np.maximum(np.diag(inverse.T @ gram @ inverse), 0.0))
