"""Random intercepts of nested groups: X'V^-1 X, log|V| and the likelihood without ever forming V.

In: the columns z = [X, y] of all observations, the groups of each level from the inside out, and the variances. Out:
z'V^-1 z and log|V|, exactly (methods 2.1, the intercept-only recursion):

    within the residual     q = z / s2,  h = 1 / s2          summed over each innermost group
    each level, variance v  A -= v q q' / (1 + v h),  log|V| += log(1 + v h),  then q, h /= (1 + v h), summed outwards

Valid at v = 0. It checks statsmodels' fit and gives the standard errors (X'V^-1 X)^-1 at its variances, because
statsmodels' own `bse_fe` are not these (up to 15 % off in singular fits).
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Solved:
    """beta (k,), phi = (X'V^-1 X)^-1 (k, k) and the log-likelihood, REML or ML, at given variances."""

    beta: np.ndarray
    phi: np.ndarray
    loglik: float


def nest(groups):
    """From whole numbers per observation and level (inside out) to {group: its group one level out}, level by level."""
    parents, inner = [], None
    for codes in groups:
        parents.append(codes if inner is None else codes[np.unique(inner, return_index=True)[1]])
        inner = codes
    return parents


def weighted_products(z, parents, variances, residual):
    """(z'V^-1 z, log|V|). z: (n, c); parents: from `nest`; variances: one a level; residual: variance within."""
    products = z.T @ z / residual
    log_det = len(z) * np.log(residual)
    q, h = z / residual, np.full(len(z), 1.0 / residual)
    for codes, variance in zip(parents, variances, strict=True):
        size = codes.max() + 1
        summed = np.zeros((size, z.shape[1]))
        np.add.at(summed, codes, q)
        q, h = summed, np.bincount(codes, h, minlength=size)
        shrink = 1.0 + variance * h
        products = products - (q * (variance / shrink)[:, None]).T @ q
        log_det += np.log(shrink).sum()
        q, h = q / shrink[:, None], h / shrink
    return products, log_det


def solve(x, y, parents, variances, residual, *, reml):
    """The generalised least squares solution and its log-likelihood at these variances.

    x: (n, k) of full column rank; y: (n,)
    """
    n, k = x.shape
    products, log_det = weighted_products(np.column_stack([x, y]), parents, variances, residual)
    phi = np.linalg.inv(products[:k, :k])
    beta = phi @ products[:k, k]
    deviance = log_det + products[k, k] - beta @ products[:k, k]
    if reml:
        deviance += np.linalg.slogdet(products[:k, :k])[1] + (n - k) * np.log(2 * np.pi)
    else:
        deviance += n * np.log(2 * np.pi)
    return Solved(beta=beta, phi=phi, loglik=-0.5 * deviance)
