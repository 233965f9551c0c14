"""The two ways of holding derivatives of a covariance give what a sum over patterns, term by term, gives."""

import itertools

import numpy as np
import pytest

from alongside.mixed.definite import least_eigenvalue_exceeds
from alongside.mixed.directions import Own, Shared
from alongside.mixed.layout import lay_out

M, R = 3, 4
LOADING = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])


def symmetric(rng, *shape):
    made = rng.normal(size=(*shape, M, M))
    return made + made.swapaxes(-1, -2)


@pytest.fixture
def place():
    rng = np.random.default_rng(5)
    seen = np.array([waves for waves in itertools.product([False, True], repeat=M) if any(waves)])
    mask = seen[:, :, None] & seen[:, None, :]
    return rng, lay_out(seen), symmetric(rng, len(seen)) * mask, symmetric(rng, R)


def ways(layout, d, loading):
    everywhere = np.broadcast_to(d[:, None], (R, len(layout.both), M, M))
    return Shared(layout, d, loading), Own(layout, np.array(everywhere), loading)


def test_moved_matrices(place):
    _, layout, w, d = place
    left = LOADING.T @ w
    for way in ways(layout, d, LOADING):
        found = way.moved(w, left)
        for r, (j, (p, a, b)) in itertools.product(
            range(R), enumerate(zip(layout.pattern, layout.a, layout.b, strict=True))
        ):
            assert found.held[r, j] == pytest.approx((w[p] @ d[r] @ w[p])[a, b])
        for r, (j, (p, a)) in itertools.product(
            range(R), enumerate(zip(layout.row_pattern, layout.row_wave, strict=True))
        ):
            np.testing.assert_allclose(found.rows[r, :, j], (LOADING.T @ w[p] @ d[r] @ w[p])[:, a], atol=1e-12)
        for r, p in itertools.product(range(R), range(len(w))):
            np.testing.assert_allclose(found.inner[r, p], LOADING.T @ w[p] @ d[r] @ w[p] @ LOADING, atol=1e-11)


def test_traces_and_sums(place):
    rng, layout, w, d = place
    e, pull, c = symmetric(rng, len(w)), symmetric(rng, len(w)), rng.normal(size=(R, R))
    c = c + c.T
    traces = [[sum(np.trace(d[r] @ w[p] @ d[s] @ e[p]) for p in range(len(w))) for s in range(R)] for r in range(R)]
    along = [sum(np.sum(d[r] * pull[p]) for p in range(len(w))) for r in range(R)]
    core = [sum(c[r, s] * x @ d[r] @ x @ d[s] @ x for r in range(R) for s in range(R)) for x in w]
    for way in ways(layout, d, None):
        np.testing.assert_allclose(way.traces(w, e), traces, rtol=1e-10, atol=1e-9)
        np.testing.assert_allclose(way.along(pull), along, rtol=1e-10)
        np.testing.assert_allclose(way.core(w, c), core, rtol=1e-10, atol=1e-9)
        assert way.moved(w, None).rows is None


@pytest.mark.parametrize(
    ("matrix", "bound", "yes"),
    [
        ([[2.0, 1.0], [1.0, 2.0]], 0.99, True),  # eigenvalues 1 and 3
        ([[2.0, 1.0], [1.0, 2.0]], 1.01, False),
        ([[1.0, np.nan], [np.nan, 1.0]], 0.0, False),
    ],
)
def test_the_least_eigenvalue(matrix, bound, yes):
    assert least_eigenvalue_exceeds(np.array(matrix), bound) is yes
