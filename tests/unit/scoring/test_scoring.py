"""Scores worked out by hand, for every way of scoring that a codebook can declare."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.errors import UserError
from alongside.instruments import Instrument, list_instruments, load_instrument, take_measure
from alongside.instruments.codebook import Example
from alongside.instruments.declared import DeclaredScoring
from alongside.scoring import list_false_examples, score_answers, score_items


def scale(*, n_items=4, response=(0, 3), orders=None, method="sum", max_missing=0, how="none", range=(0, 12), **more):
    """A codebook of what matters here; its one example is all that a codebook needs beside"""
    orders = orders or {"usual": ()}
    example = {"what": "nothing", "answers": ["none"] * n_items, "score": "none", "order": next(iter(orders))}
    return Instrument.model_validate(
        {
            "id": "made_up", "name": "Made up", "version": "1", "citation": "Nobody", "sources": ["nobody"],
            "rights": {"status": "free", "note": "Free."}, "n_items": n_items, "response": response, "orders": orders,
            "scoring": {"method": method, **more.get("scoring", {})}, "range": range, "higher_is": "worse",
            "missing_rule": {"max_missing": max_missing, "how": how, "published": True, **more.get("rule", {})},
            "subscales": more.get("subscales", {}), "cutoffs": more.get("cutoffs", ()),
            "examples": [example],
        }
    )  # fmt: skip


def subscale(*items, range=(0, 6), **more):
    return {"items": items, "range": range, **more}


X = np.nan


def score(instrument, *rows, order=None, subscale=None, declared=None):
    measure = take_measure(
        instrument, order=order, subscale=subscale, declared=declared and DeclaredScoring(name="ours", **declared)
    )
    return score_items(np.array(rows, dtype=float), measure)


def test_a_sum_with_reversed_items():
    # reversed: 0 + 3 - answer; 1 + (3-2) + 3 + (3-0) = 8
    found = score(scale(orders={"usual": (2, 4)}), [1, 2, 3, 0])
    assert found["score"].tolist() == [8]


def test_the_declared_order_says_which_items_are_reversed():
    instrument = scale(orders={"old": (1,), "new": (2,)})
    assert score(instrument, [0, 3, 0, 0], order="old")["score"].tolist() == [6]
    assert score(instrument, [0, 3, 0, 0], order="new")["score"].tolist() == [0]


def test_reversal_is_within_the_codebooks_own_range():
    # from 1 to 4: 5 - 4 = 1; 1 + 1 + 1 + 1
    assert score(scale(response=(1, 4), orders={"usual": (1,)}, range=(4, 16)), [4, 1, 1, 1])["score"].tolist() == [4]


def test_missing_is_never_zero():
    found = score(scale(), [1, 2, 3, X], [X, X, X, X])
    assert np.isnan(found["score"]).all()
    assert found["reason"].tolist() == ["too-few-items", "too-few-items"]
    assert found["n_answered"].tolist() == [3, 0]
    assert found["n_imputed"].tolist() == [0, 0]


def test_prorating_stops_at_its_limit():
    # 2 answered of 4: (1 + 2) / 2 * 4 = 6; one answered: beyond the limit
    found = score(scale(max_missing=2, how="prorate"), [1, 2, X, X], [1, X, X, X], [1, 2, 3, 0])
    np.testing.assert_array_equal(found["score"], [6, X, 6])
    assert found["n_imputed"].tolist() == [2, 0, 0]
    assert found["n_answered"].tolist() == [2, 1, 4]


def test_prorating_counts_reversed_answers():
    # item 4 reversed: 3 - 0 = 3; (1 + 2 + 3) / 3 * 4 = 8
    found = score(scale(orders={"usual": (4,)}, max_missing=1, how="prorate"), [1, 2, X, 0])
    assert found["score"].tolist() == [8]


def test_a_rounded_prorated_score_rounds_halves_up():
    # (1 + 2 + 3) / 3 * 4 = 8; (0 + 1 + 0) / 3 * 4 = 1.33; (1 + 0) / 2 * 5 = 2.5 -> 3
    rounded = scale(n_items=5, max_missing=3, how="prorate", range=(0, 15), rule={"rounded": True})
    assert score(rounded, [1, 0, X, X, X], [1, 2, 3, X, X])["score"].tolist() == [3, 10]


def test_summing_only_what_was_answered():
    found = score(scale(max_missing=1, how="sum-answered"), [1, 2, 3, X])
    assert found["score"].tolist() == [6]
    assert found["n_imputed"].tolist() == [0]


def test_a_mean():
    assert score(scale(method="mean", range=(0, 3)), [1, 2, 3, 0])["score"].tolist() == [1.5]
    lenient = scale(method="mean", range=(0, 3), max_missing=2, how="prorate")
    assert score(lenient, [1, 2, X, X])["score"].tolist() == [1.5]


def test_a_sum_times_a_factor():
    assert score(scale(method="multiply", range=(0, 48), scoring={"factor": 4.0}), [1, 2, 3, 0])["score"].tolist() == [
        24
    ]


def test_a_sum_looked_up_in_a_table():
    table = {raw: raw * raw for raw in range(13)}
    instrument = scale(method="table", range=(0, 144), scoring={"table": table}, max_missing=1, how="prorate")
    # 1 + 2 + 3 + 0 = 6 -> 36; (1 + 2 + 2) / 3 * 4 = 6.67 -> 7 -> 49
    assert score(instrument, [1, 2, 3, 0], [1, 2, 2, X])["score"].tolist() == [36, 49]


def test_answers_that_count_from_a_limit_on():
    counting = scale(method="dichotomise-count", range=(0, 4), scoring={"counts_from": 2}, orders={"usual": (1,)})
    # reversed first: 3 - 0 = 3 counts; 2 counts; 1 and 0 do not
    assert score(counting, [0, 2, 1, 0])["score"].tolist() == [2]
    lenient = scale(
        method="dichotomise-count", range=(0, 4), scoring={"counts_from": 2}, max_missing=1, how="sum-answered"
    )
    assert score(lenient, [2, 2, 1, X])["score"].tolist() == [2]


def test_subscales_that_make_the_total():
    parts = {"a": subscale(1, 2), "b": subscale(3, 4)}
    total = scale(method="sum-of-subscales", subscales=parts, scoring={"subscales": ("a",)}, range=(0, 6))
    assert score(total, [1, 2, 3, 3])["score"].tolist() == [3]


def test_a_missing_rule_for_each_subscale():
    parts = {"a": subscale(1, 2), "b": subscale(3, 4)}
    instrument = scale(
        method="sum-of-subscales", subscales=parts, scoring={"subscales": ("a", "b")}, max_missing=1, how="prorate",
        rule={"per": "subscale"},
    )  # fmt: skip
    # a: 1 -> 2; b: 3 -> 6; two missing in one subscale are one too many
    np.testing.assert_array_equal(score(instrument, [1, X, X, 3], [1, 2, X, X])["score"], [8, X])


def test_a_scale_without_a_total_is_refused():
    parts = {"low": subscale(1, 2), "high": subscale(3, 4)}
    with pytest.raises(UserError, match=r"has no total score, only subscales \(low, high\)(?s:.)*low | high"):
        score(scale(method="subscales-only", subscales=parts), [1, 2, 3, 0])


def test_a_score_outside_the_codebooks_range_is_our_bug():
    with pytest.raises(AssertionError, match="outside its range"):
        score(scale(range=(0, 5)), [3, 3, 3, 3])


@pytest.mark.parametrize("name", list_instruments())
def test_every_worked_example_of_the_library(name):
    """The total and every subscale that an example names, by hand and by the scorer."""
    instrument = load_instrument(name)
    checked = 0
    for example in instrument.examples:
        answers = [np.nan if answer is None else answer for answer in example.answers]
        stated = {} if instrument.scoring.method == "subscales-only" else {None: example.score}
        for part, expected in (stated | example.subscales).items():
            found = score(instrument, answers, order=example.order, subscale=part)["score"][0]
            expected = np.nan if expected is None else expected
            np.testing.assert_allclose(found, expected, rtol=0, atol=5e-9, err_msg=f"{example.what}, {part}")
            checked += 1
    assert checked >= len(instrument.examples)


@given(st.lists(st.lists(st.sampled_from([0, 1, 2, 3, None]), min_size=4, max_size=4), min_size=1, max_size=8))
def test_a_complete_row_scores_the_same_whatever_the_missing_rule_and_the_other_rows(rows):
    rows = [[np.nan if answer is None else answer for answer in row] for row in rows]
    strict, lenient = score(scale(), *rows), score(scale(max_missing=2, how="prorate"), *rows)
    for place, row in enumerate(rows):
        alone = score(scale(), row)["score"][0]
        np.testing.assert_equal(strict["score"][place], alone)
        if not np.isnan(row).any():
            assert lenient["score"][place] == alone == sum(row)


# ---- one subscale as the outcome ---------------------------------------------------------------------------------

PARTS = {"low": subscale(1, 2), "high": subscale(3, 4)}


def test_a_subscale_is_scored_from_its_own_items():
    found = score(scale(subscales=PARTS), [1, 2, 3, X], [X, X, 3, 2], subscale="low")
    np.testing.assert_array_equal(found["score"], [3, X])
    assert found["n_items"].tolist() == [2, 2]
    assert found["n_answered"].tolist() == [2, 0]


def test_a_rule_of_the_whole_scale_says_nothing_about_a_part():
    # the scale may miss two answers; how many its part may miss, nobody has published: all of them are needed
    lenient = scale(max_missing=2, how="prorate", subscales=PARTS)
    np.testing.assert_array_equal(score(lenient, [1, X, 3, 0], subscale="low")["score"], [X])
    np.testing.assert_allclose(score(lenient, [1, X, 3, 0])["score"], [16 / 3])


def test_a_rule_for_each_subscale_holds_for_the_subscale_alone():
    each = scale(max_missing=1, how="prorate", rule={"per": "subscale"}, subscales=PARTS, method="subscales-only")
    found = score(each, [1, X, X, X], [X, X, 3, 0], subscale="low")
    np.testing.assert_array_equal(found["score"], [2, X])
    assert found["n_imputed"].tolist() == [1, 0]


def test_a_subscales_own_rule_goes_before_the_scales():
    own = {"max_missing": 1, "how": "sum-answered", "published": True}
    parts = PARTS | {"low": subscale(1, 2, missing_rule=own)}
    assert score(scale(subscales=parts), [X, 2, 3, 0], subscale="low")["score"].tolist() == [2]


def test_a_subscales_own_rule_holds_inside_a_total_of_subscales():
    own = {"max_missing": 1, "how": "prorate", "published": True}
    parts = PARTS | {"low": subscale(1, 2, missing_rule=own)}
    total = scale(subscales=parts, method="sum-of-subscales", scoring={"subscales": ["low", "high"]})
    # low: 2 -> 4; high needs both
    found = score(total, [X, 2, 3, 0], [1, 2, X, 0])
    np.testing.assert_array_equal(found["score"], [7, X])
    assert found["n_imputed"].tolist() == [1, 0]


def test_a_subscale_has_its_own_numbers_in_another_order():
    parts = {"low": subscale(1, 2, items_in={"new": [2, 4]}), "high": subscale(3, 4, items_in={"new": [1, 3]})}
    instrument = scale(orders={"old": [2], "new": [4]}, subscales=parts)
    # old: 1 + (3 - 0); new: items 2 and 4, and 4 is reversed: 0 + (3 - 2)
    assert score(instrument, [1, 0, 3, 2], order="old", subscale="low")["score"].tolist() == [4]
    assert score(instrument, [1, 0, 3, 2], order="new", subscale="low")["score"].tolist() == [1]


def test_a_total_of_subscales_has_their_numbers_in_another_order():
    parts = {"low": subscale(1, 2, items_in={"new": [2, 4]}), "high": subscale(3, 4, items_in={"new": [1, 3]})}
    instrument = scale(
        orders={"old": [], "new": []}, subscales=parts, method="sum-of-subscales", scoring={"subscales": ["low"]},
        range=(0, 6),
    )  # fmt: skip
    assert score(instrument, [1, 0, 3, 2], order="old")["score"].tolist() == [1]
    assert score(instrument, [1, 0, 3, 2], order="new")["score"].tolist() == [2]


def test_a_total_counts_only_the_items_that_make_it():
    total = scale(subscales=PARTS, method="sum-of-subscales", scoring={"subscales": ["low"]}, range=(0, 6))
    found = score(total, [1, 2, X, X])
    assert found["score"].tolist() == [3]
    assert (found["n_items"].tolist(), found["n_answered"].tolist()) == ([2], [2])


# ---- another scoring than the manual's ---------------------------------------------------------------------------


def test_a_declared_mean_of_a_sum():
    assert score(scale(), [1, 2, 3, 0], declared={"method": "mean"})["score"].tolist() == [1.5]


def test_a_declared_sum_of_a_mean_keeps_the_manuals_missing_rule():
    lenient = scale(method="mean", range=(0, 3), max_missing=1, how="prorate")
    # (1 + 2 + 3) / 3 * 4 = 8
    assert score(lenient, [1, 2, 3, X], declared={"method": "sum"})["score"].tolist() == [8]


def test_a_declared_table():
    table = {raw: 2 * raw for raw in range(13)}
    assert score(scale(), [1, 2, 3, 0], declared={"method": "table", "table": table})["score"].tolist() == [12]


def test_a_declared_key():
    assert score(scale(orders={"usual": (1,)}), [0, 0, 0, 0], declared={"reversed": [2, 3]})["score"].tolist() == [6]
    assert score(scale(orders={"usual": (1,)}), [0, 0, 0, 0], declared={"reversed": "none"})["score"].tolist() == [0]


def test_a_declared_missing_rule():
    lenient = {"missing_rule": {"max_missing": 2, "how": "prorate", "rounded": True}}
    # (1 + 0) / 2 * 4 = 2; (1 + 0 + 0) / 3 * 4 = 1.33 -> 1
    found = score(scale(), [1, 0, X, X], [1, 0, 0, X], [X, X, X, 1], declared=lenient)
    np.testing.assert_array_equal(found["score"], [2, 1, X])
    assert found["n_imputed"].tolist() == [2, 1, 0]


def test_a_declared_mean_of_a_total_of_subscales_is_over_its_items():
    total = scale(subscales=PARTS, method="sum-of-subscales", scoring={"subscales": ["low", "high"]})
    assert score(total, [1, 2, 3, 0], declared={"method": "mean"})["score"].tolist() == [1.5]


# ---- codebooks that contradict themselves ------------------------------------------------------------------------


def false_example(answers, stated):
    instrument = scale(subscales=PARTS)
    example = {"what": "by hand", "answers": answers, **stated}
    return instrument.model_copy(update={"examples": (Example.model_validate(example),)})


def test_a_true_example_is_not_reported():
    assert list(list_false_examples(false_example([1, 2, 3, 0], {"score": 6, "subscales": {"low": 3}}))) == []


def test_an_example_that_the_key_does_not_give_is_named():
    assert list(list_false_examples(false_example([1, 2, 3, 0], {"score": 7, "subscales": {"low": 2}}))) == [
        (0, "score", 6.0, 7.0), (0, "low", 3.0, 2.0),
    ]  # fmt: skip
    assert list(list_false_examples(false_example([1, 2, 3, "none"], {"score": 6}))) == [(0, "score", None, 6.0)]
    assert list(list_false_examples(false_example([1, 2, 3, 0], {"score": "none"}))) == [(0, "score", 6.0, None)]


def test_nothing_is_scored_by_a_key_that_its_own_examples_contradict():
    with pytest.raises(UserError, match="example 1, score: the key gives 6, the example says 7"):
        score_answers(answers_table([]), plan=PLAN, instruments={"made_up": false_example([1, 2, 3, 0], {"score": 7})})


# ---- whole tables ------------------------------------------------------------------------------------------------


def answers_table(rows):
    return pd.DataFrame(rows, columns=["participant", "wave", "source", "outcome", "item", "value"])


PLAN = SimpleNamespace(
    outcomes={
        "mood": SimpleNamespace(instrument="made_up", order=None, subscale=None, scoring=None),
        "grade": SimpleNamespace(instrument=None),
    }
)


def test_scores_are_one_row_a_person_wave_and_outcome():
    answers = answers_table(
        [("p1", "before", "s", "mood", item, 1.0) for item in (1, 2, 3, 4)]
        + [("p1", "after", "s", "mood", 1, 2.0), ("p2", "before", "s", "grade", 0, 12.5)]
    )
    scores, ledger, tally = score_answers(answers, plan=PLAN, instruments={"made_up": scale()})
    assert scores.drop(columns="reason").astype(object).to_numpy().tolist()[0] == ["p1", "before", "mood", 4.0, 4, 4, 0]
    rows = {(row.participant, row.wave, row.outcome): row for row in scores.itertuples()}
    assert len(rows) == 3
    assert np.isnan(rows["p1", "after", "mood"].score)
    assert rows["p1", "after", "mood"].reason == "too-few-items"
    assert rows["p2", "before", "grade"].score == 12.5
    assert ledger["rule"].tolist() == ["too-few-items"]
    assert ledger["allowed"].tolist() == ["at least 4 of 4 items answered"]
    assert tally[["n_in", "n_kept", "n_set_aside"]].to_numpy().tolist() == [[3, 2, 1]]


def test_the_order_of_answers_does_not_matter():
    answers = answers_table(
        [(f"p{person}", wave, "s", "mood", item, float((person + item) % 4))
         for person in range(5) for wave in ("before", "after") for item in (1, 2, 3, 4)]
    )  # fmt: skip
    for column in ("participant", "wave"):
        answers[column] = pd.Categorical(answers[column], categories=answers[column].unique())
    shuffled = answers.sample(frac=1, random_state=1)
    one, other = (score_answers(a, plan=PLAN, instruments={"made_up": scale()}).scores for a in (answers, shuffled))
    pd.testing.assert_frame_equal(one, other)


def test_an_item_answered_twice_is_our_bug():
    answers = answers_table([("p1", "before", source, "mood", 1, 1.0) for source in ("one", "two")])
    with pytest.raises(AssertionError, match="two answers for one item"):
        score_answers(answers, plan=PLAN, instruments={"made_up": scale()})


def test_no_answers_give_no_scores():
    scores, _, tally = score_answers(answers_table([]), plan=PLAN, instruments={"made_up": scale()})
    assert scores.empty
    assert tally["n_in"].tolist() == [0]
