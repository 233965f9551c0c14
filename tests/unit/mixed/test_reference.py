"""Fits against R: mmrm, lme4 with lmerTest and pbkrtest, nlme, emmeans."""

import os

import numpy as np
import pandas as pd
import pytest

from alongside.mixed import Cluster, fit

from .reference import LME4, MMRM, agree, btheb_five, btheb_long, numbers, sites, sleepstudy

STRUCTURES = {
    "unstructured": "unstructured",
    "compound_symmetry": "compound_symmetry",
    "ar1": "ar1",
    "toeplitz": "toeplitz",
    "heterogeneous_cs": "heterogeneous_compound_symmetry",
    "heterogeneous_ar1": "heterogeneous_ar1",
}
METHODS = {"satterthwaite": "satterthwaite", "kenward_roger": "kenward-roger"}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("structure", STRUCTURES)
def test_btheb_against_mmrm(structure, method):
    expected = numbers("btheb_mmrm.json")[f"{structure}.{method}"]
    model = fit(
        "bdi ~ pre + drug + length + treatment*visit",
        btheb_long(),
        participant="subject",
        wave="visit",
        covariance=STRUCTURES[structure],
    )
    df = METHODS[method]
    assert model.status == "ok"
    agree(model.coefficients(df=df), expected["coefficients"], MMRM)
    assert model.loglik == pytest.approx(expected["loglik_reml"], abs=1e-5)
    np.testing.assert_allclose(model.covariance, expected["covariance"], rtol=1e-5)
    means = model.marginal_means("treatment", by="visit", df=df)
    by_r = pd.DataFrame(expected["marginal_means"])
    assert means["treatment"].tolist() == by_r["treatment"].tolist()
    np.testing.assert_allclose(means["estimate"], by_r["emmean"], rtol=1e-6)
    np.testing.assert_allclose(means["se"], by_r["SE"], rtol=1e-5)
    np.testing.assert_allclose(means["df"], by_r["df"], rtol=1e-4)
    pairs = model.pairwise("treatment", by="visit", df=df)
    by_r = pd.DataFrame(expected["pairwise"])
    for column in ("estimate", "df"):
        np.testing.assert_allclose(pairs[column], by_r[column], rtol=1e-4)
    np.testing.assert_allclose(pairs["p"], by_r["p.value"], rtol=1e-4)
    np.testing.assert_allclose(pairs["ci_low"], by_r["lower.CL"], rtol=1e-4)


@pytest.mark.parametrize("method", METHODS)
def test_baseline_as_outcome_against_mmrm(method):
    expected = numbers("btheb_baseline_as_outcome_mmrm.json")[f"unstructured.{method}"]
    model = fit("bdi ~ treatment*visit", btheb_five(), participant="subject", wave="visit")
    agree(model.coefficients(df=METHODS[method]), expected["coefficients"], MMRM)
    assert model.loglik == pytest.approx(expected["loglik_reml"], abs=1e-5)


@pytest.mark.parametrize("method", METHODS)
def test_constrained_baseline_against_mmrm(method):
    expected = numbers("btheb_constrained_baseline_mmrm.json")[f"unstructured.{method}"]
    model = fit("bdi ~ treatment*visit", btheb_five(), participant="subject", wave="visit", baseline=0)
    agree(model.coefficients(df=METHODS[method]), expected["coefficients"], MMRM)
    assert model.loglik == pytest.approx(expected["loglik_reml"], abs=1e-5)
    means = model.marginal_means("treatment", by="visit")
    assert means["estimate"][0] == pytest.approx(means["estimate"][1], abs=1e-12)
    change = model.difference_in_change("treatment", "BtheB", "TAU", wave=8)
    row = model.contrasts({"change": change}, df=METHODS[method]).iloc[0]
    at_eight = next(term for term in expected["coefficients"] if term["term"] == "btheb_at_8")
    assert row["estimate"] == pytest.approx(at_eight["estimate"], rel=1e-6)
    assert row["df"] == pytest.approx(at_eight["df"], rel=1e-4)


@pytest.mark.parametrize("method", ["satterthwaite", "kenward_roger"])
@pytest.mark.parametrize("name", ["random_intercept", "random_slope", "random_intercept_by_visit"])
def test_btheb_against_lme4(name, method):
    expected = numbers("btheb_lmer.json")[name]
    formula = "bdi ~ pre + month + treatment + drug + length"
    order = None
    if name == "random_intercept_by_visit":
        formula = "bdi ~ pre + drug + length + treatment*visit"
    model = fit(
        formula,
        btheb_long(),
        participant="subject",
        wave="visit",
        covariance="random_slope" if name == "random_slope" else "random_intercept",
        time="month",
    )
    information = "observed" if method == "satterthwaite" else "expected"
    table = model.coefficients(df=METHODS[method], information=information)
    agree(table, expected[method], LME4, order=order)
    assert model.loglik == pytest.approx(expected["loglik_reml"], abs=3e-5)
    found = dict(model.variance_components[["component", "estimate"]].to_numpy())
    by_r = {(part["grp"], part["var1"], part["var2"]): part["vcov"] for part in expected["variance_components"]}
    assert found["residual variance"] == pytest.approx(by_r["Residual", None, None], rel=1e-3)
    assert found["variance of random intercept"] == pytest.approx(by_r["subject", "(Intercept)", None], rel=1e-3)
    if name == "random_slope":
        assert found["variance of random slope"] == pytest.approx(by_r["subject", "month", None], rel=1e-3)


