"""What an outcome takes from its scale, and the sentences about where that is not what the manual says."""

import pytest

from alongside.errors import UserError
from alongside.instruments import load_instrument, take_measure
from alongside.instruments.declared import DeclaredScoring


def measure(id, *, subscale=None, order=None, **declared):
    scoring = DeclaredScoring(name="ours", **declared) if declared else None
    return take_measure(load_instrument(id), subscale=subscale, order=order, declared=scoring)


def test_a_whole_scale_is_as_its_codebook_says():
    gad = measure("gad7")
    assert gad.name == "Generalised Anxiety Disorder scale"
    assert (gad.items, gad.reversed, gad.range) == ((1, 2, 3, 4, 5, 6, 7), (), (0, 21))
    assert (gad.departures, gad.scored_by) == ((), "")
    assert [cutoff.from_ for cutoff in gad.cutoffs] == [one.from_ for one in load_instrument("gad7").cutoffs], (
        "cut-offs of the total"
    )


def test_a_subscale_has_its_own_items_range_cutoffs_and_reliability():
    stress = measure("dass21", subscale="stress")
    assert stress.items == (1, 6, 8, 11, 12, 14, 18)
    assert stress.range == (0, 21)
    assert [(cutoff.from_, cutoff.label) for cutoff in stress.cutoffs] == [
        (0, "normal"), (8, "mild"), (10, "moderate"), (13, "severe"), (17, "extremely severe"),
    ]  # fmt: skip
    assert [(one.what, one.low, one.high) for one in stress.reliability] == [("alpha", 0.84, 0.91)]
    assert stress.name == "Depression Anxiety Stress Scales, stress"
    assert stress.needed == "at least 6 of 7 items answered"


def test_a_subscale_has_its_own_direction_and_reversed_items():
    assert measure("sdq").higher_is == "worse"
    assert measure("sdq", subscale="prosocial").higher_is == "better"
    assert measure("sdq", subscale="hyperactivity").reversed == (21, 25)
    assert measure("sdq", subscale="emotional").reversed == ()


def test_a_total_takes_only_the_items_that_make_it():
    total = measure("sdq")
    assert len(total.items) == 20
    assert not {1, 4, 9, 17, 20} & set(total.items)
    assert total.needed == "at least 3 of 5 items answered in each of 4 parts"
    assert measure("rcads25").needed == "at least 8 of 10 and 13 of 15 items answered"


def test_subscales_move_with_the_item_order():
    assert measure("djg6", subscale="social", order="as-printed").items == (2, 3, 5)
    assert measure("djg6", subscale="social", order="by-number").items == (2, 3, 4)


def test_a_total_that_the_manual_does_not_define_is_refused():
    with pytest.raises(UserError, match=r"dass21 has no total score, only subscales \(anxiety, depression, stress\)"):
        measure("dass21")


@pytest.mark.parametrize(
    ("id", "declared", "limits"),
    [
        ("ahi24", {"method": "sum"}, (24, 120)),
        ("mspss12", {"method": "sum"}, (12, 84)),
        ("gbs12", {"method": "mean"}, (1, 7)),
        ("swemwbs7", {"method": "sum"}, (7, 35)),
        ("who5", {"method": "sum"}, (0, 25)),
        ("djg6", {"method": "sum"}, (6, 18)),
        ("rcads25", {"method": "mean"}, (0, 3)),
        ("gad7", {"method": "dichotomise-count", "counts_from": 2}, (0, 7)),
        ("gad7", {"method": "multiply", "factor": 2}, (0, 42)),
        ("rses", {"reversed": [2, 5]}, (0, 30)),
    ],
)
def test_the_range_follows_the_declared_scoring(id, declared, limits):
    assert measure(id, **declared).range == limits


def test_a_declared_table_has_the_range_of_its_scores():
    table = {raw: 30.0 + 2 * raw for raw in range(4, 21)}
    assert measure("promis_siso4a", method="table", table=table).range == (38, 70)


