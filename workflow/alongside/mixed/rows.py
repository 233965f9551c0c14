"""Rows of a prepared frame as numbers: whose they are, at which wave, in which group and cluster.

In: a prepared table (a frame or {column: array}) and its `Recipe`. Out: `Codes`, what is constant within a participant
(group, cluster path), times, and blocks (participant, wave, column). Fails with DesignError for two rows of a
participant at one wave, and for what should not change within a participant (group, weight, cluster) but does.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from alongside.mixed.failures import DesignError, refuse

FEW_KEYS = 1 << 16  # keys up to which a table of all of them is faster than sorting


@dataclass
class Codes:
    """Rows of a table sorted by participant. first: where each participant begins; same (n - 1,): is the next row of
    the same participant; order: how the rows were sorted, None if they already were."""

    order: np.ndarray | None
    first: np.ndarray
    person: np.ndarray
    wave: np.ndarray
    same: np.ndarray


def column_of(table, name):
    """A column of a data frame or of {column: array}, as an array."""
    column = table[name]
    return column.values if isinstance(column, pd.Series) else column


def count_rows(table):
    return len(table if isinstance(table, pd.DataFrame) else next(iter(table.values())))


def take(table, rows):
    """Some rows of a data frame or of {column: array}, numbered anew."""
    if isinstance(table, pd.DataFrame):
        return table.iloc[rows].reset_index(drop=True)
    return {name: column[rows] for name, column in table.items()}


def number_rows(table, recipe):
    """Participant and wave numbers of the rows, sorted by participant (order is None if they already are)."""
    person = _number_people(column_of(table, recipe.participant))
    wave = column_of(table, recipe.wave)
    if isinstance(wave, pd.Categorical):
        wave = wave.codes.astype(np.int64)
    else:
        wave = np.searchsorted(np.asarray(recipe.wave_levels, float), np.asarray(wave, float))
    order = None
    step = person[1:] - person[:-1]
    if step.min(initial=0) < 0:
        order = np.argsort(person, kind="stable")
        person, wave = person[order], wave[order]
        step = person[1:] - person[:-1]
    same = step == 0
    first = np.append(0, np.flatnonzero(step) + 1)
    return Codes(order, first, person, wave, same)


def _number_people(values):
    """0, 1, ... in order of appearance; numbers that never fall need no hash table."""
    if isinstance(values, np.ndarray) and values.dtype.kind in "iu":
        step = values[1:] != values[:-1]
        if np.all(values[1:] >= values[:-1]):
            return np.append(0, np.cumsum(step))
    return pd.factorize(values)[0]


def _number_clusters(values, codes, where):
    """A code of each participant's label, in no particular order, -1 where it is missing; the labels."""
    whole = isinstance(values, np.ndarray) and values.dtype.kind in "iu"
    if not whole:
        values, labels = pd.factorize(values)
    _constant(values, codes, where, "a participant is in two clusters")
    values = values[codes.first]
    if not whole:
        return values, [_plain(label) for label in labels]
    low = int(values.min())
    unique, code = number_keys(values.astype(np.int64) - low)
    return code, (unique + low).tolist()


def person_attributes(table, codes, recipe, weights):
    """Covariance group and cluster path of each participant, checked to be constant; the labels of the paths."""
    first, n = codes.first, len(codes.first)
    groups = np.zeros(n, np.int64)
    if recipe.group is not None:
        column = pd.Series(column_of(table, recipe.group))
        place = {level: number for number, level in enumerate(recipe.group_levels)}
        code = column.map(place).to_numpy().astype(np.int64)
        _constant(code, codes, f"covariance_by column {recipe.group!r}", "changes within a participant")
        groups = code[first]
    if weights is not None:
        _constant(weights, codes, "weights", "change within a participant")
    if not recipe.clusters:
        return groups, np.zeros(n, np.int64), []
    path, found = np.zeros(n, np.int64), []
    for level in recipe.clusters:
        code, labels = _number_clusters(column_of(table, level.column), codes, f"cluster {level.column!r}")
        found.append((code, labels))
        # Paths are numbered anew at every level, so that their product never overflows.
        _, path = number_keys(path * (len(labels) + 1) + code + 1)
    example = np.zeros(int(path.max()) + 1, np.int64)
    example[path] = np.arange(n)
    names = [[None if c < 0 else labels[c] for c in code[example].tolist()] for code, labels in found]
    return groups, path, list(zip(*names, strict=True))


def _plain(label):
    return label.item() if isinstance(label, np.generic) else label


def _constant(values, codes, where, found):
    if ((values[1:] != values[:-1]) & codes.same).any():
        wrong = values != values[codes.first][codes.person - codes.person[0]]
        refuse(
            DesignError,
            where,
            f"{found} ({int(wrong.sum())} rows differ from the participant's first row)",
            remedy="give each participant one value",
        )


def number_keys(key):
    """As np.unique with the inverse, without sorting where the keys are small."""
    top = int(key.max()) + 1
    if top > FEW_KEYS:
        unique, number = np.unique(key, return_inverse=True)
        return unique, number.reshape(-1)
    used = np.bincount(key, minlength=top) > 0
    return np.flatnonzero(used), (np.cumsum(used) - 1)[key]


def scatter(x, y, codes, rows, start, stop, m):
    """Rows to (participants, waves, columns) with zeros where a wave was not seen, and the mask of seen waves."""
    seen = seen_waves(codes, rows, start, stop, m)
    place = (codes.person[rows] - codes.person[codes.first[start]]) * m + codes.wave[rows]
    dense = np.zeros(((stop - start) * m, x.shape[1] + y.shape[1]))
    dense[place, : x.shape[1]] = x
    dense[place, x.shape[1] :] = y
    return dense.reshape(stop - start, m, -1), seen


def seen_waves(codes, rows, start, stop, m):
    """The mask of waves at which participants start to stop were seen, (people, m); refuses two rows at one wave."""
    place = (codes.person[rows] - codes.person[codes.first[start]]) * m + codes.wave[rows]
    seen = np.zeros((stop - start) * m, bool)
    seen[place] = True
    double = len(place) - int(np.count_nonzero(seen))
    if double:
        refuse(
            DesignError,
            "data",
            f"{double} more rows than participants at a wave: someone has two rows at the same wave",
            remedy="keep one row per participant and wave",
        )
    return seen.reshape(-1, m)


def wave_times(table, codes, recipe):
    """The time of each wave (missing where unseen) if it is the same for everybody, else None."""
    if recipe.time is None:
        return None
    time = np.asarray(column_of(table, recipe.time), float)
    times = np.full(len(recipe.wave_levels), np.nan)
    times[codes.wave] = time
    return times if np.array_equal(times[codes.wave], time) else None


def time_sets(table, codes, recipe):
    """The distinct sets of times (G, m), missing where unseen, and each participant's number among them."""
    if recipe.group is not None:
        refuse(DesignError, "covariance_by", "cannot be combined with times that differ within a wave")
    m = len(recipe.wave_levels)
    times = np.full((len(codes.first), m), np.nan)
    times[codes.person, codes.wave] = np.asarray(column_of(table, recipe.time), float)
    sets, number = np.unique(times, axis=0, return_inverse=True, equal_nan=True)
    return sets, number.reshape(-1)
