"""Bad input: a clear mistake that names columns and positions, or a recorded fallback; never a number."""

import numpy as np
import pandas as pd
import pytest

from alongside.errors import UserError
from alongside.mixed import Cluster, DesignError, RequestError, StructureError, fit, fit_many

from .panels import panel

FORMULA = "score ~ cohort * wave + age * wave"
WHO = {"participant": "id", "wave": "wave"}


def message(data, formula=FORMULA, **options):
    with pytest.raises(UserError) as caught:
        fit(formula, data, **(WHO | options))
    return str(caught.value)


def test_collinear_columns_are_named():
    data = panel().assign(months_old=lambda d: d["age"] * 12 + 3)
    text = message(data, "score ~ cohort * wave + age + months_old")
    assert "Intercept, age, months_old" in text
    assert "collinear" in text
    assert "cohort" not in text


def test_a_wave_seen_in_one_cohort_only_is_named():
    data = panel()
    data = data[~((data["wave"] == "w2") & (data["cohort"] == "comparison"))]
    assert "cohort[T.mentored]:wave[T.w2]" in message(data)


def test_one_level_factor():
    data = panel()
    assert "column 'cohort': has only one level" in message(data[data["cohort"] == "mentored"])


def test_two_rows_at_a_wave():
    data = panel()
    assert "two rows at the same wave" in message(pd.concat([data, data.iloc[[3]]]))


@pytest.mark.parametrize(("column", "value"), [("age", np.inf), ("score", -np.inf)])
def test_infinite_values_are_placed_but_not_printed(column, value):
    data = panel()
    data.loc[16, column] = value
    text = message(data)
    assert f"column {column!r}: infinite in 1 rows, the first at position 17" in text
    assert "inf," not in text


@pytest.mark.parametrize(
    ("weights", "found"),
    [(-1.0, "negative"), (np.nan, "missing"), (0.0, "every weight is zero")],
)
def test_bad_weights(weights, found):
    data = panel()
    values = np.full(len(data), weights) if weights == 0 else np.r_[np.ones(len(data) - 1), weights]
    assert found in message(data, weights=values)


def test_weights_that_change_within_a_participant():
    data = panel()
    data["weight"] = 1 + data["wave"].cat.codes / 10
    assert "weights: change within a participant" in message(data, weights="weight")


def test_weight_zero_contributes_nothing():
    data = panel().assign(weight=lambda d: np.where(d["id"] == "p003", 0.0, 1.0))
    with_zero = fit(FORMULA, data, **WHO, weights="weight")
    without = fit(FORMULA, data[data["id"] != "p003"], **WHO)
    assert with_zero.loglik == pytest.approx(without.loglik, abs=1e-9)
    np.testing.assert_allclose(with_zero.beta, without.beta, rtol=1e-9)


def test_a_participant_in_two_clusters():
    data = panel()
    data.loc[data["id"] == "p001", "site"] = ["s0", "s1", "s1"][: (data["id"] == "p001").sum()]
    assert "a participant is in two clusters" in message(data, clusters=["site"])


def test_missing_identity():
    data = panel()
    data.loc[4, "id"] = None
    assert "column 'id': missing in 1 rows, the first at position 5" in message(data)


def test_unknown_names():
    assert "no column named 'grade'" in message(panel(), "score ~ cohort * grade")
    assert "'autoregressive' is not a covariance structure" in message(panel(), covariance="autoregressive")
    assert "cannot be read" in message(panel(), "score ~ cohort *")
    assert "has no response" in message(panel(), "~ cohort * wave")


def test_rows_with_missing_values_are_counted():
    data = panel()
    data.loc[[1, 5], "age"] = np.nan
    model = fit(FORMULA, data, **WHO)
    assert model.diagnostics["rows_dropped"] == 2
    assert any("2 rows with a missing value" in text for text in model.warnings)
    assert model.summaries.rows == len(data) - 2


def test_plain_strings_are_warned_about():
    data = panel().assign(cohort=lambda d: d["cohort"].astype(str))
    model = fit(FORMULA, data, **WHO)
    assert any("'cohort' is plain text" in text for text in model.warnings)


