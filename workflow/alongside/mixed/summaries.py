"""The additive statistics of a design as an object: merge chunks, save, load.

In: sums made by `patterns.summarise` from chunks of whole participants. Out: `Summaries`, from which a model is fitted
without the rows. Merging adds; chunks whose basis differs are first written in the basis of the first one.
Files are .npz arrays with one JSON header; nothing is a pickle.
Fails with DesignError for chunks of different models or levels.
"""

import json
from dataclasses import dataclass, field, replace

import numpy as np

from alongside.mixed.failures import DesignError, refuse
from alongside.mixed.recipe import Recipe


@dataclass
class Summaries:
    """The additive statistics of one design. Shapes: P patterns, m waves, K = k columns + r responses, pairs (c, p).

    seen (P, m), group (P,), people (P,), weight (P,), cross (P, m, m, K, K)
    labels: one tuple a cluster (outermost first, None where the participant has none);
    pair_cluster, pair_pattern, pair_weight (pairs,), pair_sum (pairs, m, K)
    """

    recipe: Recipe
    basis: np.ndarray
    shift: np.ndarray
    seen: np.ndarray
    group: np.ndarray
    people: np.ndarray
    weight: np.ndarray
    cross: np.ndarray
    labels: list
    pair_cluster: np.ndarray
    pair_pattern: np.ndarray
    pair_weight: np.ndarray
    pair_sum: np.ndarray
    rows: int
    within: np.ndarray
    sums: dict
    times: np.ndarray | None = None
    dropped: int = 0
    warnings: list = field(default_factory=list)

    @property
    def participants(self):
        return int(self.people.sum())

    @property
    def individual(self):
        """Are groups the sets of times that participants were seen at, with `times` (G, m)?"""
        return self.times is not None and self.times.ndim == 2

    @property
    def weighted(self):
        return not np.array_equal(self.weight, self.people)

    @property
    def columns(self):
        return self.basis.shape[0]

    def merge(self, other):
        """The sums of both chunks; no participant may be in both."""
        if self.individual or other.individual:
            refuse(DesignError, "Summaries.merge", "participants with times of their own cannot be merged")
        if self.recipe.to_json() != other.recipe.to_json():
            refuse(DesignError, "Summaries.merge", "the two were not made with the same model and levels")
        other = other._in_basis_of(self)
        return combine([self, other])

    def _in_basis_of(self, first):
        if np.array_equal(self.basis, first.basis) and np.array_equal(self.shift, first.shift):
            return self
        # z' = z B for rows z = [x T, y - x b0]: x T' = (x T)(T^-1 T'), y - x b0' = (y - x b0) + (x T) T^-1 (b0 - b0').
        k, size = self.columns, self.cross.shape[-1]
        change = np.eye(size)
        change[:k, :k] = np.linalg.solve(self.basis, first.basis)
        change[:k, k:] = np.linalg.solve(self.basis, self.shift - first.shift)
        return replace(
            self,
            basis=first.basis,
            shift=first.shift,
            cross=change.T @ self.cross @ change,
            pair_sum=self.pair_sum @ change,
        )

    def save(self, path):
        """Write to an .npz file of arrays and one JSON header; nothing in it is a pickle."""
        header = {
            "recipe": self.recipe.to_json(),
            "labels": self.labels,
            "rows": self.rows,
            "sums": self.sums,
            "dropped": self.dropped,
            "warnings": self.warnings,
        }
        arrays = {name: getattr(self, name) for name in _ARRAYS}
        if self.times is not None:
            arrays["times"] = self.times
        text = np.frombuffer(json.dumps(header).encode(), np.uint8)
        with open(path, "wb") as target:
            np.savez_compressed(target, header=text, **arrays)

    @classmethod
    def load(cls, path):
        with np.load(path, allow_pickle=False) as stored:
            header = json.loads(stored["header"].tobytes())
            arrays = {name: stored[name] for name in _ARRAYS}
            times = stored.get("times", None)
        return cls(
            recipe=Recipe.from_json(header["recipe"]),
            labels=[tuple(label) for label in header["labels"]],
            rows=header["rows"],
            sums=header["sums"],
            dropped=header["dropped"],
            warnings=header["warnings"],
            times=times,
            **arrays,
        )


