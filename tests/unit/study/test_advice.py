"""What is declared and not used is said, once, and only where it may matter."""

import pytest

UNADJUSTED = (
    "2 covariates are declared (age, gender) and none is adjusted for: add analysis.adjust_for, or say "
    "adjust_for: [] if that is meant.",
)


def test_covariates_that_nothing_is_adjusted_for_are_named(load, example):
    assert load(example("small.yaml").replace("  adjust_for: [age, gender]", "  seed: 3")).advice == UNADJUSTED


def test_a_study_without_an_analysis_block_is_told_too(load, example):
    assert load(example("small.yaml").replace("analysis:\n  adjust_for: [age, gender]\n", "")).advice == UNADJUSTED


@pytest.mark.parametrize("chosen", ["[]", "[age]", "[age, gender]"])
def test_whoever_has_decided_is_not_told(load, example, chosen):
    assert load(example("small.yaml").replace("[age, gender]", chosen)).advice == ()


def test_where_chance_formed_the_cohorts_nothing_is_said(load, example):
    text = example("small.yaml").replace("  adjust_for: [age, gender]", "  seed: 3")
    assert load(text.replace("self-selected", "randomised")).advice == ()


def test_one_covariate_is_one(load, example):
    text = example("small.yaml").replace("  adjust_for: [age, gender]", "  seed: 3")
    text = text.replace("    gender: {kind: category}\n", "").replace("  subgroups: [gender]\n", "")
    assert load(text).advice[0].startswith("1 covariate is declared (age) and it is not adjusted for")


def test_a_scale_with_a_safety_item_is_never_passed_over_and_is_no_unfinished_work(load, example):
    study = load(example("small.yaml").replace("gad7", "phq9"))
    (sentence,) = study.look_after
    assert sentence.startswith("phq9 item 9: an answer of 1 or more may call for somebody to look after the person. ")
    assert "have somebody read them" in sentence
    assert "phq9" not in " ".join([*study.not_done_yet, *study.advice])
    assert load(example("small.yaml")).look_after == ()
