"""The criterion of many refits of one design at once, without clusters: value, gradient and Hessian.

In: packed statistics of B refits (`packing`), counts by pattern, theta. Out: `Profile` (value and fixed effects) and
gradient and Hessian for a step. The algebra is that of `reml`.
Steps: invert Sigma by pattern and X'V^-1 X by sweeping, all refits side by side on the last axis, so that every
operation runs along the refits; sums over waves or columns are one small matrix product a refit.
Fails never: where Sigma or X'V^-1 X is not positive definite the value is infinite.

The Hessian is that at known fixed effects and Phi, `slopes`, and what profiling them adds, `profiling`. The second is
small (columns against observations) and as much work as all the rest, and is therefore apart.
"""

from dataclasses import dataclass

import numpy as np

from alongside.mixed.reml import LOG_2_PI

SINGULAR = 1e-12  # a pivot below this share of its diagonal is zero


@dataclass
class Profile:
    """theta (R, B), value (B,), beta (k, B), phi (k, k, B); w (m, m, P, B), the inverses of Sigma by pattern.

    d (R, m, m, B) and d2 (R, R, m, m, B): derivatives of Sigma where it is not linear in theta, else None.
    """

    theta: np.ndarray
    value: np.ndarray
    beta: np.ndarray
    phi: np.ndarray
    w: np.ndarray
    d: np.ndarray | None
    d2: np.ndarray | None

    def take(self, keep):
        """Some of the refits; what is the same for all stays as it is."""
        parts = (part if part is None or part.shape[-1] == 1 else part[..., keep] for part in vars(self).values())
        return Profile(*parts)

    def put(self, index, other):
        """Take over the refits `index` from another profile."""
        for name, part in vars(other).items():
            if part is not None:
                getattr(self, name)[..., index] = part


