"""CR2 and Bell-McCaffrey degrees of freedom against R's clubSandwich (expected/make_expected.R)."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from formulaic import model_matrix

from alongside.effects.robust import fit_cluster_robust

HERE = Path(__file__).parent
EXPECTED = json.loads((HERE / "expected" / "expected.json").read_text())


@pytest.fixture(scope="module")
def data():
    frame = pd.read_csv(HERE.parents[1] / "reference" / "mixed-models" / "simulated_sites.csv")
    frame["cohort"] = pd.Categorical(frame["cohort"], categories=["unmentored", "mentored"])
    frame["wave"] = pd.Categorical(frame["wave"])
    made = model_matrix("score ~ cohort * wave + age", frame)
    order = ["Intercept", "cohort[T.mentored]", "wave[T.1]", "wave[T.2]", "age", "cohort[T.mentored]:wave[T.1]",
             "cohort[T.mentored]:wave[T.2]"]  # fmt: skip
    return frame, made.rhs[order].to_numpy(float), made.lhs.to_numpy(float).ravel()


@pytest.mark.parametrize(("cluster", "key"), [("site", "cr2_by_site"), ("id", "cr2_by_person")])
def test_coefficients_against_clubsandwich(data, cluster, key):
    frame, x, y = data
    fit = fit_cluster_robust(x, y, pd.factorize(frame[cluster])[0])
    expected = pd.DataFrame(EXPECTED[key]["coefficients"])
    # both are closed forms: only rounding in the JSON separates them
    np.testing.assert_allclose(fit.beta, expected["estimate"], rtol=1e-8)
    np.testing.assert_allclose(np.sqrt(np.diag(fit.vcov)), expected["se"], rtol=1e-8)
    np.testing.assert_allclose([fit.df(row) for row in np.eye(7)], expected["df"], rtol=1e-8)


@pytest.mark.parametrize(("cluster", "key"), [("site", "cr2_by_site"), ("id", "cr2_by_person")])
def test_a_contrast_against_clubsandwich(data, cluster, key):
    frame, x, y = data
    fit = fit_cluster_robust(x, y, pd.factorize(frame[cluster])[0])
    weights = np.array([0, 0, 0, 0, 0, 1.0, -1.0])
    expected = EXPECTED[key]["last_two"]
    assert weights @ fit.beta == pytest.approx(expected["Est"], rel=1e-8)
    assert np.sqrt(weights @ fit.vcov @ weights) == pytest.approx(expected["SE"], rel=1e-8)
    assert fit.df(weights) == pytest.approx(expected["df"], rel=1e-8)
