"""The criterion of many refits side by side is the ordinary criterion of each of them."""

import numpy as np
import pytest

from alongside.mixed.covariance import make_structure
from alongside.mixed.data import Data
from alongside.mixed.packing import Packing, patterns_of
from alongside.mixed.reml import Criterion
from alongside.mixed.stacks import Stack

THETA = {
    "unstructured": [2.0, 0.7, 1.5, 0.4, 0.6, 1.8],
    "heterogeneous_ar1": [0.3, 0.1, 0.2, 0.45],
    "random_intercept": [1.1, 0.8],
}


def people(*, n, directions, k=3, m=3, seed=0):
    """Blocks (n, m, k + 1) that span so many directions, and at which waves each participant was seen."""
    rng = np.random.default_rng(seed)
    seen = np.array([[1, 1, 1], [1, 1, 0], [1, 0, 1], [0, 1, 0]], bool)[np.arange(n) % 4]
    z = np.tensordot(rng.normal(size=(n, directions)), rng.normal(size=(directions, m, k + 1)), 1)
    z += np.arange(m)[:, None] * np.eye(m, k + 1)  # waves differ for everybody
    z[..., -1] *= 1e-6  # the unit of a response is arbitrary
    return z * seen[..., None], seen


def refits(z, seen, weights):
    """kinds, counts (P, B), packed statistics (B, J, E), and the cross-products of every refit by plain sums."""
    kinds, pattern = patterns_of(seen)
    packing = Packing(kinds, z.shape[-1])
    stats, cross, counts = [], [], []
    for p in range(len(kinds)):
        mine = pattern == p
        made = weights[:, mine]
        counts.append(made.sum(axis=1))
        cross.append(np.einsum("bi,iak,ijl->bajkl", made, z[mine], z[mine]))
        for table in packing.tables(z[mine], p):
            made = made @ table
        stats.append(made.reshape(len(weights), -1, len(packing.rows)))
    return packing, kinds, np.array(counts), np.concatenate(stats, axis=1), np.stack(cross, axis=1)


@pytest.mark.parametrize(("directions", "factored"), [(2, True), (12, False)])
def test_statistics_are_weighted_sums_of_products(directions, factored):
    z, seen = people(n=80, directions=directions)
    weights = np.random.default_rng(1).poisson(1.0, (3, 80)).astype(float)
    packing, kinds, _, stats, cross = refits(z, seen, weights)
    _, pattern = patterns_of(seen)
    assert all(len(packing.tables(z[pattern == p], p)) == 2 for p in range(len(kinds))) == factored
    both = (cross + cross.swapaxes(-1, -2)) / 2
    size = np.abs(both).max(axis=(0, 1, 2, 3))  # of each pair of columns
    for refit in range(3):
        np.testing.assert_allclose(
            (packing.cross(stats[refit]) - both[refit]) / size, 0, atol=1e-12, err_msg=f"refit {refit}"
        )
        np.testing.assert_allclose(packing.pack(cross[refit]) - stats[refit], 0, atol=1e-12 * size.max())


@pytest.mark.parametrize("reml", [True, False])
@pytest.mark.parametrize("name", list(THETA))
def test_value_gradient_and_hessian_are_those_of_the_ordinary_criterion(name, reml):
    rng = np.random.default_rng(2)
    z, seen = people(n=60, directions=12, seed=3)
    z[..., -1] *= 1e6
    weights = rng.poisson(1.5, (4, 60)).astype(float)
    packing, kinds, counts, stats, cross = refits(z, seen, weights)
    structure = make_structure(name, ["a", "b", "c"])
    stack = Stack(structure, packing, kinds, counts, stats, log_basis=0.3, reml=reml)
    start = np.array(THETA[name])
    theta = start[:, None] * (1 + 0.1 * rng.normal(size=(len(start), 4)))
    apart, together = stack.profile(theta), stack.profile(start[:, None])
    gradient, hessian = stack.slopes(apart)
    hessian = hessian + stack.profiling(apart)
    for refit in range(4):
        data = Data(kinds, np.zeros(len(kinds), int), counts[:, refit], cross[refit], 0.3)
        one = Criterion(data, [structure], reml=reml).evaluate(theta[:, refit])
        assert apart.value[refit] == pytest.approx(one.value, rel=1e-12)
        np.testing.assert_allclose(apart.beta[:, refit], one.beta, rtol=1e-9)
        np.testing.assert_allclose(apart.phi[..., refit], one.phi, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(gradient[:, refit], one.gradient, rtol=1e-8, atol=1e-8)
        np.testing.assert_allclose(hessian[..., refit], one.hessian, rtol=1e-8, atol=1e-8 * np.abs(one.hessian).max())
        same = Criterion(data, [structure], reml=reml).evaluate(start)
        assert together.value[refit] == pytest.approx(same.value, rel=1e-12)


def test_the_expected_hessian_does_not_look_at_the_responses():
    z, seen = people(n=60, directions=12, seed=4)
    weights = np.ones((2, 60))
    packing, kinds, counts, stats, cross = refits(z, seen, weights)
    structure = make_structure("unstructured", ["a", "b", "c"])
    stack = Stack(structure, packing, kinds, counts, stats, log_basis=0.0, reml=False)
    theta = np.array(THETA["unstructured"])
    _, expected = stack.slopes(stack.profile(theta[:, None]), expected=True)
    data = Data(kinds, np.zeros(len(kinds), int), counts[:, 0], cross[0], 0.0)
    one = Criterion(data, [structure], reml=False).evaluate(theta)
    np.testing.assert_allclose(expected[..., 0], one.expected, rtol=1e-10)


def test_the_value_is_infinite_where_a_matrix_is_not_positive_definite():
    z, seen = people(n=60, directions=12, seed=5)
    weights = np.ones((3, 60))
    weights[1] = 0  # nobody: X'V^-1 X is zero
    packing, kinds, counts, stats, _ = refits(z, seen, weights)
    for name, wrong in (
        ("unstructured", [1.0, 2.0, 1.0, 0.0, 0.0, 1.0]),
        ("heterogeneous_ar1", [800.0, 0.0, 0.0, 0.5]),
        ("random_intercept", [1.0, -0.1]),
    ):
        structure = make_structure(name, ["a", "b", "c"])
        stack = Stack(structure, packing, kinds, counts, stats, log_basis=0.0, reml=True)
        theta = np.array([THETA[name], THETA[name], wrong]).T
        assert np.isfinite(stack.profile(theta).value).tolist() == [True, False, False], name
