"""Verdicts: every rule of methods 10, at its edges, in its order."""

from types import SimpleNamespace

import numpy as np
import pytest

from alongside.judgement.claims import Evidence, find_detectable, find_verdict, judge_claims


def evidence(low, high, *, p_adjusted=0.01, estimate=None):
    middle = (low + high) / 2 if estimate is None else estimate
    return Evidence(estimate=middle, low=low, high=high, p=0.01, p_adjusted=p_adjusted, detectable=1.0)


@pytest.mark.parametrize(
    ("low", "high", "p", "verdict"),
    [
        (-1.0, 1.9, 0.01, "practically-none"),  # inside (-2, 2)
        (0.5, 1.9, 0.01, "practically-none"),  # even where 0 is excluded
        (-1.9, -0.5, 0.01, "practically-none"),
        (-4.0, -0.1, 0.01, "contradicted"),
        (-2.0, -0.1, 0.01, "contradicted"),  # -d < L fails at the edge
        (1.0, 5.0, 0.01, "supported"),
        (2.5, 5.0, 0.01, "supported"),
        (0.1, 3.0, 0.01, "supported-small"),  # estimate 1.55 < 2
        (1.0, 5.0, 0.05, "suggestive"),
        (1.0, 5.0, np.nan, "suggestive"),  # exploratory: no adjusted p
        (-3.0, 1.9, 0.3, "ruled-out"),
        (-3.0, 2.0, 0.3, "no-clear-evidence"),
        (-1.0, 5.0, 0.3, "no-clear-evidence"),
        (0.0, 5.0, 0.01, "no-clear-evidence"),
    ],
)
def test_rules_in_their_order(low, high, p, verdict):
    assert find_verdict(evidence(low, high, p_adjusted=p), worthwhile=2.0) == verdict


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(0.1, 0.2, "supported"), (-0.2, 0.1, "no-clear-evidence"), (-0.2, -0.1, "contradicted")],
)
def test_without_a_declared_difference_nothing_is_too_small(low, high, verdict):
    assert find_verdict(evidence(low, high), worthwhile=None) == verdict


def test_detectable_difference_by_hand():
    # many degrees of freedom: 1.959964 + 0.841621
    assert find_detectable(1.5, 1e9, confidence=0.95) == pytest.approx(1.5 * 2.801585, abs=1e-5)


def test_numbers_are_positive_in_the_claimed_direction(
    make_estimates, make_claim, make_plan, components, no_sensitivity
):
    estimates = make_estimates(("isolation", {"estimate": -3.0}))
    plan = make_plan(
        {"less": make_claim()}, outcomes={"isolation": {"smallest_worthwhile": SimpleNamespace(value=0.2, unit="sd")}}
    )
    claims = judge_claims(estimates, sensitivity=no_sensitivity, components=components, plan=plan).claims
    row = claims.iloc[0]
    assert row["worthwhile"] == pytest.approx(2.0)  # 0.2 of a standard deviation of 10
    assert row["estimate"] == pytest.approx(3.0)
    assert (row["ci_low"], row["ci_high"]) == (pytest.approx(3 - 1.959964, abs=1e-4), pytest.approx(4.959964, abs=1e-4))
    assert row["p_adjusted"] == pytest.approx(row["p"])  # a family of one
    assert row["verdict"] == "supported"
    assert row["sentence"] == (
        "Isolation changed more for the better in the mentored cohort than in the unmentored cohort: the difference in "
        "change is 3.0 points better (95% interval: 1.0 to 5.0 points better). The best estimate (3.0) reaches the "
        "2.0 points declared worthwhile; the true difference may be as small as 1.0. Chance did not form the cohorts, "
        "so the difference may have other reasons than the programme."
    )


def test_a_claim_of_increase_reads_the_same_estimate_the_other_way(
    make_estimates, make_claim, make_plan, components, no_sensitivity
):
    estimates = make_estimates(("isolation", {"estimate": -3.0}))
    plan = make_plan({"more": make_claim(direction="increase")}, outcomes={"isolation": {
        "smallest_worthwhile": SimpleNamespace(value=2.0, unit="points")}})  # fmt: skip
    row = judge_claims(estimates, sensitivity=no_sensitivity, components=components, plan=plan).claims.iloc[0]
    assert (row["estimate"], row["verdict"]) == (pytest.approx(-3.0), "contradicted")
    # isolation is better where it is lower, whatever was claimed: 3 points down are good news
    assert "the change of isolation in the mentored cohort was 3.0 points better" in row["sentence"]


@pytest.mark.parametrize(
    ("changes", "role", "verdict"),
    [
        ({"role": "secondary"}, "secondary", "supported"),
        ({"role": "exploratory"}, "exploratory", "suggestive"),
    ],
)
def test_an_exploratory_outcome_is_never_more_than_suggestive(
    changes, role, verdict, make_estimates, make_claim, make_plan, components, no_sensitivity
):
    estimates = make_estimates(("isolation", changes | {"estimate": -9.0}))
    plan = make_plan({"less": make_claim()}, outcomes={"isolation": {"role": role}})
    judged = judge_claims(estimates, sensitivity=no_sensitivity, components=components, plan=plan)
    assert judged.claims["verdict"].to_list() == [verdict]
    assert judged.claims["p_adjusted"].isna().to_list() == [role == "exploratory"]


