"""Everything the data say about a model, in sums that do not grow with the number of participants.

In: a prepared frame. Out: `Summaries`: for each wave pattern p (the set of waves a participant was seen at, within a
covariance group) the cross-products S_p[a, b] = sum_i z_ia z_ib' of z = [x, y], and for each cluster and pattern the
sums T_cp[a] = sum_i z_ia. They are additive: over chunks of a file, bootstrap weights and organisations.
Steps: number participants and waves; choose a well-conditioned basis of the design (QR) and centre the response on its
least-squares fit; scatter rows to (participant, wave) blocks; sum by pattern; sum by cluster and pattern.
Fails with DesignError for two rows of a participant at one wave, and for anything that should not change within a
participant (group, weight, cluster) but does.

Why a basis: X~ = X T has nearly orthonormal columns, so no precision is lost in cross-products; the fit adds
log|T| back to log|X'V^-1 X|. The response is y - X b0, which keeps y'V^-1 y of the size of the residuals.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from alongside.mixed.design import prepare
from alongside.mixed.failures import DesignError, refuse
from alongside.mixed.summaries import Summaries, combine, same_levels

BLOCK = 65_536  # rows turned into columns at a time: fits the cache, bounds the memory
SAMPLE = 30_000  # rows on which the basis is chosen when a study has more


@dataclass
class Codes:
    """Rows of a prepared frame sorted by participant; first: where each participant begins."""

    order: np.ndarray | None
    first: np.ndarray
    person: np.ndarray
    wave: np.ndarray


def number_rows(frame, recipe):
    """Participant and wave numbers of the rows, sorted by participant (order is None if they already are)."""
    person, _ = pd.factorize(frame[recipe.participant])
    wave = frame[recipe.wave]
    if isinstance(wave.dtype, pd.CategoricalDtype):
        wave = wave.cat.codes.to_numpy().astype(np.int64)
    else:
        wave = np.searchsorted(np.asarray(recipe.wave_levels, float), wave.to_numpy(float))
    order = None
    if np.any(np.diff(person) < 0):
        order = np.argsort(person, kind="stable")
        person, wave = person[order], wave[order]
    first = np.flatnonzero(np.r_[True, np.diff(person) > 0])
    return Codes(order, first, person, wave)


def summarise(
    formula,
    frame,
    *,
    participant,
    wave,
    covariance_by=None,
    clusters=(),
    baseline=None,
    cohort=None,
    time=None,
    weights=None,
    responses=(),
    chunk=False,
    like=None,
):
    """Summaries of one frame, or of one chunk of whole participants.

    chunk: levels that are not seen here may come in another chunk, so declare them all (Categorical).
    like: Summaries of an earlier chunk, whose columns and basis are used again. responses: further response columns.
    """
    prepared = prepare(
        formula,
        frame,
        participant=participant,
        wave=wave,
        group=covariance_by,
        clusters=clusters,
        baseline=baseline,
        cohort=cohort,
        time=time,
        weights=weights,
        extra=tuple(responses),
        keep_levels=chunk or like is not None,
    )
    if like is not None:
        same_levels(prepared.recipe, like.recipe)
    made = compress(prepared, like=like, whole=not chunk)
    if chunk:
        made.recipe.to_json()  # refuses transforms that look at all the data
    return made


def compress(prepared, *, like=None, whole=True, individual=False):
    """The sums of a prepared frame; `like` gives basis and columns of an earlier chunk.

    individual: where the times of a wave differ between participants, sort participants by their set of times.
    """
    frame, weights = prepared.frame, prepared.weights
    recipe = prepared.recipe
    codes = number_rows(frame, recipe)
    if codes.order is not None:
        frame = frame.iloc[codes.order].reset_index(drop=True)
        weights = None if weights is None else weights[codes.order]
    small = len(frame) <= SAMPLE
    if like is not None:
        recipe, ready = like.recipe, None
        basis, shift = like.basis, like.shift
    else:
        sample = frame if small else frame.iloc[np.linspace(0, len(frame) - 1, SAMPLE).astype(int)]
        ready = recipe.build(sample)
        _note_stateful(recipe)
        if not small and recipe.stateful:
            ready = recipe.build(frame)
        basis, shift = choose_basis(*ready, recipe, whole=small and whole)
        ready = ready if small else None
    prepared.recipe = recipe

    groups, paths, labels = _person_attributes(frame, codes, recipe, weights)
    times = _wave_times(frame, codes, recipe)
    if individual and times is None and recipe.time is not None:
        times, groups = time_sets(frame, codes, recipe)
    person_weight = np.ones(len(codes.first)) if weights is None else weights[codes.first]
    ends = np.r_[codes.first, len(frame)]
    parts, within = [], np.zeros(len(recipe.names), bool)
    start = 0
    while start < len(codes.first):
        stop = max(start + 1, int(np.searchsorted(ends, ends[start] + BLOCK, side="right")) - 1)
        stop = len(codes.first) if ready is not None else min(stop, len(codes.first))
        rows = slice(ends[start], ends[stop])
        x, y = ready if ready is not None else (recipe.columns(frame[rows]), recipe.response(frame[rows]))
        _check_finite(x, y, recipe)
        people = slice(start, stop)
        block = scatter(x, y, codes, rows, start, stop, len(recipe.wave_levels))
        within |= _varying(block, within, x.shape[1])
        parts.append(
            _sum_block(block, basis, shift, groups[people], paths[people], person_weight[people], bool(recipe.clusters))
        )
        start = stop
    made = [
        Summaries(
            recipe=recipe,
            basis=basis,
            shift=shift,
            **part,
            labels=labels,
            rows=0,
            within=within,
            sums={},
        )
        for part in parts
    ]
    total = combine(made)
    total.rows, total.sums, total.dropped = len(frame), _covariate_sums(frame, recipe), prepared.dropped
    total.warnings = list(prepared.warnings)
    total.times = times
    return total


def _note_stateful(recipe):
    """Columns fixed on a sample or a template are right only if no transform looks at all the data."""
    spec = recipe._spec
    categorical = {name for name, levels in recipe.variables.items() if levels is not None}
    encoded = {str(name) for name, (kind, _) in spec.encoder_state.items() if kind.value == "categorical"}
    computed = {name for name in encoded - categorical if not any(c in name for c in categorical)}
    recipe.stateful = bool(spec.transform_state) or bool(computed)


def choose_basis(x, y, recipe, *, whole):
    """T (k, k) with X T nearly orthonormal on these rows, and b0 (k, r), the least-squares fit in X's own columns."""
    _check_finite(x, y, recipe)
    n, k = x.shape
    norms = np.linalg.norm(x, axis=0)
    if whole:
        empty = [recipe.names[j] for j in np.flatnonzero(norms == 0)]
        if empty:
            refuse_collinear(empty, "is zero in every row" if len(empty) == 1 else "are zero in every row")
    scale = np.where(norms > 0, norms, 1.0)
    q, r = np.linalg.qr(x / scale) if n >= k else (None, np.zeros((k, k)))
    diagonal = np.abs(np.diag(r))
    if diagonal.min(initial=np.inf) < 1e-9:
        if whole:
            refuse_collinear(_dependent(x / scale, recipe.names))
        return np.diag(np.sqrt(n) / scale), np.zeros((k, y.shape[1]))
    basis = np.linalg.solve(r, np.eye(k)) * np.sqrt(n) / scale[:, None]
    return basis, np.linalg.solve(r, q.T @ y) / scale[:, None]


