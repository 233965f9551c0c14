"""Attackers who have the public tables, know every rule, and look for one person's answers or for a few people's.

Every attack is first tried on tables without protection, where it must succeed: else it would prove nothing.
"""

import re

import pandas as pd
import pytest
from attacked import OPEN, PROTECTED, forget, look_up, make_panel, make_plan, pick, publish

COMPLETERS, ALONE = "completers only", "before-after only"


def read_step(row):
    """Half of the multiple in which a row is shown, as its note says it."""
    said = re.search(r"in multiples of ([0-9.]+)", row["note"] or "")
    return float(said.group(1)) / 2 if said else 0.0


def find_change_of_who_left(public, n):
    """(low, high) of the change of the one mentored person who was seen twice and then left.

    n: people of each cohort who were seen twice; whoever looks at the study from nearby knows it
    """
    alone = {
        cohort: pick(public["estimates"], analysis=ALONE, contrast=cohort, wave="after")
        for cohort in ("mentored", "unmentored")
    }
    stayed = pick(public["estimates"], analysis=COMPLETERS, contrast="mentored - unmentored", wave="after")
    mean_of_stayed = stayed["estimate"] + alone["unmentored"]["estimate"]
    change = n * alone["mentored"]["estimate"] - (n - 1) * mean_of_stayed
    off = n * read_step(alone["mentored"]) + (n - 1) * (read_step(stayed) + read_step(alone["unmentored"]))
    return change - off, change + off


def test_completers_do_not_subtract_to_the_change_of_one_who_left():
    plan, panel = make_plan(), make_panel({"mentored": 20, "unmentored": 20})
    gone = "mentored 3"
    change = look_up(panel, gone, "after") - look_up(panel, gone, "before")
    panel = forget(panel, [gone], "followup")
    low, high = find_change_of_who_left(publish(panel, plan, limits=OPEN), 20)
    assert (low + high) / 2 == pytest.approx(change, abs=1e-4)
    low, high = find_change_of_who_left(publish(panel, plan, limits=PROTECTED), 20)
    assert high - low > 1.6 * 7.1  # standard deviations of a change


def find_baseline_of_who_left(public, n):
    """(low, high) of the baseline of the one mentored person who was never seen again.

    The model's mean afterwards is that of those who came back, moved by the slope times what the baselines of all and
    of those who came back are apart.
    """
    mean = {wave: pick(public["means"], cohort="mentored", wave=wave)["mean"] for wave in ("before", "after")}
    size = {
        waves: pick(public["components"], analysis="primary", component=f"covariance[{waves}]")["value"]
        for waves in ("before, before", "before, after")
    }
    slope = size["before, after"] / size["before, before"]
    alone = pick(public["estimates"], analysis=ALONE, contrast="mentored", wave="after")
    came_back = (mean["after"] - alone["estimate"] - slope * mean["before"]) / (1 - slope)
    baseline = n * mean["before"] - (n - 1) * came_back
    off = (n - 1) * read_step(alone) / (1 - slope)
    return baseline - off, baseline + off


def test_a_paired_change_beside_the_models_means_does_not_tell_the_baseline_of_one_who_left():
    waves = ("before", "after")
    plan, panel = make_plan(waves=waves), make_panel({"mentored": 25, "unmentored": 25}, waves=waves)
    gone = "mentored 11"
    panel = forget(panel, [gone], "after")
    low, high = find_baseline_of_who_left(publish(panel, plan, limits=OPEN), 25)
    assert (low + high) / 2 == pytest.approx(look_up(panel, gone, "before"), abs=0.01)
    low, high = find_baseline_of_who_left(publish(panel, plan, limits=PROTECTED), 25)
    assert high - low > 1.6 * 7.8  # standard deviations of a baseline


def test_where_many_left_the_classical_rows_are_not_blurred():
    plan, panel = make_plan(), make_panel({"mentored": 30, "unmentored": 30})
    panel = forget(panel, [f"{cohort} {at}" for cohort in ("mentored", "unmentored") for at in range(10)], "followup")
    public = publish(panel, plan, limits=PROTECTED)["estimates"]
    rows = public[public["analysis"].isin([COMPLETERS, ALONE]) & (public["wave"].astype("str") == "followup")]
    assert rows[["estimate", "se", "p"]].notna().all(axis=None)


def test_an_analysis_of_few_people_of_a_cohort_is_withheld_where_the_studys_own_may_be_shown():
    plan, panel = make_plan(), make_panel({"mentored": 16, "unmentored": 40})
    flagged = [f"mentored {at}" for at in range(8)] + [f"unmentored {at}" for at in range(8)]
    without = forget(forget(panel, flagged, "after"), flagged, "followup")
    public = publish(panel, plan, limits=PROTECTED, without=without)
    for wave in ("after", "followup"):
        assert pd.notna(pick(public["estimates"], analysis="primary", wave=wave)["estimate"])
        assert pd.isna(pick(public["estimates"], analysis="without flagged responses", wave=wave)["estimate"])
    assert set(public["rejudged"]["analysis"]) == {"covariance by cohort"}