def test_a_covariate_without_its_wave_interaction_is_warned_about():
    assert any(
        "age does not interact with wave" in text for text in fit("score ~ cohort*wave + age", panel(), **WHO).warnings
    )
    assert fit(FORMULA, panel(), **WHO).warnings == []


def test_response_without_variation():
    data = panel().assign(score=1.0)
    assert "no variation left" in message(data)


def test_too_few_rows():
    data = panel(4, 2, drop=0.0)
    assert "complete rows for 6 columns" in message(data[data["id"].isin(["p000", "p001", "p002"])])


def test_too_few_participants_for_the_structure_is_a_recorded_failure():
    """Five participants, four waves, two cohorts: three degrees of freedom cannot carry ten covariances."""
    data = panel(5, 4, drop=0.0, seed=2)
    model = fit("score ~ cohort * wave", data, **WHO)
    assert model.status == "not-estimable"
    assert model.coefficients()[["estimate", "se", "df", "p"]].isna().all().all()
    assert any("unstructured" in text for text in model.warnings)


def test_what_a_covariance_leaves_short_is_named_and_the_rest_stands():
    """Five of thirty people came at the last wave: its coefficients have a quarter of a degree of freedom."""
    data = panel(30, 3, seed=27, drop=0.0)
    data = data[(data["wave"] != "w2") | data["id"].isin(sorted(data["id"].unique())[:5])]
    model = fit("score ~ cohort * wave", data, **WHO)
    assert model.status == "partial"
    assert model.thin == ["wave[T.w2]", "cohort[T.mentored]:wave[T.w2]"]
    assert "and no interval: wave[T.w2], cohort[T.mentored]:wave[T.w2]" in model.warnings[-1]
    table = model.coefficients().set_index("term")
    assert table.loc[model.thin, ["t", "p", "ci_low", "ci_high"]].isna().all().all()
    assert (table.loc[model.thin, "df"] < 2).all()
    assert table.drop(index=model.thin).notna().all().all()
    # where the order names another covariance that carries them all, that one is used
    other = fit("score ~ cohort * wave", data, **WHO, covariance=["unstructured", "ar1"])
    assert (other.status, other.structure, other.thin) == ("fallback", "ar1", [])


def test_the_fallback_order_is_recorded():
    data = panel(5, 4, drop=0.0, seed=2)
    data["score"] += 3.0 * data["id"].str[-1].astype(float)
    model = fit("score ~ cohort * wave", data, **WHO, covariance=["unstructured", "random_intercept"])
    assert model.status == "fallback"
    assert model.structure == "random_intercept"
    assert [attempt["structure"] for attempt in model.attempts] == ["unstructured", "random_intercept"]
    assert np.isfinite(model.coefficients()["se"]).all()


def test_waves_never_seen_together_cannot_be_unstructured():
    data = panel(60, 2, drop=0.0)
    odd = data["id"].str[-1].astype(int) % 4 < 2
    data = data[np.where(odd, data["wave"] == "w0", data["wave"] == "w1")]
    model = fit("score ~ cohort * wave", data, **WHO)
    assert model.status == "not-estimable"


def test_random_intercept_without_variance_is_a_boundary():
    data = panel(40, 3, seed=3, drop=0.0)
    noise = np.random.default_rng(0).normal(size=len(data))
    data["score"] = noise - pd.Series(noise).groupby(data["id"].to_numpy()).transform("mean").to_numpy()
    model = fit("score ~ cohort * wave", data, **WHO, covariance="random_intercept")
    assert model.status == "boundary"
    assert any("random intercept is zero" in text for text in model.warnings)


def test_site_variance_of_zero_is_dropped_and_recorded():
    data = panel(60, 3, seed=5)
    data["score"] -= data.groupby(["site", "wave"], observed=True)["score"].transform("mean")
    model = fit("score ~ cohort * wave", data, **WHO, clusters=["site"])
    without = fit("score ~ cohort * wave", data, **WHO)
    assert model.status == "ok"
    assert model.loglik == pytest.approx(without.loglik, abs=1e-9)
    assert model.diagnostics["dropped_terms"] == ["site: intercept", "site: by wave"]
    assert any("variance of site was estimated as zero" in text for text in model.warnings)
    np.testing.assert_allclose(model.coefficients()["df"], without.coefficients()["df"], rtol=1e-8)


