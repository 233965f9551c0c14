"""The simulated people: what truth.json says about them, and why the adjusted answer is the right one."""

import json
from pathlib import Path

import numpy as np
import population as model
import pytest
import simulate

STUDY = Path(__file__).resolve().parents[3] / "data" / "bright-path"
PAIRS = [(outcome, wave) for outcome in model.OUTCOMES for wave in model.FOLLOWUPS]


@pytest.fixture(scope="module")
def truth():
    return json.loads((STUDY / "truth.json").read_text())


@pytest.fixture(scope="module")
def fresh():
    return simulate.compute_truth(seed=99, n_people=20_000)


@pytest.fixture(scope="module")
def crowd():
    """A hundred thousand people; nobody is late."""
    return model.draw_population(np.random.default_rng(7), site_sizes=(25,) * 4000)


def test_the_truth_is_that_of_200_000_people(truth):
    assert truth["people"] == 200_000


@pytest.mark.parametrize("who", ["mentored", "everyone"])
@pytest.mark.parametrize(("outcome", "wave"), [*PAIRS, ("still_enrolled", "after")])
def test_fresh_people_show_the_same_truth(truth, fresh, outcome, wave, who):
    old, new = truth["outcomes"][outcome][wave], fresh["outcomes"][outcome][wave]
    error = np.hypot(old["standard_error"], new["standard_error"])
    assert new[who] == pytest.approx(old[who], abs=4 * error)


def test_scores_by_hand():
    """Two people, scored with pencil and paper: everything as low as it goes, and 1 2 3 ... where it varies."""
    lowest = {outcome: np.full((1, scale.n_items), scale.low) for outcome, scale in model.SCALES.items()}
    # UCLA: 11 items count 1, 9 reversed count 4. Belonging: 6 x 1 + 6 x 7. Rosenberg 0-3: 5 x 0 + 5 x 3.
    expected = {"isolation": 47, "belonging": 48, "self_esteem": 15, "anxiety": 0}
    assert {outcome: model.SCALES[outcome].score(lowest[outcome])[0] for outcome in lowest} == expected
    varied = np.array([4, 1, 3, 2, 4, 4, 3, 1, 2, 1])  # reversed: items 2 5 6 8 9 -> 4 1 1 4 3; minus 10
    assert model.SCALES["self_esteem"].score(varied) == (4 + 3 + 2 + 3 + 1) + (4 + 1 + 1 + 4 + 3) - 10


@pytest.mark.parametrize("wave", [1, 2])
@pytest.mark.parametrize("outcome", model.OUTCOMES)
def test_without_mentoring_both_cohorts_change_alike_given_covariates_and_only_then(crowd, outcome, wave):
    """Parallel trends: what the difference in change rests on. Answers of everybody as if nobody had been mentored."""
    scores = model.SCALES[outcome].score(crowd.answers_if[False][outcome]).astype(float)
    change = scores[wave] - scores[0]
    joined = crowd.mentored.astype(float)
    covariates = [crowd.age, crowd.gender == 1, crowd.gender == 2, crowd.first_generation]
    # the error of the same difference in a study of 420 people
    error = change.std() * np.sqrt(1 / (420 * joined.mean()) + 1 / (420 * (1 - joined.mean())))
    adjusted = np.linalg.lstsq(np.column_stack([np.ones(len(joined)), joined, *covariates]), change, rcond=None)[0][1]
    unadjusted = change[crowd.mentored].mean() - change[~crowd.mentored].mean()
    assert abs(adjusted) < 0.25 * error  # the crowd's own error is 0.065 of it
    assert abs(unadjusted) > 0.6 * error


def test_those_who_join_have_other_lasting_levels(crowd):
    scores = crowd.scores("isolation")[0]
    gap = (scores[crowd.mentored].mean() - scores[~crowd.mentored].mean()) / scores.std()
    assert 0.2 < gap < 0.45


def test_scores_of_two_waves_correlate_as_in_real_panels(crowd):
    for outcome in model.OUTCOMES:
        correlations = np.corrcoef(crowd.scores(outcome))[np.triu_indices(3, 1)]
        assert correlations.min() > 0.53
        assert correlations.max() < 0.72


def test_a_few_percent_of_the_variance_lie_between_sites(crowd):
    for outcome in model.OUTCOMES:
        by_site = crowd.scores(outcome)[0].reshape(4000, 25)
        within = by_site.var(axis=1, ddof=1).mean()
        between = by_site.mean(axis=1).var(ddof=1) - within / 25
        assert 0.02 < between / (between + within) < 0.05


def test_hardly_anybody_reaches_the_end_of_a_scale(crowd):
    for outcome, scale in model.SCALES.items():
        ends = {scale.n_items * scale.low + scale.shift, scale.n_items * scale.high + scale.shift}
        assert np.isin(crowd.scores(outcome), list(ends)).mean() < 0.06


def test_absence_depends_on_earlier_scores_and_cohort(crowd):
    isolation = crowd.scores("isolation")[0]
    lonely = isolation > np.quantile(isolation, 0.75)
    missed = ~crowd.seen[1]
    assert missed[lonely].mean() > missed[~lonely].mean() + 0.03
    assert missed[~crowd.mentored].mean() > missed[crowd.mentored].mean() + 0.03
    assert 0.15 < missed.mean() < (~crowd.seen[2]).mean() < 0.32


def test_absence_given_what_was_seen_does_not_depend_on_what_was_not(crowd):
    """Among people with nearly the same observed scores, those who stay and those who leave would have scored alike."""
    seen, scores = crowd.seen, {outcome: crowd.scores(outcome).astype(float) for outcome in model.OUTCOMES}
    people = seen[0] & ~crowd.skipped["isolation"][0].any(axis=1) & ~crowd.skipped["anxiety"][0].any(axis=1)
    observed = [crowd.mentored, scores["isolation"][0], scores["anxiety"][0]]
    design = np.column_stack([np.ones(people.sum()), seen[1][people], *(column[people] for column in observed)])
    for outcome in ("isolation", "anxiety"):
        later = scores[outcome][1][people]
        coefficient = np.linalg.lstsq(design.astype(float), later, rcond=None)[0][1]
        assert abs(coefficient) < 0.03 * later.std()
