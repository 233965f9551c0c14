"""Which entries of a covariance across waves the data hold, as index arrays: they depend on the wave patterns only.

In: seen (P, m), which waves each pattern has. Out: `Layout`, whose arrays turn stacks of (P, m, m) matrices into one
row of numbers and back. Made once for every set of patterns and remembered by the bytes of `seen`.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

REMEMBERED = 1 << 12  # bytes of `seen` up to which a layout is remembered


@dataclass(frozen=True, eq=False)
class Layout:
    """Pairs of waves a >= b that a pattern has (J of them), and the waves that a pattern has (J1 of them).

    pattern, a, b (J,): the pairs; at (J,): their place among P m m numbers; half (J,): 1 where a = b, else
    1/2; fold (J,): 1/2 there, else 1.
    pairs (P m m,): the pair that holds a number, J where none does.
    row_pattern, row_wave (J1,): the waves seen; rows_at (J1,): their place among P m numbers.
    rows (P m,): the wave seen there, J1 where it was not. both (P, m, m): are both waves seen; eye: the identity.
    """

    pattern: np.ndarray
    a: np.ndarray
    b: np.ndarray
    at: np.ndarray
    half: np.ndarray
    fold: np.ndarray
    pairs: np.ndarray
    row_pattern: np.ndarray
    row_wave: np.ndarray
    rows: np.ndarray
    rows_at: np.ndarray
    both: np.ndarray
    eye: np.ndarray


def lay_out(seen):
    """The `Layout` of the patterns `seen` (P, m)."""
    if seen.nbytes > REMEMBERED:
        return _lay_out(seen)
    return _remembered(np.ascontiguousarray(seen).tobytes(), seen.shape)


@lru_cache(maxsize=64)
def _remembered(content, shape):
    return _lay_out(np.frombuffer(content, bool).reshape(shape))


def _lay_out(seen):
    m = seen.shape[1]
    both = seen[:, :, None] & seen[:, None, :]
    pattern, a, b = np.nonzero(np.tril(both))
    number = np.arange(len(a))
    pairs = np.full(both.shape, len(a))
    pairs[pattern, a, b] = pairs[pattern, b, a] = number
    row_pattern, row_wave = np.nonzero(seen)
    rows = np.full(seen.shape, len(row_wave))
    rows[row_pattern, row_wave] = np.arange(len(row_wave))
    return Layout(
        pattern=pattern,
        a=a,
        b=b,
        at=(pattern * m + a) * m + b,
        half=np.where(a == b, 1.0, 0.5),
        fold=np.where(a == b, 0.5, 1.0),
        pairs=pairs.ravel(),
        row_pattern=row_pattern,
        row_wave=row_wave,
        rows=rows.ravel(),
        rows_at=row_pattern * m + row_wave,
        both=both,
        eye=np.eye(m),
    )
