"""The (restricted) log-likelihood from compressed statistics, with exact first and second derivatives.

In: `Data` (cross-products by pattern, one response), a covariance `Structure` per group, cluster levels; theta.
Out: an `Evaluation`: -2 log-likelihood, gradient, Hessian, fixed effects, Phi = (X'V^-1 X)^-1 and what the inference
needs (P_r, the first and second derivatives of X'V^-1 X).
Steps: invert Sigma by pattern; A = sum W S; with clusters, the recursion of `clusters`; profile out the fixed effects;
derivatives through M, the weight that the profiled criterion puts on every cross-product.
Fails never: where Sigma or X'V^-1 X is not positive definite the criterion is infinite.

Notation follows Kenward & Roger (1997): f = log|V| + log|X'V^-1 X| + r'V^-1 r, P_r = -X'V^-1 V_r V^-1 X.
"""

import itertools
from dataclasses import dataclass

import numpy as np

from alongside.mixed import curvature
from alongside.mixed.clusters import ClusterModel

LOG_2_PI = float(np.log(2 * np.pi))


@dataclass
class Evaluation:
    """The criterion at theta. Everything about fixed effects is in the basis of the Summaries."""

    theta: np.ndarray
    value: float
    gradient: np.ndarray | None = None
    hessian: np.ndarray | None = None
    expected: np.ndarray | None = None
    beta: np.ndarray | None = None
    phi: np.ndarray | None = None
    p: np.ndarray | None = None
    sigma: np.ndarray | None = None


class Criterion:
    """-2 log-likelihood as a function of theta = (one block of covariance parameters a group, cluster variances)."""

    def __init__(self, data, structures, *, levels=(), reml=True):
        self.data, self.structures, self.reml = data, structures, reml
        self.sizes = [structure.size for structure in structures]
        self.inner = sum(self.sizes)
        self.clusters = ClusterModel(data, levels) if levels else None
        self.size = self.inner + (self.clusters.size if self.clusters else 0)
        self.nonnegative = np.concatenate(
            [np.array(s.nonnegative, bool) for s in structures]
            + ([np.ones(self.clusters.size, bool)] if self.clusters else [])
        )
        self.missing = np.eye(data.waves)[None] * ~data.seen[:, None, :]
        self.both = data.seen[:, :, None] & data.seen[:, None, :]
        cuts = np.cumsum([0, *self.sizes])
        self.blocks = [slice(a, b) for a, b in itertools.pairwise(cuts)]
        self._constant = None  # the directions, where Sigma is linear in theta

    def names(self):
        many = len(self.structures) > 1
        out = []
        for number, structure in enumerate(self.structures):
            out += [f"{name} [group {number + 1}]" if many else name for name in structure.names]
        return out + (self.clusters.names() if self.clusters else [])

    def allowed(self, theta):
        return all(s.allowed(theta[b]) for s, b in zip(self.structures, self.blocks, strict=True)) and not np.any(
            theta[self.inner :] < 0
        )

    def _weights(self, theta):
        """Sigma and derivatives by group; W = inverse of Sigma embedded by pattern; log|Sigma_p|. None if not PD."""
        made = [s.matrices(theta[b]) for s, b in zip(self.structures, self.blocks, strict=True)]
        sigma = np.concatenate([value if value.ndim == 3 else value[None] for value, _, _ in made])
        if not np.all(np.isfinite(sigma)):
            return None
        embedded = sigma[self.data.group] * self.both + self.missing
        try:
            factor = np.linalg.cholesky(embedded)
            w = np.linalg.inv(embedded) * self.both
        except np.linalg.LinAlgError:
            return None
        diagonal = np.diagonal(factor, axis1=1, axis2=2)
        w = 0.5 * (w + np.swapaxes(w, 1, 2))
        return made, sigma, w, 2 * np.log(diagonal).sum(axis=1)

    def value(self, theta):
        return self.evaluate(theta, order=0).value

    def evaluate(self, theta, order=2):
        """order 0: value and fixed effects; 1: also the gradient; 2: also both informations and P_r."""
        theta = np.asarray(theta, float)
        infinite = Evaluation(theta, np.inf)
        if not self.allowed(theta):
            return infinite
        weights = self._weights(theta)
        if weights is None:
            return infinite
        made, sigma, w, log_sigma = weights
        data, k = self.data, self.data.columns
        a = data.over_waves(w)
        log_v = float(data.weight @ log_sigma)
        state = None
        if self.clusters is not None:
            state = self.clusters.sweep(theta[self.inner :], w)
            if state is None:
                return infinite
            a = a - state.reduction
            log_v += state.log_determinant
        profiled = _profile(a, k)
        if profiled is None:
            return infinite
        beta, root, log_a, residual = profiled
        value = log_v + residual + data.rows * LOG_2_PI
        if self.reml:
            value += log_a - 2 * data.log_basis - k * LOG_2_PI
        out = Evaluation(theta, value, beta=beta, phi=root @ root.T, sigma=sigma)
        if order:
            _differentiate(self, out, order, made, w, state, root)
        return out

    def second_form(self, evaluation, c):
        """sum_rs c_rs Q_rs (k, k), Q_rs = X'V^-1 V_r V^-1 V_s V^-1 X, for symmetric (R, R) c (Kenward-Roger)."""
        theta = evaluation.theta
        made, _, w, _ = self._weights(theta)
        d = self._directions(made)
        k, r = self.data.columns, self.inner
        y = w @ d
        mixed = (c[:r, :r] @ y.reshape(r, -1)).reshape(y.shape)
        core = (y @ mixed).sum(axis=0) @ w
        out = self.data.over_waves(core)
        if self.clusters is not None:
            sweep = self.clusters.sweep(theta[r:], w).down()
            sweep.first_forms(y @ w)
            out = out + sweep.second_form(c, core)
        return out[:k, :k]

    def _directions(self, made):
        """d Sigma_p / d theta_r by pattern, (R, P, m, m), zero for parameters of other groups."""
        if self._constant is not None:
            return self._constant
        out = np.zeros((self.inner, *self.both.shape))
        for number, ((_, d, _), block) in enumerate(zip(made, self.blocks, strict=True)):
            if d.ndim == 4:
                out[block] = d[:, self.data.group]
            else:
                out[block, self.data.group == number] = d[:, None]
        if all(s.basis is not None for s in self.structures):
            self._constant = out
        return out


