"""Summaries: chunks add up, files hold everything, the numbers do not depend on how the data are written down."""

import numpy as np
import pandas as pd
import pytest

from alongside.mixed import Cluster, DesignError, RequestError, Summaries, fit, fit_summaries, summarise
from alongside.mixed.reml import Criterion

from .panels import panel

FORMULA = "score ~ cohort * wave + age * wave"
WHO = {"participant": "id", "wave": "wave"}


def chunks(data, count):
    people = pd.unique(data["id"])
    return [data[data["id"].isin(part)] for part in np.array_split(people, count)]


def numbers(model):
    return np.r_[model.loglik, model.coefficients()[["estimate", "se", "df"]].to_numpy().ravel()]


@pytest.mark.parametrize("clusters", [[], ["site"], ["site", "class"]])
def test_ten_chunks_merged_equal_one_pass(clusters):
    data = panel(60, 4, classes=True, seed=3)
    whole = summarise(FORMULA, data, **WHO, clusters=clusters)
    merged = None
    for part in chunks(data, 10):
        made = summarise(FORMULA, part, **WHO, clusters=clusters, chunk=True, like=whole)
        merged = made if merged is None else merged.merge(made)
    order = [list(map(tuple, merged.seen)).index(tuple(row)) for row in whole.seen]
    scale = np.abs(whole.cross).max()
    np.testing.assert_allclose(merged.cross[order], whole.cross, atol=1e-12 * scale)
    np.testing.assert_array_equal(merged.weight[order], whole.weight)
    assert merged.rows == whole.rows
    np.testing.assert_allclose(numbers(fit_summaries(merged)), numbers(fit_summaries(whole)), rtol=1e-9)


def test_chunks_that_do_not_share_a_basis_are_added_in_the_first_ones():
    data = panel(80, 3, seed=4)
    first, second = (summarise(FORMULA, part, **WHO, chunk=True, clusters=["site"]) for part in chunks(data, 2))
    assert not np.array_equal(first.basis, second.basis)
    whole = fit(FORMULA, data, **WHO, clusters=["site"])
    np.testing.assert_allclose(numbers(fit_summaries(first.merge(second))), numbers(whole), rtol=1e-8)


def test_a_chunk_may_miss_a_level_that_another_has():
    data = panel(40, 3, seed=5)
    mentored = data[data["cohort"] == "mentored"]
    others = data[data["cohort"] == "comparison"]
    merged = summarise(FORMULA, mentored, **WHO, chunk=True).merge(summarise(FORMULA, others, **WHO, chunk=True))
    np.testing.assert_allclose(numbers(fit_summaries(merged)), numbers(fit(FORMULA, data, **WHO)), rtol=1e-8)


def test_saved_sums_are_fitted_without_the_rows(tmp_path):
    data = panel(50, 3, classes=True, seed=6)
    clusters = [Cluster("site"), Cluster("class", baseline=False)]
    made = summarise(FORMULA, data, **WHO, clusters=clusters, baseline="w0")
    path = tmp_path / "sums.npz"
    made.save(path)
    model = fit_summaries(Summaries.load(path), covariance="random_intercept")
    direct = fit(FORMULA, data, **WHO, clusters=clusters, baseline="w0", covariance="random_intercept")
    np.testing.assert_array_equal(numbers(model), numbers(direct))
    pd.testing.assert_frame_equal(model.marginal_means("cohort", by="wave"), direct.marginal_means("cohort", by="wave"))
    with pytest.raises(RequestError, match="without rows"):
        model.residuals()
    with pytest.raises(RequestError, match="without rows"):
        model.coefficients(df="cr2")


def test_a_transform_of_all_the_data_cannot_be_chunked():
    with pytest.raises(DesignError, match="depends on all the data"):
        summarise("score ~ cohort * wave + center(age)", panel(), **WHO, chunk=True)


def test_chunks_of_different_levels_are_refused():
    data = panel(40, 3)
    other = data.assign(wave=data["wave"].cat.rename_categories({"w2": "w9"}))
    first = summarise(FORMULA, data, **WHO, chunk=True)
    with pytest.raises(DesignError, match="same levels"):
        summarise(FORMULA, other, **WHO, chunk=True, like=first)
    with pytest.raises(DesignError, match="same model"):
        first.merge(summarise(FORMULA, other, **WHO, chunk=True))


@pytest.mark.parametrize("options", [{}, {"clusters": ["site"]}, {"covariance": "heterogeneous_ar1"}])
def test_row_order_does_not_matter(options):
    data = panel(50, 3, seed=7)
    again = data.sample(frac=1, random_state=11)
    np.testing.assert_allclose(
        numbers(fit(FORMULA, again, **WHO, **options)), numbers(fit(FORMULA, data, **WHO, **options)), rtol=1e-8
    )


def test_scaling_the_response_scales_the_answers():
    data = panel(50, 3, seed=8)
    one = fit(FORMULA, data, **WHO).coefficients()
    big = fit(FORMULA, data.assign(score=data["score"] * 1e6 + 5e7), **WHO).coefficients()
    np.testing.assert_allclose(big["se"], one["se"] * 1e6, rtol=1e-7)
    np.testing.assert_allclose(big["df"], one["df"], rtol=1e-7)
    np.testing.assert_allclose(big["estimate"][1:], one["estimate"][1:] * 1e6, rtol=1e-6)


