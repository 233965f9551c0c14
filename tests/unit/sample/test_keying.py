"""The hazards of scales, each committed on purpose: a run stops, shows the items, and names the key that would fit."""

import re

import numpy as np
import pytest

from alongside.errors import UserError
from alongside.instruments import find_measure
from alongside.sample.keying import check_keys
from alongside.sample.keying_rules import find_contradictions
from alongside.sample.psychometrics_items import read_items

RSES = {"instrument": "rses", "order": "satisfied-first"}
SATISFIED, WORTH = (2, 5, 6, 8, 9), (3, 5, 8, 9, 10)
GBS_REVERSED = (3, 4, 6, 7, 9, 11)


@pytest.fixture
def check(make_answers, make_plan):
    def run(grids, **outcomes):
        plan, codebooks = make_plan(**outcomes)
        return check_keys(make_answers(grids), plan=plan, instruments=codebooks)

    return run


def stop(check, grids, **outcomes):
    """The message that stops it, on one line."""
    with pytest.raises(UserError) as caught:
        check(grids, **outcomes)
    return " ".join(str(caught.value).split())


@pytest.mark.parametrize("n", [30, 100, 300])
def test_a_sound_scale_passes(check, draw, n):
    grids = {("self", wave): draw(n, 10, reversed_items=SATISFIED, seed=seed) for seed, wave in enumerate("abc", 1)}
    made = check(grids, self=RSES)
    assert made.keying.empty
    assert made.instruments.set_index("outcome").loc["self", ["acknowledged", "warnings"]].tolist() == ["", ""]


def test_the_other_order_of_the_items(check, draw):
    """Two circulating orders of Rosenberg's scale differ in items 2, 3, 6 and 10."""
    said = stop(check, {("self", "before"): draw(100, 10, reversed_items=WORTH)}, self=RSES)
    assert set(re.findall(r"item (\d+), (?:not )?reversed: -0\.\d\d", said)) == {"2", "3", "6", "10"}
    assert "before (people: 100)" in said
    assert "declare outcomes.self.order: worth-first" in said
    assert "outcomes.self.keying_acknowledged: {item 2: why, item 3: why, item 6: why, item 10: why" in said


def test_items_that_the_file_holds_reversed_already(check, draw):
    said = stop(check, {("home", "before"): draw(60, 12, low=1, high=7)}, home={"instrument": "gbs12"})
    assert "The reversed items, taken together, go against the others: -0." in said
    assert "with no item reversed nothing contradicts" in said
    assert "outcomes.home.scoring: {name: whose it is, reversed: none}" in said


def test_an_incomplete_key(draw, make_answers, make_plan):
    """A public key of Rosenberg's scale lists four reversed items and lacks 9 (worth-first)."""
    plan, codebooks = make_plan(self={"instrument": "rses", "order": "worth-first"})
    incomplete = codebooks["rses"].model_copy(update={"orders": {"worth-first": (3, 5, 8, 10)}})
    answers = make_answers({("self", "before"): draw(100, 10, reversed_items=WORTH)})
    with pytest.raises(UserError) as caught:
        check_keys(answers, plan=plan, instruments={"rses": incomplete})
    said = " ".join(str(caught.value).split())
    assert re.findall(r"item (\d+), (?:not )?reversed: -0\.\d\d", said) == ["9"]
    assert "reversed: [3, 5, 8, 9, 10]}" in said


def test_one_item_turned_round(check, draw):
    answers = draw(100, 7)
    answers[:, 3] = 3 - answers[:, 3]
    said = stop(check, {("mood", "before"): answers}, mood={"instrument": "gad7"})
    assert re.findall(r"item (\d+), not reversed: -0\.\d\d \(at most -0\.\d\d\)", said) == ["4"]
    assert "with item 4 keyed the other way nothing contradicts" in said


def test_only_the_wave_with_another_form_is_named(check, draw):
    grids = {("self", "before"): draw(100, 10, reversed_items=SATISFIED),
             ("self", "after"): draw(100, 10, reversed_items=WORTH, seed=2)}  # fmt: skip
    said = stop(check, grids, self=RSES)
    assert "after (people: 100)" in said
    assert "before (people:" not in said


