"""Everything the data say about a model, in sums that do not grow with the number of participants.

In: a prepared frame. Out: `Summaries`: for each wave pattern p (the set of waves a participant was seen at, within a
covariance group) the cross-products S_p[a, b] = sum_i z_ia z_ib' of z = [x, y], and for each cluster and pattern the
sums T_cp[a] = sum_i z_ia. They are additive: over chunks of a file, bootstrap weights and organisations.
Steps: number participants and waves; choose a well-conditioned basis of the design (QR) and centre the response on its
least-squares fit; block by block of participants, put the rows of those who share pattern and cluster side by side and
add them up.
Fails with DesignError for two rows of a participant at one wave, and for anything that should not change within a
participant (group, weight, cluster) but does.
"""

import numpy as np

from alongside.mixed.basis import check_finite, choose_basis, rows_to_basis
from alongside.mixed.design import prepare
from alongside.mixed.rows import number_keys, number_rows, person_attributes, seen_waves, time_sets, wave_times
from alongside.mixed.summaries import Summaries, combine, same_levels

BLOCK = 32_768  # rows turned into columns at a time: fits the cache, bounds the memory
SAMPLE = 30_000  # rows on which the basis is chosen when a study has more


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

    groups, paths, labels = person_attributes(frame, codes, recipe, weights)
    times = wave_times(frame, codes, recipe)
    if individual and times is None and recipe.time is not None:
        times, groups = time_sets(frame, codes, recipe)
    person_weight = None if weights is None else weights[codes.first]
    ends = np.r_[codes.first, len(frame)]
    parts, within = [], np.zeros(len(recipe.names), bool)
    start = 0
    while start < len(codes.first):
        stop = max(start + 1, int(np.searchsorted(ends, ends[start] + BLOCK, side="right")) - 1)
        stop = len(codes.first) if ready is not None else min(stop, len(codes.first))
        rows = slice(ends[start], ends[stop])
        x, y = ready if ready is not None else (recipe.columns(frame[rows]), recipe.response(frame[rows]))
        check_finite(x, y, recipe)
        seen = seen_waves(codes, rows, start, stop, len(recipe.wave_levels))
        person = codes.person[rows] - codes.person[rows.start]
        within |= _varying(x, codes.first[start:stop] - rows.start, person, within)
        people = slice(start, stop)
        blocks = _Blocks(
            rows_to_basis(x, y, basis, shift), person, codes.wave[rows], seen, groups[people], paths[people]
        )
        weight = None if person_weight is None else person_weight[people]
        parts.append(blocks.sums(weight, clustered=bool(recipe.clusters)))
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


def _varying(x, first, person, known):
    """Columns of X that change within some participant (what between-within degrees of freedom ask)."""
    out = known.copy()
    for j in np.flatnonzero(~known):
        column = x[:, j]
        out[j] = bool(np.any(column != column[first][person]))
    return out


class _Blocks:
    """Rows z (rows, K) as (participants, waves, K), those of a pattern side by side, within it those of a cluster."""

    def __init__(self, z, person, wave, seen, groups, paths):
        n, m = seen.shape
        key = seen @ (1 << np.arange(m)) + (groups << m)
        unique, pattern = number_keys(key)
        together = pattern * (int(paths.max()) + 1) + paths
        order = np.argsort(together, kind="stable")
        self.order, self.pattern, self.path = order, pattern[order], paths[order]
        self.cut = np.searchsorted(self.pattern, np.arange(len(unique) + 1))
        first = order[self.cut[:-1]]
        self.seen, self.group = seen[first], groups[first]
        rank = np.empty(n, np.int64)
        rank[order] = np.arange(n)
        self.dense = np.zeros((n * m, z.shape[1]))
        self.dense[rank[person] * m + wave] = z
        self.dense = self.dense.reshape(n, m, -1)

    def sums(self, weights, *, clustered):
        """The additive statistics by name; weights (participants,) in the order of the data, or None."""
        n, m, size = self.dense.shape
        plain = self.dense.reshape(n, m * size)
        people = np.diff(self.cut).astype(float)
        weighted, weight = plain, people
        if weights is not None:
            weighted = plain * weights[self.order, None]
            weight = np.bincount(self.pattern, weights=weights[self.order], minlength=len(people))
        products = np.empty((len(people), m * size, m * size))
        for p in range(len(people)):
            members = slice(self.cut[p], self.cut[p + 1])
            # The zeros of waves not seen are multiplied too: that is faster than leaving them out.
            np.matmul(weighted[members].T, plain[members], out=products[p])
        products = 0.5 * (products + products.swapaxes(1, 2))
        cross = products.reshape(-1, m, size, m, size).swapaxes(2, 3).copy()
        out = {"seen": self.seen, "group": self.group, "people": people, "weight": weight, "cross": cross}
        starts = np.flatnonzero(np.r_[True, (np.diff(self.pattern) > 0) | (np.diff(self.path) != 0)])
        if not clustered:
            starts = starts[:0]
        added = np.add.reduceat(weighted, starts, axis=0) if clustered else np.zeros((0, m * size))
        counted = np.diff(np.r_[starts, n]).astype(float)
        if weights is not None and clustered:
            counted = np.add.reduceat(weights[self.order], starts)
        return out | {
            "pair_cluster": self.path[starts],
            "pair_pattern": self.pattern[starts],
            "pair_weight": counted,
            "pair_sum": added.reshape(-1, m, size),
        }


def _covariate_sums(frame, recipe):
    """Sums of numbers and counts of levels over rows: the averages that marginal means are taken at."""
    sums = {"rows": float(len(frame))}
    for name, levels in recipe.variables.items():
        if levels is None:
            sums[name] = float(frame[name].to_numpy().sum())
        else:
            sums[name] = np.bincount(frame[name].array.codes, minlength=len(levels)).astype(float).tolist()
    return sums