class Stack:
    """B refits: counts (P, B) of participants by pattern, stats (B, J, E)."""

    def __init__(self, structure, packing, seen, counts, stats, *, log_basis, reml):
        self.structure, self.packing, self.seen = structure, packing, seen
        self.counts, self.stats = counts, stats
        self.log_basis, self.reml = log_basis, reml
        self.both = np.moveaxis(seen[:, :, None] & seen[:, None, :], 0, 2)[..., None]
        self.missing = np.moveaxis(np.eye(seen.shape[1]) * ~seen[:, None, :], 0, 2)[..., None]

    def take(self, keep):
        """The stack of some of the refits."""
        known = dict(log_basis=self.log_basis, reml=self.reml)
        return Stack(self.structure, self.packing, self.seen, self.counts[:, keep], self.stats[keep], **known)

    def _matrices(self, theta):
        """Sigma (m, m, B), D and D2 with refits last (None where Sigma is linear), and which theta are allowed.

        Sigma is the identity, or another matrix that can be inverted, where theta is not allowed.
        """
        structure = self.structure
        allowed = np.ones(theta.shape[1], bool)
        if structure.basis is None or any(structure.nonnegative):
            allowed = np.array([structure.allowed(row) for row in theta.T])
        if structure.basis is None:
            made = [structure.matrices(row) for row in np.where(allowed, theta, 0.0).T]
            return *(np.stack([part[i] for part in made], axis=-1) for i in range(3)), allowed
        sigma = np.tensordot(structure.basis, theta, (0, 0))
        sigma[..., ~allowed] = np.eye(len(sigma))[..., None]
        return sigma, None, None, allowed

    @np.errstate(over="ignore", invalid="ignore")
    def profile(self, theta):
        """Value and fixed effects at theta (R, B), or (R, 1) for all refits."""
        packing, size = self.packing, self.packing.size
        k = size - 1
        sigma, d, d2, good = self._matrices(theta)
        w = sigma[:, :, None] * self.both + self.missing
        log_sigma, positive = sweep(w, len(w))
        good = good & positive.all(axis=0)
        w *= -1.0 * self.both
        flat = np.ascontiguousarray((w[packing.a, packing.b, packing.pattern] * packing.double[:, None]).T)
        a = np.ascontiguousarray((flat[:, None] @ self.stats)[:, 0].T)[packing.place]
        log_a, positive = sweep(a, k)
        residual = a[k, k]
        good = good & positive & (residual > 0)
        value = (self.counts * log_sigma).sum(axis=0) + residual + self.seen.sum(axis=1) @ self.counts * LOG_2_PI
        if self.reml:
            value += log_a - 2 * self.log_basis - k * LOG_2_PI
        return Profile(theta, np.where(good, value, np.inf), a[:k, k], -a[:k, :k], w, d, d2)

    def slopes(self, at, *, expected=False):
        """Gradient (R, B), and at known fixed effects the Hessian (R, R, B) or its expectation."""
        packing, k = self.packing, self.packing.size - 1
        side = np.concatenate([-at.beta, np.ones((1, at.beta.shape[1]))])
        u = side[packing.rows] * side[packing.columns]
        if self.reml:
            inside = (packing.rows < k) & (packing.columns < k)
            u[inside] += at.phi[packing.rows[inside], packing.columns[inside]]
        u *= packing.twice[:, None]
        up = (self.stats @ np.ascontiguousarray(u.T)[..., None])[..., 0]
        up = np.concatenate([up.T, np.zeros((1, len(up)))])[packing.wave_place]
        wuw = np.einsum("abpn,bcpn->acpn", np.einsum("abpn,bcpn->acpn", at.w, up), at.w)
        weighted = at.w * self.counts
        pull = (weighted - wuw).sum(axis=2)
        if at.d is None:
            basis = self.structure.basis
            gradient = np.tensordot(basis, pull, 2)
        else:
            gradient = np.einsum("rabn,abn->rn", at.d, pull)
        hessian = self._traces(at, weighted if expected else 2 * wuw - weighted)
        if at.d2 is not None and not expected:
            hessian += np.einsum("rsabn,abn->rsn", at.d2, pull)
        return gradient, hessian

    def _derivatives(self, at):
        """d Sigma / d theta, (1 or B, R, m m)."""
        if at.d is None:
            return self.structure.basis.reshape(1, len(at.theta), -1)
        return np.ascontiguousarray(np.moveaxis(at.d.reshape(len(at.d), -1, at.d.shape[-1]), -1, 0))

    def _traces(self, at, e):
        """sum_p tr(D_r W_p D_s E_p), (R, R, B), through sum_p of the Kronecker products of W_p and E_p."""
        m, _, patterns, refits = e.shape
        left = np.ascontiguousarray(np.moveaxis(at.w.reshape(m * m, patterns, -1), 2, 0))
        right = np.ascontiguousarray(e.reshape(m * m, patterns, refits).transpose(2, 1, 0))
        kron = (left @ right).reshape(refits, m, m, m, m).transpose(0, 4, 1, 2, 3).reshape(refits, m * m, m * m)
        flat = self._derivatives(at)
        made = flat @ kron @ np.swapaxes(flat, 1, 2)
        made = np.ascontiguousarray(np.moveaxis(made, 0, 2))
        return 0.5 * (made + np.swapaxes(made, 0, 1))

    def profiling(self, at):
        """What the estimated fixed effects and their Phi add to the Hessian, (R, R, B)."""
        packing = self.packing
        m, k, refits = len(at.w), packing.size - 1, len(self.stats)
        w = np.moveaxis(at.w, 3, 0)  # (B, m, m, P)
        outer = w[:, packing.a, :, packing.pattern][..., None] * w[:, packing.b, :, packing.pattern][..., None, :]
        outer = np.moveaxis(outer, 1, 0).reshape(-1, len(packing.a), m * m)
        flat = self._derivatives(at)
        packed = outer @ np.swapaxes(flat, 1, 2) * packing.double[:, None]
        da = -(np.swapaxes(packed, 1, 2) @ self.stats)[..., packing.place]
        phi = np.ascontiguousarray(np.moveaxis(at.phi, 2, 0))
        p = da[..., :k, :k]
        g = da[..., :k, k] - (p @ at.beta.T[:, None, :, None])[..., 0]
        out = -2 * g @ phi @ np.swapaxes(g, 1, 2)
        if self.reml:
            product = phi[:, None] @ p
            r = product.shape[1]
            turned = np.swapaxes(product, 2, 3).reshape(refits, r, -1)
            out -= product.reshape(refits, r, -1) @ np.swapaxes(turned, 1, 2)
        return np.moveaxis(0.5 * (out + np.swapaxes(out, 1, 2)), 0, 2)


def sweep(s, count):
    """Sweep s (K, K, ...) in place on its first `count` rows: blocks [[-A^-1, A^-1 B], [B'A^-1, C - B'A^-1 B]].

    Returns log|A| and where A is positive definite; elsewhere the numbers mean nothing, but are numbers.
    """
    log, positive = 0.0, True
    least = SINGULAR * s[np.arange(count), np.arange(count)]
    change = np.empty_like(s)
    for j in range(count):
        pivot = s[j, j]
        fine = pivot > least[j]
        positive = positive & fine
        pivot = np.where(fine, pivot, 1.0)
        log = log + np.log(pivot)
        row = s[j] / pivot
        np.multiply(s[j][:, None], row, out=change)
        s -= change
        s[j] = row
        s[:, j] = row
        s[j, j] = -1 / pivot
    return log, positive