def test_a_wave_that_is_coded_the_other_way(check, draw):
    """Within the wave everything agrees; only the same people at another wave can tell."""
    grids = {("mood", "before"): draw(60, 7), ("mood", "after"): 3 - draw(60, 7, seed=2)}
    said = stop(check, grids, mood={"instrument": "gad7"})
    assert "after (people: 60): People's scores go the opposite way to those at wave before: -0." in said
    assert "keying_acknowledged: {between waves: why}" in said


def test_all_scales_in_question_are_named_at_once(check, draw):
    grids = {("self", "before"): draw(100, 10, reversed_items=WORTH),
             ("home", "before"): draw(100, 12, low=1, high=7)}  # fmt: skip
    said = stop(check, grids, self=RSES, home={"instrument": "gbs12"})
    assert "outcomes.self (" in said
    assert "outcomes.home (" in said


def test_no_answer_and_nobody_is_in_the_message(check, draw):
    said = stop(check, {("self", "before"): draw(100, 10, reversed_items=WORTH)}, self=RSES)
    assert not re.search(r"p\d{4}", said)


def test_what_is_acknowledged_passes_and_is_shown(check, draw):
    answers = draw(100, 7)
    answers[:, 3] = 3 - answers[:, 3]
    acknowledged = {"instrument": "gad7", "keying_acknowledged": {"item 4": "our 2019 form asks it the other way"}}
    made = check({("mood", "before"): answers}, mood=acknowledged)
    row = made.keying.iloc[0]
    assert row[["outcome", "wave", "finding", "item", "action"]].tolist() == [
        "mood",
        "before",
        "item",
        4,
        "acknowledged",
    ]
    shown = made.instruments["acknowledged"][0]
    assert shown.startswith("before: Item 4, not reversed, goes against the rest of its scale: -0.")
    assert shown.endswith("Acknowledged: our 2019 form asks it the other way")


def test_another_item_than_the_acknowledged_one_still_stops(check, draw):
    answers = draw(100, 7)
    answers[:, [3, 5]] = 3 - answers[:, [3, 5]]
    acknowledged = {"instrument": "gad7", "keying_acknowledged": {"item 4": "asked the other way"}}
    said = stop(check, {("mood", "before"): answers}, mood=acknowledged)
    assert "item 6, not reversed" in said
    assert "item 4, not reversed" not in said


def test_a_handful_of_people_stops_nothing(check, draw):
    made = check({("self", "before"): draw(19, 10, reversed_items=WORTH)}, self=RSES)
    assert made.keying.empty


def test_a_plain_negative_value_stops_nothing(check, draw):
    """Fifty people, an item that hardly belongs to the scale: its correlation is below zero and within chance."""
    answers = draw(50, 7)
    rest = np.delete(answers, 3, axis=1).sum(axis=1)
    others = (np.random.default_rng(seed).integers(0, 4, 50).astype(float) for seed in range(200))
    answers[:, 3] = next(one for one in others if -0.2 < np.corrcoef(one, rest)[0, 1] < -0.1)
    assert check({("mood", "before"): answers}, mood={"instrument": "gad7"}).keying.empty


@pytest.mark.parametrize(("towards", "n", "limit"), [(0.55, 30, 0.03), (0.55, 100, 0.01), (1.0, 30, 0.01)])
def test_false_alarms_are_rare(make_answers, make_plan, draw, towards, n, limit):
    """Sound keys of ten items, alpha about .7 and .9; benchmarks/keying_rates.md has the whole table."""
    plan, codebooks = make_plan(self=RSES)
    measure = find_measure(plan.outcomes["self"], codebooks)
    stopped = 0
    for seed in range(300):
        level = np.random.default_rng(1000 + seed).standard_normal(n)
        answers = draw(n, 10, reversed_items=SATISFIED, seed=seed, level=level, towards=towards)
        items = read_items(make_answers({("self", "before"): answers}), name="self", measure=measure)
        stopped += bool(find_contradictions(items.at("before"), "before"))
    assert stopped / 300 <= limit


def test_constant_items_and_missing_answers_are_no_contradiction(check, draw):
    answers = draw(40, 7)
    answers[:, 2] = 0
    answers[::3, 4] = np.nan
    assert check({("mood", "before"): answers}, mood={"instrument": "gad7"}).keying.empty
    assert check({("mood", "before"): np.full((40, 7), 1.0)}, mood={"instrument": "gad7"}).keying.empty


TOTAL = {"kind": "score", "higher_is": "better"}


