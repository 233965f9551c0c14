"""The criterion against dense matrices, derivatives against finite differences, structures against complex steps."""

import numpy as np
import pytest

from alongside.mixed import pairs
from alongside.mixed.covariance import STRUCTURES, make_structure
from alongside.mixed.data import data_of
from alongside.mixed.nesting import Term
from alongside.mixed.patterns import summarise
from alongside.mixed.reml import Criterion

from .panels import dense_covariance, dense_value, panel

CLUSTERS = {"none": [], "sites": ["site"], "classes in sites": ["site", "class"]}
SAMPLE = np.array([[2.0, 0.8, 0.5], [0.8, 1.7, 0.9], [0.5, 0.9, 1.9]])
DEFAULT_FORMULA = "score ~ cohort * wave + age"


def problem(name, clusters, *, reml):
    data = panel(30, 3, classes=True)
    summaries = summarise(DEFAULT_FORMULA, data, participant="id", wave="wave", clusters=CLUSTERS[clusters])
    structure = make_structure(name, summaries.recipe.wave_levels, times=[0.0, 1.0, 3.0])
    terms = [
        # Classes act from the second wave on, like mentors.
        Term(level, column, kind, (level == 0, True, True))
        for level, column in enumerate(CLUSTERS[clusters])
        for kind in ("intercept", "by wave")
    ]
    criterion = Criterion(data_of(summaries), [structure], levels=terms, reml=reml)
    theta = np.r_[structure.start(SAMPLE), [0.2, 0.1, 0.3, 0.15][: len(terms)]]
    x, y = summaries.recipe.columns(data), summaries.recipe.response(data)[:, 0]
    return criterion, theta, summaries, lambda t: dense_covariance(data, structure, terms, t), x, y


def steps(size, h=1e-5):
    return h * np.eye(size)


@pytest.mark.parametrize("reml", [True, False])
@pytest.mark.parametrize("clusters", CLUSTERS)
@pytest.mark.parametrize("name", STRUCTURES)
def test_criterion_is_the_dense_one_and_its_derivatives_are_right(name, clusters, reml):
    criterion, theta, _summaries, covariance, x, y = problem(name, clusters, reml=reml)
    found = criterion.evaluate(theta)
    assert found.value == pytest.approx(dense_value(x, y, covariance(theta), reml=reml), abs=1e-9)
    dense = [
        (dense_value(x, y, covariance(theta + h), reml=reml) - dense_value(x, y, covariance(theta - h), reml=reml))
        / 2e-5
        for h in steps(len(theta))
    ]
    np.testing.assert_allclose(found.gradient, dense, rtol=1e-5, atol=1e-6)
    slopes = [
        (criterion.evaluate(theta + h, 1).gradient - criterion.evaluate(theta - h, 1).gradient) / 2e-5
        for h in steps(len(theta))
    ]
    np.testing.assert_allclose(found.hessian, slopes, rtol=1e-5, atol=1e-5 * np.abs(slopes).max())


@pytest.mark.parametrize("clusters", CLUSTERS)
@pytest.mark.parametrize("name", ["unstructured", "heterogeneous_ar1"])
def test_expected_information_and_second_form_are_the_dense_ones(name, clusters):
    criterion, theta, summaries, covariance, x, _ = problem(name, clusters, reml=True)
    found = criterion.evaluate(theta)
    inverse = np.linalg.inv(covariance(theta))
    phi = np.linalg.inv(x.T @ inverse @ x)
    m = inverse - inverse @ x @ phi @ x.T @ inverse
    d = [(covariance(theta + h) - covariance(theta - h)) / 2e-6 for h in steps(len(theta), 1e-6)]
    expected = [[np.trace(m @ a @ m @ b) for b in d] for a in d]
    np.testing.assert_allclose(found.expected, expected, rtol=1e-6, atol=1e-6)
    c = np.cov(np.random.default_rng(0).normal(size=(len(theta), 40)))
    q = sum(c[r, s] * x.T @ inverse @ a @ inverse @ b @ inverse @ x for r, a in enumerate(d) for s, b in enumerate(d))
    back = np.linalg.inv(summaries.basis)
    np.testing.assert_allclose(
        back.T @ criterion.second_form(found, c) @ back, q, rtol=1e-6, atol=1e-8 * np.abs(q).max()
    )