@pytest.mark.parametrize(
    ("id", "declared", "sentences"),
    [
        ("ahi24", {"method": "sum"}, ("The answers are summed; by the manual they are averaged.",)),
        ("gbs12", {"method": "mean"}, ("The answers are averaged; by the manual they are summed.",)),
        ("swemwbs7", {"method": "sum"},
         ("The answers are summed; by the manual they are summed and converted by a table.",)),
        ("who5", {"method": "sum"}, ("The answers are summed; by the manual they are summed and multiplied by 4.",)),
        ("djg6", {"method": "mean"},
         ("The answers are averaged; by the manual they are counted where they are 2 or more.",)),
        ("sdq", {"method": "mean"},
         ("The answers are averaged; by the manual they are summed, subscale by subscale.",)),
        ("rses", {"reversed": [2, 5, 6, 8, 9]},
         ("Items 2, 5, 6, 8 and 9 are reversed; by the manual items 3, 5, 8, 9 and 10 are.",)),
        ("gad7", {"reversed": [4]}, ("Item 4 is reversed; by the manual none is.",)),
        ("pss4", {"reversed": "none"}, ("No item is reversed; by the manual items 2 and 3 are.",)),
        ("pss10", {"missing_rule": {"max_missing": 2, "how": "prorate"}},
         ("Missing answers: up to 2 missing, for which the mean of the answered items stands in; no rule is "
          "published.",)),
        ("cesd20", {"missing_rule": {"max_missing": 0, "how": "none"}},
         ("Missing answers: all items are needed; by its codebook up to 4 missing, for which the mean of the answered "
          "items stands in.",)),
        ("gad7", {"missing_rule": {"max_missing": 0, "how": "none"}},
         ("Missing answers: all items are needed; by common practice up to 2 missing, for which the mean of the "
          "answered items stands in.",)),
        ("gad7", {"method": "sum"}, ()),
        ("gad7", {}, ()),
    ],
)  # fmt: skip
def test_departures_are_sentences(id, declared, sentences):
    order = "worth-first" if id == "rses" else None
    assert measure(id, order=order, **declared).departures == sentences


def test_another_table_is_a_departure():
    rising = {raw: 40.0 + raw for raw in range(4, 21)}
    (sentence,) = measure("promis_anx4a", method="table", table=rising).departures
    assert sentence == "The answers are summed and converted by a table of the study's own, not by the manual's."


def test_published_cutoffs_hold_for_the_published_scoring_only():
    assert measure("cesd20").cutoffs
    assert measure("cesd20", missing_rule={"max_missing": 0, "how": "none"}).cutoffs
    assert measure("cesd20", method="mean").cutoffs == ()
    assert measure("cesd20", reversed="none").cutoffs == ()
    assert measure("gad7", method="mean").change is None


def test_alpha_is_the_same_for_a_sum_and_a_mean_but_not_for_another_key():
    assert measure("cesd20", method="mean").reliability == load_instrument("cesd20").reliability
    assert measure("cesd20", reversed="none").reliability == ()
    assert measure("cesd20", method="dichotomise-count", counts_from=1).reliability == ()


def test_the_key_hash_tells_keys_apart_and_nothing_else():
    assert measure("gad7").key_hash == measure("gad7").key_hash
    assert measure("gad7").key_hash == measure("gad7", method="sum").key_hash
    keys = [
        measure("rses", order="worth-first"),
        measure("rses", order="satisfied-first"),
        measure("rses", order="worth-first", method="mean"),
        measure("rses", order="worth-first", missing_rule={"max_missing": 1, "how": "prorate"}),
        measure("gad7"),
        measure("dass21", subscale="stress"),
        measure("dass21", subscale="anxiety"),
    ]
    assert len({one.key_hash for one in keys}) == len(keys)
    assert all(len(one.key_hash) == 12 for one in keys)
