"""Symmetric statistics of many refits in one table: a row a refit, a column a pair of waves and a pair of columns.

In: which waves each wave pattern has seen, the number of columns. Out: `Packing`, which turns participants into tables
so that the statistics of B refits are matrix products of (B, n) weights with them, and unpacks them.
Steps: J pairs of waves a <= b over all patterns, E = K (K + 1) / 2 pairs of columns; only the symmetric part of
z_a z_b' is stored, because it is all that the criterion sees. The blocks of a pattern's participants mostly span few
directions (one a covariate, one a wave's response), so the products of their coordinates are weighted and summed, and
the sums are expanded: the work does not grow with the columns.
"""

import numpy as np
from scipy.linalg import qr

NOTHING = 1e-13  # share of the largest direction below which a direction is rounding


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
        self.place = np.zeros((size, size), int)  # where a pair of columns is stored
        self.place[self.rows, self.columns] = self.place[self.columns, self.rows] = np.arange(len(self.rows))
        m = seen.shape[1]
        self.wave_place = np.full((m, m, len(seen)), len(self.a))  # where a pair of waves is stored, or the end
        for left, right in ((self.a, self.b), (self.b, self.a)):
            self.wave_place[left, right, self.pattern] = np.arange(len(self.a))

    def tables(self, z, p):
        """Matrices whose product is the packed products (n, pairs of p x E) of the participants z (n, m, K) of p."""
        n = len(z)
        flat = z.reshape(n, -1)
        norms = np.linalg.norm(flat, axis=0)  # a response may be of any size beside the columns
        _, triangle, order = qr((flat / np.where(norms > 0, norms, 1.0)).T, mode="economic", pivoting=True)
        size = np.abs(np.diag(triangle))
        rank = int(np.count_nonzero(size > NOTHING * size.max(initial=0.0)))
        if rank * (rank + 1) // 2 >= n:
            return [self._products(z, p)]
        # coordinates of every participant in the blocks of `rank` of them, which pivoting found far apart
        chosen = z[order[:rank]]
        coordinates = np.empty((n, rank))
        coordinates[order] = np.linalg.solve(triangle[:rank, :rank], triangle[:rank]).T
        f, g = np.tril_indices(rank)
        squares = self._products(chosen, p)
        expanded = self._products(chosen[f] + chosen[g], p) - squares[f] - squares[g]
        expanded[f == g] = squares
        return [coordinates[:, f] * coordinates[:, g], expanded]

    def _products(self, z, p):
        """Packed symmetric products z_a z_b' of blocks (n, m, K) of pattern p: (n, pairs of p x E)."""
        mine = self.pattern == p
        left, right = z[:, self.a[mine]], z[:, self.b[mine]]
        both = left[..., self.rows] * right[..., self.columns] + left[..., self.columns] * right[..., self.rows]
        return 0.5 * both.reshape(len(z), -1)

    def pack(self, cross):
        """The packed statistics (J, E) of cross-products by pattern, as in `data.Data`."""
        blocks = cross[self.pattern, self.a, self.b]
        return 0.5 * (blocks + np.swapaxes(blocks, 1, 2))[:, self.rows, self.columns]

    def cross(self, packed):
        """The cross-products by pattern of one refit's packed statistics."""
        m, _, patterns = self.wave_place.shape
        out = np.zeros((patterns, m, m, self.size, self.size))
        blocks = packed[..., self.place]
        out[self.pattern, self.a, self.b] = blocks
        out[self.pattern, self.b, self.a] = blocks
        return out