def test_clusters_that_cannot_have_a_variance_are_left_out():
    data = panel(40, 3).assign(everyone="one", own=lambda d: "c" + d["id"])
    model = fit(FORMULA, data, **WHO, clusters=["everyone", "own"])
    assert model.terms == []
    assert any("only 1 cluster" in text for text in model.warnings)
    assert any("every cluster has one participant" in text for text in model.warnings)


def test_mentors_of_one_follow_up_have_one_variance():
    data = panel(60, 2, seed=4)
    data["mentor"] = ("m" + data["site"]).where(data["cohort"] == "mentored")
    model = fit("score ~ cohort * wave", data, **WHO, clusters=[Cluster("mentor", baseline=False)])
    assert any("acts at one wave" in text for text in model.warnings)


@pytest.mark.parametrize(
    ("baseline", "cohort", "found"),
    [("w9", None, "is not a wave"), ("w1", None, "is not the first wave"), ("w0", "age", "is not a factor")],
)
def test_constrained_baseline_needs_a_first_wave_and_a_factor(baseline, cohort, found):
    assert found in message(panel(), baseline=baseline, cohort=cohort)


def test_nothing_to_constrain():
    assert "nothing can be constrained" in message(panel(), "score ~ wave + cohort", baseline="w0")


def test_random_slope_needs_times():
    assert "needs the time of each wave" in message(panel(), covariance="random_slope")


def test_requests_that_a_fit_cannot_answer():
    model = fit(FORMULA, panel(), **WHO)
    for ask in (
        lambda: model.coefficients(df="exact"),
        lambda: model.coefficients(information="average"),
        lambda: model.contrasts({"x": "cohort[T.peers]"}),
        lambda: model.contrasts({"x": np.ones(3)}),
        lambda: model.contrasts({"x": np.zeros(9)}),
        lambda: model.marginal_means("age"),
        lambda: model.row(cohort="peers"),
        lambda: model.pairwise("cohort", adjust="scheffe"),
        lambda: model.residuals("deviance"),
    ):
        with pytest.raises(RequestError):
            ask()
    with pytest.raises(RequestError, match="needs REML"):
        fit(FORMULA, panel(), **WHO, reml=False).coefficients()
    weighted = fit(FORMULA, panel().assign(w=1.0), **WHO, weights=panel().index.to_numpy() * 0 + 2.0)
    assert any("add up to" in text for text in weighted.warnings)
    with pytest.raises(RequestError, match="not valid with weights"):
        weighted.coefficients(df="kenward-roger")


def test_fit_many_checks_its_input():
    data = panel()
    n = data["id"].nunique()
    for options, found in (
        ({}, "exactly one"),
        ({"weights": np.ones((2, n - 1))}, "shape"),
        ({"weights": np.ones((0, n))}, "one refit or more"),
        ({"responses": []}, "no column"),
        ({"weights": -np.ones((2, n))}, "negative"),
        ({"permute": "age", "labels": np.ones((2, n))}, "is not a factor"),
        ({"permute": "cohort", "labels": np.full((2, n), "peers")}, "not a level"),
    ):
        with pytest.raises(DesignError, match=found):
            fit_many(FORMULA, data, **WHO, **options)
    name = "cohort[T.mentored]:wave[T.w2]"
    for options, found in (
        ({"df": "z", "contrasts": {"x": name}}, "'z'"),
        ({"reml": False, "contrasts": {"x": name}}, "needs REML"),
        ({"contrasts": {"x": "cohort[T.peers]"}}, "no term"),
        ({"contrasts": {"x": np.eye(9)[:2]}}, "several rows"),
    ):
        with pytest.raises(RequestError, match=found):
            fit_many(FORMULA, data, **WHO, weights=np.ones((1, n)), **options)


def test_structure_errors_are_user_errors():
    assert issubclass(StructureError, UserError)
    data = panel(40, 3)
    with pytest.raises(StructureError, match="at least two waves"):
        fit("score ~ cohort", data[data["wave"] == "w0"], **WHO, covariance="ar1")