_ARRAYS = (
    "basis",
    "shift",
    "seen",
    "group",
    "people",
    "weight",
    "cross",
    "pair_cluster",
    "pair_pattern",
    "pair_weight",
    "pair_sum",
    "within",
)


def same_levels(recipe, first):
    for name, levels in first.variables.items():
        if recipe.variables[name] != levels:
            refuse(
                DesignError,
                f"column {name!r}",
                "does not have the same levels in every chunk",
                remedy="declare all levels with pd.Categorical(..., categories=[...]) before cutting the file",
            )


def combine(parts):
    """Add Summaries of the same recipe and basis."""
    first = parts[0]
    if len(parts) == 1:
        return first
    m = first.seen.shape[1]
    labels, label_maps = _union([part.labels for part in parts])
    key = np.concatenate([part.seen @ (1 << np.arange(m)) + (part.group.astype(np.int64) << m) for part in parts])
    unique, where = np.unique(key, return_inverse=True)
    stack = {name: np.concatenate([getattr(part, name) for part in parts]) for name in ("people", "weight", "cross")}
    added = {name: _add_by(values, where, len(unique)) for name, values in stack.items()}
    representative = np.zeros(len(unique), int)
    representative[where[::-1]] = np.arange(len(key))[::-1]
    seen = np.concatenate([part.seen for part in parts])[representative]
    group = np.concatenate([part.group for part in parts])[representative]
    offsets = np.cumsum([0, *(len(part.people) for part in parts)])
    cluster = np.concatenate(
        [
            change[part.pair_cluster] if labels else part.pair_cluster
            for part, change in zip(parts, label_maps, strict=True)
        ]
    )
    pattern = np.concatenate(
        [where[offset + part.pair_pattern] for part, offset in zip(parts, offsets[:-1], strict=True)]
    )
    pairs, place = np.unique(cluster * len(unique) + pattern, return_inverse=True)
    return replace(
        first,
        seen=seen,
        group=group,
        **added,
        labels=labels,
        pair_cluster=pairs // len(unique),
        pair_pattern=pairs % len(unique),
        pair_weight=_add_by(np.concatenate([part.pair_weight for part in parts]), place, len(pairs)),
        pair_sum=_add_by(np.concatenate([part.pair_sum for part in parts]), place, len(pairs)),
        rows=sum(part.rows for part in parts),
        within=np.logical_or.reduce([part.within for part in parts]),
        sums=_add_sums([part.sums for part in parts]),
        times=_same_times([part.times for part in parts]),
        dropped=sum(part.dropped for part in parts),
        warnings=list(dict.fromkeys(text for part in parts for text in part.warnings)),
    )


def _add_by(values, where, size):
    order = np.argsort(where, kind="stable")
    starts = np.searchsorted(where[order], np.arange(size))
    return np.add.reduceat(values[order], starts, axis=0) if size else values[order]


def _union(lists):
    """One list of labels, and for each input list the new number of each of its labels."""
    if all(labels == lists[0] for labels in lists):
        same = np.arange(len(lists[0]))
        return lists[0], [same] * len(lists)
    place = {}
    maps = [np.array([place.setdefault(label, len(place)) for label in labels], int) for labels in lists]
    return list(place), maps


def _add_sums(all_sums):
    out = {}
    for sums in all_sums:
        for name, value in sums.items():
            total = np.asarray(value) + np.asarray(out.get(name, 0.0))
            out[name] = total.tolist()
    return out


def _same_times(all_times):
    """The time of each wave over all chunks (missing where no chunk saw the wave), None if it differs."""
    if any(times is None for times in all_times):
        return None
    stacked = np.stack(all_times)
    first = np.full(stacked.shape[1], np.nan)
    for times in stacked:
        first = np.where(np.isnan(first), times, first)
    agrees = np.isnan(stacked) | (stacked == first)
    return first if agrees.all() else None
