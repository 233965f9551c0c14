"""Sums over the participants of a cluster who share a wave pattern, and the products that a likelihood asks of them.

In: for every pair of cluster and pattern that occurs, the number of participants n_cp and the sums T_cp (m, K).
Out: `spread` sum_p a_p T_cp, `count` sum_p b_p n_cp, `inside` sum_c n_cp x_c, `overlap` sum_c T_cp x_c'.
Two ways to hold them. Where most clusters have most patterns: one table of (pattern, wave seen) by clusters, with zeros
where a pair does not occur, so that each of these is one matrix product. Where patterns are many (times of one's own):
the pairs as they are, and sparse indicators of their cluster and pattern.
"""

import numpy as np
from scipy import sparse

SMALL = 1 << 20  # a table with fewer numbers than this is always worth its zeros
SPARE = 3  # beyond, it may be so many times as large as the pairs


def pair_sums(layout, cluster, pattern, weight, sums, clusters):
    """Sums of pairs (pairs, m, K) by cluster number and pattern number, held in the way that suits them."""
    if len(layout.row_wave) * clusters * sums.shape[-1] <= max(SMALL, SPARE * sums.size):
        return _Table(layout, cluster, pattern, weight, sums, clusters)
    return _Pairs(layout, cluster, pattern, weight, sums, clusters)


class _Table:
    """flat (J1 + 1, C K): one row a pattern and wave seen in it, and one of zeros; people (C, P)."""

    def __init__(self, layout, cluster, pattern, weight, sums, clusters):
        self.layout, self.clusters, self.size = layout, clusters, sums.shape[-1]
        patterns, m, _ = layout.both.shape
        self.flat = np.zeros((len(layout.row_wave) + 1, clusters * self.size))
        # Sums at waves that a pattern has not seen are zeros, and so may land in the last row.
        rows = layout.rows.reshape(patterns, m)[pattern]
        self.flat.reshape(-1, clusters, self.size)[rows, cluster[:, None]] = sums
        self.people = np.zeros((clusters, patterns))
        self.people[cluster, pattern] = weight

    def spread(self, a):
        """(S, r, J1) -> (S, C, r, K)."""
        s, r, _ = a.shape
        made = a.reshape(s * r, -1) @ self.flat[:-1]
        if r == 1:
            return made.reshape(s, self.clusters, 1, self.size)
        return made.reshape(s, r, self.clusters, self.size).swapaxes(1, 2)

    def count(self, b):
        """(S, P, r, r) -> (S, C, r, r)."""
        s, patterns, r, _ = b.shape
        return (self.people @ b.reshape(s, patterns, r * r)).reshape(s, -1, r, r)

    def inside(self, x):
        """(C, r, r) -> (P, r, r)."""
        return (self.people.T @ x.reshape(self.clusters, -1)).reshape(-1, *x.shape[1:])

    def overlap(self, x):
        """(C, r, K) -> (P, m, r)."""
        made = self.flat @ x.swapaxes(0, 1).reshape(x.shape[1], -1).T
        return made[self.layout.rows].reshape(*self.layout.both.shape[:2], -1)

    def by_wave(self, side):
        """Sums T_cp side over the patterns of a cluster (C, m), and the people behind them (C, m)."""
        layout = self.layout
        seen = layout.both.any(axis=2).astype(float)
        at = (np.arange(seen.shape[1])[:, None] == layout.row_wave).astype(float)
        made = self.flat[:-1].reshape(-1, self.clusters, self.size) @ side
        return (at @ made).T, self.people @ seen


class _Pairs:
    """sums (pairs, m, K) as they are; to_cluster (C, pairs) and to_pattern (P, pairs) add pairs up."""

    def __init__(self, layout, cluster, pattern, weight, sums, clusters):
        pairs, patterns = np.arange(len(cluster)), len(layout.both)
        one = np.ones(len(pairs))
        self.to_cluster = sparse.csr_array((one, (cluster, pairs)), shape=(clusters, len(pairs)))
        self.to_pattern = sparse.csr_array((one, (pattern, pairs)), shape=(patterns, len(pairs)))
        self.layout, self.cluster, self.pattern, self.weight, self.sums = layout, cluster, pattern, weight, sums

    def _add(self, indicator, values):
        return (indicator @ values.reshape(len(values), -1)).reshape(-1, *values.shape[1:])

    def spread(self, a):
        patterns, m, _ = self.layout.both.shape
        padded = np.concatenate([a, np.zeros((*a.shape[:2], 1))], axis=2)[..., self.layout.rows]
        full = padded.reshape(*a.shape[:2], patterns, m).swapaxes(1, 2)
        return np.stack([self._add(self.to_cluster, part[self.pattern] @ self.sums) for part in full])

    def count(self, b):
        weight = self.weight[:, None, None]
        return np.stack([self._add(self.to_cluster, weight * part[self.pattern]) for part in b])

    def inside(self, x):
        return self._add(self.to_pattern, self.weight[:, None, None] * x[self.cluster])

    def overlap(self, x):
        return self._add(self.to_pattern, self.sums @ x[self.cluster].swapaxes(1, 2))

    def by_wave(self, side):
        seen = self.layout.both.any(axis=2)
        people = self.weight[:, None] * seen[self.pattern]
        return self._add(self.to_cluster, self.sums @ side), self._add(self.to_cluster, people)
