"""The first lines: what they say for every way in which estimates and verdicts can fall, harm included."""

from types import SimpleNamespace

import pytest
from fabricate import add_cohort, fabricate_results, keep_baseline

from alongside.report.funder.glance import compose_glances, find_state


def row(low, high, *, sign=1, p_holm=None, p_bh=None, estimate=0.0):
    return SimpleNamespace(
        estimate=estimate, ci_low=low, ci_high=high, improvement_sign=sign, p_holm=p_holm, p_bh=p_bh
    )  # fmt: skip


@pytest.mark.parametrize(
    ("found", "worthwhile", "state"),
    [
        (row(0.8, 5.1, p_holm=0.02), 2.2, "better"),
        (row(0.8, 5.1, p_holm=0.06), 2.2, "leaning"),
        (row(0.8, 5.1), 2.2, "leaning"),  # no claim declared it beforehand
        (row(0.8, 5.1, p_bh=0.02), None, "better"),
        (row(-5.1, -0.8, p_holm=0.06), 2.2, "worse"),  # harm is said without an adjusted p
        (row(-5.1, -0.8, sign=-1, p_holm=0.02), 2.2, "better"),  # lower is better
        (row(0.8, 5.1, sign=-1), None, "worse"),
        (row(0.1, 1.9, p_holm=0.02), 2.0, "alike"),
        (row(-1.9, -0.1), 2.0, "alike"),
        (row(-2.5, 1.9), 2.0, "ruled-out"),
        (row(-2.5, 2.1), 2.0, "open"),
        (row(-2.5, 1.9), None, "open"),
        (row(None, None, estimate=None), 2.0, "unknown"),
    ],
)
def test_rules_in_their_order(found, worthwhile, state):
    assert find_state(found, worthwhile=worthwhile) == state


def change_primary(results, outcome, *intervals, p_holm=0.01):
    """Intervals of both follow-ups."""
    rows = [
        row
        for row in results["tables"]["estimates"]
        if row["outcome"] == outcome and row["analysis"] == "primary" and row["contrast"] == "mentored - unmentored"
    ]
    for row, (low, high) in zip(rows, intervals, strict=True):
        row.update(ci_low=low, ci_high=high, p_holm=p_holm)
    return results


def tell(results, label="Isolation"):
    (glance,) = [glance for glance in compose_glances(results) if glance.label == label]
    return glance


def test_a_difference_that_is_no_longer_certain():
    glance = tell(change_primary(fabricate_results(), "isolation", (-5.7, -1.3), (-4.9, 0.3)))
    assert glance.sentences == (
        "On average it got better in both groups.",
        "6 months after the start, the mentored group's change was better than the unmentored group's.",
        "12 months after the start, that is no longer certain.",
    )
    assert glance.title == "Not the same at every survey"


def test_surveys_that_say_the_same_are_told_together():
    glance = tell(change_primary(fabricate_results(), "isolation", (1.3, 5.7), (1.3, 4.9)))
    assert glance.sentences[1:] == (
        "6 and 12 months after the start, the mentored group's change was worse than the unmentored group's.",
    )
    assert glance.state == "worse"


def test_groups_that_went_different_ways_are_told_apart():
    results = fabricate_results()
    ways = {("mentored", "after"): 2.0, ("mentored", "followup"): 3.0, ("unmentored", "after"): 0.04}
    for row in results["tables"]["changes"]:
        if row["outcome"] == "isolation":
            row["change"] = ways.get((row["cohort"], row["wave"]), -1.0)
    assert tell(results).sentences[0] == (
        "Between the start and the last survey it got worse on average in the mentored group and got better in the "
        "unmentored group."
    )


def test_only_main_outcomes_and_surveys_that_were_collected():
    results = fabricate_results()
    assert [glance.label for glance in compose_glances(results)] == ["Isolation", "Self esteem", "Anxiety"]
    results["study"]["waves"][2]["collected"] = False
    assert not any("12 months" in sentence for glance in compose_glances(results) for sentence in glance.sentences)
    assert compose_glances(keep_baseline(results)) == []


def test_with_several_contrasts_both_groups_are_named():
    glances = [glance for glance in compose_glances(add_cohort(fabricate_results())) if glance.label == "Isolation"]
    assert [glance.about for glance in glances] == [
        "Mentored compared with unmentored",
        "Peer network compared with unmentored",
    ]
    assert "in the peer network and the unmentored group" in glances[1].sentences[0]


def test_means_that_are_not_shown_leave_the_rest():
    results = fabricate_results()
    for row in results["tables"]["changes"]:
        row["change"] = None
    assert all(sentence.startswith(("6", "12")) for sentence in tell(results).sentences)
