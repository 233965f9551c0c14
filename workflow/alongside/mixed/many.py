"""Thousands of fits of one design: bootstrap weights, permuted labels, imputed responses, row subsets.

In: the formula and frame of `fit`, and one of: weights (B, n) per participant, labels (B, n) of a permuted factor, or a
list of responses. Out: `Many`: estimates, their model-based covariance, log-likelihoods, theta, which converged.
Steps: fit once; per participant, the packed cross-products of its block; one matrix product gives the statistics of all
refits, because they are linear in the weights (a permutation is a 0/1 weight on copies of the participant with another
label); Newton steps for all refits at once, from the full fit; whatever does not behave is fitted by itself.
Weights count participants (2 = twice). With clusters every refit is done by itself, on reweighted sums.
A refit whose design is collinear is missing, and `converged` says so. Fails like `fit`.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from alongside.mixed.design import prepare
from alongside.mixed.failures import DesignError, refuse
from alongside.mixed.fitting import cluster_terms, fit_summaries
from alongside.mixed.optimise import minimise
from alongside.mixed.patterns import compress, number_rows, scatter, to_basis
from alongside.mixed.reml import LOG_2_PI, Criterion, Data

CHUNK = 500  # refits worked on at a time: their statistics stay in the cache
STEPS = 30
ENOUGH = 1e-6  # Newton decrement at which one more step is the last; it squares, so theta is right to 1e-6 of its error


@dataclass
class Many:
    """Results of B refits, in the columns of the formula. full: the model of the data as they are."""

    full: object
    estimates: np.ndarray
    phi: np.ndarray
    theta: np.ndarray
    loglik: np.ndarray
    converged: np.ndarray
    alone: int

    @property
    def names(self):
        return self.full.names

    @property
    def se(self):
        """Model-based standard errors, (B, k)."""
        return np.sqrt(np.einsum("bkk->bk", self.phi))

    def contrast(self, row):
        """Estimates and model-based standard errors of one contrast (k,) in every refit."""
        row = np.asarray(row, float)
        return self.estimates @ row, np.sqrt(np.einsum("bkl,k,l->b", self.phi, row, row))

    def table(self):
        """One row a refit: estimates by name, loglik, converged."""
        return pd.DataFrame(self.estimates, columns=self.names).assign(loglik=self.loglik, converged=self.converged)


def fit_many(
    formula,
    data,
    *,
    participant,
    wave,
    weights=None,
    permute=None,
    labels=None,
    responses=None,
    covariance="unstructured",
    clusters=(),
    baseline=None,
    cohort=None,
    time=None,
    reml=True,
):
    """Refit one design many times. Give exactly one of

    weights: (B, n) counts of participants, in the order in which they first appear in `data` (0 leaves one out);
    permute and labels: a factor that is constant within participant, and its levels (B, n) in every refit;
    responses: names of columns that take the place of the response, one refit each.
    """
    given = [weights is not None, permute is not None, responses is not None]
    if sum(given) != 1:
        refuse(DesignError, "fit_many", "needs exactly one of weights, permute and labels, responses")
    options = dict(clusters=clusters, baseline=baseline, cohort=cohort, time=time)
    extra = list(responses or [])
    prepared = prepare(formula, data, participant=participant, wave=wave, extra=tuple(extra), **options)
    summaries = compress(prepared)
    full = fit_summaries(summaries, covariance=covariance, reml=reml, rows=prepared)
    people = pd.unique(data[participant])
    kept = pd.Index(people).get_indexer(pd.unique(prepared.frame[participant]))
    if weights is not None:
        weights = _check(np.asarray(weights, float), len(people))[:, kept]
        stack = [prepared.frame]
    elif permute is not None:
        codes = _label_codes(labels, permute, prepared, len(people))[:, kept]
        levels = prepared.recipe.variables[permute]
        stack = [
            prepared.frame.assign(
                **{permute: pd.Categorical.from_codes(np.full(len(prepared.frame), code), categories=levels)}
            )
            for code in range(len(levels))
        ]
        weights = np.concatenate([(codes == code).astype(float) for code in range(len(levels))], axis=1)
    else:
        return _by_response(full, summaries, extra, reml)
    blocks = [_blocks(frame, prepared.recipe, summaries) for frame in stack]
    z = np.concatenate([block[0] for block in blocks])
    seen = np.concatenate([block[1] for block in blocks])
    if clusters:
        return _one_by_one(full, z, seen, _paths(prepared, summaries, len(stack)), weights, reml)
    return _batched(full, z, seen, weights, reml)


def _check(weights, n):
    if weights.ndim != 2 or weights.shape[1] != n:
        refuse(DesignError, "weights", f"shape {weights.shape}", allowed=f"(refits, {n} participants)")
    if not np.all(np.isfinite(weights)) or np.any(weights < 0):
        refuse(DesignError, "weights", "a weight is negative, missing or infinite", allowed="0 or more")
    return weights


def _label_codes(labels, permute, prepared, n):
    levels = prepared.recipe.variables.get(permute)
    if levels is None:
        refuse(DesignError, "permute", f"{permute!r} is not a factor of the formula")
    labels = np.asarray(labels)
    if labels.ndim != 2 or labels.shape[1] != n:
        refuse(DesignError, "labels", f"shape {labels.shape}", allowed=f"(refits, {n} participants)")
    codes = pd.Index(levels).get_indexer(labels.reshape(-1)).reshape(labels.shape)
    if np.any(codes < 0):
        refuse(DesignError, "labels", "a label is not a level of the factor", allowed=", ".join(map(str, levels)))
    return codes


def _blocks(frame, recipe, summaries):
    """z (n, m, K) in the basis of the Summaries and seen (n, m), participants in order of appearance."""
    codes = number_rows(frame, recipe)
    if codes.order is not None:
        frame = frame.iloc[codes.order].reset_index(drop=True)
    whole = slice(0, len(frame))
    x, y = recipe.columns(frame), recipe.response(frame)[:, :1]
    dense, seen = scatter(x, y, codes, whole, 0, len(codes.first), len(recipe.wave_levels))
    return to_basis(dense, summaries.basis, summaries.shift[:, :1]), seen


def _paths(prepared, summaries, copies):
    """The cluster path number of every participant."""
    frame, recipe = prepared.frame, summaries.recipe
    first = frame.drop_duplicates(recipe.participant)
    place = {label: number for number, label in enumerate(summaries.labels)}
    columns = [first[level.column].astype(object).where(first[level.column].notna(), None) for level in recipe.clusters]
    path = np.array([place[tuple(row)] for row in zip(*columns, strict=True)])
    return np.tile(path, copies)


def _patterns(seen):
    key = seen @ (1 << np.arange(seen.shape[1]))
    unique, pattern = np.unique(key, return_inverse=True)
    first = np.array([np.argmax(pattern == p) for p in range(len(unique))])
    return seen[first], pattern


class _Packing:
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


def _batched(full, z, seen, weights, reml):
    """Newton for all refits at once; (B, n) weights."""
    kinds, pattern = _patterns(seen)
    packing = _Packing(kinds, z.shape[-1])
    orders = [np.flatnonzero(pattern == p) for p in range(len(kinds))]
    products = [packing.products(z[members], p).reshape(len(members), -1) for p, members in enumerate(orders)]
    structure = full.criterion.structures[0]
    results = []
    for start in range(0, len(weights), CHUNK):
        part = weights[start : start + CHUNK]
        counts = np.stack([part[:, members].sum(axis=1) for members in orders], axis=1)
        stats = np.concatenate(
            [
                (part[:, members] @ product).reshape(len(part), -1, packing.rows.size)
                for members, product in zip(orders, products, strict=True)
            ],
            axis=1,
        )
        results.append(_Batch(full, kinds, packing, structure, counts, stats, reml).solve())
    return _collect(full, results)


@dataclass
class _Batch:
    full: object
    seen: np.ndarray
    packing: _Packing
    structure: object
    counts: np.ndarray
    stats: np.ndarray
    reml: bool

    def solve(self):
        b, k = len(self.stats), self.packing.size - 1
        theta = np.tile(self.full.optimum.evaluation.theta, (b, 1))
        beta, phi = np.full((b, k), np.nan), np.full((b, k, k), np.nan)
        value = np.full(b, np.nan)
        done = np.zeros(b, bool)
        lost = np.zeros(b, bool)
        active = np.arange(b)
        state = self._evaluate(theta, active)
        for _ in range(STEPS):
            direction, decrement, usable = self._directions(state)
            lost[active[~usable]] = True
            active, state = active[usable], _take(state, usable)
            direction, decrement = direction[usable], decrement[usable]
            if len(active) == 0:
                break
            last = decrement < ENOUGH
            new, moved, stuck = self._advance(theta[active], direction, state, active)
            lost[active[stuck]] = True
            theta[active] = moved
            finished = last & ~stuck
            index = active[finished]
            done[index] = True
            beta[index], phi[index], value[index] = new["beta"][finished], new["phi"][finished], new["value"][finished]
            keep = ~finished & ~stuck
            active, state = active[keep], _take(new, keep)
            if len(active) == 0:
                break
        for index in np.flatnonzero(~done):
            found = self._alone(index)
            if found is not None:
                theta[index], beta[index], phi[index], value[index], done[index] = found
        return beta, phi, theta, value, done, int(lost.sum())

    def _matrices(self, theta):
        """Sigma (B, m, m), D (1 or B, R, m, m) and D2 (None if zero)."""
        basis = self.structure.basis
        if basis is not None:
            return np.tensordot(theta, basis, 1), basis[None], None
        made = [self.structure.matrices(row) for row in theta]
        return tuple(np.stack([part[i] for part in made]) for i in range(3))

    def _evaluate(self, theta, index):
        """Everything that one Newton step needs, for the refits `index`; infinite value where something is not PD."""
        seen, packing = self.seen, self.packing
        stats, counts = self.stats[index], self.counts[index]
        patterns, m = seen.shape
        size = packing.size
        k = size - 1
        sigma, d, d2 = self._matrices(theta)
        good = _positive_definite(sigma)
        if any(self.structure.nonnegative) or self.structure.basis is None:
            good &= np.array([self.structure.allowed(row) for row in theta])
        safe = np.where(good[:, None, None], sigma, np.eye(m))
        both = seen[:, :, None] & seen[:, None, :]
        embedded = safe[:, None] * both + np.eye(m)[None] * ~seen[:, None, :]
        w = np.linalg.inv(embedded) * both
        log_sigma = np.linalg.slogdet(embedded)[1]
        flat_w = w[:, packing.pattern, packing.a, packing.b] * packing.double
        a = packing.unpack((flat_w[:, None, :] @ stats)[:, 0])
        good &= _positive_definite(a[:, :k, :k])
        a[~good] = np.eye(size)
        phi = np.linalg.inv(a[:, :k, :k])
        phi = 0.5 * (phi + np.swapaxes(phi, 1, 2))
        beta = (phi @ a[:, :k, k, None])[..., 0]
        residual = a[:, k, k] - np.einsum("bk,bk->b", beta, a[:, :k, k])
        value = np.einsum("bp,bp->b", counts, log_sigma) + residual + counts @ seen.sum(axis=1) * LOG_2_PI
        if self.reml:
            value = value + np.linalg.slogdet(a[:, :k, :k])[1] - k * LOG_2_PI
        side = np.concatenate([-beta, np.ones((len(beta), 1))], axis=1)
        u = side[:, :, None] * side[:, None, :]
        if self.reml:
            u[:, :k, :k] += phi
        packed_u = u[:, packing.rows, packing.columns] * packing.twice
        up = packing.to_waves((stats @ packed_u[..., None])[..., 0], patterns, m)
        wuw = w @ up @ w
        weighted = counts[:, :, None, None] * w
        pull = (weighted - wuw).sum(axis=1)
        gradient = (d.reshape(len(d), -1, m * m) @ pull.reshape(-1, m * m, 1))[..., 0]
        return {
            "value": np.where(good & (residual > 0), value, np.inf),
            "gradient": gradient,
            "hessian": self._hessian(stats, w, 2 * wuw - weighted, d, phi, beta) + _curvature(d2, pull),
            "beta": beta,
            "phi": phi,
        }

    def _hessian(self, stats, w, e, d, phi, beta):
        """Second derivatives where Sigma is linear in theta; e = 2 W U W - n W by pattern."""
        packing = self.packing
        b, patterns, m, _ = w.shape
        k = packing.size - 1
        flat = d.reshape(len(d), -1, m * m)
        # sum_p tr(D_r W_p D_s E_p), through sum_p of the Kronecker products of W_p and E_p.
        kron = np.swapaxes(w.reshape(b, patterns, -1), 1, 2) @ e.reshape(b, patterns, -1)
        kron = kron.reshape(b, m, m, m, m).transpose(0, 4, 1, 2, 3).reshape(b, m * m, m * m)
        hessian = flat @ kron @ np.swapaxes(flat, 1, 2)
        outer = w[:, packing.pattern, packing.a, :, None] * w[:, packing.pattern, packing.b, None, :]
        packed = outer.reshape(b, -1, m * m) @ np.swapaxes(flat, 1, 2) * packing.double[:, None]
        da = -packing.unpack(np.swapaxes(packed, 1, 2) @ stats)
        r = da.shape[1]
        p = da[..., :k, :k]
        g = da[..., :k, k] - (p @ beta[:, None, :, None])[..., 0]
        hessian -= 2 * g @ phi @ np.swapaxes(g, 1, 2)
        if self.reml:
            phi_p = phi[:, None] @ p
            hessian -= phi_p.reshape(b, r, -1) @ np.swapaxes(np.swapaxes(phi_p, 2, 3).reshape(b, r, -1), 1, 2)
        return 0.5 * (hessian + np.swapaxes(hessian, 1, 2))

    def _directions(self, state):
        finite = np.isfinite(state["value"])
        hessian = np.where(finite[:, None, None], state["hessian"], np.eye(state["hessian"].shape[1]))
        diagonal = np.einsum("brr->br", hessian)
        usable = finite & np.all(diagonal > 0, axis=1)
        scale = 1 / np.sqrt(np.where(usable[:, None], np.abs(diagonal), 1.0))
        scaled = np.where(
            usable[:, None, None], hessian * scale[:, :, None] * scale[:, None, :], np.eye(scale.shape[1])
        )
        usable &= _positive_definite(scaled)
        scaled[~usable] = np.eye(scale.shape[1])
        direction = -scale * np.linalg.solve(scaled, (state["gradient"] * scale)[..., None])[..., 0]
        return direction, -np.einsum("br,br->b", state["gradient"], direction), usable

    def _advance(self, theta, direction, state, active):
        """A full step where the criterion falls, halved up to three times where it does not; else `stuck`."""
        moved = theta + direction
        new = self._evaluate(moved, active)
        bound = state["value"] + 1e-9 * (1 + np.abs(state["value"]))
        worse = ~(new["value"] <= bound)
        for halving in (0.5, 0.25, 0.125):
            if not worse.any():
                break
            index = np.flatnonzero(worse)
            moved[index] = theta[index] + halving * direction[index]
            again = self._evaluate(moved[index], active[index])
            for name, values in again.items():
                new[name][index] = values
            worse[index] = ~(again["value"] <= bound[index])
        return new, moved, worse

    def _alone(self, index):
        """One refit by the ordinary optimiser; None if it has no acceptable fit."""
        packing = self.packing
        patterns, m = self.seen.shape
        size = packing.size
        cross = np.zeros((patterns, m, m, size, size))
        blocks = packing.unpack(self.stats[index])
        # The symmetric part of S[a, b] is all that the criterion sees.
        cross[packing.pattern, packing.a, packing.b] = blocks
        cross[packing.pattern, packing.b, packing.a] = blocks
        data = Data(self.seen, np.zeros(patterns, int), self.counts[index], cross, 0.0)
        criterion = Criterion(data, [self.structure], reml=self.reml)
        optimum = minimise(criterion, self.full.optimum.evaluation.theta)
        found = optimum.evaluation
        if not optimum.converged:
            return None
        return found.theta, found.beta, found.phi, found.value, True


def _positive_definite(matrices):
    """Which of a stack of symmetric matrices are positive definite; the common case is that all are."""
    try:
        np.linalg.cholesky(matrices)
    except np.linalg.LinAlgError:
        values = np.linalg.eigvalsh(matrices)
        return values[:, 0] > 1e-12 * np.abs(values[:, -1])
    return np.ones(len(matrices), bool)


def _curvature(d2, pull):
    return 0.0 if d2 is None else np.einsum("brsij,bij->brs", d2, pull)


def _take(state, keep):
    return {name: values[keep] for name, values in state.items()}


def _collect(full, results):
    basis, shift = full.summaries.basis, full.summaries.shift[:, 0]
    beta, phi, theta, value = (np.concatenate([part[i] for part in results]) for i in range(4))
    log_basis = float(np.linalg.slogdet(basis)[1]) if full.reml else 0.0
    return Many(
        full=full,
        estimates=beta @ basis.T + shift,
        phi=basis @ phi @ basis.T,
        theta=theta,
        loglik=-0.5 * (value - 2 * log_basis),
        converged=np.concatenate([part[4] for part in results]),
        alone=sum(part[5] for part in results),
    )


def _one_by_one(full, z, seen, paths, weights, reml):
    """Refits with clusters: sums over participants again, then the ordinary optimiser from the full fit."""
    kinds, pattern = _patterns(seen)
    n, m = seen.shape
    size = z.shape[-1]
    labels = full.summaries.labels
    terms, _ = cluster_terms(full.summaries)
    flat = z.reshape(n, -1)
    orders = [np.flatnonzero(pattern == p) for p in range(len(kinds))]
    pair, place = np.unique(paths * len(kinds) + pattern, return_inverse=True)
    membership = np.zeros((len(pair), n))
    membership[place, np.arange(n)] = 1.0
    results = []
    for w in weights:
        cross = np.stack(
            [
                ((flat[members] * w[members, None]).T @ flat[members]).reshape(m, size, m, size).transpose(0, 2, 1, 3)
                for members in orders
            ]
        )
        counts = np.array([w[members].sum() for members in orders])
        weighted = membership * w
        pairs = (
            labels,
            pair // len(kinds),
            pair % len(kinds),
            weighted.sum(axis=1),
            (weighted @ flat).reshape(-1, m, size),
        )
        data = Data(kinds, np.zeros(len(kinds), int), counts, cross, 0.0, pairs)
        results.append(_refit(full, data, terms, reml))
    k = size - 1
    missing = (
        np.full(k, np.nan),
        np.full((k, k), np.nan),
        np.full(full.criterion.inner + len(terms), np.nan),
        np.nan,
        False,
    )
    rows = [missing if row is None else row for row in results]
    stacked = [np.stack([np.asarray(row[i]) for row in rows]) for i in range(5)]
    return _collect(full, [(*stacked, len(rows))])


def _refit(full, data, terms, reml):
    criterion = Criterion(data, full.criterion.structures, levels=terms, reml=reml)
    start = _start(full, terms)
    optimum = minimise(criterion, start)
    found = optimum.evaluation
    if not optimum.converged:
        return None
    return found.beta, found.phi, found.theta, found.value, True


def _start(full, terms):
    """The full fit, with a small variance for the terms that it dropped: a refit may need them."""
    theta = full.optimum.evaluation.theta
    inner, names = full.criterion.inner, full.criterion.names()
    small = 0.02 * float(np.mean(np.diagonal(full.optimum.evaluation.sigma, axis1=1, axis2=2)))
    known = dict(zip(names, theta, strict=True))
    return np.r_[theta[:inner], [known.get(term.name, small) for term in terms]]


def _by_response(full, summaries, responses, reml):
    """One refit a response column, on the same rows and design."""
    first = summaries.cross.shape[-1] - summaries.columns - len(responses)
    results, basis = [], summaries.basis
    for number in range(len(responses)):
        model = fit_summaries(summaries, covariance=full.structure, reml=reml, response=first + number)
        results.append((model, model.status in ("ok", "boundary")))
    size = full.criterion.size
    return Many(
        full=full,
        estimates=np.stack(
            [
                basis @ model.optimum.evaluation.beta + summaries.shift[:, first + i]
                for i, (model, _) in enumerate(results)
            ]
        ),
        phi=np.stack([basis @ model.optimum.evaluation.phi @ basis.T for model, _ in results]),
        theta=np.stack([_padded(model.optimum.evaluation.theta, size) for model, _ in results]),
        loglik=np.array([model.loglik for model, _ in results]),
        converged=np.array([good for _, good in results]),
        alone=len(results),
    )


def _padded(theta, size):
    """Cluster variances that were dropped are zero."""
    return np.r_[theta, np.zeros(max(0, size - len(theta)))][:size]
