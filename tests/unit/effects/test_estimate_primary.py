"""From the panel to estimates: what must not matter does not, and what must is found."""

import copy

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from alongside.effects import primary
from alongside.effects.primary import estimate_primary
from alongside.tables import COMPONENTS, ESTIMATES, MEANS, MODELS
from alongside.tables.check import check_table

NUMBERS = ["estimate", "se", "df", "statistic", "p", "ci_low", "ci_high", "effect_size", "es_low", "es_high"]


def main_rows(effects):
    return effects.estimates[effects.estimates["analysis"] == "primary"].reset_index(drop=True)


@pytest.fixture(scope="module")
def adjusted():
    return {"analysis.adjust_for": ("age", "gender"), "participants.clusters": ("site",)}


def test_tables_fit_their_schemas(make_panel, change_plan, adjusted):
    effects = estimate_primary(make_panel(), plan=change_plan(**adjusted))
    for table, schema in zip(effects, (ESTIMATES, MEANS, MODELS, COMPONENTS), strict=True):
        pd.testing.assert_frame_equal(check_table(table, schema), table)
    assert set(effects.estimates["analysis"]) == {
        "primary", "primary, follow-up SD", "crosscheck: random intercept", "completers only", "before-after only",
    }  # fmt: skip
    assert len(effects.means) == 6
    named = effects.components.groupby("analysis")["component"].agg(list)
    assert named["baseline"] == ["pooled[mentored - unmentored]"]
    assert {"covariance[before, after]", "site", "site by wave"} <= set(named["primary"])
    assert named["crosscheck: random intercept"] == ["site", "participant", "residual"]


def test_complete_balanced_data_give_the_difference_in_change_by_hand(make_panel, plan):
    """Without dropout or covariates the estimate is the plain difference of mean changes."""
    panel = make_panel(n=80, dropout=0.0)
    wide = panel.pivot(index=["participant", "cohort"], columns="wave", values="isolation").reset_index()
    change = (wide["after"] - wide["before"]).groupby(wide["cohort"]).mean()
    row = main_rows(estimate_primary(panel, plan=plan)).iloc[0]
    assert row["estimate"] == pytest.approx(change["mentored"] - change["unmentored"], abs=1e-9)
    # two groups of 40 with their own unstructured covariance in common: the t-test on changes has 78
    assert row["df"] == pytest.approx(78, abs=1e-6)
    se = np.sqrt((wide["after"] - wide["before"]).groupby(wide["cohort"]).var().mean() * 2 / 40)
    assert row["se"] == pytest.approx(se, rel=1e-6)
    baseline = panel[panel["wave"] == "before"].groupby("cohort")["isolation"]
    pooled = np.sqrt(((baseline.count() - 1) * baseline.var()).sum() / 78)
    assert row["effect_size"] == pytest.approx(row["estimate"] / pooled * (1 - 3 / (4 * 78 - 1)), rel=1e-9)


def test_swapping_the_cohorts_flips_every_sign(make_panel, change_plan, adjusted):
    panel = make_panel()
    plan = change_plan(**adjusted)
    swapped = panel.assign(cohort=panel["cohort"].map({"mentored": "unmentored", "unmentored": "mentored"}))
    first, second = (main_rows(estimate_primary(one, plan=plan)) for one in (panel, swapped))
    for name in ("estimate", "statistic", "effect_size"):
        np.testing.assert_allclose(first[name], -second[name], rtol=1e-5)
    np.testing.assert_allclose(first["ci_low"], -second["ci_high"], rtol=1e-5)
    np.testing.assert_allclose(first[["se", "p"]], second[["se", "p"]], rtol=1e-5)


def test_shuffling_rows_changes_nothing(make_panel, change_plan, adjusted):
    panel = make_panel()
    plan = change_plan(**adjusted)
    shuffled = panel.sample(frac=1.0, random_state=4)
    first, second = (main_rows(estimate_primary(one, plan=plan)) for one in (panel, shuffled))
    # the optimiser sees sums in another order: equal to its own precision
    np.testing.assert_allclose(first[NUMBERS], second[NUMBERS], rtol=1e-5)


def test_other_pseudonyms_change_not_one_bit(make_panel, change_plan, adjusted):
    panel = make_panel()
    plan = change_plan(**adjusted)
    renamed = panel.assign(participant=panel["participant"].map(lambda name: name[::-1]))
    for first, second in zip(estimate_primary(panel, plan=plan), estimate_primary(renamed, plan=plan), strict=True):
        pd.testing.assert_frame_equal(first, second, check_exact=True)


