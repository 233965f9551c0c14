"""Random slopes at their boundary: intercept and slope perfectly correlated, or no slope variance at all.

In: the criterion of a random-slope model whose Newton steps left the parameter space. Out: an optimum over covariances
of rank one, Psi = l l', and the directions in which theta can still move.
Steps: theta = (residual, l0 l0, l0 l1, l1 l1, cluster variances) by the chain rule, minimised like any criterion; the
second derivatives of the map are folded into the Hessian, so that the observed information is right along it.
Fails by returning None where no such optimum is found.
"""

from dataclasses import replace

import numpy as np

from alongside.mixed.optimise import minimise


class RankOneSlope:
    """The criterion in (residual variance, l0, l1, cluster variances)."""

    def __init__(self, criterion):
        self.criterion = criterion
        self.nonnegative = np.r_[[False] * 3, criterion.nonnegative[4:]]

    def theta(self, phi):
        return np.r_[phi[0], phi[1] ** 2, phi[1] * phi[2], phi[2] ** 2, phi[3:]]

    def jacobian(self, phi):
        out = np.zeros((len(phi) + 1, len(phi)))
        out[0, 0] = 1
        out[1, 1], out[2, 1], out[2, 2], out[3, 2] = 2 * phi[1], phi[2], phi[1], 2 * phi[2]
        out[np.arange(4, len(out)), np.arange(3, len(phi))] = 1
        return out

    def curvature(self, gradient, size):
        out = np.zeros((size, size))
        out[1, 1], out[2, 2] = 2 * gradient[1], 2 * gradient[3]
        out[1, 2] = out[2, 1] = gradient[2]
        return out

    def value(self, phi):
        return self.evaluate(phi, order=0).value

    def evaluate(self, phi, order=2):
        phi = np.asarray(phi, float)
        found = self.criterion.evaluate(self.theta(phi), order)
        if not np.isfinite(found.value) or order == 0:
            return replace(found, theta=phi)
        j = self.jacobian(phi)
        hessian = None
        if found.hessian is not None:
            hessian = j.T @ found.hessian @ j + self.curvature(found.gradient, len(phi))
        return replace(
            found,
            theta=phi,
            gradient=j.T @ found.gradient,
            hessian=hessian,
            make_expected=lambda: j.T @ found.expected @ j,
        )


def rank_one_optimum(criterion, theta):
    """Optimum on the boundary from the last theta of a failed search, and its tangent (R, R - 1), or None."""
    reduced = RankOneSlope(criterion)
    deviations = np.sqrt(np.maximum(theta[[1, 3]], 1e-8 * abs(theta[0])))
    sign = -1.0 if theta[2] < 0 else 1.0
    optimum = minimise(reduced, np.r_[abs(theta[0]), deviations[0], sign * deviations[1], theta[4:]])
    if not optimum.converged:
        return None
    phi = optimum.evaluation.theta
    found = criterion.evaluate(reduced.theta(phi))
    tangent = reduced.jacobian(phi)
    inverse = np.linalg.pinv(tangent)
    # J'(H + X)J = J'H J + the curvature of the map.
    found.hessian = found.hessian + inverse.T @ reduced.curvature(found.gradient, len(phi)) @ inverse
    return replace(optimum, evaluation=found, method="newton on the boundary"), tangent
