"""The statistics of one response as a likelihood reads them.

In: `Summaries`. Out: `Data`: the cross-products of every pair of waves that a pattern has, and the two sums that any
criterion asks of them: over pairs of waves with weights (gives X'V^-1 X), and over columns with weights (gives what a
derivative by the covariance of two waves is multiplied with). Both kinds of weights are symmetric, so a pair of waves
is held once.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from alongside.mixed.layout import lay_out


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
        self.layout = lay = lay_out(self.seen)
        held = self.cross[lay.pattern, lay.a, lay.b]
        # One more row of zeros stands for the pairs that no pattern has.
        self._sums = np.zeros((len(held) + 1, self.cross.shape[-1] ** 2))
        both = self._sums[:-1].reshape(held.shape)
        np.add(held, held.swapaxes(1, 2), out=both)
        both *= lay.fold[:, None, None]

    def over_waves(self, weights):
        """sum over patterns and waves of weights_pab S_pab: (..., P, m, m) symmetric -> (..., K, K)."""
        return self.over_held(weights.reshape(*weights.shape[:-3], -1)[..., self.layout.at])

    def over_held(self, weights):
        """The same sum from the weights of the pairs that the layout holds: (..., J) -> (..., K, K)."""
        return (weights @ self._sums[:-1]).reshape(*weights.shape[:-1], self.columns + 1, self.columns + 1)

    def over_columns(self, weights):
        """<M, S_pab> for one symmetric M: (K, K) -> (P, m, m)."""
        made = self._sums @ weights.reshape(-1)
        made[:-1] *= self.layout.half
        return made[self.layout.pairs].reshape(self.patterns, self.waves, self.waves)

    @cached_property
    def total(self):
        """Cross-products over all rows, (K, K)."""
        return self.over_held((self.layout.fold < 1).astype(float))

    @cached_property
    def least_squares(self):
        """(-beta, 1), which turns [x, y] into residuals."""
        k = self.columns
        return np.append(-np.linalg.solve(self.total[:k, :k], self.total[:k, k]), 1.0)


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
