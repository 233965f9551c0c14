"""Two sites: their intercept has about one degree of freedom, the contrasts asked for have dozens, and stand.

r/make_two_sites.R made the numbers: lmerTest and pbkrtest, and the brute force in base R for the unstructured fits.
"""

import numpy as np
import pytest
from comparing import LME4, METHOD_NAMES, METHODS, assert_f, assert_table, term_rows
from references import read_csv, read_json

from alongside.mixed import Cluster, fit

FORMULA = "score ~ cohort * wave"
THIN = ["Intercept"]
INTERACTION = ["cohortmentored:wave1", "cohortmentored:wave2"]


def fit_two(covariance="unstructured", *, by_wave=True):
    clusters = [Cluster("site", by_wave=by_wave)]
    return fit(FORMULA, read_csv("two_sites"), participant="id", wave="wave", covariance=covariance, clusters=clusters)


def check(model, reference, tolerance):
    """Every row's estimate, standard error and df; p where there are two degrees of freedom, nothing where not."""
    assert model.status == "partial"
    assert model.thin == THIN
    assert model.loglik == pytest.approx(reference["loglik"], abs=tolerance.loglik)
    for key, rows in reference.items():
        method, _, information = key.rpartition("_")
        if method not in METHOD_NAMES:
            continue
        table = model.coefficients(df=METHOD_NAMES[method], information=information)
        kept = table[~table["term"].isin(THIN)]
        assert_table(kept, [row for row in rows if row["term"] != "(Intercept)"], tolerance)
        thin = table[table["term"].isin(THIN)]
        plain = [{name: row[name] for name in ("term", "estimate", "se", "df")} for row in rows]
        assert_table(thin, [row for row in plain if row["term"] == "(Intercept)"], tolerance)
        assert (thin["df"] < 2).all()
        assert thin[["t", "p", "ci_low", "ci_high"]].isna().all().all()


@pytest.mark.parametrize("by_wave", [True, False])
def test_random_intercept_against_pbkrtest(by_wave):
    reference = read_json("two_sites")["intercept_and_waves" if by_wave else "intercept"]
    model = fit_two("random_intercept", by_wave=by_wave)
    check(model, reference, LME4)
    for key, expected in reference["f_tests"]["cohort_by_wave"].items():
        method, _, information = key.rpartition("_")
        assert_f(model, INTERACTION, expected, METHOD_NAMES[method], information, LME4)
    for key, expected in reference["f_tests"]["level_and_waves"].items():
        method, _, information = key.rpartition("_")
        rows = term_rows(model, ["(Intercept)", "wave1", "wave2"])
        found = model.contrasts({"f": rows}, df=METHOD_NAMES[method], information=information).iloc[0]
        assert found["statistic"] == pytest.approx(expected["statistic"], rel=LME4.df)
        assert found["df"] == pytest.approx(expected["df2"], rel=LME4.df)
        # lmerTest gives two degrees of freedom where one row has no more, and so does the estimator; pbkrtest's 0.6 are
        # below what anybody should read a tail of
        assert np.isnan(found["p"]) == (expected["df2"] < 2)


@pytest.mark.parametrize("by_wave", [True, False])
def test_unstructured_against_base_r(by_wave):
    reference = read_json("two_sites")["unstructured_and_waves" if by_wave else "unstructured"]
    check(fit_two(by_wave=by_wave), reference, METHODS)


def test_another_covariance_is_not_tried_for_what_clusters_leave_short():
    """The declared order of covariances is about people; none of them could give the intercept a third site."""
    model = fit_two(["unstructured", "heterogeneous_ar1", "random_intercept"])
    assert model.structure == "unstructured"
    assert [attempt["structure"] for attempt in model.attempts] == ["unstructured"]
    assert any("Fewer than two degrees of freedom" in text and "Intercept" in text for text in model.warnings)


def test_families_leave_out_what_has_no_t():
    model = fit_two()
    rows = {"level": "Intercept", "w1": "cohort[T.mentored]:wave[T.1]", "w2": "cohort[T.mentored]:wave[T.2]"}
    pair = {name: rows[name] for name in ("w1", "w2")}
    for how in ("bonferroni", "single-step"):
        three = model.contrasts(rows, simultaneous=how).set_index("contrast")
        two = model.contrasts(pair, simultaneous=how).set_index("contrast")
        assert three.loc["level", ["p", "ci_low", "ci_high"]].isna().all()
        np.testing.assert_allclose(three.loc[["w1", "w2"], "p"], two["p"])
        np.testing.assert_allclose(three.loc[["w1", "w2"], "ci_low"], two["ci_low"])
    for adjust in ("tukey", "bonferroni", "none"):
        pairs = model.pairwise("wave", adjust=adjust)
        assert np.array_equal(pairs["p"].isna(), pairs["df"] < 2)
