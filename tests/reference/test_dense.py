"""The dense oracle against R, so that where it judges the estimator it has itself been judged.

Tolerances, relative: 1e-5 against base R by brute force (both optimised to the last digits; what is left is finite
differences), 3e-5 / 3e-4 (standard errors, df) against lme4 and its companions, which take numerical Hessians and stop
earlier, 1e-7 against clubSandwich held at the same covariance.
"""

import numpy as np
import pandas as pd
import pytest
from dense.dense import (
    fit,
    fit_at,
    information,
    kenward_roger_f,
    loglik,
    maximise,
    one_row,
    robust,
    satterthwaite_f,
    score,
)
from references import dense_model, read_csv, read_json, same, sigma, theta_of

STRUCTURES = [
    "unstructured",
    "toeplitz",
    "ar1",
    "compound_symmetry",
    "heterogeneous_toeplitz",
    "heterogeneous_ar1",
    "heterogeneous_compound_symmetry",
]


def check_rows(model, fitted, expected, method, kind, *, se=1e-5, df=1e-5):
    for row in expected:
        ours = one_row(fitted, model.row(row["term"]), method, kind)
        assert ours[0] == pytest.approx(row["estimate"], abs=se * row["se"]), row["term"]
        assert ours[1] == pytest.approx(row["se"], rel=se), row["term"]
        assert ours[2] == pytest.approx(row["df"], rel=df), row["term"]


def check_base_r(model, structure, expected):
    fitted = fit(model.problem, model.start)
    assert loglik(model.problem, fitted.theta) == pytest.approx(expected["loglik"], abs=1e-8)
    Sigma = np.array(expected["covariance"])
    n_waves = len(Sigma)
    ours = sigma(structure, fitted.theta[: len(model.start) - len(expected.get("variance_components", {}))], n_waves)
    assert ours == pytest.approx(Sigma, rel=1e-5)
    for kind in ("observed", "expected"):
        for method in ("kenward-roger", "satterthwaite"):
            check_rows(model, fitted, expected[f"{method.replace('-', '_')}_{kind}"], method, kind)
        F, df1, df2, scale = kenward_roger_f(fitted, model.rows(expected["f_test"]["terms"]), kind)
        test = expected["f_test"][kind]
        assert (F, df1, df2, scale) == pytest.approx(
            (test["statistic"], test["df1"], test["df2"], test["scale"]), rel=1e-5
        )


def check_lmer(model, fitted, expected, *, df=3e-4):
    assert loglik(model.problem, fitted.theta) == pytest.approx(expected["loglik"], abs=1e-7)
    check_rows(model, fitted, expected["satterthwaite_observed"], "satterthwaite", "observed", se=3e-5, df=df)
    if "kenward_roger_expected" in expected:
        check_rows(model, fitted, expected["kenward_roger_expected"], "kenward-roger", "expected", se=3e-5, df=df)
    for test in expected.get("f_tests", {}).values():
        terms = [t for t in model.terms if t.startswith("cohortmentored:") or t == "cohortmentored"]
        terms = terms[-test["satterthwaite_observed"]["df1"] :]
        F, _, df2 = satterthwaite_f(fitted, model.rows(terms))
        s = test["satterthwaite_observed"]
        assert (F, df2) == pytest.approx((s["statistic"], s["df2"]), rel=df)
        F, _, df2, _ = kenward_roger_f(fitted, model.rows(terms), "expected")
        k = test["kenward_roger_expected"]
        assert (F, df2) == pytest.approx((k["statistic"], k["df2"]), rel=df)


@pytest.mark.parametrize("structure", STRUCTURES)
def test_twelve_people(structure):
    model = dense_model(read_csv("n12"), "score ~ cohort * wave", structure)
    check_base_r(model, structure, read_json("n12")["fits"][structure])


