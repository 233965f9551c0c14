"""Covariance structures across waves within a participant: value, first and second derivatives, start values.

In: parameters theta, shape (q,). Out: Sigma (m, m), its derivatives D (q, m, m) and D2 (q, q, m, m); D2 is None where
Sigma is linear in theta. Lags are wave indices. A random slope over times of one's own has a Sigma for every set of
times: Sigma (G, m, m) and D (q, G, m, m).
Steps: `make_structure` names a structure; `start` projects a sample covariance onto it; `matrices` gives value and
derivatives; `allowed` says whether theta lies in the parameter space beyond positive definiteness of Sigma.
Fails with StructureError for a name that is not known or a structure that needs more waves.

Parameters: elements of Sigma where the structure is linear; log standard deviations and correlations otherwise.
Inference does not depend on the choice (chain rule; V_rs is kept in the observed information).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from alongside.mixed.failures import StructureError, refuse
from alongside.mixed.structure_starts import lags, start_parameters, toeplitz_basis

FALLBACK_ORDER = ("unstructured", "heterogeneous_toeplitz", "heterogeneous_ar1", "random_intercept")
LARGEST_LOG = 300.0  # a standard deviation beyond exp(300) overflows when it is squared
CORRELATIONS = ("toeplitz", "ar1", "compound_symmetry")
STRUCTURES = (
    "unstructured",
    *CORRELATIONS,
    *(f"heterogeneous_{name}" for name in CORRELATIONS),
    "random_intercept",
    "random_slope",
)


@dataclass(frozen=True)
class Structure:
    """One structure for m waves. `nonnegative` marks parameters that are variances of random effects (0 is allowed)."""

    name: str
    waves: int
    names: tuple[str, ...]
    nonnegative: tuple[bool, ...]
    times: np.ndarray | None = None

    @property
    def size(self):
        return len(self.names)

    @cached_property
    def basis(self):
        """Matrices B_r with Sigma = sum theta_r B_r, or None where Sigma is not linear in its parameters."""
        return _linear_basis(self.name, self.waves, self.times)

    @cached_property
    def _marks(self):
        """Numbers of the parameters that are variances that may be zero, and of those that are logarithms."""
        logs = [name.startswith("log ") for name in self.names]
        return np.flatnonzero(self.nonnegative), np.flatnonzero(logs)

    def matrices(self, theta):
        """Sigma, D and D2 (None if zero) at theta."""
        basis = self.basis
        if basis is not None:
            return (theta @ basis.reshape(len(basis), -1)).reshape(basis.shape[1:]), basis, None
        return _BUILDERS[self.name](np.asarray(theta), self.waves)

    def start(self, sample):
        """Parameters of a matrix of this structure near a positive definite (m, m) `sample` covariance."""
        return start_parameters(self, sample)

    def allowed(self, theta):
        """Is theta inside the parameter space, positive definiteness of Sigma apart?"""
        theta = np.asarray(theta)
        nonnegative, logs = self._marks
        if len(nonnegative) and theta[nonnegative].min() < 0:
            return False
        if self.name == "random_slope":
            return theta[2] ** 2 <= theta[1] * theta[3] * (1 + 1e-12)
        if self.name.endswith("ar1") and abs(theta[-1]) >= 1:
            return False
        return not len(logs) or bool(np.abs(theta[logs]).max() < LARGEST_LOG)


def make_structure(name, levels, *, times=None):
    """The structure `name` for the wave labels `levels`; `times` (one number a wave) is what random_slope needs."""
    m = len(levels)
    if name not in STRUCTURES:
        refuse(StructureError, "covariance", f"{name!r} is not a covariance structure", allowed=", ".join(STRUCTURES))
    if m < 2 and name not in ("unstructured", "toeplitz"):
        refuse(
            StructureError,
            f"covariance {name}",
            "needs at least two waves, the data have one",
            remedy='use "unstructured", which for one wave is a single variance',
        )
    if name == "random_slope" and times is None:
        refuse(
            StructureError, "covariance random_slope", "needs the time of each wave", remedy="name a column as time="
        )
    names = tuple(_parameter_names(name, [str(level) for level in levels]))
    nonnegative = tuple(label.startswith("variance of random") for label in names)
    return Structure(name, m, names, nonnegative, None if times is None else np.nan_to_num(np.asarray(times, float)))


def _parameter_names(name, levels):
    m = len(levels)
    if name == "unstructured":
        return [f"covariance({levels[a]}, {levels[b]})" for a in range(m) for b in range(a + 1)]
    if name == "toeplitz":
        return ["variance", *(f"covariance at lag {lag}" for lag in range(1, m))]
    if name == "compound_symmetry":
        return ["variance", "covariance"]
    if name == "random_intercept":
        return ["residual variance", "variance of random intercept"]
    if name == "random_slope":
        return [
            "residual variance",
            "variance of random intercept",
            "covariance of random intercept and slope",
            "variance of random slope",
        ]
    if name == "ar1":
        return ["log variance", "correlation"]
    deviations = [f"log sd({level})" for level in levels]
    if name == "heterogeneous_toeplitz":
        return deviations + [f"correlation at lag {lag}" for lag in range(1, m)]
    return [*deviations, "correlation"]


def _linear_basis(name, m, times):
    if name == "unstructured":
        rows, columns = np.tril_indices(m)
        basis = np.zeros((len(rows), m, m))
        basis[np.arange(len(rows)), rows, columns] = 1
        basis[np.arange(len(rows)), columns, rows] = 1
        return basis
    if name == "toeplitz":
        return toeplitz_basis(m)
    if name == "compound_symmetry":
        return np.stack([np.eye(m), 1 - np.eye(m)])
    if name == "random_intercept":
        return np.stack([np.eye(m), np.ones((m, m))])
    if name == "random_slope":
        time = times[..., :, None]
        across, both = time + np.swapaxes(time, -1, -2), time @ np.swapaxes(time, -1, -2)
        return np.stack([np.broadcast_to(np.eye(m), both.shape), np.ones(both.shape), across, both])
    return None


def _ar1(theta, m):
    variance, rho = np.exp(theta[0]), theta[1]
    correlation, first, second = _power(rho, m)
    value = variance * correlation
    d = np.stack([value, variance * first])
    return value, d, np.stack([np.stack([value, d[1]]), np.stack([d[1], variance * second])])


def _power(rho, m):
    """rho ** lag and its two derivatives in rho, right also at rho = 0."""
    lag = lags(m)
    value = np.power(rho, lag)
    first = lag * np.power(rho, np.maximum(lag - 1, 0))
    second = lag * (lag - 1) * np.power(rho, np.maximum(lag - 2, 0))
    return value, first, second


def _heterogeneous(correlation):
    """Sigma = diag(sd) R diag(sd) from a function of the correlation parameters: R, R' (c, m, m), R'' (c, c, m, m)."""

    def build(theta, m):
        deviations = np.exp(theta[:m])
        r, first, second = correlation(theta[m:], m)
        outer = np.outer(deviations, deviations)
        value = outer * r
        touch = np.eye(m)[:, :, None] + np.eye(m)[:, None, :]  # d log(sd_i sd_j) / d log sd_a, (a, i, j)
        q = len(theta)
        d, d2 = np.empty((q, m, m), value.dtype), np.empty((q, q, m, m), value.dtype)
        d[:m], d[m:] = touch * value, outer * first
        d2[:m, :m] = touch[:, None] * touch[None, :] * value
        d2[:m, m:] = touch[:, None] * d[m:][None, :]
        d2[m:, :m] = np.swapaxes(d2[:m, m:], 0, 1)
        d2[m:, m:] = outer * second
        return value, d, d2

    return build


def _toeplitz_correlation(rho, m):
    basis = toeplitz_basis(m)
    r = basis[0] + np.tensordot(rho, basis[1:], 1)
    return r, basis[1:], np.zeros((m - 1, m - 1, m, m))


def _exchangeable_correlation(rho, m):
    off = 1 - np.eye(m)
    return np.eye(m) + rho[0] * off, off[None], np.zeros((1, 1, m, m))


def _ar1_correlation(rho, m):
    r, first, second = _power(rho[0], m)
    return r, first[None], second[None, None]


_BUILDERS = {
    "ar1": _ar1,
    "heterogeneous_toeplitz": _heterogeneous(_toeplitz_correlation),
    "heterogeneous_ar1": _heterogeneous(_ar1_correlation),
    "heterogeneous_compound_symmetry": _heterogeneous(_exchangeable_correlation),
}
