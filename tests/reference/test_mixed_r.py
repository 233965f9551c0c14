"""`alongside.mixed` against the R references of this folder (README.md says how each was made).

Tolerances: those of the methods, section 2.2 (`comparing.Tolerance`); fits of the lme4 family have their own.
"""

import numpy as np
import pandas as pd
import pytest
from comparing import LME4, METHOD_NAMES, METHODS, assert_covariance, assert_f, assert_inference, assert_table
from references import read_csv, read_json

from alongside.mixed import Cluster, DesignError, fit

STRUCTURES = [
    "unstructured",
    "toeplitz",
    "ar1",
    "compound_symmetry",
    "heterogeneous_toeplitz",
    "heterogeneous_ar1",
    "heterogeneous_compound_symmetry",
]


def fit_csv(name, formula, **options):
    data = options.pop("data", None)
    return fit(formula, read_csv(name) if data is None else data, participant="id", wave="wave", **options)


def check_base_r(model, reference):
    assert model.status == "ok"
    assert_inference(model, reference)
    assert_covariance(model.covariance, reference["covariance"])
    for information in ("observed", "expected"):
        assert_f(model, reference["f_test"]["terms"], reference["f_test"][information], "kenward-roger", information)


def components(model):
    return dict(zip(model.variance_components["component"], model.variance_components["estimate"], strict=True))


def check_lmer(model, reference, names, *, tests=()):
    """`names`: lmer's group -> the estimator's component."""
    assert_inference(model, reference, LME4)
    mine = components(model)
    for row in reference["variance_components"]:
        assert mine[names[row["grp"]]] == pytest.approx(row["vcov"], rel=2e-4), row["grp"]
    for terms in tests:
        for key, expected in reference["f_tests"]["cohort_by_wave"].items():
            method, _, information = key.rpartition("_")
            assert_f(model, terms, expected, METHOD_NAMES[method], information, LME4)


PERSON = {"id": "variance of random intercept", "Residual": "residual variance"}
INTERACTION = ["cohortmentored:wave1", "cohortmentored:wave2"]


@pytest.mark.parametrize("structure", STRUCTURES)
def test_twelve_people(structure):
    model = fit_csv("n12", "score ~ cohort * wave", covariance=structure)
    check_base_r(model, read_json("n12")["fits"][structure])


@pytest.mark.parametrize("structure", STRUCTURES)
def test_four_waves(structure):
    reference = read_json("structures")
    model = fit_csv("structures", "score ~ cohort * wave + age", covariance=structure)
    check_base_r(model, reference["dense"][structure])
    if structure in reference["gls"]:
        expected = reference["gls"][structure]
        assert model.loglik == pytest.approx(expected["loglik"], abs=METHODS.loglik)
        assert_table(model.coefficients(df="satterthwaite"), expected["coefficients"])
        assert_covariance(model.covariance, expected["covariance"])


def test_eight_an_arm():
    reference = read_json("eight_an_arm")
    model = fit_csv("eight_an_arm", "score ~ cohort * wave + age * wave")
    check_base_r(model, reference["dense"])
    assert_table(model.coefficients(df="satterthwaite"), reference["gls"]["coefficients"])
    assert_covariance(model.covariance, reference["gls"]["covariance"])


def test_site_variance_of_zero_is_dropped_and_recorded():
    reference = read_json("no_site_variance")
    model = fit_csv(
        "no_site_variance",
        "score ~ cohort * wave",
        covariance="random_intercept",
        clusters=[Cluster("site", by_wave=False)],
    )
    check_lmer(model, reference["without"], PERSON)
    assert components(model)["variance of site"] == 0
    assert any("site" in text and "zero" in text for text in model.warnings)


def test_redundant_column_is_named():
    with pytest.raises(DesignError, match="months_old"):
        fit_csv("redundant_column", "score ~ cohort * wave + age + months_old", covariance="random_intercept")
    model = fit_csv("redundant_column", "score ~ cohort * wave + age", covariance="random_intercept")
    check_lmer(model, read_json("redundant_column")["fit"], PERSON)


