"""Adjusted p values: the published vectors, and who belongs to which family."""

import numpy as np
import pytest

from alongside.judgement.multiplicity import adjust_all, adjust_p_values


def test_benjamini_hochberg_vector():
    assert adjust_all([0.001, 0.02, 0.03, 0.2], method="benjamini-hochberg") == pytest.approx([0.004, 0.04, 0.04, 0.2])


def test_holm_by_hand():
    # sorted .01 .02 .04: 3 x .01, 2 x .02, then no smaller than the one before
    assert adjust_all([0.04, 0.01, 0.02], method="holm") == pytest.approx([0.04, 0.03, 0.04])


@pytest.mark.parametrize(("method", "theirs"), [("holm", "holm"), ("benjamini-hochberg", "fdr_bh")])
def test_statsmodels_adjusts_the_same(method, theirs):
    from statsmodels.stats.multitest import multipletests

    rng = np.random.default_rng(1979)
    for size in (1, 2, 5, 30):
        p = np.round(rng.uniform(0, 1, size) ** 3, 2)  # with ties, zeros and ones
        assert adjust_all(p, method=method) == pytest.approx(multipletests(p, method=theirs)[1], abs=1e-15)


def test_holm_goes_over_the_declared_claims_only(make_estimates, make_claim, make_plan):
    estimates = make_estimates(
        ("isolation", {"p": 0.01}),
        ("isolation", {"p": 0.001, "wave": "followup"}),  # nobody claims it
        ("anxiety", {"p": 0.02}),
        ("isolation", {"p": 0.0001, "analysis": "before-after only"}),
    )
    claims = {
        "a": make_claim(), "again": make_claim(text="the same in other words"), "b": make_claim(outcome="anxiety"),
    }  # fmt: skip
    plan = make_plan(claims, outcomes={"isolation": {}, "anxiety": {}})
    holm = adjust_p_values(estimates, plan=plan)["p_holm"]
    assert holm[[0, 2]].to_list() == pytest.approx([0.02, 0.02])
    assert holm[[1, 3]].isna().all()


def test_a_claim_that_waits_for_its_wave_counts_already(make_estimates, make_claim, make_plan, nothing):
    estimates = make_estimates(
        ("isolation", {"p": 0.02}), ("isolation", nothing | {"wave": "followup", "status": "not-estimable"})
    )
    claims = {"now": make_claim(), "later": make_claim(wave="followup"), "much later": make_claim(wave="never seen")}
    holm = adjust_p_values(estimates, plan=make_plan(claims))["p_holm"]
    assert holm[0] == pytest.approx(0.06)
    assert np.isnan(holm[1])


def test_claims_about_mechanisms_and_subgroups_are_other_questions(make_estimates, make_claim, make_plan):
    claims = {
        "main": make_claim(),
        "via": make_claim(wave="followup", through={"belonging": "after"}),
        "for some": make_claim(wave="followup", subgroup="gender"),
    }
    holm = adjust_p_values(make_estimates(("isolation", {"p": 0.02})), plan=make_plan(claims))["p_holm"]
    assert holm[0] == pytest.approx(0.02)


def test_secondary_outcomes_are_adjusted_within_their_domain(make_estimates, make_plan):
    estimates = make_estimates(
        ("a", {"role": "secondary", "p": 0.02}),
        ("b", {"role": "secondary", "p": 0.03}),
        ("c", {"role": "secondary", "p": 0.04, "domain": "self"}),
        ("d", {"role": "exploratory", "p": 0.0001}),
    )
    bh = adjust_p_values(estimates, plan=make_plan({}))["p_bh"]
    assert bh[:3].to_list() == pytest.approx([0.03, 0.03, 0.04])
    assert np.isnan(bh[3])
