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
from functools import partial
from math import isfinite

import numpy as np
from scipy.linalg.lapack import dpotrf, dtrtri

from alongside.mixed.clusters import ClusterModel
from alongside.mixed.curvature import log_curvature, second_forms
from alongside.mixed.directions import FEW_WAVES, Own, Shared, project
from alongside.mixed.evaluation import Evaluation, Place

LOG_2_PI = float(np.log(2 * np.pi))


class Criterion:
    """-2 log-likelihood as a function of theta = (one block of covariance parameters a group, cluster variances)."""

    def __init__(self, data, structures, *, levels=(), reml=True):
        self.data, self.structures, self.reml = data, structures, reml
        self.sizes = [structure.size for structure in structures]
        self.inner = sum(self.sizes)
        self.clusters = ClusterModel(data, levels) if levels else None
        self.size = self.inner + (self.clusters.size if self.clusters else 0)
        self.nonnegative = np.array(
            [mark for structure in structures for mark in structure.nonnegative] + [True] * (self.size - self.inner)
        )
        cuts = np.cumsum([0, *self.sizes])
        self.blocks = [slice(a, b) for a, b in itertools.pairwise(cuts.tolist())]
        self._constant = None  # the directions, where Sigma is linear in theta

    def names(self):
        many = len(self.structures) > 1
        out = []
        for number, structure in enumerate(self.structures):
            out += [f"{name} [group {number + 1}]" if many else name for name in structure.names]
        return out + (self.clusters.names() if self.clusters else [])

    def allowed(self, theta):
        for structure, block in zip(self.structures, self.blocks, strict=True):
            if not structure.allowed(theta[block]):
                return False
        return self.clusters is None or bool(theta[self.inner :].min() >= 0)

    def _weights(self, theta):
        """Sigma and derivatives by group; W = inverse of Sigma embedded by pattern; log|V| without clusters.

        None if Sigma is not positive definite.
        """
        made = [s.matrices(theta[b]) for s, b in zip(self.structures, self.blocks, strict=True)]
        sigma = [value if value.ndim == 3 else value[None] for value, _, _ in made]
        sigma = sigma[0] if len(sigma) == 1 else np.concatenate(sigma)
        if not isfinite(sigma.sum()):
            return None
        data, layout = self.data, self.data.layout
        embedded = np.where(layout.both, sigma if len(sigma) == 1 else sigma[data.group], layout.eye)
        try:
            factor = np.linalg.cholesky(embedded)
            w = np.linalg.inv(embedded)
        except np.linalg.LinAlgError:
            return None
        w *= layout.both
        logs = np.log(factor.diagonal(axis1=1, axis2=2))
        return made, sigma, w, 2 * float((data.weight @ logs).sum())

    def value(self, theta):
        return self.evaluate(theta, order=0).value

    def evaluate(self, theta, order=2):
        """order 0: value and fixed effects; 1: also the gradient; 2: also the Hessian and P_r."""
        theta = np.asarray(theta, float)
        infinite = Evaluation(theta, np.inf)
        if not self.allowed(theta):
            return infinite
        weights = self._weights(theta)
        if weights is None:
            return infinite
        made, sigma, w, log_v = weights
        data, k = self.data, self.data.columns
        a = data.over_waves(w)
        sweep = None
        if self.clusters is not None:
            sweep = self.clusters.sweep(theta[self.inner :], w)
            if sweep is None:
                return infinite
            a -= sweep.reduction
            log_v += sweep.log_determinant
        profiled = _profile(a, k)
        if profiled is None:
            return infinite
        beta, root, log_a, residual = profiled
        value = log_v + residual + data.rows * LOG_2_PI
        if self.reml:
            value += log_a - 2 * data.log_basis - k * LOG_2_PI
        out = Evaluation(theta, value, beta=beta, phi=root @ root.T, sigma=sigma)
        if order:
            self._differentiate(out, order, made, w, sweep, root)
        return out

    def _differentiate(self, out, order, made, w, sweep, root):
        data, k, inner = self.data, self.data.columns, self.inner
        # [L, rho] with LL' = Phi and rho = (-beta, 1): M = [L, rho][L, rho]' (under ML rho rho') is the weight of every
        # cross-product in f.
        columns = np.zeros((k + 1, k + 1))
        columns[:k, :k] = root
        columns[:k, k] = -out.beta
        columns[k, k] = 1.0
        weigh = columns if self.reml else columns[:, k:]
        directions = self._directions(made)
        products = data.over_columns(weigh @ weigh.T)
        if sweep is not None:
            products += sweep.down().product_changes(weigh, traces=True)
        counted = data.weight[:, None, None] * w
        twice = w @ products @ w
        pull = counted - twice
        out.gradient = directions.along(pull)
        moved = directions.moved(w, None if sweep is None else sweep.left)
        da = -data.over_held(moved.held)
        if sweep is not None:
            forms = sweep.first_forms(moved)
            forms[:inner] += da
            da = forms
        turned = columns.T @ (da.reshape(-1, k + 1) @ columns).reshape(da.shape)
        if sweep is not None:
            own = turned[inner:].diagonal(axis1=1, axis2=2)
            own = own.sum(axis=1) if self.reml else own[:, k]
            out.gradient = np.concatenate([out.gradient, own + sweep.trace_gradient()])
        out.p = da[:, :k, :k]
        out.at = Place(w, directions, sweep, columns, turned)
        out.make_expected = partial(self._expected, out.at)  # no way back to `out`, or it would wait for the collector
        if order < 2:
            return
        # d2 of log|A_XX| + r'V^-1 r through the first derivatives of A, whose share of r'V^-1 r alone is linear.
        bent = turned.reshape(len(turned), -1).copy()
        bent[:, -1] = 0.0
        if not self.reml:
            bent = bent.reshape(turned.shape)
            bent[:, :k, :k] = 0.0
            bent = bent.reshape(len(turned), -1)
        hessian = -bent @ bent.T
        hessian[:inner, :inner] += directions.traces(w, 2 * twice - counted)
        if sweep is not None:
            hessian += 2 * second_forms(sweep, weigh) - log_curvature(sweep)
        for number, ((_, _, d2), block) in enumerate(zip(made, self.blocks, strict=True)):
            if d2 is not None:
                hessian[block, block] += np.tensordot(d2, pull[data.group == number].sum(axis=0), 2)
        out.hessian = 0.5 * (hessian + hessian.T)

    def _expected(self, at):
        data, k, inner, w, sweep = self.data, self.data.columns, self.inner, at.w, at.sweep
        counted = data.weight[:, None, None] * w
        weight = counted if sweep is None else counted - 2 * w @ sweep.trace_changes() @ w
        if self.reml:
            root = at.columns[:, :k]
            products = data.over_columns(root @ root.T)
            if sweep is not None:
                products += sweep.product_changes(root, traces=False)
            weight = weight - 2 * w @ products @ w
        expected = np.zeros((self.size, self.size))
        expected[:inner, :inner] = at.directions.traces(w, weight)
        if sweep is not None:
            expected += log_curvature(sweep)
        if self.reml:
            flat = at.turned[:, :k, :k].reshape(self.size, -1)
            expected += flat @ flat.T
            if sweep is not None:
                expected -= 2 * second_forms(sweep, root)
        return 0.5 * (expected + expected.T)

    def second_form(self, evaluation, c):
        """sum_rs c_rs Q_rs (k, k), Q_rs = X'V^-1 V_r V^-1 V_s V^-1 X, for symmetric (R, R) c (Kenward-Roger)."""
        at, k, r = evaluation.at, self.data.columns, self.inner
        core = at.directions.core(at.w, c[:r, :r])
        core = project(self.data.layout, core[None], None if at.sweep is None else self.clusters.loading)
        out = self.data.over_held(core.held[0])
        if at.sweep is not None:
            out = out + at.sweep.second_form(c, core)
        return out[:k, :k]

    def _directions(self, made):
        """d Sigma_p / d theta_r by pattern: the same for all, or zero for parameters of other groups."""
        if self._constant is not None:
            return self._constant
        layout, loading = self.data.layout, None if self.clusters is None else self.clusters.loading
        if len(made) == 1 and made[0][1].ndim == 3 and self.data.waves <= FEW_WAVES:
            found = Shared(layout, made[0][1], loading)
        else:
            out = np.zeros((self.inner, *layout.both.shape))
            for number, ((_, d, _), block) in enumerate(zip(made, self.blocks, strict=True)):
                if d.ndim == 4:
                    out[block] = d[:, self.data.group]
                else:
                    out[block, self.data.group == number] = d[:, None]
            found = Own(layout, out, loading)
        if all(s.basis is not None for s in self.structures):
            self._constant = found
        return found


def _profile(a, k):
    """Fixed effects, a root of their covariance, log|X'V^-1 X| and r'V^-1 r from the matrix A of [X, y]'V^-1 [X, y]."""
    factor, wrong = dpotrf(a[:k, :k], lower=1, clean=1)
    if wrong:
        return None
    inverse, wrong = dtrtri(factor, lower=1)
    half = inverse @ a[:k, k]
    beta = half @ inverse
    residual = float(a[k, k] - half @ half)
    if wrong or not residual > 0:
        return None
    return beta, inverse.T, 2 * float(np.log(factor.diagonal()).sum()), residual
