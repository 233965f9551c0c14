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

from itertools import pairwise

import numpy as np

from alongside.mixed.basis import check_finite, choose_basis, rows_to_basis
from alongside.mixed.design import prepare
from alongside.mixed.rows import (
    column_of,
    count_rows,
    number_keys,
    number_rows,
    person_attributes,
    seen_waves,
    take,
    time_sets,
    wave_times,
)
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
    """The sums of prepared rows; `like` gives basis and columns of an earlier chunk.

    individual: where the times of a wave differ between participants, sort participants by their set of times.
    """
    table, weights, recipe = prepared.table, prepared.weights, prepared.recipe
    codes = number_rows(table, recipe)
    if codes.order is not None:
        table = take(table, codes.order)
        weights = None if weights is None else weights[codes.order]
    rows = len(codes.person)
    if like is not None:
        recipe, ready = like.recipe, None
        basis, shift = like.basis, like.shift
    else:
        small = rows <= SAMPLE
        ready = recipe.build(table if small else take(table, np.linspace(0, rows - 1, SAMPLE).astype(int)))
        _note_stateful(recipe)
        if not small and recipe.stateful:
            ready = recipe.build(table)
        basis, shift = choose_basis(*ready, recipe, whole=small and whole)
        ready = ready if small else None
    prepared.recipe = recipe

    groups, paths, labels = person_attributes(table, codes, recipe, weights)
    times = wave_times(table, codes, recipe)
    if individual and times is None and recipe.time is not None:
        times, groups = time_sets(table, codes, recipe)
    person_weight = None if weights is None else weights[codes.first]
    ends = np.append(codes.first, rows)
    parts, within = [], np.zeros(len(recipe.names), bool)
    start = 0
    while start < len(codes.first):
        stop = max(start + 1, int(np.searchsorted(ends, ends[start] + BLOCK, side="right")) - 1)
        stop = len(codes.first) if ready is not None else min(stop, len(codes.first))
        chosen = slice(int(ends[start]), int(ends[stop]))
        if ready is not None:
            x, y = ready
        else:
            block = take(table, chosen)
            x, y = recipe.columns(block), recipe.response(block)
        check_finite(x, y, recipe)
        seen = seen_waves(codes, chosen, start, stop, len(recipe.wave_levels))
        within |= _varying(x, codes.same[chosen.start : chosen.stop - 1], within)
        people = slice(start, stop)
        person = codes.person[chosen] - codes.person[chosen.start]
        blocks = _Blocks(
            rows_to_basis(x, y, basis, shift), person, codes.wave[chosen], seen, groups[people], paths[people]
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
    total.rows, total.sums, total.dropped = rows, _covariate_sums(table, recipe), prepared.dropped
    total.warnings = list(prepared.warnings)
    total.times = times
    return total


def _note_stateful(recipe):
    """Columns fixed on a sample or a template are right only if no transform looks at all the data."""
    if recipe._plan is not None:
        recipe.stateful = False
        return
    spec = recipe._spec
    categorical = {name for name, levels in recipe.variables.items() if levels is not None}
    encoded = {str(name) for name, (kind, _) in spec.encoder_state.items() if kind.value == "categorical"}
    computed = {name for name in encoded - categorical if not any(c in name for c in categorical)}
    recipe.stateful = bool(spec.transform_state) or bool(computed)


def _varying(x, same, known):
    """Columns of X that change within some participant (what between-within degrees of freedom ask).

    same: is a row's participant that of the row before it.
    """
    out = known.copy()
    unknown = np.flatnonzero(~known)
    columns = x.T[unknown]
    out[unknown] = ((columns[:, 1:] != columns[:, :-1]) & same).any(axis=1)
    return out


class _Blocks:
    """Rows z (rows, K) as (participants, waves, K), those of a pattern side by side, within it those of a cluster."""

    def __init__(self, z, person, wave, seen, groups, paths):
        n, m = seen.shape
        key = seen @ (1 << np.arange(m)) + (groups << m)
        unique, pattern = number_keys(key)
        together = pattern * (int(paths.max()) + 1) + paths
        order = np.argsort(together, kind="stable")
        self.order, self.pattern, self.path, self.together = order, pattern[order], paths[order], together[order]
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
        cuts = self.cut.tolist()
        for p, (start, stop) in enumerate(pairwise(cuts)):
            # The zeros of waves not seen are multiplied too: that is faster than leaving them out.
            np.matmul(weighted[start:stop].T, plain[start:stop], out=products[p])
        if weights is not None:
            products = 0.5 * (products + products.swapaxes(1, 2))
        cross = products.reshape(-1, m, size, m, size).swapaxes(2, 3)
        out = {"seen": self.seen, "group": self.group, "people": people, "weight": weight, "cross": cross}
        starts, added, counted = np.zeros(0, int), np.zeros((0, m * size)), np.zeros(0)
        if clustered:
            starts = np.append(0, np.flatnonzero(np.diff(self.together)) + 1)
            added = np.add.reduceat(weighted, starts, axis=0)
            counted = np.diff(np.append(starts, n)).astype(float)
            if weights is not None:
                counted = np.add.reduceat(weights[self.order], starts)
        return out | {
            "pair_cluster": self.path[starts],
            "pair_pattern": self.pattern[starts],
            "pair_weight": counted,
            "pair_sum": added.reshape(-1, m, size),
        }


def _covariate_sums(table, recipe):
    """Sums of numbers and counts of levels over rows: the averages that marginal means are taken at."""
    sums = {"rows": float(count_rows(table))}
    for name, levels in recipe.variables.items():
        column = column_of(table, name)
        if levels is None:
            sums[name] = float(column.sum())
        else:
            sums[name] = np.bincount(column.codes, minlength=len(levels)).astype(float).tolist()
    return sums
