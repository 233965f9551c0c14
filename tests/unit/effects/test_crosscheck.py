"""The guarded MixedLM against R (lme4, nlme) and against its own failures."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from alongside.effects import agreement
from alongside.effects.crosscheck import fit_random_intercept
from alongside.effects.design import NotEstimable

ROOT = Path(__file__).resolve().parents[3]
REFERENCE = ROOT / "tests" / "reference" / "mixed-models"
EXPECTED = json.loads((Path(__file__).parent / "expected" / "expected.json").read_text())
# lme4 stops earlier than this fit: its estimates agree to 5e-4 and its standard errors to 1e-4 (methods 2.2)
ESTIMATE, SE = 5e-4, 1e-4


@pytest.fixture(scope="module")
def sites():
    frame = pd.read_csv(REFERENCE / "simulated_sites.csv")
    frame["cohort"] = pd.Categorical(frame["cohort"], categories=["unmentored", "mentored"])
    frame["wave"] = pd.Categorical(frame["wave"])
    return frame


def test_participants_in_sites_against_lme4(sites):
    fit = fit_random_intercept("score ~ cohort * wave + age", sites, participant="id", clusters=("site",))
    lmer = json.loads((REFERENCE / "simulated_sites_lmer.json").read_text())["participant_in_site"]
    expected = pd.DataFrame(lmer["satterthwaite"])
    found = fit.coefficients()
    assert (np.abs(found["estimate"] - expected["estimate"]) < ESTIMATE * expected["se"]).all()
    np.testing.assert_allclose(found["se"], expected["se"], rtol=SE)
    assert fit.loglik == pytest.approx(lmer["loglik_reml"], abs=1e-5)
    variances = {row["grp"]: row["vcov"] for row in lmer["variance_components"]}
    # the likelihood is flat in variances: both programs stop within 1e-4 of the optimum
    assert fit.components == pytest.approx(
        {"site": variances["site"], "participant": variances["id"], "residual": variances["Residual"]}, rel=1e-4
    )


@pytest.mark.parametrize(("clusters", "key"), [(("site",), "site_and_person"), ((), "person")])
def test_between_within_df_against_nlme(sites, clusters, key):
    fit = fit_random_intercept("score ~ cohort * wave + age", sites, participant="id", clusters=clusters)
    assert fit.df_method == "between-within"
    assert list(fit.coefficients()["df"]) == EXPECTED["lme_df"][key]


def test_a_contrast_takes_the_smallest_df_of_its_columns(sites):
    fit = fit_random_intercept("score ~ cohort * wave + age", sites, participant="id", clusters=("site",))
    rows = pd.DataFrame(0.0, index=["change", "mean"], columns=fit.terms)
    rows.loc["change", ["wave[T.1]", "cohort[T.mentored]:wave[T.1]"]] = 1.0
    rows.loc["mean", ["cohort[T.mentored]", "wave[T.1]"]] = 1.0
    assert list(fit.combine(rows)["df"]) == [387.0, 226.0]


def test_a_site_variance_at_zero_is_left_out_and_said(sites):
    # every site has the same mean: nothing is left between sites
    flat = sites[sites["id"].isin(sites["id"].unique()[::3])].reset_index(drop=True)
    rng = np.random.default_rng(3)
    flat["score"] = rng.normal(size=len(flat)) + rng.normal(size=240)[pd.factorize(flat["id"])[0]]
    flat["score"] -= flat.groupby("site")["score"].transform("mean")
    fit = fit_random_intercept("score ~ cohort * wave", flat, participant="id", clusters=("site",))
    without = fit_random_intercept("score ~ cohort * wave", flat, participant="id")
    assert fit.status == "boundary"
    assert fit.notes[0] == "the variance between sites was estimated at zero and left out"
    assert list(fit.components) == ["participant", "residual"]
    pd.testing.assert_frame_equal(fit.coefficients(), without.coefficients())


def test_no_variance_between_people_ends_in_least_squares_with_robust_errors(sites):
    # waves of one person are opposite: the variance between people is estimated at zero
    complete = sites.groupby("id").filter(lambda rows: len(rows) == 3)
    frame = complete[complete["id"].isin(complete["id"].unique()[:60])].reset_index(drop=True)
    noise = np.random.default_rng(5).normal(size=(len(frame) // 3, 3))
    frame["score"] = (noise - noise.mean(axis=1, keepdims=True)).ravel()
    fit = fit_random_intercept("score ~ cohort * wave", frame, participant="id")
    assert (fit.status, fit.df_method, fit.estimator) == ("fallback", "bell-mccaffrey", "least squares")
    assert fit.covariance == "independent, robust by participant (CR2)"
    means = frame.groupby(["cohort", "wave"], observed=True)["score"].mean()
    assert fit.coefficients()["estimate"][0] == pytest.approx(means["unmentored", 0])


def test_effects_of_exactly_zero_are_not_believed(sites, monkeypatch):
    """statsmodels #10239: lbfgs returns between-group effects of exactly 0.0 and says that it converged."""
    honest = agreement.run_statsmodels

    def zeroing(problem, optimiser, options):
        candidate = honest(problem, optimiser, options)
        beta = candidate.beta.copy()
        beta[1] = 0.0
        return agreement.Candidate(optimiser, beta, candidate.components, candidate.loglik, candidate.solved, False)

    monkeypatch.setattr(agreement, "run_statsmodels", zeroing)
    fit = fit_random_intercept("score ~ cohort * wave", sites, participant="id")
    assert fit.status == "fallback"
    assert "statsmodels' solution does not solve its own equations" in fit.notes


