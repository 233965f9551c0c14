"""Newton steps for many refits of one design at once, without clusters.

In: packed statistics of B refits (`packing`), the full fit as the start, one covariance structure. Out: `Refits`.
Steps: evaluate the criterion with exact derivatives for all refits that are still moving (the algebra of `reml`, on
stacks); a Newton step each, halved where the criterion would rise; a refit is done when its next step is nothing;
whatever has no positive definite Hessian or no falling step is fitted by itself with the ordinary optimiser.
Contrasts that were asked for are answered refit by refit, at the optimum (`refits.answer`).
"""

from dataclasses import dataclass

import numpy as np

from alongside.mixed.data import Data
from alongside.mixed.optimise import minimise
from alongside.mixed.packing import Packing, patterns_of
from alongside.mixed.refits import Refits, answer, join
from alongside.mixed.reml import LOG_2_PI, Criterion

CHUNK = 500  # refits worked on at a time: their statistics stay in the cache
STEPS = 30
ENOUGH = 1e-6  # Newton decrement at which one more step is the last; it squares, so theta is right to 1e-6 of its error


def refit_at_once(full, z, seen, weights, question):
    """All refits, (B, n) weights; z (n, m, K), seen (n, m)."""
    kinds, pattern = patterns_of(seen)
    packing = Packing(kinds, z.shape[-1])
    orders = [np.flatnonzero(pattern == p) for p in range(len(kinds))]
    products = [packing.products(z[members], p).reshape(len(members), -1) for p, members in enumerate(orders)]
    parts = []
    for start in range(0, len(weights), CHUNK):
        part = weights[start : start + CHUNK]
        counts = np.stack([part[:, members].sum(axis=1) for members in orders], axis=1)
        stats = [
            (part[:, members] @ product).reshape(len(part), -1, packing.rows.size)
            for members, product in zip(orders, products, strict=True)
        ]
        parts.append(_Batch(full, kinds, packing, counts, np.concatenate(stats, axis=1)).solve(question))
    return join(parts)


@dataclass
class _Batch:
    full: object
    seen: np.ndarray
    packing: Packing
    counts: np.ndarray
    stats: np.ndarray

    def __post_init__(self):
        self.structure, self.reml = self.full.criterion.structures[0], self.full.reml

    def solve(self, question):
        count = len(self.stats)
        theta = np.tile(self.full.optimum.evaluation.theta, (count, 1))
        out = Refits.missing(count, self.packing.size - 1, theta.shape[1], question)
        lost = np.zeros(count, bool)
        active = np.arange(count)
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
            out.converged[index] = True
            out.beta[index], out.phi[index], out.value[index] = (new[n][finished] for n in ("beta", "phi", "value"))
            keep = ~finished & ~stuck
            active, state = active[keep], _take(new, keep)
            if len(active) == 0:
                break
        out.theta[out.converged] = theta[out.converged]
        if len(question.rows):
            for index in np.flatnonzero(out.converged):
                criterion = self._criterion(index)
                out.told[index] = answer(criterion, criterion.evaluate(theta[index]), question)
        for index in np.flatnonzero(~out.converged):
            criterion = self._criterion(index)
            optimum = minimise(criterion, self.full.optimum.evaluation.theta)
            if optimum.converged:
                out.put(index, criterion, optimum.evaluation, question)
        out.alone = int(lost.sum())
        return out

    def _criterion(self, index):
        """The ordinary criterion of one refit."""
        patterns, m = self.seen.shape
        cross = self.packing.cross(self.stats[index], patterns, m)
        data = Data(self.seen, np.zeros(patterns, int), self.counts[index], cross, self.full.criterion.data.log_basis)
        return Criterion(data, [self.structure], reml=self.reml)

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
            log_basis = self.full.criterion.data.log_basis
            value = value + np.linalg.slogdet(a[:, :k, :k])[1] - 2 * log_basis - k * LOG_2_PI
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
