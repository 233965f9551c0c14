"""The derivatives D_r of the covariance across waves, and what a likelihood asks of them, pattern by pattern.

In: W_p, the inverse of Sigma_p with zeros at waves not seen (P, m, m); with clusters L'W_p, L the indicators of blocks
of waves. Out, for each of R parameters: W D_r W in the forms that sums are taken with (`Moved`), sum <D_r, pull>,
sum tr(D_r W D_s E), W (sum c_rs D_r W D_s) W.
Two ways. `Shared`: all patterns have the same D_r (one group, scheduled waves, few of them), and products of two
patterns' matrices are linear in D_r, so that each of these is one matrix product. `Own`: D_r (R, P, m, m) as they are.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

FEW_WAVES = 8  # the products of `Shared` have m^4 entries


@dataclass
class Moved:
    """W D W at pairs of waves (R, J); L'W D W at waves seen (R, r, J1) and L'W D W L (R, P, r, r), None without L."""

    held: np.ndarray
    rows: np.ndarray | None
    inner: np.ndarray | None


def project(layout, middle, loading):
    """`Moved` of symmetric matrices (R, P, m, m)."""
    held = middle.reshape(len(middle), -1)[:, layout.at]
    if loading is None:
        return Moved(held, None, None)
    half = loading.T @ middle
    rows = half[:, layout.row_pattern, :, layout.row_wave].transpose(1, 2, 0)
    return Moved(held, rows, half @ loading)


class Shared:
    """d (R, m, m): the same for every pattern."""

    def __init__(self, layout, d, loading):
        self.layout, self.loading = layout, loading
        self.count, self.m, _ = d.shape
        self.d, self.r = d.reshape(self.count, -1), 0 if loading is None else loading.shape[1]

    def moved(self, w, left):
        layout, patterns = self.layout, len(w)
        first, second = _products(layout, self.r)
        source = w.reshape(-1, self.m)
        if self.r:
            source = np.concatenate([source, left.reshape(-1, self.m)])
        products = source[first][:, :, None] * source[second][:, None, :]
        made = self.d @ products.reshape(len(first), -1).T
        j = len(layout.at)
        if not self.r:
            return Moved(made, None, None)
        seen = self.r * len(layout.row_wave)
        return Moved(
            made[:, :j],
            made[:, j : j + seen].reshape(self.count, self.r, -1),
            made[:, j + seen :].reshape(self.count, patterns, self.r, self.r),
        )

    def along(self, pull):
        """sum_p <D_r, pull_p>: (P, m, m) -> (R,)."""
        return self.d @ pull.sum(axis=0).reshape(-1)

    def traces(self, w, e):
        """sum_p tr(D_r W_p D_s E_p) for symmetric E: (R, R)."""
        m = self.m
        both = w.reshape(-1, m * m).T @ e.reshape(-1, m * m)
        both = both.reshape(m, m, m, m).transpose(3, 0, 1, 2).reshape(m * m, m * m)
        return self.d @ both @ self.d.T

    def core(self, w, c):
        """W (sum_rs c_rs D_r W D_s) W: (P, m, m)."""
        m = self.m
        both = self.d.T @ (c @ self.d)
        both = both.reshape(m, m, m, m).transpose(1, 2, 0, 3).reshape(m * m, m * m)
        return w @ (w.reshape(-1, m * m) @ both).reshape(w.shape) @ w


class Own:
    """d (R, P, m, m): by pattern, zero for the parameters of other groups."""

    def __init__(self, layout, d, loading):
        self.layout, self.loading, self.d = layout, loading, d

    def moved(self, w, left):
        return project(self.layout, w @ self.d @ w, self.loading)

    def along(self, pull):
        return self.d.reshape(len(self.d), -1) @ pull.reshape(-1)

    def traces(self, w, e):
        return self.d.reshape(len(self.d), -1) @ (w @ self.d @ e).swapaxes(2, 3).reshape(len(self.d), -1).T

    def core(self, w, c):
        y = w @ self.d
        mixed = (c @ y.reshape(len(y), -1)).reshape(y.shape)
        return (y @ mixed).sum(axis=0) @ w


@lru_cache(maxsize=64)
def _products(layout, r):
    """Which rows of W, and below them of L'W, are multiplied: pairs of waves, L with waves seen, L with L."""
    patterns, m, _ = layout.both.shape
    first, second = [layout.pattern * m + layout.a], [layout.pattern * m + layout.b]
    below = patterns * m
    for block in range(r):
        first.append(layout.rows_at)
        second.append(below + layout.row_pattern * r + block)
    if r:
        rows = below + np.arange(patterns * r).reshape(patterns, r)
        first.append(np.repeat(rows, r, axis=1).ravel())
        second.append(np.tile(rows, r).ravel())
    return np.concatenate(first), np.concatenate(second)
