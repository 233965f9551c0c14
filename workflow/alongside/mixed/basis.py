"""A well-conditioned basis of the design, and what stands in its way: collinear columns, numbers that are not finite.

In: rows of X and Y. Out: T (k, k) such that the columns of X T are nearly orthonormal, and b0, a least-squares fit.
Why: cross-products of X~ = X T lose no precision; a fit adds log|T| back to log|X'V^-1 X|. The response becomes
y - X b0, which keeps y'V^-1 y of the size of the residuals.
Fails with DesignError, naming the columns.
"""

import numpy as np
from scipy.linalg.lapack import dpotrf, dtrtri

from alongside.mixed.failures import DesignError, refuse

ENOUGH_ROWS = 4_000  # rows on which a basis is chosen, if they show every column; it need not be exact
FAR = 1e-3  # share of a column's length that is left beside the others: from here on X'X loses nothing that matters


def choose_basis(x, y, recipe, *, whole):
    """T (k, k) with X T nearly orthonormal on these rows, and b0 (k, r), the least-squares fit in X's own columns.

    whole: these are all the rows there are, so that a collinear column is an error.
    """
    check_finite(x, y, recipe)
    step = len(x) // ENOUGH_ROWS
    if step > 1:
        found = _orthonormal(x[::step], y[::step])
        if found is not None:
            return found
    found = _orthonormal(x, y)
    if found is not None:
        return found
    norms = np.linalg.norm(x, axis=0)
    scale = np.where(norms > 0, norms, 1.0)
    if whole:
        empty = [recipe.names[j] for j in np.flatnonzero(norms == 0)]
        if empty:
            refuse_collinear(empty, "is zero in every row" if len(empty) == 1 else "are zero in every row")
        refuse_collinear(_dependent(x / scale, recipe.names))
    return np.diag(np.sqrt(len(x)) / scale), np.zeros((x.shape[1], y.shape[1]))


def _orthonormal(x, y):
    """T and b0; None if the columns are collinear on these rows.

    By the Cholesky factor of X'X where the columns are far from collinear (T need not be exact), else by QR.
    """
    n, k = x.shape
    gram = x.T @ x
    norms = np.sqrt(gram.diagonal())
    if n < k or not norms.min() > 0:
        return None
    factor, wrong = dpotrf(gram / norms / norms[:, None], lower=1)
    if not wrong and factor.diagonal().min() > FAR:
        inverse = dtrtri(factor, lower=1)[0].T / norms[:, None]
        return inverse * np.sqrt(n), inverse @ (inverse.T @ (x.T @ y))
    q, r = np.linalg.qr(x / norms)
    if np.abs(np.diag(r)).min(initial=np.inf) < 1e-9:
        return None
    inverse = np.linalg.inv(r) / norms[:, None]
    return inverse * np.sqrt(n), inverse @ (q.T @ y)


def to_basis(dense, basis, shift):
    """[x, y] -> [x T, y - x b0] on the last axis."""
    k = len(basis)
    return rows_to_basis(dense[..., :k], dense[..., k:], basis, shift)


def rows_to_basis(x, y, basis, shift):
    """[x T, y - x b0] of x (..., k) and y (..., r)."""
    out = x @ np.concatenate([basis, -shift], axis=1)
    out[..., len(basis) :] += y
    return out


def _dependent(x, names):
    """Names of the columns that take part in an exact linear dependence."""
    _, values, vectors = np.linalg.svd(x, full_matrices=True)
    values = np.r_[values, np.zeros(len(names) - len(values))]
    null = vectors[values < 1e-9 * values[0]] if np.any(values < 1e-9 * values[0]) else vectors[-1:]
    involved = np.abs(null).max(axis=0) > 1e-6
    return [name for name, hit in zip(names, involved, strict=True) if hit]


def refuse_collinear(names, found="are collinear: at least one of them is a combination of the others"):
    refuse(
        DesignError,
        "columns " + ", ".join(names) if len(names) > 1 else f"column {names[0]}",
        found,
        remedy="take a column out, or the wave or level that was seen in one group only",
    )


def check_finite(x, y, recipe):
    for matrix, names in ((x, recipe.names), (y, recipe.responses)):
        if np.isfinite(matrix.sum()):
            continue
        bad = ~np.isfinite(matrix)
        if bad.any():
            column = int(np.flatnonzero(bad.any(axis=0))[0])
            refuse(
                DesignError,
                f"column {names[column]!r}",
                f"is not a finite number in {int(bad[:, column].sum())} rows",
                remedy="look at the transform, for example a logarithm of zero",
            )