@pytest.mark.parametrize("structure", STRUCTURES)
def test_structures(structure):
    reference = read_json("structures")
    model = dense_model(read_csv("structures"), "score ~ cohort * wave + age", structure)
    check_base_r(model, structure, reference["dense"][structure])
    if structure in reference["gls"]:
        expected = reference["gls"][structure]
        fitted = fit(model.problem, model.start)
        assert loglik(model.problem, fitted.theta) == pytest.approx(expected["loglik"], abs=1e-7)
        Sigma = np.array(expected["covariance"])
        sd = np.sqrt(np.diag(Sigma))
        assert sigma(structure, fitted.theta, 4) / np.outer(sd, sd) == pytest.approx(Sigma / np.outer(sd, sd), abs=1e-4)
        for row in expected["coefficients"]:
            estimate, se, _ = one_row(fitted, model.row(row["term"]), "satterthwaite")
            assert estimate == pytest.approx(row["estimate"], abs=1e-4 * se)
            assert se == pytest.approx(row["se"], rel=1e-4)


def test_eight_an_arm():
    model = dense_model(read_csv("eight_an_arm"), "score ~ cohort * wave + age * wave", "unstructured")
    check_base_r(model, "unstructured", read_json("eight_an_arm")["dense"])


def test_wave_in_one_cohort_only():
    reference = read_json("one_cohort_wave")
    d = read_csv("one_cohort_wave")
    model = dense_model(d, "score ~ cohort * wave", "unstructured", drop=["cohortmentored:wave3"])
    check_base_r(model, "unstructured", reference["dense"])
    model = dense_model(d, "score ~ cohort * wave", "random_intercept", drop=["cohortmentored:wave3"])
    check_lmer(model, fit(model.problem, model.start), reference["random_intercept"])


def test_redundant_column():
    model = dense_model(read_csv("redundant_column"), "score ~ cohort * wave + age", "random_intercept")
    check_lmer(model, fit(model.problem, model.start), read_json("redundant_column")["fit"])


def test_no_site_variance():
    d = read_csv("no_site_variance")
    expected = read_json("no_site_variance")
    model = dense_model(d, "score ~ cohort * wave", "random_intercept")
    fitted = fit(model.problem, model.start)
    check_lmer(model, fitted, expected["without"])
    # the site variance would go below zero if it could: its score at zero is negative
    wider = dense_model(d, "score ~ cohort * wave", "random_intercept", extra=[same(d["site"])])
    assert score(wider.problem, np.append(fitted.theta, 0.0))[-1] < 0


@pytest.mark.parametrize("waves", [True, False])
def test_classes_in_schools(waves):
    d = read_csv("classes_in_schools")
    wave = same(d["wave"])
    extra = [same(d["school"]), same(d["class"])]
    if waves:
        extra += [same(d["school"]) & wave, same(d["class"]) & wave]
    model = dense_model(d, "score ~ cohort * wave + age * wave", "random_intercept", extra=extra)
    name = "with_wave_effects" if waves else "without_wave_effects"
    check_lmer(model, fit(model.problem, model.start), read_json("classes_in_schools")[name])


@pytest.mark.parametrize("name", ["intercept_and_waves", "intercept", "heterogeneous_ar1"])
def test_unstructured_in_sites(name):
    d = read_csv("unstructured_in_sites")
    extra = [same(d["site"])]
    if name == "intercept_and_waves":
        extra.append(same(d["site"]) & same(d["wave"]))
    structure = "heterogeneous_ar1" if name == "heterogeneous_ar1" else "unstructured"
    model = dense_model(d, "score ~ cohort * wave", structure, extra=extra)
    check_base_r(model, structure, read_json("unstructured_in_sites")[name])


def mentor_terms(d, waves):
    after = ((d["cohort"] == "mentored") & (d["wave"] != "0")).to_numpy()
    together = same(d["mentor"]) & np.outer(after, after)
    return [together, together & same(d["wave"])] if waves else [together]


@pytest.mark.parametrize("waves", [True, False])
def test_mentors_in_one_arm(waves):
    d = read_csv("mentors")
    reference = read_json("mentors")
    model = dense_model(d, "score ~ cohort * wave", "random_intercept", extra=mentor_terms(d, waves))
    check_lmer(model, fit(model.problem, model.start), reference["intercept_and_waves" if waves else "intercept"])
    model = dense_model(d, "score ~ cohort * wave", "unstructured", extra=mentor_terms(d, waves))
    check_base_r(model, "unstructured", reference["unstructured_and_waves" if waves else "unstructured"])


