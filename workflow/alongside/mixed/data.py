"""The statistics of one response as a likelihood reads them.

In: `Summaries`. Out: `Data`: the cross-products of every pair of waves that a pattern has, and the two sums that any
criterion asks of them: over pairs of waves with weights (gives X'V^-1 X), and over columns with weights (gives what a
derivative by the covariance of two waves is multiplied with). Both kinds of weights are symmetric, so a pair of waves
is held once.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np


@dataclass
class Data:
    """One response. seen (P, m), group, weight (P,), cross (P, m, m, K, K) with K = k + 1; pairs as in Summaries."""

    seen: np.ndarray
    group: np.ndarray
    weight: np.ndarray
    cross: np.ndarray
    log_basis: float
    pairs: object = None

    def __post_init__(self):
        self.patterns, self.waves = self.seen.shape
        self.columns = self.cross.shape[-1] - 1
        self.rows = float(self.weight @ self.seen.sum(axis=1))
        both = self.seen[:, :, None] & self.seen[:, None, :]
        pattern, a, b = self._held = np.nonzero(np.tril(both))
        chosen = self.cross[pattern, a, b]
        chosen = chosen + chosen.swapaxes(1, 2)
        chosen[a == b] *= 0.5
        self._sums = chosen.reshape(len(a), -1)
        self._half = np.where(a == b, 1.0, 0.5)

    def over_waves(self, weights):
        """sum over patterns and waves of weights_pab S_pab: (..., P, m, m) symmetric -> (..., K, K)."""
        pattern, a, b = self._held
        made = weights[..., pattern, a, b] @ self._sums
        return made.reshape(*weights.shape[:-3], self.columns + 1, self.columns + 1)

    def over_columns(self, weights):
        """<M, S_pab> for symmetric M: (S, K, K) -> (S, P, m, m)."""
        pattern, a, b = self._held
        made = self._half * (weights.reshape(len(weights), -1) @ self._sums.T)
        out = np.zeros((len(weights), self.patterns, self.waves, self.waves))
        out[:, pattern, a, b] = made
        out[:, pattern, b, a] = made
        return out

    @cached_property
    def total(self):
        """Cross-products over all rows, (K, K)."""
        waves = np.arange(self.waves)
        return self.cross[:, waves, waves].sum(axis=(0, 1))


def data_of(summaries, response=0):
    """The statistics of one response of `summaries`."""
    k = summaries.columns
    use = np.r_[np.arange(k), k + response]
    single = summaries.cross.shape[-1] == k + 1
    cross = summaries.cross if single else summaries.cross[..., use[:, None], use]
    pairs = None
    if summaries.recipe.clusters:
        pairs = (
            summaries.labels,
            summaries.pair_cluster,
            summaries.pair_pattern,
            summaries.pair_weight,
            summaries.pair_sum if single else summaries.pair_sum[..., use],
        )
    log_basis = float(np.linalg.slogdet(summaries.basis)[1])
    return Data(summaries.seen, summaries.group, summaries.weight, cross, log_basis, pairs)


def ungrouped(data):
    """The same statistics with one covariance for everybody."""
    return replace(data, group=np.zeros_like(data.group)) if data.group.any() else data
