"""What a model says: means, contrasts, families of them, variances, likelihoods, rows."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from alongside.mixed import Cluster, fit

from .panels import panel
from .reference import numbers, sites, sleepstudy

FORMULA = "score ~ cohort * wave + age * wave"
WHO = {"participant": "id", "wave": "wave"}


@pytest.fixture(scope="module")
def model():
    return fit(FORMULA, panel(50, 3, seed=31), **WHO)


def test_marginal_means_are_at_the_mean_of_the_rows(model):
    data = panel(50, 3, seed=31)
    table = model.marginal_means("cohort", by="wave")
    b = dict(zip(model.names, model.beta, strict=True))
    by_hand = (
        b["Intercept"]
        + b["cohort[T.mentored]"]
        + b["wave[T.w2]"]
        + b["cohort[T.mentored]:wave[T.w2]"]
        + (b["age"] + b["age:wave[T.w2]"]) * data["age"].mean()
    )
    cell = table[(table["wave"] == "w2") & (table["cohort"] == "mentored")]
    assert cell["estimate"].item() == pytest.approx(by_hand, abs=1e-10)
    assert table[["wave", "cohort"]].to_numpy().tolist()[:2] == [["w0", "comparison"], ["w0", "mentored"]]


def test_means_over_the_sample_use_every_participant_once(model):
    data = panel(50, 3, seed=31)
    ages = data.drop_duplicates("id")["age"].mean()
    over = model.marginal_means("cohort", by="wave", over="sample")
    at = model.marginal_means("cohort", by="wave", at={"age": ages})
    np.testing.assert_allclose(over["estimate"], at["estimate"], rtol=1e-10)
    np.testing.assert_allclose(over["se"], at["se"], rtol=1e-10)


def test_difference_in_change_is_the_interaction(model):
    row = model.difference_in_change("cohort", "mentored", "comparison", wave="w2")
    table = model.contrasts({"by cells": row, "by name": "cohort[T.mentored]:wave[T.w2]"})
    np.testing.assert_allclose(table.iloc[0, 1:].astype(float), table.iloc[1, 1:].astype(float), rtol=1e-9)


@pytest.mark.parametrize("df", ["kenward-roger", "satterthwaite", "between-within", "residual", "z", "cr2", "cr0"])
def test_every_method_gives_finite_numbers_in_order(model, df):
    table = model.coefficients(df=df)
    assert np.isfinite(table[["estimate", "se", "t", "p", "ci_low", "ci_high"]]).all().all()
    assert (table["ci_low"] < table["estimate"]).all()
    assert table["p"].between(0, 1).all()


def test_between_within_degrees_of_freedom(model):
    """Columns that change within people: all but the intercept, cohort and age, so 50 - 3 and N - 50 - 6."""
    table = model.coefficients(df="between-within").set_index("term")["df"]
    assert table["cohort[T.mentored]"] == 47
    assert table["cohort[T.mentored]:wave[T.w1]"] == model.summaries.rows - 50 - 6
    mean = model.contrasts({"mean": model.row(cohort="mentored", wave="w1")}, df="between-within")
    assert mean["df"].item() == 47


def test_f_test_of_one_row_is_the_square_of_t(model):
    name = "cohort[T.mentored]:wave[T.w1]"
    for df in ("kenward-roger", "satterthwaite", "residual"):
        t = model.contrasts({"t": name}, df=df).iloc[0]
        pair = [[n == name for n in model.names], [n == "cohort[T.mentored]:wave[T.w2]" for n in model.names]]
        f = model.contrasts({"f": np.array(pair, float)}, df=df).iloc[0]
        assert f["df_num"] == 2
        assert np.isnan(f["estimate"])
        assert t["p"] == pytest.approx(2 * stats.t.sf(abs(t["statistic"]), t["df"]))
        assert f["p"] == pytest.approx(stats.f.sf(f["statistic"], 2, f["df"]))


def test_hotelling_is_the_kenward_roger_f_of_a_balanced_unstructured_model():
    """Complete data, two groups, q waves of change: KR's F is exactly Hotelling's T2 with n - q - 1 df."""
    data = panel(24, 3, seed=32, drop=0.0)
    model = fit("score ~ cohort * wave", data, **WHO)
    l = [[n == f"cohort[T.mentored]:wave[T.{w}]" for n in model.names] for w in ("w1", "w2")]  # noqa: E741
    row = model.contrasts({"change": np.array(l, float)}).iloc[0]
    wide = data.pivot(index="id", columns="wave", values="score")
    change = np.column_stack([wide["w1"] - wide["w0"], wide["w2"] - wide["w0"]])
    cohort = data.drop_duplicates("id").set_index("id")["cohort"].loc[wide.index].to_numpy()
    a, b = change[cohort == "mentored"], change[cohort == "comparison"]
    pooled = (np.cov(a.T) * (len(a) - 1) + np.cov(b.T) * (len(b) - 1)) / (len(a) + len(b) - 2)
    gap = a.mean(axis=0) - b.mean(axis=0)
    t2 = gap @ np.linalg.solve(pooled * (1 / len(a) + 1 / len(b)), gap)
    n, q = len(wide) - 2, 2
    assert row["df"] == pytest.approx(n - q + 1, rel=1e-8)
    assert row["statistic"] == pytest.approx(t2 * (n - q + 1) / (n * q), rel=1e-8)


def test_simultaneous_limits_are_wider_than_single_and_narrower_than_bonferroni(model):
    rows = {w: model.difference_in_change("cohort", "mentored", "comparison", wave=w) for w in ("w1", "w2")}
    single, both, cautious = (model.contrasts(rows, simultaneous=how) for how in (None, "single-step", "bonferroni"))
    df = single["df"].min()
    critical = (both["ci_high"] - both["estimate"]) / both["se"]
    assert (critical > stats.t.ppf(0.975, df)).all()
    assert (critical < stats.t.ppf(1 - 0.025 / 2, df)).all()
    np.testing.assert_allclose(cautious["p"], np.minimum(1, 2 * single["p"]))
    assert (both["p"] > single["p"]).all()
    pd.testing.assert_frame_equal(both, model.contrasts(rows, simultaneous="single-step"))


def test_covariance_by_cohort_is_two_fits_on_saturated_data():
    """With every column interacting with cohort, the two cohorts share nothing."""
    data = panel(60, 3, seed=33)
    both = fit("score ~ cohort * wave", data, **WHO, covariance_by="cohort")
    parts = {c: fit("score ~ wave", data[data["cohort"] == c], **WHO) for c in ("comparison", "mentored")}
    assert both.loglik == pytest.approx(sum(part.loglik for part in parts.values()), abs=1e-6)
    for cohort, part in parts.items():
        np.testing.assert_allclose(both.covariance[cohort], part.covariance, rtol=1e-6)
    assert set(both.correlation) == {"comparison", "mentored"}
    one = fit("score ~ cohort * wave", data, **WHO)
    assert both.parameters == 2 * one.parameters


def test_likelihood_ratio_test_is_for_ml_only():
    data = panel(60, 3, seed=34)
    big, small = (fit(f, data, **WHO, reml=False) for f in ("score ~ cohort * wave", "score ~ cohort + wave"))
    result = big.likelihood_ratio_test(small)
    assert result["df"] == 2
    assert result["chi2"] == pytest.approx(2 * (big.loglik - small.loglik))
    assert result["p"] == pytest.approx(stats.chi2.sf(result["chi2"], 2))
    with pytest.raises(Exception, match="REML likelihoods are not comparable"):
        fit("score ~ cohort * wave", data, **WHO).likelihood_ratio_test(small)


def test_information_criteria_count_covariance_parameters_under_reml(model):
    assert model.aic == pytest.approx(-2 * model.loglik + 12)
    assert model.bic == pytest.approx(-2 * model.loglik + 6 * np.log(50))
    ml = fit(FORMULA, panel(50, 3, seed=31), **WHO, reml=False)
    assert ml.aic == pytest.approx(-2 * ml.loglik + 2 * (6 + 9))


def test_icc_of_sites_is_lme4s():
    parts = {
        p["grp"]: p["vcov"] for p in numbers("simulated_sites_lmer.json")["participant_in_site"]["variance_components"]
    }
    model = fit(
        "score ~ cohort*wave + age",
        sites(),
        participant="id",
        wave="wave",
        covariance="random_intercept",
        clusters=[Cluster("site", by_wave=False)],
    )
    total = sum(parts.values())
    assert model.icc["site"] == pytest.approx(parts["site"] / total, rel=1e-3)
    assert model.icc["id"] == pytest.approx(parts["id"] / total, rel=1e-3)


def test_predictions_and_residuals_are_rows_of_the_data(model):
    data = panel(50, 3, seed=31)
    made = model.predict()["estimate"].to_numpy()
    np.testing.assert_allclose(model.residuals(), data["score"].to_numpy() - made, atol=1e-10)
    new = pd.DataFrame({"cohort": ["mentored"], "wave": ["w1"], "age": [13.0]})
    assert model.predict(new)["estimate"].item() == pytest.approx(
        model.row(cohort="mentored", wave="w1", at={"age": 13.0}) @ model.beta
    )
    with pytest.raises(Exception, match="level that the model has not seen"):
        model.predict(new.assign(cohort="peers"))
    standardised = model.residuals("standardised")
    deviation = np.sqrt(np.diag(model.covariance))[data["wave"].cat.codes]
    np.testing.assert_allclose(standardised, model.residuals() / deviation)


def test_wave_may_be_left_out_where_times_are_given():
    named = fit(
        "Reaction ~ Days", sleepstudy(), participant="Subject", wave="Days", time="Days", covariance="random_slope"
    )
    free = fit("Reaction ~ Days", sleepstudy(), participant="Subject", time="Days", covariance="random_slope")
    assert free.loglik == pytest.approx(named.loglik, abs=1e-9)
    np.testing.assert_allclose(free.coefficients()["df"], named.coefficients()["df"], rtol=1e-7)


def test_times_of_ones_own_agree_with_scheduled_times():
    """The same months, but one participant's second visit a day later: nearly the same fit, by the other route."""
    data = panel(60, 4, seed=35, slope=0.5)
    scheduled = fit("score ~ cohort * month", data, **WHO, time="month", covariance="random_slope", clusters=["site"])
    late = data.copy()
    late.loc[late.index[late["wave"] == "w1"][0], "month"] += 1e-7
    own = fit(
        "score ~ cohort * month",
        late,
        **WHO,
        time="month",
        covariance="random_slope",
        clusters=[Cluster("site", by_wave=False)],
    )
    only = fit(
        "score ~ cohort * month",
        data,
        **WHO,
        time="month",
        covariance="random_slope",
        clusters=[Cluster("site", by_wave=False)],
    )
    assert own.summaries.individual
    assert not scheduled.summaries.individual
    assert own.loglik == pytest.approx(only.loglik, abs=1e-5)
    np.testing.assert_allclose(own.coefficients()["se"], only.coefficients()["se"], rtol=1e-5)
    np.testing.assert_allclose(own.coefficients(df="cr2")["df"], only.coefficients(df="cr2")["df"], rtol=1e-5)
    assert own.covariance.shape == (2, 2)


def test_a_summary_names_what_happened(model):
    text = model.summary()
    assert "50 participants" in text
    assert "cohort[T.mentored]:wave[T.w2]" in text
    assert "status: ok" in text


def test_diagnostics_say_that_the_optimum_was_reached(model):
    found = model.diagnostics
    assert found["converged"]
    assert found["gradient"] < 1e-6
    assert found["least_eigenvalue"] > 0
    assert found["newton_decrement"] < 1e-12


@pytest.mark.parametrize(("no", "yes", "name"), [(0, 1, "1"), (False, True, "True"), (0.0, 1.0, "1.0")])
def test_columns_are_named_by_their_own_levels_whatever_was_fitted_before(no, yes, name):
    """1, 1.0 and True are equal, and what is remembered of one formula must not name the columns of the next."""
    data = panel(20, 2, seed=1)
    data["flag"] = pd.Categorical([yes if one == "mentored" else no for one in data["cohort"]], categories=[no, yes])
    model = fit("score ~ flag * wave", data, **WHO)
    assert f"flag[T.{name}]" in model.names