@pytest.mark.parametrize(
    ("claim", "rows", "outcome", "verdict"),
    [
        ({"through": {"belonging": "after"}}, {}, {}, "not-done"),
        ({"subgroup": "gender"}, {}, {}, "not-done"),
        ({}, {}, {"kind": "yes-no"}, "not-done"),
        ({"wave": "followup"}, {}, {}, "not-measured"),
        ({}, {"note": "not measured at wave after so far"}, {}, "not-measured"),
        (
            {},
            {"note": "all of mentored is in one site, which cannot be told apart from the programme"},
            {},
            "not-testable",
        ),
    ],
)
def test_what_cannot_be_judged_has_no_numbers_and_says_why(
    claim, rows, outcome, verdict, make_estimates, make_claim, make_plan, components, nothing, no_sensitivity
):
    estimates = make_estimates(("isolation", (nothing | {"status": "not-estimable"} | rows) if rows else {}))
    plan = make_plan({"it": make_claim(**claim)}, outcomes={"isolation": outcome})
    row = judge_claims(estimates, sensitivity=no_sensitivity, components=components, plan=plan).claims.iloc[0]
    assert row["verdict"] == verdict
    assert row[["estimate", "ci_low", "ci_high", "p", "p_adjusted"]].isna().all()
    assert rows.get("note", "") in row["sentence"]
    assert row["sentence"].endswith(".")


def test_no_claims_give_an_empty_table(make_estimates, make_plan, components, no_sensitivity):
    judged = judge_claims(
        make_estimates(("isolation", {})), sensitivity=no_sensitivity, components=components, plan=make_plan({})
    )
    assert judged.claims.empty
    assert judged.estimates["p_holm"].isna().all()


WITHOUT = {"analysis": "without flagged responses"}


def test_each_claim_is_judged_again_on_the_other_estimates(make_estimates, make_claim, make_plan, components):
    estimates = make_estimates(("isolation", {"estimate": -3.0}), ("anxiety", {"estimate": -3.0}))
    sensitivity = make_estimates(
        ("isolation", WITHOUT | {"estimate": -1.0}), ("anxiety", WITHOUT | {"estimate": -2.9, "se": 1.1})
    )
    plan = make_plan(
        {"less": make_claim(), "calmer": make_claim(outcome="anxiety")}, outcomes={"isolation": {}, "anxiety": {}}
    )
    judged = judge_claims(estimates, sensitivity=sensitivity, components=components, plan=plan)
    assert judged.claims["verdict"].to_list() == ["supported", "supported"]
    # isolation: 1 +- 1.96. anxiety: p = .0084, times two in Holm's family of the same analysis
    assert judged.rejudged[["claim", "verdict", "same"]].to_numpy().tolist() == [
        ["less", "no-clear-evidence", False], ["calmer", "supported", True],
    ]  # fmt: skip
    assert list(judged.estimates["outcome"]) == ["isolation", "isolation", "anxiety", "anxiety"]
    assert judged.estimates.loc[judged.estimates["analysis"] != "primary", "p_holm"].isna().all()


def test_where_nothing_is_flagged_the_primary_row_stays(make_estimates, make_claim, make_plan, components, nothing):
    estimates = make_estimates(("isolation", {"estimate": -3.0}), ("anxiety", {"estimate": -3.0}))
    note = "no response with a score of this outcome is flagged, so this is the primary analysis"
    sensitivity = make_estimates(
        ("isolation", WITHOUT | nothing | {"status": "not-estimable", "note": note}),
        ("anxiety", WITHOUT | {"estimate": 1.0}),
    )
    plan = make_plan(
        {"less": make_claim(), "calmer": make_claim(outcome="anxiety")}, outcomes={"isolation": {}, "anxiety": {}}
    )
    rejudged = judge_claims(estimates, sensitivity=sensitivity, components=components, plan=plan).rejudged
    assert rejudged["verdict"].to_list() == ["supported", "no-clear-evidence"]
    only = sensitivity[sensitivity["outcome"] == "isolation"]
    assert judge_claims(estimates, sensitivity=only, components=components, plan=plan).rejudged.empty


def test_a_claim_is_held_against_the_contrast_that_it_names(
    make_estimates, make_claim, make_plan, components, no_sensitivity
):
    estimates = make_estimates(
        ("isolation", {"estimate": -3.0}), ("isolation", {"estimate": 3.0, "contrast": "peer_network - unmentored"})
    )
    claims = {"mentors": make_claim(), "peers": make_claim(contrast=("peer_network", "unmentored"))}
    judged = judge_claims(estimates, sensitivity=no_sensitivity, components=components, plan=make_plan(claims))
    assert judged.claims["contrast"].to_list() == ["mentored - unmentored", "peer_network - unmentored"]
    assert judged.claims["verdict"].to_list() == ["supported", "contradicted"]
    assert judged.estimates["p_holm"].notna().all()
