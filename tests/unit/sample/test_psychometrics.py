"""Reliability in the places where it is easily wrong: few people, few items, constant items, missing answers."""

import numpy as np
import pandas as pd
import pytest

from alongside.sample.psychometrics import measure_scales
from alongside.sample.psychometrics_numbers import limits_of_correlation, omega_total
from alongside.tables import KEYING
from alongside.tables.check import empty_table

NUMBERS = ["alpha", "alpha_low", "alpha_high", "omega_total", "lowest_item_rest", "lowest_item"]


@pytest.fixture
def measure(make_answers, make_plan):
    """measure({(outcome, wave): grid}, outcome={...}, cohorts=...) of people p0000, p0001, ..."""

    def run(grids, *, cohorts=None, keying=None, **outcomes):
        plan, codebooks = make_plan(**outcomes)
        n = max(len(grid) for grid in grids.values())
        people = pd.DataFrame({
            "participant": [f"p{one:04d}" for one in range(n)], "cohort": cohorts or ["everyone"] * n,
        })  # fmt: skip
        return measure_scales(
            make_answers(grids), people=people, keying=empty_table(KEYING) if keying is None else keying, plan=plan,
            instruments=codebooks,
        )  # fmt: skip

    return run


GAD2 = {"instrument": "gad2"}
UCLA3 = {"instrument": "ucla3"}


def test_two_items_by_hand(measure):
    """Answers 0 0, 1 2, 2 1, 3 3: variances 5/3 each, covariance 4/3, so alpha is 2 (1 - (10/3)/(18/3)) = 8/9 and the
    correlation 0.8."""
    made = measure({("mood", "before"): [[0, 0], [1, 2], [2, 1], [3, 3]]}, mood=GAD2)
    row = made.reliability.iloc[0]
    assert row["alpha"] == pytest.approx(8 / 9)
    assert row["lowest_item_rest"] == pytest.approx(0.8)
    assert np.isnan(row["omega_total"])
    assert row["note"] == "omega needs three items"
    assert (row["floor"], row["ceiling"]) == (25, 25)
    assert made.inter_item[["item_a", "item_b", "r", "n"]].to_numpy().tolist() == [[1, 2, pytest.approx(0.8), 4]]


def test_reversal_comes_first(measure, make_plan, draw):
    """Brief Resilience Scale: items 2, 4 and 6 are reversed; the lowest score is 1 in 1, 3, 5 and 5 in 2, 4, 6."""
    answers = draw(60, 6, low=1, high=5, reversed_items=(2, 4, 6))
    answers[:3] = [1, 5, 1, 5, 1, 5]
    made = measure({("coping", "before"): answers}, coping={"instrument": "brs6"})
    assert (made.inter_item["r"] > 0).all()
    assert made.reliability["floor"][0] >= 5
    assert made.item_checks["reversed"].tolist() == [False, True] * 3


def test_omega_of_known_loadings():
    """R = l l' off the diagonal with l = .8, .6, .5, .7: omega is (sum l)^2 / sum(R) exactly."""
    loadings = np.array([0.8, 0.6, 0.5, 0.7])
    correlations = np.outer(loadings, loadings)
    np.fill_diagonal(correlations, 1.0)
    omega, found, at_limit = omega_total(correlations)
    assert found == pytest.approx(loadings, abs=1e-7)
    assert omega == pytest.approx(2.6**2 / (2.6**2 + (1 - loadings**2).sum()))
    assert not at_limit


def test_a_loading_beyond_one_is_said():
    """Correlations of .9, .9 and .5 would need a loading of 1.27."""
    correlations = np.array([[1, 0.9, 0.9], [0.9, 1, 0.5], [0.9, 0.5, 1]])
    assert omega_total(correlations)[2]


def test_limits_of_a_correlation():
    """Fisher: r = .5 at 28 people is 0.5493 +- 1.96 / 5."""
    low, high = limits_of_correlation(0.5, 28)
    assert [low, high] == pytest.approx([np.tanh(0.549306 - 0.391993), np.tanh(0.549306 + 0.391993)], abs=1e-5)
    assert np.isnan(limits_of_correlation(0.5, 3)).all()