@pytest.mark.parametrize("name", [name for name in STRUCTURES if name != "random_slope"])
def test_structure_derivatives_by_complex_steps(name):
    structure = make_structure(name, ["a", "b", "c", "d"])
    start = structure.start(np.full((4, 4), 0.5) + np.diag([1.0, 1.2, 0.8, 1.5]))
    value, d, d2 = structure.matrices(start)
    assert np.linalg.eigvalsh(value)[0] > 0
    h = 1e-30
    for r in range(len(start)):
        step = start.astype(complex)
        step[r] += 1j * h
        shifted, shifted_d, _ = structure.matrices(step)
        np.testing.assert_allclose(shifted.imag / h, d[r], atol=1e-13)
        second = np.zeros_like(d) if d2 is None else d2[r]
        np.testing.assert_allclose(np.imag(shifted_d) / h, second, atol=1e-12)


@pytest.mark.parametrize("kind", [("intercept",), ("intercept", "by wave")])
@pytest.mark.parametrize("sparse", [False, True])
def test_waves_that_share_an_effect_and_sparse_pairs_give_the_dense_criterion(sparse, kind, monkeypatch):
    """An intercept alone needs one number a cluster; many patterns are held as sparse pairs."""
    if sparse:
        monkeypatch.setattr(pairs, "SMALL", 0)
        monkeypatch.setattr(pairs, "SPARE", 0)
    data = panel(30, 4, classes=True)
    summaries = summarise(DEFAULT_FORMULA, data, participant="id", wave="wave", clusters=["site", "class"])
    structure = make_structure("toeplitz", summaries.recipe.wave_levels)
    terms = [
        Term(level, column, k, (level == 0, True, True, True))
        for level, column in enumerate(["site", "class"])
        for k in kind
    ]
    criterion = Criterion(data_of(summaries), [structure], levels=terms)
    theta = np.r_[2.0, 0.8, 0.6, 0.5, [0.2, 0.3, 0.1, 0.15][: len(terms)]]
    x, y = summaries.recipe.columns(data), summaries.recipe.response(data)[:, 0]
    found = criterion.evaluate(theta)
    dense = dense_value(x, y, dense_covariance(data, structure, terms, theta), reml=True)
    assert found.value == pytest.approx(dense, abs=1e-9)
    gradient = [(criterion.value(theta + h) - criterion.value(theta - h)) / 2e-5 for h in steps(len(theta))]
    np.testing.assert_allclose(found.gradient, gradient, rtol=1e-5, atol=1e-6)
    slopes = [
        (criterion.evaluate(theta + h, 1).gradient - criterion.evaluate(theta - h, 1).gradient) / 2e-5
        for h in steps(len(theta))
    ]
    np.testing.assert_allclose(found.hessian, slopes, rtol=1e-5, atol=1e-5 * np.abs(slopes).max())
    inverse = np.linalg.inv(dense_covariance(data, structure, terms, theta))
    forms = [x.T @ inverse @ term_matrix(data, structure, terms, theta, r) @ inverse @ x for r in range(len(theta))]
    back = np.linalg.inv(summaries.basis)
    for r, form in enumerate(forms):
        np.testing.assert_allclose(back.T @ found.p[r] @ back, -form, atol=1e-9 * np.abs(form).max())


def term_matrix(data, structure, terms, theta, r):
    """The derivative of V by one parameter in which it is linear."""
    step = np.zeros(len(theta))
    step[r] = 1.0
    return dense_covariance(data, structure, terms, theta + step) - dense_covariance(data, structure, terms, theta)


def test_zero_cluster_variance_is_the_model_without_clusters():
    with_sites, _theta, *_ = problem("unstructured", "sites", reml=True)
    without, bare, *_ = problem("unstructured", "none", reml=True)
    assert with_sites.value(np.r_[bare, 0.0, 0.0]) == pytest.approx(without.value(bare), abs=1e-10)


def test_a_covariance_that_is_not_positive_definite_is_infinitely_bad():
    criterion, _theta, *_ = problem("unstructured", "none", reml=True)
    assert criterion.value(np.array([1.0, 2.0, 1.0, 0.0, 0.0, 1.0])) == np.inf
