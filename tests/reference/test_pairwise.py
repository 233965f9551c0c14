"""All pairs of three cohorts against emmeans (r/make_pairwise.R): Tukey, Bonferroni, multivariate t; the F test."""

import numpy as np
import pandas as pd
import pytest
from comparing import LME4, METHOD_NAMES, assert_f, assert_inference
from references import FOLDER, read_json

from alongside.mixed import fit

LABELS = ["mentored - comparison", "peers - comparison", "peers - mentored"]


@pytest.fixture(params=["dropout", "complete"])
def case(request):
    data = pd.read_csv(FOLDER / "three_cohorts.csv")
    data["cohort"] = pd.Categorical(data["cohort"], ["comparison", "mentored", "peers"])
    data["wave"] = pd.Categorical(data["wave"])
    formula = "score ~ cohort * wave"
    if request.param == "dropout":
        data, formula = data[data["keep"] == 1], "score ~ cohort * wave + age"
    model = fit(formula, data, participant="id", wave="wave", covariance="random_intercept")
    return model, read_json("three_cohorts")[request.param]


def agree(found, expected, *, p=1e-6, limits=1e-5):
    expected = pd.DataFrame(expected)
    assert found["contrast"].tolist() == expected["contrast"].tolist()
    assert found["wave"].astype(str).tolist() == expected["wave"].tolist()
    np.testing.assert_allclose(found["estimate"], expected["estimate"], atol=1e-5)
    np.testing.assert_allclose(found["se"], expected["se"], rtol=LME4.se)
    np.testing.assert_allclose(found["df"], expected["df"], rtol=LME4.df)
    np.testing.assert_allclose(found["p"], expected["p"], atol=p)
    np.testing.assert_allclose(found[["ci_low", "ci_high"]], expected[["ci_low", "ci_high"]], atol=limits)


def test_the_fit_and_its_interaction(case):
    model, reference = case
    assert_inference(model, reference["fit"], LME4)
    terms = [f"cohort{cohort}:wave{wave}" for wave in (1, 2) for cohort in ("mentored", "peers")]
    for key, expected in reference["fit"]["f_tests"]["cohort_by_wave"].items():
        method, _, information = key.rpartition("_")
        assert_f(model, terms, expected, METHOD_NAMES[method], information, LME4)


def test_tukey(case):
    model, reference = case
    agree(model.pairwise("cohort", by="wave", information="expected"), reference["tukey"], limits=1e-4)
    agree(model.pairwise("cohort", by="wave", df="satterthwaite"), reference["tukey_satterthwaite"], limits=1e-4)


def test_bonferroni(case):
    model, reference = case
    found = model.pairwise("cohort", by="wave", adjust="bonferroni", information="expected")
    agree(found, reference["bonferroni"], limits=1e-4)


def test_multivariate_t(case):
    """emmeans' p is right to 1e-3 (mvtnorm's abseps). On complete data the pairs are Tukey's, which is exact there."""
    model, reference = case
    tables = []
    for wave in model.summaries.recipe.wave_levels:
        cells = {level: model.row(cohort=level, wave=wave) for level in ("comparison", "mentored", "peers")}
        rows = {label: cells[label.split(" - ")[0]] - cells[label.split(" - ")[1]] for label in LABELS}
        found = model.contrasts(rows, information="expected", simultaneous="single-step")
        tables.append(found.assign(wave=wave))
    found = pd.concat(tables)
    agree(found, reference["mvt"], p=1e-3, limits=5e-3)
    if model.summaries.rows == 3 * model.summaries.participants:
        agree(found, reference["tukey"], p=1e-4, limits=1e-3)