def test_wave_in_one_cohort_only():
    reference = read_json("one_cohort_wave")
    with pytest.raises(DesignError, match=r"cohort.*wave"):
        fit_csv("one_cohort_wave", "score ~ cohort * wave")
    data = read_csv("one_cohort_wave")
    for wave in "12":
        data[f"cohortmentored_wave{wave}"] = ((data["cohort"] == "mentored") & (data["wave"] == wave)) + 0.0
    formula = "score ~ cohort + wave + cohortmentored_wave1 + cohortmentored_wave2"
    model = fit_csv("", formula, data=data)
    renamed = rename(reference["dense"])
    check_base_r(model, renamed)
    assert_table(model.coefficients(df="satterthwaite"), rename(gls_names(reference["gls"]))["coefficients"])
    model = fit_csv("", formula, data=data, covariance="random_intercept")
    check_lmer(model, rename(reference["random_intercept"]), PERSON)


def rename(reference):
    """The references with `:` as `_` in the terms, as the hand-made columns have it."""

    def each(value):
        if isinstance(value, list) and value and isinstance(value[0], dict) and "term" in value[0]:
            return [{**row, "term": row["term"].replace(":", "_")} for row in value]
        return value

    out = {key: each(value) for key, value in reference.items()}
    if "f_test" in out:
        out["f_test"] = out["f_test"] | {"terms": [t.replace(":", "_") for t in out["f_test"]["terms"]]}
    return out


def gls_names(reference):
    rows = [{**row, "term": row["term"].removeprefix("X")} for row in reference["coefficients"]]
    return reference | {"coefficients": rows}


@pytest.mark.parametrize("by_wave", [True, False])
def test_classes_in_schools(by_wave):
    model = fit_csv(
        "classes_in_schools",
        "score ~ cohort * wave + age * wave",
        covariance="random_intercept",
        clusters=[Cluster("school", by_wave=by_wave), Cluster("class", by_wave=by_wave)],
    )
    names = PERSON | {
        "school": "variance of school",
        "class": "variance of class",
        "school:wave": "variance of school by wave",
        "class:wave": "variance of class by wave",
    }
    name = "with_wave_effects" if by_wave else "without_wave_effects"
    check_lmer(model, read_json("classes_in_schools")[name], names, tests=[INTERACTION])


@pytest.mark.parametrize("name", ["intercept_and_waves", "intercept", "heterogeneous_ar1"])
def test_unstructured_in_sites(name):
    reference = read_json("unstructured_in_sites")[name]
    model = fit_csv(
        "unstructured_in_sites",
        "score ~ cohort * wave",
        covariance="heterogeneous_ar1" if name == "heterogeneous_ar1" else "unstructured",
        clusters=[Cluster("site", by_wave=name == "intercept_and_waves")],
    )
    check_base_r(model, reference)
    mine = components(model)
    assert mine["variance of site"] == pytest.approx(reference["variance_components"]["site"], rel=1e-4)
    if name == "intercept_and_waves":
        expected = reference["variance_components"]["site:wave"]
        assert mine["variance of site by wave"] == pytest.approx(expected, rel=1e-4)


def mentors():
    data = read_csv("mentors")
    return data.assign(mentor=data["mentor"].where(data["mentor"] != ""))


@pytest.mark.parametrize("by_wave", [True, False])
def test_mentors_in_one_cohort_after_baseline(by_wave):
    reference = read_json("mentors")
    cluster = [Cluster("mentor", by_wave=by_wave, baseline=False)]
    names = PERSON | {"mentor": "variance of mentor", "mentor:wave": "variance of mentor by wave"}
    model = fit_csv("", "score ~ cohort * wave", data=mentors(), covariance="random_intercept", clusters=cluster)
    check_lmer(model, reference["intercept_and_waves" if by_wave else "intercept"], names, tests=[INTERACTION])
    model = fit_csv("", "score ~ cohort * wave", data=mentors(), clusters=cluster)
    expected = reference["unstructured_and_waves" if by_wave else "unstructured"]
    check_base_r(model, expected)
    mine = components(model)
    for group, value in expected["variance_components"].items():
        assert mine[names[group]] == pytest.approx(value, rel=1e-4), group


