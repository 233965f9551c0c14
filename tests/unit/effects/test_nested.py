"""The recursion for nested intercepts against the matrices that it avoids."""

import numpy as np
import pytest

from alongside.effects.nested import nest, solve, weighted_products

RNG = np.random.default_rng(11)
N = 40
PERSON = np.sort(RNG.integers(0, 15, N))
PERSON = np.unique(PERSON, return_inverse=True)[1]
CLASS = np.array([person % 6 for person in PERSON])
CLASS = np.unique(CLASS, return_inverse=True)[1]
SCHOOL = CLASS % 2
Z = RNG.normal(size=(N, 4))


def dense(variances, residual):
    v = residual * np.eye(N)
    for codes, variance in zip((PERSON, CLASS, SCHOOL), variances, strict=True):
        v += variance * (codes[:, None] == codes)
    return v


@pytest.mark.parametrize("variances", [(1.3, 0.4, 0.2), (0.0, 0.4, 0.0), (0.0, 0.0, 0.0)])
def test_products_and_determinant(variances):
    v = dense(variances, 0.7)
    products, log_det = weighted_products(Z, nest([PERSON, CLASS, SCHOOL]), variances, 0.7)
    np.testing.assert_allclose(products, Z.T @ np.linalg.solve(v, Z), atol=1e-11)
    assert log_det == pytest.approx(np.linalg.slogdet(v)[1], abs=1e-11)


def test_restricted_likelihood_is_the_likelihood_of_error_contrasts():
    """REML is the density of K'y for any K that spans the space orthogonal to X, up to the known |X'X|."""
    x, y = Z[:, :3], Z[:, 3]
    v = dense((1.3, 0.4, 0.2), 0.7)
    contrasts = np.linalg.svd(x)[0][:, 3:]
    w = contrasts.T @ v @ contrasts
    e = contrasts.T @ y
    expected = -0.5 * ((N - 3) * np.log(2 * np.pi) + np.linalg.slogdet(w)[1] + e @ np.linalg.solve(w, e))
    expected -= 0.5 * np.linalg.slogdet(x.T @ x)[1]
    solved = solve(x, y, nest([PERSON, CLASS, SCHOOL]), (1.3, 0.4, 0.2), 0.7, reml=True)
    assert solved.loglik == pytest.approx(expected, abs=1e-10)