def test_random_slope_unscheduled():
    d = read_csv("unscheduled")
    for reml in (True, False):
        model = dense_model(d, "score ~ cohort * months", "random_slope", time="months", reml=reml)
        check_lmer(model, fit(model.problem, model.start), read_json("unscheduled")["reml" if reml else "ml"], df=1e-3)


@pytest.mark.parametrize("structure", ["unstructured", "ar1", "heterogeneous_compound_symmetry", "random_intercept"])
def test_likelihood_ratio(structure):
    expected = read_json("maximum_likelihood")[structure]
    values = []
    for size, formula in (("full", "score ~ cohort * wave + age"), ("reduced", "score ~ cohort + wave + age")):
        model = dense_model(read_csv("structures"), formula, structure, reml=False)
        theta = maximise(model.problem, model.start)
        values.append(loglik(model.problem, theta))
        assert values[-1] == pytest.approx(expected[size]["loglik"], abs=1e-6)
        if structure == "random_intercept":
            check_lmer(model, fit_at(model.problem, theta), expected[size])
    assert 2 * (values[0] - values[1]) == pytest.approx(expected["likelihood_ratio"]["statistic"], abs=1e-6)


@pytest.mark.parametrize("name", ["weighted", "gls_own_theta", "unweighted"])
def test_cluster_robust(name):
    d = read_csv("weights")
    expected = read_json("weights")[name]
    weights = None if name == "unweighted" else "weight"
    model = dense_model(d, "score ~ cohort * wave + age * wave", "unstructured", weights=weights)
    theta = theta_of("unstructured", expected["covariance"])
    if name != "gls_own_theta":
        best = maximise(model.problem, model.start)
        assert best == pytest.approx(theta, rel=1e-6 if name == "weighted" else 3e-4)
        assert loglik(model.problem, best) == pytest.approx(expected["loglik"], abs=1e-7)
    fitted = fit_at(model.problem, theta)
    for kind in ("CR2", "CR0"):
        for level, cluster in (("participant", d["id"]), ("site", d["site"])):
            for row in expected[f"{kind}_{level}"]:
                ours = robust(fitted, model.row(row["term"]), cluster, kind)
                assert ours == pytest.approx((row["estimate"], row["se"], row["df"]), rel=1e-7)


def test_a_weight_of_two_is_two_people():
    d = read_csv("n12")
    weight = d["id"].map({p: 1 + (i % 3 == 0) for i, p in enumerate(d["id"].unique())})
    again = d[weight == 2].assign(id=lambda x: x["id"] + "b")
    doubled = dense_model(pd.concat([d, again], ignore_index=True), "score ~ cohort * wave", "unstructured")
    weighted = dense_model(d.assign(w=weight), "score ~ cohort * wave", "unstructured", weights="w")
    theta = maximise(doubled.problem, doubled.start)
    assert loglik(weighted.problem, theta) == pytest.approx(loglik(doubled.problem, theta), abs=1e-10)
    assert score(weighted.problem, theta) == pytest.approx(np.zeros(6), abs=1e-6)
    assert information(weighted.problem, theta) == pytest.approx(information(doubled.problem, theta), rel=1e-8)


@pytest.mark.parametrize("structure", ["unstructured", "heterogeneous_toeplitz", "ar1"])
@pytest.mark.parametrize("reml", [True, False])
@pytest.mark.parametrize("weights", [None, "weight"])
def test_score_and_information_are_derivatives(structure, reml, weights):
    d = read_csv("weights")
    model = dense_model(d, "score ~ cohort * wave", structure, reml=reml, weights=weights)
    theta, h = model.start * 1.03, 1e-4
    steps = np.eye(len(theta)) * h
    by_difference = [(loglik(model.problem, theta + e) - loglik(model.problem, theta - e)) / (2 * h) for e in steps]
    assert score(model.problem, theta) == pytest.approx(np.array(by_difference), rel=1e-5, abs=1e-5)
    hessian = [(score(model.problem, theta + e) - score(model.problem, theta - e)) / (2 * h) for e in steps]
    assert information(model.problem, theta) == pytest.approx(-np.array(hessian), rel=1e-5, abs=1e-5)