def _profile(a, k):
    """Fixed effects, a root of their covariance, log|X'V^-1 X| and r'V^-1 r from the matrix A of [X, y]'V^-1 [X, y]."""
    try:
        factor = np.linalg.cholesky(a[:k, :k])
        inverse = np.linalg.inv(factor)
    except np.linalg.LinAlgError:
        return None
    half = inverse @ a[:k, k]
    beta = inverse.T @ half
    residual = float(a[k, k] - half @ half)
    if not residual > 0:
        return None
    return beta, inverse.T, float(2 * np.log(np.diag(factor)).sum()), residual


def _differentiate(criterion, out, order, made, w, sweep, root):
    data, k, inner, reml = criterion.data, criterion.data.columns, criterion.inner, criterion.reml
    size = k + 1
    # M: the weight of every cross-product in f, [L, rho][L, rho]' with LL' = Phi (REML only) and rho = (-beta, 1).
    rho = np.append(-out.beta, 1.0)
    weights = np.outer(rho, rho)[None]
    columns = rho[:, None]
    if reml:
        weights = np.stack([weights[0], weights[0]])
        weights[0, :k, :k] += out.phi
        columns = np.zeros((size, size))
        columns[:k, :k] = root
        columns[:, k] = rho
    # The first of u is that of M, the last that of rho rho' alone.
    u = data.over_columns(weights)
    if sweep is not None:
        u = u + sweep.down().product_changes(weights)
    leaf = data.weight[:, None, None] * w if sweep is None else sweep.leaf_precision()
    pull = leaf - w @ u[0] @ w
    d = criterion._directions(made)
    y = w @ d
    middle = y @ w
    da = -data.over_waves(middle)
    out.gradient = d.reshape(inner, -1) @ pull.reshape(-1)
    if sweep is not None:
        forms = sweep.first_forms(middle)
        forms[:inner] += da
        da = forms
        out.gradient = np.append(out.gradient, sweep.gradient(weights[0], da[inner:]))
    if order < 2:
        return
    out.p = p = da[:, :k, :k]
    g = da[:, :k, k] - p @ out.beta  # derivative of X'V^-1 r at fixed beta
    phi_p = (out.phi @ p).reshape(len(p), -1)
    trace_pp = phi_p @ (p @ out.phi).reshape(len(p), -1).T
    if sweep is None:
        trace_vv = curvature.gram(y, data.weight[:, None, None] * np.eye(data.waves))
        quadratic = [curvature.gram(y, w @ part) for part in u]
    else:
        trace_vv, *quadratic = curvature.second_traces(sweep, y, u, columns, 1 if reml else 0)
    hessian = -trace_vv + 2 * quadratic[0] - 2 * g @ out.phi @ g.T
    expected = trace_vv
    if reml:
        hessian -= trace_pp
        expected = trace_vv - 2 * (quadratic[0] - quadratic[1]) + trace_pp
    bend = np.zeros_like(hessian)
    for number, ((_, _, d2), block) in enumerate(zip(made, criterion.blocks, strict=True)):
        if d2 is not None:
            bend[block, block] = np.tensordot(d2, pull[data.group == number].sum(axis=0), 2)
    out.hessian = 0.5 * (hessian + hessian.T) + bend
    out.expected = 0.5 * (expected + expected.T)