def test_each_declared_pair_is_compared_also_two_programmes(make_panel, change_plan):
    panel = make_panel(n=150, cohorts=("none", "mentored", "peer_network"), effect=-2.0, dropout=0.1)
    plan = change_plan(
        **{
            "participants.cohort.levels": {"mentored": (), "peer_network": (), "none": ()},
            "participants.cohort.comparison": "none",
            "contrasts": (("mentored", "none"), ("peer_network", "none"), ("mentored", "peer_network")),
        }
    )
    rows = main_rows(estimate_primary(panel, plan=plan)).set_index(["contrast", "wave"])["estimate"]
    for wave in ("after", "followup"):
        assert rows["mentored - peer_network", wave] == pytest.approx(
            rows["mentored - none", wave] - rows["peer_network - none", wave], abs=1e-9
        )


def test_the_truth_lies_in_the_interval_as_often_as_it_says(make_panel, plan, monkeypatch):
    # the witnesses take four fifths of the time and have tests of their own
    monkeypatch.setattr(primary, "crosscheck", lambda design, *, plan: ([], [], []))
    monkeypatch.setattr(primary, "compare_completers", lambda design, *, plan: [])
    inside = 0
    for seed in range(24):
        row = main_rows(estimate_primary(make_panel(n=40, seed=100 + seed, effect=-3.0), plan=plan)).iloc[0]
        inside += row["ci_low"] < -3.0 < row["ci_high"]
    # 22.8 expected; 19 or fewer would happen once in 170 times
    assert inside >= 20


def test_a_before_after_chart_alone_would_have_said(make_panel, plan):
    panel = make_panel(n=60, dropout=0.3)
    rows = estimate_primary(panel, plan=plan).estimates
    row = rows[(rows["analysis"] == "before-after only") & (rows["contrast"] == "mentored")].iloc[0]
    wide = panel[panel["cohort"] == "mentored"].pivot(index="participant", columns="wave", values="isolation")
    change = (wide["after"] - wide["before"]).dropna()
    assert row["estimate"] == pytest.approx(change.mean())
    assert row["df"] == len(change) - 1
    assert np.isnan(row["effect_size"])
    assert "no effect of the programme" in row["note"]


def test_an_outcome_that_cannot_be_estimated_stops_no_other(make_panel, change_plan):
    plan = change_plan()
    plan.outcomes["belonging"] = copy.deepcopy(plan.outcomes["isolation"])
    panel = make_panel().assign(belonging=lambda frame: frame["isolation"].where(frame["wave"] != "before"))
    effects = estimate_primary(panel, plan=plan)
    rows = main_rows(effects).set_index(["outcome", "wave"])
    assert list(rows.loc["belonging", "status"]) == ["not-estimable", "not-estimable"]
    assert rows.loc["belonging", "estimate"].isna().all()
    assert rows.loc["belonging", "note"].str.startswith("not measured at the baseline").all()
    assert list(rows.loc["isolation", "status"]) == ["ok", "ok"]


def test_a_wave_that_is_not_collected_yet_has_rows_without_numbers(make_panel, plan):
    panel = make_panel()
    effects = estimate_primary(panel[panel["wave"] != "followup"], plan=plan)
    rows = main_rows(effects).set_index("wave")
    assert rows.at["followup", "status"] == "not-estimable"
    assert rows.at["followup", "note"] == "not measured at wave followup so far"
    assert rows.at["after", "status"] == "ok"


def test_outcomes_of_other_kinds_are_left_to_others(make_panel, change_plan):
    plan = change_plan()
    plan.outcomes["isolation"].kind = "yes-no"
    effects = estimate_primary(make_panel(), plan=plan)
    assert all(table.empty for table in effects)


def test_the_improvement_index_is_positive_where_scores_got_better(make_panel, plan):
    row = main_rows(estimate_primary(make_panel(n=80, dropout=0.0), plan=plan)).iloc[0]
    assert row["effect_size"] < 0 < row["improvement_index"]  # lower is better
    # 0.5 standard deviations would be 19.1 percentile points (tables of the normal distribution)
    assert row["improvement_index"] == pytest.approx(100 * (stats.norm.cdf(-row["effect_size"]) - 0.5), abs=1e-9)
