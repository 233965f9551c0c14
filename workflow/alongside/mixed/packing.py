"""Symmetric statistics of many refits in one table: a row a refit, a column a pair of waves and a pair of columns.

In: which waves each wave pattern has seen, the number of columns. Out: `Packing`, which makes the packed products of
participants, so that the statistics of B refits are one matrix product of (B, n) weights with them, and unpacks them.
Steps: J pairs of waves a <= b over all patterns, E = K (K + 1) / 2 pairs of columns; only the symmetric part of
z_a z_b' is stored, because it is all that the criterion sees.
"""

import numpy as np


def patterns_of(seen):
    """The distinct rows of `seen` (n, m) and each participant's number among them."""
    key = seen @ (1 << np.arange(seen.shape[1]))
    unique, pattern = np.unique(key, return_inverse=True)
    first = np.array([np.argmax(pattern == p) for p in range(len(unique))])
    return seen[first], pattern


class Packing:
    """How symmetric statistics are stored: J wave pairs a <= b over all patterns, E = K (K + 1) / 2 column pairs."""

    def __init__(self, seen, size):
        self.size = size
        self.rows, self.columns = np.tril_indices(size)
        pairs = [
            (p, a, b)
            for p, waves in enumerate(seen)
            for a in np.flatnonzero(waves)
            for b in np.flatnonzero(waves[: a + 1])
        ]
        self.pattern, self.a, self.b = np.array(pairs).T
        self.double = np.where(self.a == self.b, 1.0, 2.0)
        self.twice = np.where(self.rows == self.columns, 1.0, 2.0)

    def products(self, z, p):
        """Packed symmetric products of the participants (n, m, K) of pattern p: (n, pairs of p, E)."""
        mine = self.pattern == p
        left, right = z[:, self.a[mine]], z[:, self.b[mine]]
        both = left[..., self.rows] * right[..., self.columns] + left[..., self.columns] * right[..., self.rows]
        return 0.5 * both

    def unpack(self, packed):
        out = np.empty((*packed.shape[:-1], self.size, self.size))
        out[..., self.rows, self.columns] = packed
        out[..., self.columns, self.rows] = packed
        return out

    def to_waves(self, values, patterns, m):
        out = np.zeros((*values.shape[:-1], patterns, m, m))
        out[..., self.pattern, self.a, self.b] = values
        out[..., self.pattern, self.b, self.a] = values
        return out

    def cross(self, packed, patterns, m):
        """The cross-products by pattern, as in `reml.Data`, of one refit's packed statistics (J, E)."""
        out = np.zeros((patterns, m, m, self.size, self.size))
        blocks = self.unpack(packed)
        out[self.pattern, self.a, self.b] = blocks
        out[self.pattern, self.b, self.a] = blocks
        return out
