"""The first lines: what they say for every way in which estimates and verdicts can fall, harm included."""

from types import SimpleNamespace

import pytest
from fabricate import add_cohort, fabricate_results, keep_baseline

from alongside.report.funder.glance import compose_glances, find_move, find_state


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
        "On average it got better in the mentored group; whether it changed in the unmentored group is uncertain.",
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


@pytest.mark.parametrize(
    ("change", "span", "worthwhile", "way"),
    [
        (-3.0, (-4.0, -2.0), 1.0, "better"),  # lower is better in all of these
        (3.0, (2.0, 4.0), None, "worse"),
        (3.0, (-0.5, 6.0), 1.0, "unsure"),  # much, and not certain
        (0.2, (-1.2, 1.6), 0.8, "unsure"),  # little, and it could be more
        (0.2, (-0.4, 0.7), 0.8, "same"),
        (-0.5, (-0.7, -0.3), 0.8, "same"),  # certain, and too little to matter
        (-0.5, (-0.7, -0.3), None, "better"),
        (3.0, (0.0, 6.0), 1.0, "unsure"),
        (3.0, (-4.0, -2.0), 1.0, "unsure"),  # those who answered twice moved the other way
        (0.04, (-1.2, 1.6), 0.8, "unsure"),
        (0.2, None, 0.8, "same"),
        (3.0, None, 0.8, "worse"),
        (0.04, None, None, "same"),
        (3.0, None, None, "unsure"),
    ],
)
def test_one_group_moved_only_where_its_interval_says_so(change, span, worthwhile, way):
    assert find_move(change, span, sign=-1, worthwhile=worthwhile) == way


SPANS = {"better": (-3.0, -1.0), "worse": (1.0, 3.0), "same": (-0.2, 0.2), "unsure": (-4.0, 4.5)}
CHANGES = {"better": -2.0, "worse": 2.0, "same": 0.1, "unsure": 0.3}


def move(results, *, mentored, unmentored):
    """Isolation, worthwhile from 0.5 points; mentored, unmentored: how that group moved at both follow-ups."""
    ways = {("mentored", at): way for at, way in zip(("after", "followup"), mentored, strict=True)}
    ways |= {("unmentored", at): way for at, way in zip(("after", "followup"), unmentored, strict=True)}
    next(one for one in results["study"]["outcomes"] if one["key"] == "isolation")["worthwhile"] = {
        "value": 0.5, "unit": "points",
    }  # fmt: skip
    for row in results["tables"]["changes"]:
        if row["outcome"] == "isolation":
            row["change"] = CHANGES[ways[row["cohort"], row["wave"]]]
    for row in results["tables"]["claims"]:
        row["worthwhile"] = None
    for row in results["tables"]["estimates"]:
        if row["outcome"] == "isolation" and row["analysis"] == "before-after only":
            row["ci_low"], row["ci_high"] = SPANS[ways[row["contrast"], row["wave"]]]
    return results


FIRST, SECOND = "in the mentored group", "in the unmentored group"


@pytest.mark.parametrize(
    ("mentored", "unmentored", "sentence"),
    [
        ("better", "better", "On average it got better in both groups."),
        ("same", "same", "On average it hardly changed in both groups."),
        ("unsure", "unsure", "Whether it changed on average is uncertain in both groups."),
        ("better", "same", f"On average it got better {FIRST} and hardly changed {SECOND}."),
        ("same", "worse", f"On average it hardly changed {FIRST} and got worse {SECOND}."),
        ("worse", "better", f"On average it got worse {FIRST} and got better {SECOND}."),
        ("better", "unsure", f"On average it got better {FIRST}; whether it changed {SECOND} is uncertain."),
        ("unsure", "better", f"On average it got better {SECOND}; whether it changed {FIRST} is uncertain."),
        ("unsure", "same", f"On average it hardly changed {SECOND}; whether it changed {FIRST} is uncertain."),
    ],
)
def test_both_groups_in_one_sentence(mentored, unmentored, sentence):
    results = move(fabricate_results(), mentored=[mentored] * 2, unmentored=[unmentored] * 2)
    assert tell(results).sentences[0] == sentence


@pytest.mark.parametrize(
    ("mentored", "unmentored", "sentence"),
    [
        ("better", "better", "Between the start and the last survey it got better on average in both groups."),
        ("worse", "better", f"Between the start and the last survey it got worse on average {FIRST} and got better "
                            f"{SECOND}."),
        ("unsure", "worse", f"Between the start and the last survey it got worse on average {SECOND}; whether it "
                            f"changed {FIRST} is uncertain."),
        ("unsure", "unsure", "Whether it changed on average between the start and the last survey is uncertain in both "
                             "groups."),
    ],
)  # fmt: skip
def test_where_the_surveys_differ_the_last_one_is_told(mentored, unmentored, sentence):
    results = move(fabricate_results(), mentored=["same", mentored], unmentored=["same", unmentored])
    assert tell(results).sentences[0] == sentence


def test_only_main_outcomes_and_surveys_that_were_collected():
    results = fabricate_results()
    assert [glance.label for glance in compose_glances(results)] == ["Isolation", "Self esteem", "Anxiety"]
    results["study"]["waves"][2]["collected"] = False
    assert not any("12 months" in sentence for glance in compose_glances(results) for sentence in glance.sentences)
    assert compose_glances(keep_baseline(results)) == []


def test_with_several_contrasts_both_groups_are_named():
    results = add_cohort(move(fabricate_results(), mentored=["better"] * 2, unmentored=["better"] * 2))
    glances = [glance for glance in compose_glances(results) if glance.label == "Isolation"]
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
