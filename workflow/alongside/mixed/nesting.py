"""How clusters are nested: the variances to estimate, the order of the clusters, and which waves they treat alike.

In: one label a cluster (a tuple, outermost level first, None where a participant is in no cluster of that level) and
the `Term`s. Out: an order in which every cluster's children stand together, and `Level`s, innermost first.
Waves that no term tells apart share one random effect of a cluster. `wave_blocks` finds these blocks, so that a random
intercept needs one number a cluster, an intercept from the second wave on beside it two, and effects by wave m.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np


@dataclass(frozen=True)
class Term:
    """One variance: `level` counts from the outermost cluster; kind "intercept" or "by wave"; active waves (m,)."""

    level: int
    label: str
    kind: str
    waves: tuple[bool, ...]

    @property
    def name(self):
        return f"variance of {self.label}" + ("" if self.kind == "intercept" else " by wave")

    @cached_property
    def matrix(self):
        """Derivative of a cluster's covariance across waves by this variance, (m, m)."""
        mask = np.array(self.waves, float)
        return np.diag(mask) if self.kind == "by wave" else np.outer(mask, mask)


@dataclass
class Level:
    """parent (C,) into the next level out; starts: where each parent's children begin; terms: their numbers, in a row.

    active (C,): is this a cluster; whole: are all of them.
    """

    parent: np.ndarray | None
    starts: np.ndarray | None
    active: np.ndarray
    terms: list

    def __post_init__(self):
        self.whole = bool(self.active.all())


def nest(labels, terms):
    """The order of the clusters (C,) and the levels, innermost first; clusters are numbered along the sorted paths."""
    codes = _path_codes(labels)
    if codes.shape[1] == 1:
        active = np.array([label[0] is not None for label in labels])
        return codes[:, 0], [Level(None, None, active, list(range(len(terms))))]
    order = np.lexsort(codes.T[::-1])
    codes = codes[order]
    levels = []
    for level in range(codes.shape[1] - 1, -1, -1):
        first = np.flatnonzero(np.r_[True, np.diff(codes[:, level]) != 0])
        active = np.array([labels[order[i]][level] is not None for i in first])
        parent = starts = None
        if level:
            outer = np.cumsum(np.r_[True, np.diff(codes[:, level - 1]) != 0]) - 1
            parent = outer[first]
            starts = np.flatnonzero(np.r_[True, np.diff(parent) != 0])
        levels.append(Level(parent, starts, active, [t for t, term in enumerate(terms) if term.level == level]))
    return order, levels


def _path_codes(labels):
    """Integer codes (C, depth) in which equal prefixes mean the same cluster of that level."""
    depth = len(labels[0])
    if depth == 1:
        return np.arange(len(labels))[:, None]  # one row a label already
    out = np.empty((len(labels), depth), int)
    for level in range(depth):
        place = {}
        out[:, level] = [place.setdefault(label[: level + 1], len(place)) for label in labels]
    return out


@lru_cache(maxsize=64)
def wave_blocks(terms):
    """Indicators (m, r) of the blocks of waves that share an effect; the derivative by each term there, (T, r, r);
    the products of two indicators, (m m, r r)."""
    masks = np.array([term.waves for term in terms], bool)
    alone = np.any([term.waves for term in terms if term.kind == "by wave"] or [np.zeros(masks.shape[1])], axis=0)
    keys = [(*masks[:, a], a if alone[a] else -1) for a in range(masks.shape[1])]
    blocks = list(dict.fromkeys(key for a, key in enumerate(keys) if masks[:, a].any())) or [None]
    loading = np.array([[float(key == block) for block in blocks] for key in keys])
    size = np.maximum(loading.sum(axis=0), 1.0)
    inner = np.stack([loading.T @ term.matrix @ loading / np.outer(size, size) for term in terms])
    return loading, inner, np.kron(loading, loading)