@pytest.mark.parametrize("method", ["satterthwaite", "kenward_roger"])
@pytest.mark.parametrize("name", ["participant_in_site", "participant_in_site_by_wave"])
def test_sites_against_lme4(name, method):
    expected = numbers("simulated_sites_lmer.json")[name]
    by_wave = name.endswith("by_wave")
    model = fit(
        "score ~ cohort*wave + age*wave" if by_wave else "score ~ cohort*wave + age",
        sites(),
        participant="id",
        wave="wave",
        covariance="random_intercept",
        clusters=[Cluster("site", by_wave=by_wave)],
    )
    information = "observed" if method == "satterthwaite" else "expected"
    table = model.coefficients(df=METHODS[method], information=information)
    order = [part["term"] for part in expected[method]]
    place = {_as_r(term): i for i, term in enumerate(table["term"])}
    table = table.iloc[[place[term] if term in place else place[_swap(term)] for term in order]]
    agree(table, expected[method], LME4)
    assert model.loglik == pytest.approx(expected["loglik_reml"], abs=3e-5)
    by_r = {part["grp"]: part["vcov"] for part in expected["variance_components"]}
    found = dict(model.variance_components[["component", "estimate"]].to_numpy())
    assert found["variance of site"] == pytest.approx(by_r["site"], rel=2e-3)
    assert found["variance of random intercept"] == pytest.approx(by_r["id"], rel=2e-3)
    if by_wave:
        assert found["variance of site by wave"] == pytest.approx(by_r["site:wave"], rel=2e-3)


def _as_r(term):
    return term.replace("[T.", "").replace("]", "").replace("Intercept", "(Intercept)")


def _swap(term):
    return ":".join(reversed(term.split(":")))


def test_unstructured_with_site_intercept_against_nlme():
    expected = numbers("simulated_sites_lme.json")
    model = fit(
        "score ~ cohort*wave + age",
        sites(),
        participant="id",
        wave="wave",
        clusters=[Cluster("site", by_wave=False)],
    )
    table = model.coefficients(df="satterthwaite")
    agree(table, expected["coefficients"], LME4)
    assert model.loglik == pytest.approx(expected["loglik_reml"], abs=3e-5)
    site = model.variance_components.set_index("component").loc["variance of site", "estimate"]
    assert np.sqrt(site) == pytest.approx(expected["site_sd"], rel=1e-3)
    deviations = np.sqrt(np.diag(model.covariance))
    np.testing.assert_allclose(deviations, expected["residual_sd_by_wave"], rtol=1e-3)


@pytest.mark.parametrize("method", ["satterthwaite", "kenward_roger"])
def test_sleepstudy_against_lme4(method):
    expected = numbers("sleepstudy_lmer.json")["random_slope"]
    model = fit(
        "Reaction ~ Days",
        sleepstudy(),
        participant="Subject",
        wave="Days",
        covariance="random_slope",
        time="Days",
    )
    information = "observed" if method == "satterthwaite" else "expected"
    agree(model.coefficients(df=METHODS[method], information=information), expected[method], LME4)
    assert model.loglik == pytest.approx(expected["loglik_reml"], abs=3e-5)


@pytest.mark.woodworth
@pytest.mark.parametrize(("outcome", "column"), [("cesd", "cesdTotal"), ("ahi", "ahiTotal")])
def test_four_arms_six_waves_against_mmrm(outcome, column):
    """ALONGSIDE_WOODWORTH names the folder of ahi-cesd.csv (Woodworth 2018, doi 10.5334/jopd.35, CC BY 4.0)."""
    path = os.path.join(os.environ["ALONGSIDE_WOODWORTH"], "ahi-cesd.csv")
    data = pd.read_csv(path).drop_duplicates(["id", "occasion"])
    arms = {4: "early_memories", 1: "signature_strengths", 2: "three_good_things", 3: "gratitude_visit"}
    data["arm"] = pd.Categorical(data["intervention"].map(arms), list(arms.values()))
    data["wave"] = pd.Categorical(data["occasion"])
    expected = numbers("woodworth2018_mmrm.json")[f"{outcome}.kenward_roger"]
    model = fit(f"{column} ~ arm*wave", data, participant="id", wave="wave")
    table = model.coefficients()
    place = {_as_r(term): i for i, term in enumerate(table["term"])}
    agree(table.iloc[[place[part["term"]] for part in expected["coefficients"]]], expected["coefficients"], MMRM)
    assert model.loglik == pytest.approx(expected["loglik_reml"], abs=1e-5)
    pairs = model.pairwise("arm", by="wave")
    by_r = pd.DataFrame(expected["pairwise"])
    np.testing.assert_allclose(pairs["estimate"], by_r["estimate"], atol=1e-4)
    np.testing.assert_allclose(pairs["p"], by_r["p.value"], atol=1e-5)
    np.testing.assert_allclose(pairs["ci_high"], by_r["upper.CL"], atol=2e-3)
