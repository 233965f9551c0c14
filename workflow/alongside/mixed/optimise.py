"""The minimum of the criterion: a Fisher step, then Newton steps with exact derivatives.

In: a `Criterion` and a start. Out: an `Optimum` (evaluation at the solution, iterations, Newton decrement, the
variances that ended at zero, and what went wrong in words).
Steps: at each iterate fix variances that lie at zero and want to be smaller; take the Newton direction in the others
(Fisher scoring for the first step, which for nearly balanced data ends close to the optimum wherever it starts, and
where the Hessian is not positive definite; Fisher's matrix always is); keep variances at or above zero by solving the
quadratic again with the offending ones held at zero; halve the step until the criterion falls.
Fails by saying so (`converged` False), never by an exception. Where Newton stalls, scipy's L-BFGS-B tries once.
"""

from dataclasses import dataclass, field

import numpy as np
from scipy.linalg.lapack import dpotrf, dpotrs
from scipy.optimize import minimize

STEPS = 100
HALVINGS = 40
ENOUGH = 1e-7  # Newton decrement (twice the squared step, in standard errors of theta) of the last step but one
NOTHING = 1e-18  # a last step that would move theta by a billionth of a standard error is not taken


@dataclass
class Optimum:
    evaluation: object
    converged: bool
    iterations: int
    decrement: float
    at_zero: np.ndarray
    method: str = "newton"
    problems: list = field(default_factory=list)


def minimise(criterion, start):
    """Minimise -2 log-likelihood from `start`, (R,)."""
    optimum = _newton(criterion, start)
    if optimum.converged or not np.isfinite(optimum.evaluation.value):
        return optimum
    retry = _quasi_newton(criterion, optimum)
    return retry if retry.converged else optimum


def _newton(criterion, start):
    current = criterion.evaluate(start, order=1)
    if not np.isfinite(current.value):
        return Optimum(current, False, 0, np.inf, np.zeros(len(start), bool), problems=["no usable start values"])
    decrement = np.inf
    for step_number in range(1, STEPS + 1):
        held = _held(criterion, current)
        direction, decrement = _direction(criterion, current, held)
        if current.hessian is None and decrement < ENOUGH:
            current = criterion.evaluate(current.theta)
            direction, decrement = _direction(criterion, current, held)
        if direction is None:
            return Optimum(current, False, step_number, np.inf, held, problems=["the information matrix is singular"])
        if decrement < ENOUGH:
            return _finish(criterion, current, direction, decrement, step_number)
        trial = _search(criterion, current, direction)
        if trial is None:
            return Optimum(current, False, step_number, decrement, held, problems=["no step lowers the criterion"])
        current = trial
    return Optimum(current, False, STEPS, decrement, _held(criterion, current), problems=["too many iterations"])


def _finish(criterion, current, direction, decrement, steps):
    """One last Newton step (it squares the error), kept if the criterion does not rise beyond rounding."""
    if decrement < NOTHING:
        return Optimum(current, True, steps, decrement, _held(criterion, current))
    last = criterion.evaluate(_moved(criterion, current.theta, direction, 1.0))
    if np.isfinite(last.value) and last.value <= current.value + 1e-9 * (1 + abs(current.value)):
        current = last
    held = _held(criterion, current)
    _, decrement = _direction(criterion, current, held)
    return Optimum(current, True, steps, decrement, held)


def _held(criterion, current):
    return criterion.nonnegative & (current.theta <= 0) & (current.gradient > 0)


def _solve(matrix, gradient):
    """Solve after scaling to a unit diagonal; None if not positive definite."""
    diagonal = matrix.diagonal()
    if not diagonal.min() > 0:
        return None
    scale = 1 / np.sqrt(diagonal)
    factor, wrong = dpotrf(matrix * scale[:, None] * scale, lower=1)
    if wrong or factor.diagonal().min() < 1e-7:
        return None
    return scale * dpotrs(factor, gradient * scale, lower=1)[0]


def _direction(criterion, current, held):
    """A descent direction that keeps variances nonnegative, and its decrement g'd."""
    if held.all():
        return np.zeros(len(held)), 0.0
    for matrix in ("expected",) if current.hessian is None else ("hessian", "expected"):
        direction = _constrained(criterion, current, held, getattr(current, matrix))
        if direction is not None:
            decrement = float(-current.gradient @ direction)
            if decrement >= 0:
                return direction, decrement
    return None, np.inf


def _constrained(criterion, current, held, matrix):
    """The minimum of the quadratic with this matrix over nonnegative variances, or None if it has none."""
    direction = np.zeros(len(held))
    fixed = held.copy()
    while not fixed.all():
        if fixed.any():
            free = ~fixed
            pull = current.gradient[free] + matrix[free][:, fixed] @ direction[fixed]
            part = _solve(matrix[free][:, free], pull)
        else:
            free, part = slice(None), _solve(matrix, current.gradient)
        if part is None:
            return None
        direction[free] = -part
        beyond = criterion.nonnegative & (current.theta + direction < 0) & ~fixed
        if not beyond.any():
            break
        fixed |= beyond
        direction[beyond] = -current.theta[beyond]
    return direction


def _moved(criterion, theta, direction, share):
    new = theta + share * direction
    new[criterion.nonnegative] = np.maximum(new[criterion.nonnegative], 0.0)
    return new


def _search(criterion, current, direction):
    share = 1.0
    slope = float(current.gradient @ direction)
    for halvings in range(HALVINGS):
        theta = _moved(criterion, current.theta, direction, share)
        # The full step is nearly always taken, so its derivatives are computed at once.
        trial = criterion.evaluate(theta, order=0 if halvings else 2)
        if trial.value <= current.value + 1e-4 * share * slope + 1e-12 * abs(current.value):
            return criterion.evaluate(theta) if halvings else trial
        share *= 0.5
    return None


def _quasi_newton(criterion, optimum):
    """scipy's L-BFGS-B over the parameters that are not held at zero, in their standard errors; then Newton again."""
    origin = optimum.evaluation.theta.copy()
    free = ~(criterion.nonnegative & (origin <= 0))
    size = np.diag(optimum.evaluation.expected)[free]
    scale = 1 / np.sqrt(np.where(size > 0, size, 1.0))
    big = 1e6 + 10 * abs(optimum.evaluation.value)

    def whole(part):
        out = origin.copy()
        out[free] += scale * part
        return out

    def value_and_gradient(part):
        found = criterion.evaluate(whole(part), order=1)
        if found.gradient is None:
            return big, np.zeros(len(part))
        return found.value, found.gradient[free] * scale

    result = minimize(value_and_gradient, np.zeros(free.sum()), jac=True, method="L-BFGS-B", options={"maxiter": 500})
    polished = _newton(criterion, whole(result.x))
    polished.method = "quasi-newton, then newton"
    return polished
