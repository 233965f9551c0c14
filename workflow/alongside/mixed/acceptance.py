"""Is an optimum a fit that may be reported, and if not, why not?

In: a criterion, its optimum, the coefficients. Out: the directions in which theta is free, reasons in words, variances
at their boundary, which coefficients have fewer than two degrees of freedom; and the status that follows.
Steps: it converged; the information of the covariance parameters is positive definite; the covariance across waves is
not singular; every coefficient has two degrees of freedom, or it is the clusters that leave it fewer (`thin`).
"""

import numpy as np

from alongside.mixed import inference
from alongside.mixed.definite import least_eigenvalue_exceeds

WORST_FIRST = ("not-estimable", "partial", "boundary", "ok")
SHORT = "fewer than two degrees of freedom are left"
SINGULAR = 1e-8  # least eigenvalue of a matrix with a unit diagonal


def status_of(problems, boundary):
    if problems == [SHORT]:
        return "partial"
    return "not-estimable" if problems else "boundary" if boundary else "ok"


def judge(criterion, coefficients, optimum, edge=None):
    """Directions in which theta is free, reasons why the fit is not usable, variances at their boundary, and which of
    the `coefficients` (rows) have fewer than two degrees of freedom."""
    found = optimum.evaluation
    thin = np.zeros(len(coefficients), bool)
    at_zero = criterion.nonnegative & (found.theta <= 0)
    boundary = []
    if at_zero.any():
        boundary = [f"the {name} is zero" for name, zero in zip(criterion.names(), at_zero, strict=True) if zero]
    tangent = np.eye(criterion.size)
    if boundary:
        tangent = tangent[:, ~at_zero]
    if edge is not None:
        tangent, boundary = edge, ["random intercept and slope are perfectly correlated, or one of them does not vary"]
    if not optimum.converged:
        return tangent, [f"did not converge ({'; '.join(optimum.problems) or 'unknown reason'})"], boundary, thin
    hessian = tangent.T @ found.hessian @ tangent
    scale = np.sqrt(np.abs(hessian.diagonal()))
    if not scale.min() > 0 or not least_eigenvalue_exceeds(hessian / scale / scale[:, None], SINGULAR):
        return tangent, ["the information about its parameters is not positive definite"], boundary, thin
    deviation = np.sqrt(np.diagonal(found.sigma, axis1=1, axis2=2))
    correlation = found.sigma / (deviation[:, :, None] * deviation[:, None, :])
    if not all(least_eigenvalue_exceeds(one, SINGULAR) for one in correlation):
        return tangent, ["the covariance across waves is singular"], boundary, thin
    if not criterion.reml:
        return tangent, [], boundary, thin
    thin = _few_degrees(found, tangent, coefficients)
    # With the cluster variances taken as known, what is left is what the covariance within participants costs.
    within = tangent[:, ~tangent[criterion.inner :].any(axis=0)]
    if thin.all():
        return tangent, ["fewer than two degrees of freedom are left for every coefficient"], boundary, thin
    if thin.any() and _few_degrees(found, within, coefficients).any():
        return tangent, [SHORT], boundary, thin
    return tangent, [], boundary, thin


def _few_degrees(found, tangent, coefficients):
    """Which rows have fewer than two degrees of freedom where theta can move along `tangent` only.

    coefficients: rows of the basis, so the formula's own coefficients; the basis' directions are nobody's question.
    """
    c = 2 * tangent @ np.linalg.inv(tangent.T @ found.hessian @ tangent) @ tangent.T
    bare = inference.Precision(c, found.phi, found.phi, found.p)
    return bare.satterthwaite(coefficients) < inference.SMALLEST_DF
