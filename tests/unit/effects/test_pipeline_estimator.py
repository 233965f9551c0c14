"""alongside.mixed as the pipeline uses it: R's numbers in the estimates, and what happens where a fit is refused."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from alongside.effects.design import NotEstimable, build_design
from alongside.effects.estimator import fit_outcome
from alongside.effects.primary import estimate_primary

ROOT = Path(__file__).resolve().parents[3]
REFERENCE = ROOT / "tests" / "reference" / "mixed-models"
VISITS = {"before": "bdi.pre", "m2": "bdi.2m", "m3": "bdi.3m", "m5": "bdi.5m", "m8": "bdi.8m"}


@pytest.fixture(scope="module")
def beat_the_blues():
    """The panel of Beat the Blues, as the pipeline would make it from the file with a column a visit."""
    wide = pd.read_csv(ROOT / "data" / "beat-the-blues" / "raw" / "btheb_wide.csv").rename(
        columns={column: wave for wave, column in VISITS.items()}
    )
    long = wide.melt(id_vars=["subject", "treatment"], value_vars=list(VISITS), var_name="wave", value_name="isolation")
    long["participant"] = "p" + long["subject"].astype(str)
    long["cohort"] = long["treatment"].map({"TAU": "usual_care", "BtheB": "programme"})
    long["month"] = long["wave"].map({"before": 0.0, "m2": 2.0, "m3": 3.0, "m5": 5.0, "m8": 8.0})
    return long


@pytest.fixture
def trial(change_plan):
    """trial(design): the plan of Beat the Blues."""

    def make(design):
        plan = change_plan(
            **{
                "info.design": design,
                "participants.cohort.levels": {"programme": (), "usual_care": ()},
                "participants.cohort.comparison": "usual_care",
                "contrasts": (("programme", "usual_care"),),
                "followups": ("m2", "m3", "m5", "m8"),
            }
        )
        plan.outcomes["isolation"].waves = tuple(VISITS)
        plan.waves = {wave: plan.waves["before"] for wave in VISITS}
        return plan

    return make


def by_analysis(effects):
    """Rows about the contrast of two cohorts by (analysis, wave)."""
    rows = effects.estimates
    return rows[rows["contrast"].str.contains(" - ")].set_index(["analysis", "wave"])


@pytest.mark.parametrize("method", ["kenward-roger", "satterthwaite"])
@pytest.mark.parametrize(
    ("design", "file", "terms"),
    [
        ("randomised", "btheb_constrained_baseline_mmrm.json", "btheb_at_"),
        ("self-selected", "btheb_baseline_as_outcome_mmrm.json", "treatmentBtheB:visit"),
    ],
)
def test_beat_the_blues_against_mmrm(beat_the_blues, trial, design, file, terms, method):
    plan = trial(design)
    plan.analysis.df = method
    rows = estimate_primary(beat_the_blues, plan=plan).estimates
    rows = rows[rows["analysis"] == "primary"]
    reference = json.loads((REFERENCE / file).read_text())[f"unstructured.{method.replace('-', '_')}"]
    expected = pd.DataFrame(reference["coefficients"]).set_index("term")
    expected = expected[expected.index.str.startswith(terms)]
    # methods 2.2: R's mmrm was optimised far past its default stop
    assert (np.abs(rows["estimate"].to_numpy() - expected["estimate"]) < 1e-4 * expected["se"]).all()
    np.testing.assert_allclose(rows["se"], expected["se"], rtol=1e-4)
    np.testing.assert_allclose(rows["df"], expected["df"], rtol=1e-3)
    assert set(rows["status"]) == {"ok"}
    assert set(rows["df_method"]) == {method}


def test_marginal_means_against_emmeans(beat_the_blues, trial):
    means = estimate_primary(beat_the_blues, plan=trial("self-selected")).means
    reference = json.loads((REFERENCE / "btheb_baseline_as_outcome_mmrm.json").read_text())
    expected = pd.DataFrame(reference["unstructured.kenward_roger"]["marginal_means"])
    expected["wave"] = expected["visit"].map({"0": "before", "2": "m2", "3": "m3", "5": "m5", "8": "m8"})
    expected["cohort"] = expected["treatment"].map({"TAU": "usual_care", "BtheB": "programme"})
    both = means.merge(expected, on=["cohort", "wave"], suffixes=("", "_r"))
    assert len(both) == 10
    np.testing.assert_allclose(both["mean"], both["emmean"], rtol=1e-5)
    np.testing.assert_allclose(both["se"], both["SE"], rtol=1e-4)
    np.testing.assert_allclose(both["ci_low"], both["lower.CL"], rtol=1e-4)


def test_a_fallback_is_said_and_comes_with_robust_errors(make_panel, change_plan):
    # with nine people an unstructured covariance of three waves has too few degrees of freedom; the next one may do
    plan = change_plan(**{"analysis.covariance": ("unstructured", "random_intercept")})
    panel = make_panel(n=8, dropout=0.35, seed=3)
    effects = estimate_primary(panel, plan=plan)
    rows = by_analysis(effects)
    assert rows.at[("primary", "after"), "status"] == "fallback"
    assert rows.at[("primary", "after"), "covariance"] == "random_intercept"
    assert "covariance unstructured" in rows.at[("primary", "after"), "note"]
    robust = rows.loc[("primary, robust errors", "after")]
    assert robust["estimate"] == pytest.approx(rows.at[("primary", "after"), "estimate"])
    assert robust["df_method"] == "bell-mccaffrey, cluster-robust"
    assert robust["se"] != pytest.approx(rows.at[("primary", "after"), "se"], rel=1e-6)


def test_a_model_that_is_refused_says_why_and_leaves_the_witnesses(make_panel, change_plan):
    plan = change_plan(**{"analysis.covariance": ("unstructured",)})
    effects = estimate_primary(make_panel(n=8, dropout=0.35, seed=3), plan=plan)
    rows = by_analysis(effects)
    assert rows.at[("primary", "after"), "status"] == "not-estimable"
    assert np.isnan(rows.at[("primary", "after"), "estimate"])
    assert rows.at[("primary", "after"), "note"].startswith("covariance unstructured")
    assert effects.models.set_index("analysis").at["primary", "status"] == "not-estimable"
    assert not np.isnan(rows.at[("crosscheck: random intercept", "after"), "estimate"])


def test_whole_sites_in_one_cohort_leave_the_degrees_of_freedom_of_sites(make_panel, change_plan):
    """Eight sites, four in each cohort: a comparison of sites, not of people."""
    plan = change_plan(**{"participants.clusters": ("site",)})
    panel = make_panel(n=240, sites=8, by_site=True, dropout=0.0, seed=5)
    shocks = dict(zip(sorted(panel["site"].unique()), np.random.default_rng(2).normal(0, 4, 8), strict=True))
    panel["isolation"] += panel["site"].map(shocks) * (panel["wave"] == "after")
    rows = by_analysis(estimate_primary(panel, plan=plan))
    assert rows.at[("primary", "after"), "df"] < 20
    assert rows.at[("primary", "after"), "se"] > 1.5 * rows.at[("crosscheck: random intercept", "after"), "se"]


def test_a_wave_seen_in_one_cohort_only_spoils_nothing_else(make_panel, change_plan):
    """The comparison was not asked at the last wave, as in many wait lists."""
    panel = make_panel(n=120, dropout=0.1)
    panel.loc[(panel["cohort"] == "unmentored") & (panel["wave"] == "followup"), "isolation"] = np.nan
    effects = estimate_primary(panel, plan=change_plan(**{"analysis.adjust_for": ("age", "gender")}))
    rows = by_analysis(effects)
    assert rows.at[("primary", "after"), "status"] == "ok"
    assert rows.at[("primary", "followup"), "note"] == "nobody in unmentored has a score at wave followup"
    means = effects.means.set_index(["cohort", "wave"])["mean"]
    assert ("unmentored", "followup") not in means.index
    assert means.notna().all()
    assert "agrees with alongside.mixed" in rows.at[("crosscheck: random intercept", "after"), "note"]
    # without that wave the answer at the other one is nearly the same
    short = panel[panel["wave"] != "followup"]
    other = estimate_primary(short, plan=change_plan(**{"analysis.adjust_for": ("age", "gender")})).estimates
    other = other[(other["analysis"] == "primary") & (other["wave"] == "after")]["estimate"].iloc[0]
    assert rows.at[("primary", "after"), "estimate"] == pytest.approx(other, abs=0.2)


def test_random_slopes_over_months_can_be_declared(make_panel, change_plan):
    plan = change_plan(**{"analysis.covariance": ("random_slope", "random_intercept")})
    fit = fit_outcome(build_design(make_panel(n=150), outcome="isolation", plan=plan), plan=plan)
    assert fit.covariance in ("random_slope", "random_intercept")


def test_mentors_are_a_level_of_their_own(make_panel, change_plan):
    plan = change_plan(**{"participants.mentor": "mentor_id"})
    panel = make_panel(n=160, dropout=0.0, seed=8)
    person = pd.factorize(panel["participant"])[0]
    panel["mentor_id"] = [f"m{one // 8}" for one in person]
    shocks = np.random.default_rng(6).normal(0, 4, 20)
    after = (panel["wave"] != "before") & (panel["cohort"] == "mentored")
    panel["isolation"] += shocks[person // 8] * after
    fit = fit_outcome(build_design(panel, outcome="isolation", plan=plan), plan=plan)
    assert "mentor_id (intercept" in fit.covariance
    # 16 in truth, from twenty mentors: a chi-squared of 19 degrees of freedom
    assert 5 < fit.components["mentor_id"] < 35


def test_mistakes_of_the_library_become_a_reason(make_panel, change_plan):
    plan = change_plan(**{"participants.clusters": ("site",)})
    panel = make_panel(n=60)
    moved = panel.index[panel["wave"] == "after"][0]
    panel.loc[moved, "site"] = "site elsewhere"
    design = build_design(panel, outcome="isolation", plan=plan)
    with pytest.raises(NotEstimable, match="site"):
        fit_outcome(design, plan=plan)


def test_two_sites_answer_what_people_within_them_can(make_panel, change_plan):
    """The level of two sites has one degree of freedom; how much more one cohort changed has those of its people."""
    plan = change_plan(**{"participants.clusters": ("site",), "analysis.covariance": ("unstructured", "ar1")})
    panel = make_panel(n=80, sites=2, dropout=0.1, seed=5)
    panel["isolation"] += np.where(panel["site"] == "site 0", 8.0, 0.0)
    effects = estimate_primary(panel, plan=plan)
    rows = by_analysis(effects)
    for wave in ("after", "followup"):
        assert rows.at[("primary", wave), "status"] == "ok"
        assert rows.at[("primary", wave), "covariance"].startswith("unstructured; site")
        assert rows.at[("primary", wave), "df"] > 40
        assert rows.at[("primary", wave), "ci_low"] < rows.at[("primary", wave), "estimate"]
        assert "fewer than two degrees of freedom" in rows.at[("primary", wave), "note"]
    means = effects.means[effects.means["analysis"] == "primary"]
    assert means[["mean", "se"]].isna().all().all()