def _dependent(x, names):
    """Names of the columns that take part in an exact linear dependence."""
    _, values, vectors = np.linalg.svd(x, full_matrices=True)
    values = np.r_[values, np.zeros(len(names) - len(values))]
    null = vectors[values < 1e-9 * values[0]] if np.any(values < 1e-9 * values[0]) else vectors[-1:]
    involved = np.abs(null).max(axis=0) > 1e-6
    return [name for name, hit in zip(names, involved, strict=True) if hit]


def refuse_collinear(names, found="are collinear: at least one of them is a combination of the others"):
    refuse(
        DesignError,
        "columns " + ", ".join(names) if len(names) > 1 else f"column {names[0]}",
        found,
        remedy="take a column out, or the wave or level that was seen in one group only",
    )


def _check_finite(x, y, recipe):
    for matrix, names in ((x, recipe.names), (y, recipe.responses)):
        bad = ~np.isfinite(matrix)
        if bad.any():
            column = int(np.flatnonzero(bad.any(axis=0))[0])
            refuse(
                DesignError,
                f"column {names[column]!r}",
                f"is not a finite number in {int(bad[:, column].sum())} rows",
                remedy="look at the transform, for example a logarithm of zero",
            )


def _person_attributes(frame, codes, recipe, weights):
    """Covariance group and cluster path of each participant, checked to be constant within participant."""
    first, n = codes.first, len(codes.first)
    groups = np.zeros(n, np.int64)
    if recipe.group is not None:
        column = frame[recipe.group]
        place = {level: number for number, level in enumerate(recipe.group_levels)}
        code = column.map(place).to_numpy().astype(np.int64)
        _constant(code, codes, f"covariance_by column {recipe.group!r}", "changes within a participant")
        groups = code[first]
    if weights is not None:
        _constant(weights, codes, "weights", "change within a participant")
    if not recipe.clusters:
        return groups, np.zeros(n, np.int64), []
    table = {}
    for level in recipe.clusters:
        code, uniques = pd.factorize(frame[level.column])
        _constant(code, codes, f"cluster {level.column!r}", "a participant is in two clusters")
        table[level.column] = (code[first], [_plain(label) for label in uniques])
    stacked = np.column_stack([code for code, _ in table.values()])
    unique, path = np.unique(stacked, axis=0, return_inverse=True)
    labels = [
        tuple(None if number < 0 else names[number] for number, (_, names) in zip(row, table.values(), strict=True))
        for row in unique
    ]
    return groups, path.reshape(-1), labels