def test_one_optimiser_alone_is_not_believed(sites, monkeypatch):
    monkeypatch.setattr(agreement, "OPTIMISERS", agreement.OPTIMISERS[:1])
    fit = fit_random_intercept("score ~ cohort * wave", sites, participant="id")
    assert fit.status == "fallback"
    assert "statsmodels' optimisers reach different solutions" in fit.notes


def test_a_point_short_of_the_optimum_is_not_believed(sites, monkeypatch):
    """All optimisers agree and their own equations hold, but the likelihood still rises."""
    honest = agreement.run_statsmodels

    def stopping(problem, optimiser, options):
        candidate = honest(problem, optimiser, options)
        components = candidate.components | {"participant": candidate.components["participant"] * 1.3}
        solved = problem.solve(components)
        return agreement.Candidate(optimiser, solved.beta, components, solved.loglik, solved, False)

    monkeypatch.setattr(agreement, "run_statsmodels", stopping)
    fit = fit_random_intercept("score ~ cohort * wave", sites, participant="id")
    assert fit.status == "fallback"
    assert "the likelihood still rises at statsmodels' solution" in fit.notes


def test_an_optimiser_that_breaks_is_named(sites, monkeypatch):
    honest = agreement.run_statsmodels

    def breaking(problem, optimiser, options):
        if optimiser != "lbfgs":
            raise np.linalg.LinAlgError("Singular matrix")
        return honest(problem, optimiser, options)

    monkeypatch.setattr(agreement, "run_statsmodels", breaking)
    fit = fit_random_intercept("score ~ cohort * wave", sites, participant="id")
    assert fit.status == "fallback"
    assert "statsmodels' bfgs ended with LinAlgError" in fit.notes


def test_collinear_columns_are_named_and_the_rest_is_fitted(sites):
    doubled = sites.assign(months=12 * sites["age"])
    fit = fit_random_intercept("score ~ cohort * wave + age + months", doubled, participant="id")
    single = fit_random_intercept("score ~ cohort * wave + age", sites, participant="id")
    assert "months left out: other columns determine it" in fit.notes
    found = fit.coefficients().set_index("term")
    assert found.loc[["age", "months"], "estimate"].isna().all()
    inside = "cohort[T.mentored]:wave[T.1]"
    assert found.at[inside, "estimate"] == pytest.approx(single.coefficients().set_index("term").at[inside, "estimate"])


def test_one_score_a_person_is_no_repeated_measure(sites):
    once = sites[sites["wave"] == 0]
    with pytest.raises(NotEstimable, match="too few repeated scores"):
        fit_random_intercept("score ~ cohort", once, participant="id")


def test_labels_of_people_and_sites_do_not_matter(sites):
    renamed = sites.assign(
        id=sites["id"].map(lambda name: name[::-1]), site=sites["site"].map({
            name: f"s{99 - at}" for at, name in enumerate(sites["site"].unique())
        }),
    )  # fmt: skip
    first = fit_random_intercept("score ~ cohort * wave", sites, participant="id", clusters=("site",))
    second = fit_random_intercept("score ~ cohort * wave", renamed, participant="id", clusters=("site",))
    pd.testing.assert_frame_equal(first.coefficients(), second.coefficients(), check_exact=True)
