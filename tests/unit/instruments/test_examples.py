"""The worked examples of the library: a second scorer, which shares no code with ours, gives the same scores; they are
of all the kinds that find a wrong key; and both scorers agree on answers that nobody thought of."""

import csv
import math
import random
from pathlib import Path

import by_hand
import numpy as np
import pytest

from alongside.instruments import instrument_path, list_instruments, load_instrument, take_measure
from alongside.instruments.examples import list_missing_kinds
from alongside.scoring import score_items

IDS = list_instruments()
BOOKS = {id: by_hand.read_book(instrument_path(id)) for id in IDS}


def stated(book, example):
    """{None (the total) or a subscale: the score that the example states}"""
    total = {} if book["scoring"]["method"] == "subscales-only" else {None: example["score"]}
    scores = total | example.get("subscales", {})
    return {name: None if score == "none" else float(score) for name, score in scores.items()}


@pytest.mark.parametrize("id", IDS)
def test_a_second_scorer_gives_every_example(id):
    book = BOOKS[id]
    for example in book["examples"]:
        for name, expected in stated(book, example).items():
            found = by_hand.score(book, example["answers"], order=example.get("order"), subscale=name)
            at = (example["what"], name)
            assert (found is None) == (expected is None), at
            assert found is None or float(found) == pytest.approx(expected, abs=1e-8), at


@pytest.mark.parametrize("id", IDS)
def test_there_are_examples_of_every_kind(id):
    book = BOOKS[id]
    low, high = book["response"]
    answers = [example["answers"] for example in book["examples"]]
    assert [low] * book["n_items"] in answers, "all minimum"
    assert [high] * book["n_items"] in answers, "all maximum"
    assert any("none" not in given and len(set(given)) > 1 for given in answers), "mixed"
    allowed = book["missing_rule"]["max_missing"]
    at, beyond = set(), set()
    for example in book["examples"]:
        missing = {item for item, answer in enumerate(example["answers"], start=1) if answer == "none"}
        for name, score in stated(book, example).items():
            if book["missing_rule"].get("per") == "subscale" and name is not None:
                missing_here = len(missing & set(by_hand.items_of(book, name, by_hand.first_order(book))))
            elif name is None and book["missing_rule"].get("per") != "subscale":
                missing_here = len(missing)
            else:
                continue
            (beyond if score is None else at).add(missing_here)
    assert allowed in at, "one at the missing-item limit"
    assert allowed + 1 in beyond, "one beyond it"
    assert list_missing_kinds(load_instrument(id)) == []


@pytest.mark.parametrize("id", IDS)
def test_every_subscale_has_an_example_with_a_score(id):
    book = BOOKS[id]
    shown = {name for example in book["examples"] for name, score in stated(book, example).items() if score is not None}
    assert shown >= set(book.get("subscales", {}))


@pytest.mark.parametrize("id", IDS)
def test_both_scorers_agree_on_random_answers(id):
    book, scale = BOOKS[id], load_instrument(id)
    chance = random.Random(id)
    low, high = book["response"]
    names = [*([] if book["scoring"]["method"] == "subscales-only" else [None]), *book.get("subscales", {})]
    for order in book["orders"]:
        rows = [[chance.randint(low, high) for _ in range(book["n_items"])] for _ in range(60)]
        for row in rows[15:]:
            for item in chance.sample(range(book["n_items"]), chance.randint(0, min(7, book["n_items"]))):
                row[item] = "none"
        grid = np.array([[math.nan if answer == "none" else answer for answer in row] for row in rows])
        for name in names:
            ours = score_items(grid, take_measure(scale, order=order, subscale=name))["score"]
            theirs = [by_hand.score(book, row, order=order, subscale=name) for row in rows]
            theirs = [math.nan if one is None else float(one) for one in theirs]
            np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-9, err_msg=f"{order}, {name}")
            assert np.isfinite(ours[:15]).all()


# ---- the facts behind the codebooks --------------------------------------------------------------------------------

with (Path(__file__).parent / "facts.csv").open(encoding="utf-8") as file:
    FACTS = {row["id"]: {key: value or "" for key, value in row.items()} for row in csv.DictReader(file)}


def test_there_are_facts_about_every_scale():
    assert sorted(FACTS) == list(IDS)


@pytest.mark.parametrize("id", IDS)
def test_rights_and_missing_rule_are_those_of_the_facts(id):
    facts, scale = FACTS[id], load_instrument(id)
    assert scale.rights.status == facts["rights"]
    assert scale.rights.note
    assert scale.missing_rule.max_missing == int(facts["may_miss"])
    assert scale.missing_rule.how == (facts["how"] or "none")
    assert scale.missing_rule.note
    if scale.missing_rule.published is False:
        assert "required" in scale.missing_rule.note


def test_what_nobody_published_is_not_called_published():
    """The facts have no author's rule for these: only habit, a program's default, or a rule without a source."""
    habits = {id for id in IDS if load_instrument(id).missing_rule.published == "common practice"}
    assert habits == {"gad7", "phq8", "phq9", "rses", "dass21"}


@pytest.mark.parametrize("id", IDS)
def test_cutoffs_and_reliability_are_those_of_the_facts(id):
    facts, scale = FACTS[id], load_instrument(id)
    cutoffs = [f"{one.of} " * bool(one.of) + ("" if one.from_ is None else f"{one.from_:g}") for one in scale.cutoffs]
    assert sorted(cutoffs) == sorted(facts["cutoffs"].split(";") if facts["cutoffs"] else [])
    numbers = [number for one in scale.reliability for number in (one.low, one.high) if number is not None]
    assert sorted(numbers) == sorted(float(text) for text in facts["reliability"].split(";") if text)


@pytest.mark.parametrize("id", IDS)
@pytest.mark.parametrize(("column", "word"), [("memory", "memory"), ("secondary", "secondary source")])
def test_what_the_facts_do_not_know_at_first_hand_is_marked(id, column, word):
    marks = load_instrument(id).not_verified
    for field in filter(None, FACTS[id][column].split(";")):
        covering = [how for name, how in marks.items() if name == field or field.startswith(f"{name}.")]
        covering += [how for name, how in marks.items() if name.startswith(field)]
        assert any(word in how for how in covering), field


@pytest.mark.parametrize("id", IDS)
def test_a_codebook_says_what_it_is_and_where_it_comes_from(id):
    scale = load_instrument(id)
    assert scale.version
    assert len(scale.citation) > 40
    assert scale.sources
    assert scale.response.min in (0, 1)
    for field, source in [*(("cutoffs", one.source) for one in scale.cutoffs),
                          *(("reliability", one.source) for one in scale.reliability)]:  # fmt: skip
        if source == "from memory":
            assert any(name.startswith(field) and "memory" in how for name, how in scale.not_verified.items())


def test_answers_have_their_words():
    """Each item of the AHI has answers of its own, and the CD-RISC's form is not to be copied."""
    assert {id for id in IDS if not load_instrument(id).labels} == {"ahi24", "cdrisc10"}
