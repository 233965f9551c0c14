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


def pair_sums(seen, cluster, pattern, weight, sums, clusters):
    """Sums of pairs (pairs, m, K) by cluster number and pattern number, held in the way that suits them."""
    rows = int(seen.sum())
    if rows * clusters * sums.shape[-1] <= max(SMALL, SPARE * sums.size):
        return _Table(seen, cluster, pattern, weight, sums, clusters)
    return _Pairs(seen, cluster, pattern, weight, sums, clusters)


class _Table:
    """rows (J, C, K): one row a pattern and wave seen in it; people (C, P)."""

    def __init__(self, seen, cluster, pattern, weight, sums, clusters):
        self.pattern, self.wave = np.nonzero(seen)
        number = np.zeros(seen.shape, int)
        number[self.pattern, self.wave] = np.arange(len(self.wave))
        pair, wave = np.nonzero(seen[pattern])
        self.rows = np.zeros((len(self.wave), clusters, sums.shape[-1]))
        self.rows[number[pattern[pair], wave], cluster[pair]] = sums[pair, wave]
        self.flat = self.rows.reshape(len(self.rows), -1)
        self.people = np.zeros((clusters, len(seen)))
        self.people[cluster, pattern] = weight
        self.shape = (len(seen), seen.shape[1])

    def spread(self, a):
        """(S, P, r, m) -> (S, C, r, K)."""
        s, _, r, _ = a.shape
        chosen = a.transpose(0, 2, 1, 3)[:, :, self.pattern, self.wave].reshape(s * r, -1)
        return (chosen @ self.flat).reshape(s, r, *self.rows.shape[1:]).swapaxes(1, 2)

    def count(self, b):
        """(S, P, r, r) -> (S, C, r, r)."""
        s, patterns, r, _ = b.shape
        return (self.people @ b.reshape(s, patterns, r * r)).reshape(s, -1, r, r)

    def inside(self, x):
        """(S, C, r, r) -> (S, P, r, r)."""
        s, clusters, r, _ = x.shape
        return (self.people.T @ x.reshape(s, clusters, r * r)).reshape(s, -1, r, r)

    def overlap(self, x):
        """(S, C, r, K) -> (S, P, m, r)."""
        s, _, r, _ = x.shape
        out = np.zeros((s, *self.shape, r))
        made = self.flat @ x.swapaxes(1, 2).reshape(s * r, -1).T
        out[:, self.pattern, self.wave] = made.reshape(-1, s, r).swapaxes(0, 1)
        return out

    def by_wave(self, side):
        """Sums T_cp side over the patterns of a cluster (C, m), and the people behind them (C, m)."""
        seen = np.zeros(self.shape)
        seen[self.pattern, self.wave] = 1.0
        at = np.arange(self.shape[1])[:, None] == self.wave
        return (at @ (self.rows @ side)).T, self.people @ seen


class _Pairs:
    """sums (pairs, m, K) as they are; to_cluster (C, pairs) and to_pattern (P, pairs) add pairs up."""

    def __init__(self, seen, cluster, pattern, weight, sums, clusters):
        pairs = np.arange(len(cluster))
        one = np.ones(len(pairs))
        self.to_cluster = sparse.csr_array((one, (cluster, pairs)), shape=(clusters, len(pairs)))
        self.to_pattern = sparse.csr_array((one, (pattern, pairs)), shape=(len(seen), len(pairs)))
        self.seen, self.cluster, self.pattern, self.weight, self.sums = seen, cluster, pattern, weight, sums

    def _add(self, indicator, values):
        return (indicator @ values.reshape(len(values), -1)).reshape(-1, *values.shape[1:])

    def spread(self, a):
        return np.stack([self._add(self.to_cluster, part[self.pattern] @ self.sums) for part in a])

    def count(self, b):
        weight = self.weight[:, None, None]
        return np.stack([self._add(self.to_cluster, weight * part[self.pattern]) for part in b])

    def inside(self, x):
        weight = self.weight[:, None, None]
        return np.stack([self._add(self.to_pattern, weight * part[self.cluster]) for part in x])

    def overlap(self, x):
        return np.stack([self._add(self.to_pattern, self.sums @ part[self.cluster].swapaxes(1, 2)) for part in x])

    def by_wave(self, side):
        people = self.weight[:, None] * self.seen[self.pattern]
        return self._add(self.to_cluster, self.sums @ side), self._add(self.to_cluster, people)