def test_only_those_who_answered_every_item_count(measure, draw):
    answers = draw(50, 3, low=1)
    whole = measure({("alone", "before"): answers}, alone=UCLA3)
    answers = np.vstack([answers, [[1, np.nan, 3]] * 30])
    with_gaps = measure({("alone", "before"): answers}, alone=UCLA3)
    pd.testing.assert_frame_equal(with_gaps.reliability, whole.reliability)
    pd.testing.assert_frame_equal(with_gaps.item_checks, whole.item_checks)


def test_a_constant_item_is_left_out_and_named(measure, draw):
    answers = draw(50, 7)
    without = answers.copy()
    without[:, 4] = 0
    made = measure({("mood", "before"): without}, mood={"instrument": "gad7"})
    row = made.reliability.iloc[0]
    assert row["note"] == "everybody gave the same answer to item 5, left out of alpha, omega and correlations"
    covariance = np.cov(np.delete(answers, 4, axis=1), rowvar=False)
    assert row["alpha"] == pytest.approx(6 / 5 * (1 - np.trace(covariance) / covariance.sum()))
    item = made.item_checks.set_index("item").loc[5]
    assert np.isnan(item["item_rest"])
    assert item["note"] == "everybody gave the same answer"
    assert made.inter_item["r"].isna().sum() == 6


@pytest.mark.parametrize(
    ("answers", "note"),
    [
        ([[1, 1, 1]] * 30, "fewer than two items vary"),
        ([[1, 2, 3], [2, 2, 2], [3, 1, 2]], "fewer than 4 people answered every item"),
        ([[1, 2, np.nan], [2, 2, np.nan], [3, 1, np.nan], [1, 1, np.nan]] * 5,
         "nobody answered item 3; fewer than 4 people answered every item"),
        ([[1, 2, 3], [3, 2, 1], [2, 2, 2], [1, 3, 2], [3, 1, 2]], "the score is the same for everybody"),
    ],
)  # fmt: skip
def test_what_cannot_be_computed_has_a_note(measure, answers, note):
    made = measure({("alone", "before"): answers}, alone=UCLA3)
    row = made.reliability.iloc[0]
    assert row["note"].startswith(note)
    assert row[["alpha", "omega_total"]].isna().all()
    assert made.item_checks.loc[made.item_checks["item_rest"].isna(), "note"].ne("").all()


def test_answers_that_are_counted_are_zeros_and_ones(measure, draw):
    """De Jong Gierveld: 'more or less' counts as lonely; a count of 0 is the floor."""
    answers = draw(80, 6, low=1, reversed_items=(2, 3, 5))
    answers = np.minimum(answers, 3)
    plan = {"instrument": "djg6", "order": "as-printed"}
    made = measure({("alone", "before"): answers}, alone=plan)
    lonely = answers >= 2
    lonely[:, [1, 2, 4]] = answers[:, [1, 2, 4]] <= 2  # the social items: 'no' and 'more or less' count
    rest = lonely[:, 1:].sum(axis=1)
    assert made.item_checks["item_rest"][0] == pytest.approx(np.corrcoef(lonely[:, 0], rest)[0, 1])
    assert made.reliability["floor"][0] == pytest.approx(100 * (lonely.sum(axis=1) == 0).mean())


def test_each_wave_and_cohort_has_a_row(measure, draw):
    cohorts = ["mentored"] * 30 + ["alone"] * 40
    grids = {("mood", "before"): draw(70, 7), ("mood", "after"): draw(70, 7, seed=2)}
    made = measure(grids, cohorts=cohorts, mood={"instrument": "gad7"})
    found = made.reliability.set_index(["wave", "cohort"])["n"]
    assert found.to_dict() == {
        ("before", ""): 70, ("before", "alone"): 40, ("before", "mentored"): 30,
        ("after", ""): 70, ("after", "alone"): 40, ("after", "mentored"): 30,
    }  # fmt: skip


def test_a_subscale_has_its_own_items(measure, draw):
    """DASS-21 depression: items 3, 5, 10, 13, 16, 17 and 21; a missing answer elsewhere does not matter."""
    answers = draw(40, 21)
    answers[:, 0] = np.nan
    made = measure({("low", "before"): answers}, low={"instrument": "dass21", "subscale": "depression"})
    assert made.item_checks["item"].tolist() == [3, 5, 10, 13, 16, 17, 21]
    assert made.reliability[["n", "n_items"]].to_numpy().tolist() == [[40, 7]]
