"""Parameters of a covariance structure near a sample covariance, from which a search starts.

In: a `Structure`, a positive definite (m, m) covariance. Out: theta (q,), inside the parameter space.
Steps: keep what the structure has of the sample (all of it, means by lag, the mean covariance), drawn towards the
diagonal where the structure would not be positive definite.
"""

import numpy as np


def start_parameters(structure, sample):
    """theta (q,) of a matrix of this structure near `sample`."""
    return _START[structure.name](sample, structure)


def lags(m):
    """The distance of two waves, (m, m)."""
    index = np.arange(m)
    return np.abs(index[:, None] - index[None, :])


def toeplitz_basis(m):
    """One indicator matrix a lag, (m, m, m)."""
    return (lags(m)[None] == np.arange(m)[:, None, None]).astype(float)


def _mean_by_lag(matrix):
    lag = lags(len(matrix))
    return np.array([matrix[lag == step].mean() for step in range(len(matrix))])


def _correlation_of(sample):
    deviations = np.sqrt(np.diag(sample))
    return deviations, sample / np.outer(deviations, deviations)


def _off_mean(matrix):
    m = len(matrix)
    return float((matrix.sum() - np.trace(matrix)) / (m * (m - 1)))


def _start_unstructured(sample, structure):
    return sample[np.tril_indices(structure.waves)]


def _start_toeplitz(sample, structure):
    """Lag means, drawn towards the diagonal until the Toeplitz matrix is safely positive definite."""
    means = _mean_by_lag(sample)
    basis = toeplitz_basis(structure.waves)
    while np.linalg.eigvalsh(np.tensordot(means, basis, 1))[0] < 0.05 * means[0]:
        means[1:] *= 0.8
    return means


def _start_compound(sample, structure):
    variance = float(np.trace(sample)) / structure.waves
    return np.array([variance, np.clip(_off_mean(sample), -0.5 / structure.waves * variance, 0.95 * variance)])


def _start_intercept(sample, structure):
    variance, covariance = _start_compound(sample, structure)
    covariance = max(covariance, 0.05 * variance)
    return np.array([variance - covariance, covariance])


def _start_slope(sample, structure):
    residual, intercept = _start_intercept(sample, structure)
    time = structure.times
    spread = max(float(np.var(time)), 1e-300)
    slope = 0.1 * residual / spread
    centre = float(time.mean())
    # A slope variance around the mean time, written in terms of time 0, so that Psi starts positive definite.
    return np.array([residual, intercept + slope * centre**2, -slope * centre, slope])


def _start_ar1(sample, structure):
    means = _mean_by_lag(sample)
    return np.array([np.log(means[0]), np.clip(means[1] / means[0], -0.9, 0.9)])


def _start_heterogeneous(rule):
    def start(sample, structure):
        deviations, r = _correlation_of(sample)
        return np.concatenate([np.log(deviations), rule(r, structure)])

    return start


_START = {
    "unstructured": _start_unstructured,
    "toeplitz": _start_toeplitz,
    "compound_symmetry": _start_compound,
    "random_intercept": _start_intercept,
    "random_slope": _start_slope,
    "ar1": _start_ar1,
    "heterogeneous_toeplitz": _start_heterogeneous(lambda r, s: _start_toeplitz(r, s)[1:]),
    "heterogeneous_ar1": _start_heterogeneous(lambda r, s: np.clip(_mean_by_lag(r)[1:2], -0.9, 0.9)),
    "heterogeneous_compound_symmetry": _start_heterogeneous(
        lambda r, s: np.array([np.clip(_off_mean(r), -0.5 / s.waves, 0.95)])
    ),
}