@pytest.mark.parametrize("structure", ["unstructured", "ar1", "heterogeneous_compound_symmetry", "random_intercept"])
def test_likelihood_ratio(structure):
    reference = read_json("maximum_likelihood")[structure]
    models = {}
    for size, formula in (("full", "score ~ cohort * wave + age"), ("reduced", "score ~ cohort + wave + age")):
        model = models[size] = fit_csv("structures", formula, covariance=structure, reml=False)
        assert model.loglik == pytest.approx(reference[size]["loglik"], abs=METHODS.loglik)
        key = "satterthwaite_observed" if structure == "random_intercept" else "coefficients"
        rows = [{k: row[k] for k in ("term", "estimate", "se")} for row in reference[size][key]]
        assert_table(model.coefficients(df="z"), rows, LME4)
        if structure != "random_intercept":
            assert_covariance(model.covariance, reference[size]["covariance"])
    found = models["full"].likelihood_ratio_test(models["reduced"])
    expected = reference["likelihood_ratio"]
    assert found["df"] == expected["df"]
    assert found["chi2"] == pytest.approx(expected["statistic"], abs=2e-5)
    assert found["p"] == pytest.approx(expected["p"], rel=1e-4)


@pytest.mark.parametrize("name", ["weighted", "unweighted"])
@pytest.mark.parametrize("level", ["participant", "site"])
def test_cluster_robust(name, level):
    reference = read_json("weights")[name]
    clusters = [Cluster("site")] if level == "site" else ()
    if name == "unweighted" and level == "site":
        clusters = [Cluster("site", intercept=False, by_wave=False)]
    model = fit_csv(
        "weights",
        "score ~ cohort * wave + age * wave",
        weights="weight" if name == "weighted" else None,
        clusters=clusters,
    )
    assert model.loglik == pytest.approx(reference["loglik"], abs=METHODS.loglik)
    assert_covariance(model.covariance, reference["covariance"])
    for kind in ("cr2", "cr0"):
        rows = [{k: v for k, v in row.items() if k != "t"} for row in reference[f"{kind.upper()}_{level}"]]
        assert_table(model.coefficients(df=kind), rows)
    assert np.all(model.coefficients(df="cr2")["se"] > model.coefficients(df="cr0")["se"])


@pytest.mark.parametrize("reml", [True, False])
def test_random_slope_over_unscheduled_months(reml):
    reference = read_json("unscheduled")["reml" if reml else "ml"]
    model = fit(
        "score ~ cohort * months",
        read_csv("unscheduled").assign(visit=lambda d: pd.Categorical(d["visit"])),
        participant="id",
        wave="visit",
        covariance="random_slope",
        time="months",
        reml=reml,
    )
    assert model.status == "ok"
    mine = components(model)
    for row in reference["variance_components"]:
        assert mine[SLOPE[row["grp"], row["var1"], row.get("var2")]] == pytest.approx(row["vcov"], rel=3e-4)
    if not reml:
        assert model.loglik == pytest.approx(reference["loglik"], abs=LME4.loglik)
        rows = [{k: row[k] for k in ("term", "estimate", "se")} for row in reference["satterthwaite_observed"]]
        assert_table(model.coefficients(df="z"), rows, LME4)
        return
    assert_inference(model, reference, LME4)
    for key, expected in reference["f_tests"]["both"].items():
        method, _, information = key.rpartition("_")
        terms = ["cohortmentored", "cohortmentored:months"]
        assert_f(model, terms, expected, METHOD_NAMES[method], information, LME4)


SLOPE = {
    ("id", "(Intercept)", None): "variance of random intercept",
    ("id", "months", None): "variance of random slope",
    ("id", "(Intercept)", "months"): "covariance of random intercept and slope",
    ("Residual", None, None): "residual variance",
}
