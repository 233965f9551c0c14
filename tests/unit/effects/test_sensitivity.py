"""The same question asked without flagged responses, with them, and with a covariance for each cohort."""

import numpy as np
import pandas as pd
import pytest

from alongside.effects.primary import estimate_primary
from alongside.effects.sensitivity import estimate_sensitivity

NUMBERS = ["estimate", "se", "df", "p", "ci_low", "ci_high", "effect_size", "n_participants", "n_observations"]


def without_scores(panel, people, wave):
    gone = panel["participant"].isin(people) & (panel["wave"] == wave)
    return panel.assign(isolation=panel["isolation"].mask(gone))


def rows_of(estimates, analysis):
    return estimates[estimates["analysis"] == analysis].reset_index(drop=True)


@pytest.fixture
def panel(make_panel):
    return make_panel(n=80, dropout=0.1)


def test_leaving_out_is_the_primary_model_of_what_is_left(panel, plan):
    people = panel["participant"].unique()[:7]
    left = without_scores(panel, people, "after")
    made = estimate_sensitivity(panel, without=left, included=panel, plan=plan)
    rows = rows_of(made.estimates, "without flagged responses")
    expected = rows_of(estimate_primary(left, plan=plan).estimates, "primary")
    pd.testing.assert_frame_equal(rows[NUMBERS], expected[NUMBERS], check_exact=True)
    assert rows_of(made.estimates, "with flagged responses").empty


def test_people_set_apart_are_counted_once_at_the_baseline_and_the_wave(panel, plan):
    there = panel[panel["isolation"].notna()]
    both = [p for p, group in there.groupby("participant") if set(group["wave"]) == {"before", "after", "followup"}]
    left = without_scores(without_scores(panel, both[:3], "before"), both[2:5], "after")
    made = estimate_sensitivity(panel, without=left, included=panel, plan=plan)
    apart = rows_of(made.set_apart, "without flagged responses").set_index("wave")
    assert apart["n"].to_dict() == {"after": 5, "followup": 3}
    cohorts = left[left["isolation"].notna()].groupby(["wave", "cohort"]).size()
    assert apart["fewest"].to_dict() == {
        wave: int(cohorts.loc[["before", wave]].min()) for wave in ("after", "followup")
    }


def test_putting_back_has_rows_only_where_something_was_left_out(panel, plan):
    left = without_scores(panel, panel["participant"].unique()[:4], "before")
    made = estimate_sensitivity(left, without=left, included=panel, plan=plan)
    rows = rows_of(made.estimates, "with flagged responses")
    expected = rows_of(estimate_primary(panel, plan=plan).estimates, "primary")
    pd.testing.assert_frame_equal(rows[NUMBERS], expected[NUMBERS], check_exact=True)
    assert rows_of(made.estimates, "without flagged responses").empty


def test_without_flags_a_note_stands_where_the_same_numbers_would(panel, plan):
    made = estimate_sensitivity(panel, without=panel, included=panel, plan=plan)
    rows = rows_of(made.estimates, "without flagged responses")
    assert list(rows["wave"]) == ["after", "followup"]
    assert rows["estimate"].isna().all()
    assert rows["note"].str.startswith("no response with a score of this outcome is flagged").all()
    assert rows_of(made.set_apart, "without flagged responses").empty


def test_people_whom_the_classical_analyses_drop_are_counted(make_panel, plan):
    """Of 20 and 20: two mentored people miss the follow-up, one the survey before it, one unmentored both."""
    panel = make_panel(n=40, dropout=0.0)
    mentored, unmentored = (
        panel.loc[panel["cohort"] == cohort, "participant"].unique() for cohort in ("mentored", "unmentored")
    )
    panel = without_scores(panel, [*mentored[:2], unmentored[0]], "followup")
    panel = without_scores(panel, [mentored[2], unmentored[0]], "after")
    made = estimate_sensitivity(panel, without=panel, included=panel, plan=plan).set_apart
    counted = made.set_index(["analysis", "contrast", "wave"])[["n", "fewest"]].apply(tuple, axis=1).to_dict()
    both = "mentored - unmentored"
    assert counted == {
        ("completers only", both, "after"): (2, 17),
        ("completers only", both, "followup"): (1, 17),
        ("before-after only", "mentored", "after"): (1, 19),
        ("before-after only", "mentored", "followup"): (2, 18),
        ("before-after only", "unmentored", "after"): (1, 19),
        ("before-after only", "unmentored", "followup"): (1, 19),
    }


def test_cohorts_may_differ_in_their_covariance(make_panel, plan):
    """Two waves, complete: with a covariance each, the error of the difference is that of Welch's t-test."""
    panel = make_panel(n=60, dropout=0.0)
    panel = panel[panel["wave"] != "followup"]
    noise = np.random.default_rng(3).normal(0, 12, len(panel))
    panel = panel.assign(isolation=panel["isolation"] + noise * (panel["cohort"] == "mentored"))
    rows = rows_of(
        estimate_sensitivity(panel, without=panel, included=panel, plan=plan).estimates, "covariance by cohort"
    )
    wide = panel.pivot(index=["participant", "cohort"], columns="wave", values="isolation").reset_index()
    change = (wide["after"] - wide["before"]).groupby(wide["cohort"])
    assert rows.loc[0, "se"] == pytest.approx(np.sqrt((change.var() / change.size()).sum()), rel=1e-5)
    assert rows.loc[0, "estimate"] == pytest.approx(change.mean()["mentored"] - change.mean()["unmentored"])
    pooled = rows_of(estimate_primary(panel, plan=plan).estimates, "primary")
    assert rows.loc[0, "df"] < pooled.loc[0, "df"]


def test_an_outcome_that_cannot_be_estimated_says_why_in_each_analysis(panel, plan):
    never = panel.assign(isolation=panel["isolation"].mask(panel["wave"] == "before"))
    left = without_scores(never, panel["participant"].unique()[:4], "after")
    rows = estimate_sensitivity(never, without=left, included=never, plan=plan).estimates
    assert set(rows["analysis"]) == {"without flagged responses", "covariance by cohort"}
    assert rows["note"].str.startswith("not measured at the baseline").all()