def _plain(label):
    return label.item() if isinstance(label, np.generic) else label


def _constant(values, codes, where, found):
    wrong = values != values[codes.first][codes.person - codes.person[0]]
    if wrong.any():
        refuse(
            DesignError,
            where,
            f"{found} ({int(wrong.sum())} rows differ from the participant's first row)",
            remedy="give each participant one value",
        )


def scatter(x, y, codes, rows, start, stop, m):
    """Rows to (participants, waves, columns) with zeros where a wave was not seen, and the mask of seen waves."""
    people = stop - start
    person = codes.person[rows] - codes.person[codes.first[start]]
    place = person * m + codes.wave[rows]
    seen = np.zeros(people * m, bool)
    seen[place] = True
    if int(seen.sum()) != len(place):
        double = len(place) - int(seen.sum())
        refuse(
            DesignError,
            "data",
            f"{double} more rows than participants at a wave: someone has two rows at the same wave",
            remedy="keep one row per participant and wave",
        )
    dense = np.zeros((people * m, x.shape[1] + y.shape[1]))
    dense[place, : x.shape[1]] = x
    dense[place, x.shape[1] :] = y
    return dense.reshape(people, m, -1), seen.reshape(people, m)


def _varying(block, known, k):
    """Columns of X that change within some participant (what between-within degrees of freedom ask)."""
    dense, seen = block
    out = known.copy()
    for j in np.flatnonzero(~known):
        high = np.where(seen, dense[:, :, j], -np.inf).max(axis=1)
        low = np.where(seen, dense[:, :, j], np.inf).min(axis=1)
        out[j] = bool(np.any(high > low))
    return out


def to_basis(dense, basis, shift):
    """[x, y] -> [x T, y - x b0] on the last axis."""
    k = len(basis)
    x, y = dense[..., :k], dense[..., k:]
    return np.concatenate([x @ basis, y - x @ shift], axis=-1)