def test_a_swemwbs_that_was_not_converted(check):
    raw = np.random.default_rng(1).integers(14, 33, (60, 1))
    said = stop(check, {("wellbeing", "before"): raw}, wellbeing=TOTAL | {"score_of": "swemwbs7"})
    assert "not among the scores that Short Warwick-Edinburgh Mental Wellbeing Scale can have" in said
    assert "sums that were not converted?" in said


def test_a_swemwbs_that_was_converted_passes(check):
    metric = np.random.default_rng(1).choice([15.32, 18.59, 19.25, 21.54, 24.11, 27.03, 30.7], (60, 1))
    assert check({("wellbeing", "before"): metric}, wellbeing=TOTAL | {"score_of": "swemwbs7"}).keying.empty


def test_doubled_sums_of_the_dass(check):
    """Undoubled cut-offs end at 21; doubled sums up to there are all even."""
    doubled = 2 * np.random.default_rng(1).integers(0, 11, (60, 1))
    low = {"kind": "score", "higher_is": "worse", "score_of": "dass21.depression"}
    said = stop(check, {("low", "before"): doubled}, low=low)
    assert "All totals are even" in said
    assert "doubled" in said
    assert check({("low", "before"): np.random.default_rng(1).integers(0, 22, (60, 1))}, low=low).keying.empty


def test_a_who5_without_its_factor(check):
    raw = np.random.default_rng(1).integers(3, 26, (60, 1))
    said = stop(check, {("wellbeing", "before"): raw}, wellbeing=TOTAL | {"score_of": "who5"})
    assert "not among the scores that WHO-5" in said


def test_a_total_may_hold_a_slip(check):
    metric = np.full((60, 1), 19.25)
    metric[::2] = 24.11
    metric[0] = 20
    assert check({("wellbeing", "before"): metric}, wellbeing=TOTAL | {"score_of": "swemwbs7"}).keying.empty


def test_answers_that_nobody_chose_are_a_warning(check, draw):
    """A form with answers from 1 to 5 under a codebook from 1 to 7."""
    made = check(
        {("home", "before"): draw(120, 12, low=1, high=5)}, home={"instrument": "gbs12", "keying_acknowledged": {
            "reversed items": "x", "whole scale": "x", **{f"item {one}": "x" for one in range(1, 13)}}},
    )  # fmt: skip
    warned = made.keying[made.keying["action"] == "warning"]
    assert warned["finding"].tolist() == ["unused answers"]
    assert warned["sentence"].iloc[0].startswith("Nobody ever chose 7, the highest of the answers from 1 to 7")
    assert warned["sentence"].iloc[0] in made.instruments["warnings"][0]


def test_a_scale_that_points_the_other_way_is_a_warning(check, draw):
    """Every answer of one scale is recorded the other way: it agrees with itself, and with no other outcome."""
    scales = {"mood": {"instrument": "gad7"}, "self": RSES, "alone": {"instrument": "ucla3"}}
    grids = {
        ("mood", "before"): draw(80, 7),
        ("self", "before"): draw(80, 10, reversed_items=SATISFIED, towards=-1),
        ("alone", "before"): draw(80, 3, low=1),
    }
    assert check(grids, **scales).keying.empty
    made = check(grids | {("mood", "before"): 3 - grids["mood", "before"]}, **scales)
    assert set(zip(made.keying["outcome"], made.keying["finding"], strict=True)) == {("mood", "direction")}
    assert made.keying["action"].tolist() == ["warning", "warning"]
    assert "Better scores go with worse scores of self" in made.instruments["warnings"][0]


def test_the_instrument_table_says_how_a_scale_was_scored(check, draw):
    rses = RSES | {"recorded": (1, 4)}
    made = check({("self", "before"): draw(30, 10, reversed_items=SATISFIED)}, self=rses)
    row = made.instruments.iloc[0]
    assert row[["instrument", "item_order", "reversed", "recorded", "range", "rights", "higher_is"]].tolist() == [
        "rses", "satisfied-first", "2, 5, 6, 8, 9", "1 to 4", "0 to 30", "free", "better",
    ]  # fmt: skip
    assert row["departures"] == ""
    assert row["missing_rule"] == (
        "up to 2 missing, for which the mean of the answered items stands in (common practice, not published)"
    )
    assert "missing rule.how: from memory" in row["not_verified"].split("\n")
