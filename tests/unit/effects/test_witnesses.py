"""The cross-check and the classical comparator say what they should, also where they disagree."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from alongside.effects import witnesses
from alongside.effects.design import NotEstimable, build_design
from alongside.effects.estimator import fit_mixed
from alongside.effects.witnesses import compare_completers, crosscheck


@pytest.mark.parametrize("design", ["self-selected", "randomised"])
def test_both_programs_agree_on_the_same_model(make_panel, change_plan, design):
    plan = change_plan(
        **{"info.design": design, "analysis.adjust_for": ("age", "gender"), "participants.clusters": ("site",)}
    )
    estimates, models, components = crosscheck(build_design(make_panel(), outcome="isolation", plan=plan), plan=plan)
    assert all(row["note"].startswith("agrees with alongside.mixed on the same model") for row in estimates)
    assert models[0]["estimator"] == "statsmodels MixedLM"
    assert [row["component"] for row in components] == ["site", "participant", "residual"]


def test_a_disagreement_is_recorded_with_its_size(make_panel, plan, monkeypatch):
    def shifted(formula, design, **how):
        crooked = design.frame.assign(score=design.frame["score"] + 3.0 * (design.frame["wave"] == "after")
                                      * (design.frame["cohort"] == "mentored"))  # fmt: skip
        return fit_mixed(formula, type(design)(**{**vars(design), "frame": crooked}), **how)

    monkeypatch.setattr(witnesses, "fit_mixed", shifted)
    design = build_design(make_panel(), outcome="isolation", plan=plan)
    estimates, models, _ = crosscheck(design, plan=plan)
    size = 3.0 / estimates[0]["se"]
    assert f"differs from alongside.mixed on the same model by {size:.2f}" in estimates[0]["note"]
    assert "agrees" in estimates[1]["note"]
    assert "differs" in models[0]["note"]


def test_a_jump_away_from_least_squares_is_said(make_panel, plan):
    # everybody in the mentored cohort with a low level leaves after the baseline: least squares mixes levels and change
    panel = make_panel(n=160, dropout=0.0, seed=2)
    level = panel.groupby("participant")["isolation"].transform("mean")
    gone = (panel["wave"] != "before") & (panel["cohort"] == "mentored") & (level < level.median())
    panel.loc[gone, "isolation"] = np.nan
    estimates, _, _ = crosscheck(build_design(panel, outcome="isolation", plan=plan), plan=plan)
    assert "standard errors away" in estimates[0]["note"]
    assert "least squares is" in estimates[0]["note"]


def test_the_reason_stands_where_the_number_would(make_panel, plan, monkeypatch):
    def refuse(*_, **__):
        raise NotEstimable("too few repeated scores for a model of change within people")

    monkeypatch.setattr(witnesses, "fit_random_intercept", refuse)
    estimates, models, components = crosscheck(build_design(make_panel(), outcome="isolation", plan=plan), plan=plan)
    assert {row["note"] for row in estimates} == {"too few repeated scores for a model of change within people"}
    assert all(np.isnan(row["estimate"]) for row in estimates)
    assert models == components == []


def test_completers_are_compared_as_by_a_t_test_on_changes(make_panel, plan):
    """With two waves and two cohorts the interaction of a mixed analysis of variance is a t-test on changes."""
    panel = make_panel(n=90, dropout=0.2)
    rows = compare_completers(build_design(panel, outcome="isolation", plan=plan), plan=plan)
    wide = panel.pivot(index=["participant", "cohort"], columns="wave", values="isolation").dropna().reset_index()
    for row, wave in zip(rows, ("after", "followup"), strict=True):
        change = wide[wave] - wide["before"]
        expected = stats.ttest_ind(change[wide["cohort"] == "mentored"], change[wide["cohort"] == "unmentored"])
        assert row["wave"] == wave
        assert row["statistic"] == pytest.approx(expected.statistic)
        assert row["p"] == pytest.approx(expected.pvalue)
        assert row["df"] == len(wide) - 2
        assert row["n_participants"] == len(wide)


def test_a_handful_of_completers_is_no_comparison(make_panel, plan):
    rows = compare_completers(build_design(make_panel(n=24, dropout=0.5), outcome="isolation", plan=plan), plan=plan)
    assert {row["status"] for row in rows} == {"not-estimable"}
    assert all(pd.isna(row["estimate"]) for row in rows)