def _number_keys(key):
    """As np.unique with the inverse, without sorting where the keys are small."""
    top = int(key.max()) + 1
    if top > 1 << 16:
        unique, number = np.unique(key, return_inverse=True)
        return unique, number.reshape(-1)
    used = np.bincount(key, minlength=top) > 0
    return np.flatnonzero(used), (np.cumsum(used) - 1)[key]


def _sum_block(block, basis, shift, groups, paths, weights, clustered):
    dense, seen = block
    n, m = seen.shape
    z = to_basis(dense.reshape(n * m, -1), basis, shift).reshape(n, m, -1)
    size = z.shape[-1]
    key = seen @ (1 << np.arange(m)) + (groups << m)
    unique, pattern = _number_keys(key)
    order = np.argsort(pattern.astype(np.int32), kind="stable")
    cut = np.searchsorted(pattern[order], np.arange(len(unique) + 1))
    cross = np.zeros((len(unique), m, m, size, size))
    for p in range(len(unique)):
        members = order[cut[p] : cut[p + 1]]
        waves = np.flatnonzero(seen[members[0]])
        flat = z[members][:, waves].reshape(len(members), -1)
        product = (flat * weights[members, None]).T @ flat
        product = 0.5 * (product + product.T).reshape(len(waves), size, len(waves), size)
        cross[p][np.ix_(waves, waves)] = product.transpose(0, 2, 1, 3)
    member_cut = np.arange(len(unique))
    first = order[cut[member_cut]]
    out = {
        "seen": seen[first],
        "group": groups[first],
        "people": np.bincount(pattern, minlength=len(unique)).astype(float),
        "weight": np.bincount(pattern, weights=weights, minlength=len(unique)),
        "cross": cross,
    }
    if not clustered:
        none = np.zeros(0, np.int64)
        return out | {
            "pair_cluster": none,
            "pair_pattern": none,
            "pair_weight": np.zeros(0),
            "pair_sum": np.zeros((0, m, size)),
        }
    pair = paths * len(unique) + pattern
    names, where = np.unique(pair, return_inverse=True)
    order = np.argsort(where, kind="stable")
    starts = np.searchsorted(where[order], np.arange(len(names)))
    flat = (z.reshape(n, -1) * weights[:, None])[order]
    return out | {
        "pair_cluster": names // len(unique),
        "pair_pattern": names % len(unique),
        "pair_weight": np.bincount(where, weights=weights, minlength=len(names)),
        "pair_sum": np.add.reduceat(flat, starts, axis=0).reshape(len(names), m, size),
    }


def _covariate_sums(frame, recipe):
    """Sums of numbers and counts of levels over rows: the averages that marginal means are taken at."""
    sums = {"rows": float(len(frame))}
    for name, levels in recipe.variables.items():
        if levels is None:
            sums[name] = float(frame[name].sum())
        else:
            sums[name] = np.bincount(frame[name].cat.codes, minlength=len(levels)).astype(float).tolist()
    return sums


def _wave_times(frame, codes, recipe):
    """The time of each wave (missing where unseen) if it is the same for everybody, else None."""
    if recipe.time is None:
        return None
    time = frame[recipe.time].to_numpy(float)
    times = np.full(len(recipe.wave_levels), np.nan)
    times[codes.wave] = time
    return times if np.array_equal(times[codes.wave], time) else None


def time_sets(frame, codes, recipe):
    """The distinct sets of times (G, m), missing where unseen, and each participant's number among them."""
    if recipe.group is not None:
        refuse(DesignError, "covariance_by", "cannot be combined with times that differ within a wave")
    m = len(recipe.wave_levels)
    times = np.full((len(codes.first), m), np.nan)
    times[codes.person, codes.wave] = frame[recipe.time].to_numpy(float)
    sets, number = np.unique(times, axis=0, return_inverse=True, equal_nan=True)
    return sets, number.reshape(-1)