@pytest.mark.parametrize("shift", [0.0, -13.0, 1e6])
def test_centring_a_covariate_leaves_the_cohort_alone(shift):
    data = panel(50, 3, seed=9)
    moved = data.assign(age=data["age"] + shift)
    pick = ["cohort[T.mentored]", "cohort[T.mentored]:wave[T.w1]", "age:wave[T.w2]"]
    one, other = (fit(FORMULA, d, **WHO).coefficients().set_index("term").loc[pick] for d in (data, moved))
    np.testing.assert_allclose(other[["estimate", "se", "df"]], one[["estimate", "se", "df"]], rtol=1e-5)


@pytest.mark.parametrize("scale", [1e-5, 12.0, 1e7])
@pytest.mark.parametrize("clusters", [[], ["site"]])
def test_scaling_a_covariate_scales_its_own_slope_only(scale, clusters):
    data = panel(60, 3, seed=14)
    one, other = (
        fit(FORMULA, d, **WHO, clusters=clusters).coefficients().set_index("term")
        for d in (data, data.assign(age=data["age"] * scale))
    )
    slopes = [name for name in one.index if name.startswith("age")]
    other.loc[slopes, ["estimate", "se", "ci_low", "ci_high"]] *= scale
    np.testing.assert_allclose(other, one, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("structure", ["unstructured", "toeplitz", "random_intercept"])
def test_reml_is_ml_and_the_information_about_the_means(structure):
    """At the same theta, REML's criterion is ML's plus log|X'V^-1 X| - k log 2 pi, and both have the same means."""
    data = panel(40, 3, seed=15)
    model = fit(FORMULA, data, **WHO, covariance=structure)
    criterion, theta = model.criterion, model.optimum.evaluation.theta
    ml = Criterion(criterion.data, criterion.structures, reml=False).evaluate(theta)
    found = criterion.evaluate(theta)
    information = np.linalg.inv(model.vcov(df="satterthwaite"))
    extra = np.linalg.slogdet(information)[1] - len(information) * np.log(2 * np.pi)
    assert found.value - ml.value == pytest.approx(extra, abs=1e-8)
    np.testing.assert_allclose(found.beta, ml.beta, rtol=1e-10)
    # and ML's own optimum has the larger likelihood, with a smaller covariance
    own = fit(FORMULA, data, **WHO, covariance=structure, reml=False)
    assert own.loglik > -0.5 * ml.value
    assert np.linalg.slogdet(own.covariance)[1] < np.linalg.slogdet(model.covariance)[1]


@pytest.mark.parametrize("reml", [True, False])
def test_coding_of_factors_changes_no_mean(reml):
    data = panel(50, 3, seed=10)
    plain = fit("score ~ cohort * wave", data, **WHO, reml=reml)
    coded = fit("score ~ C(cohort, contr.sum) * C(wave, contr.helmert)", data, **WHO, reml=reml)
    cells = [{"cohort": c, "wave": w} for c in ("comparison", "mentored") for w in ("w0", "w1", "w2")]
    df = "kenward-roger" if reml else "residual"
    for cell in cells:
        first, second = (
            m.contrasts({"cell": m.row(**cell)}, df=df)[["estimate", "se", "df"]].to_numpy() for m in (plain, coded)
        )
        np.testing.assert_allclose(second, first, rtol=1e-7)
    # REML depends on the coding by log|T| only, ML not at all.
    assert (plain.loglik == pytest.approx(coded.loglik, abs=1e-8)) == (not reml)


def test_balanced_reml_and_ml_covariances_differ_by_the_known_factor():
    """Balanced, cohort * wave: REML's unstructured covariance is the pooled one (n - 2), ML's divides by n."""
    data = panel(40, 3, seed=11, drop=0.0)
    reml, ml = (fit("score ~ cohort * wave", data, **WHO, reml=flag) for flag in (True, False))
    wide = data.pivot(index="id", columns="wave", values="score")
    cohort = data.drop_duplicates("id").set_index("id")["cohort"].loc[wide.index]
    residual = wide - wide.groupby(cohort, observed=True).transform("mean")
    pooled = residual.T @ residual / (len(wide) - 2)
    np.testing.assert_allclose(reml.covariance, pooled, rtol=1e-8)
    np.testing.assert_allclose(ml.covariance, pooled * (len(wide) - 2) / len(wide), rtol=1e-8)
    np.testing.assert_allclose(reml.coefficients()["df"], 38, rtol=1e-8)


@pytest.mark.parametrize(
    "right", ["cohort * wave + {}", "cohort + wave:{}", "0 + cohort:wave + {}", "wave * cohort * {}", "cohort / {}"]
)
def test_plain_formulas_have_the_columns_that_formulaic_makes(right):
    """I(age) goes through formulaic row by row, age through products of columns: the same fit, the same names."""
    data = panel(60, 3, seed=12)
    plain = fit("score ~ " + right.format("age"), data, **WHO)
    made = fit("score ~ " + right.format("I(age)"), data, **WHO)
    assert [name.replace("I(age)", "age") for name in made.names] == plain.names
    np.testing.assert_allclose(made.beta, plain.beta, rtol=1e-9, atol=1e-12)
    assert made.loglik == pytest.approx(plain.loglik, abs=1e-9)
