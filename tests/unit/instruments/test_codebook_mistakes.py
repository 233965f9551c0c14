"""Faulty codebooks, each with its mistakes: line, key, and the words that help."""

import re

import pytest

from alongside.errors import UserError
from alongside.instruments import read_instrument

CODEBOOK = """\
id: mood
name: Mood
version: two forms
citation: Nobody (2020)
rights: {status: free, note: Free.}
n_items: 3
response: [0, 4]
labels: {No: 0, Yes: 4}
orders: {first: [2], second: [3]}
subscales:
  low: {items: [1, 2], items_in: {second: [1, 3]}, range: [0, 8]}
scoring: {method: sum}
missing_rule: {max_missing: 1, how: prorate, published: true, note: Nobody}
range: [0, 12]
higher_is: better
cutoffs: [{from: 6, label: bright, source: Nobody}]
safety_items: [{item: 3, from: 1, why: danger}]
not_verified: {rights: from memory}
sources: [nobody.example]
examples:
  - {what: smallest, order: first, answers: [0, 0, 0], score: 4}
"""

# what is wrong -> (text, its replacement) -> [(line, key, words)]
CASES = {
    "unknown key": ("higher_is", "higher", [(1, "higher_is", "better | worse"), (15, "higher", "did you mean")]),
    "id is not the file's name": ("id: mood", "id: moods", [(1, "id", "mood, the file's name")]),
    "id that is no name": ("id: mood", "id: My Mood", [(1, "id", "small letters")]),
    "rights unknown": ("status: free", "status: gratis", [(5, "rights.status", "free | conditions")]),
    "response the wrong way round": ("[0, 4]", "[4, 0]", [(7, "response", "two rising numbers")]),
    "label outside": ("Yes: 4", "Yes: 5", [(8, "labels.Yes", "0 to 4")]),
    "reversed item that does not exist": ("second: [3]", "second: [4]", [(9, "orders.second", "items 1 to 3")]),
    "reversed item twice": ("first: [2]", "first: [2, 2]", [(9, "orders.first", "each value once")]),
    "subscale item that does not exist": (
        "items: [1, 2]",
        "items: [1, 9]",
        [(11, "subscales.low.items", "items 1 to")],
    ),
    "subscale without its other order": (
        ", items_in: {second: [1, 3]}",
        "",
        [(11, "subscales.low", "second")],
    ),
    "subscale range": ("range: [0, 8]", "range: [0, 9]", [(11, "subscales.low.range", "0 to 8 by items and scoring")]),
    "cut-off outside the range": ("{from: 6,", "{from: 14,", [(16, "cutoffs", "0 to 12, the range of the score")]),
    "cut-offs of sums that are not doubled": (
        "[{from: 6, label: bright, source: Nobody}]",
        "[{from: 0, to: 1, label: a, source: b}, {from: 2, to: 3, label: a, source: b}, {from: 4, to: 6, label: a, "
        "source: b}]",
        [(16, "cutoffs", "bands up to 12, the largest score")],
    ),
    "unknown method": ("method: sum", "method: total", [(12, "scoring.method", "sum | mean")]),
    "method without its number": (
        "method: sum",
        "method: multiply",
        [(12, "scoring", "'factor' with method multiply")],
    ),
    "number without its method": (
        "method: sum",
        "method: sum, factor: 4",
        [(12, "scoring.factor", "not with method sum")],
    ),
    "table with gaps": (
        "method: sum}",
        "method: table, table: {0: 0, 12: 12}}",
        [(12, "scoring.table", "one entry for each sum from 0 to 12")],
    ),
    "total of unknown subscales": (
        "method: sum}",
        "method: sum-of-subscales, subscales: [lo]}",
        [(12, "scoring.subscales", "did you mean 'low'?"), (14, "range", "0 to 0")],
    ),
    "all may be missing": ("max_missing: 1", "max_missing: 3", [(13, "missing_rule.max_missing", "0 to 2")]),
    "none may be missing but prorated": ("max_missing: 1", "max_missing: 0", [(13, "missing_rule.how", "none where")]),
    "a rule that nobody published": ("published: true", "published: false", [(13, "missing_rule.how", "no source")]),
    "a rule of an unknown kind": (
        "published: true",
        "published: usually",
        [(13, "missing_rule.published", "true | common practice | false")],
    ),
    "range": ("range: [0, 12]", "range: [3, 15]", [(14, "range", "0 to 12 by items and scoring")]),
    "cut-off of no subscale": ("label: bright", "label: bright, of: high", [(16, "cutoffs", "low")]),
    "safety item": ("item: 3", "item: 4", [(17, "safety_items", "items 1 to 3")]),
    "not verified: no field": ("rights: from", "right: from", [(18, "not_verified.right", "did you mean 'rights'?")]),
    "no sources": ("[nobody.example]", "[]", [(19, "sources", "at least one")]),
    "example without order": ("order: first, ", "", [(21, "examples.1", "first | second")]),
    "example of another order": ("order: first", "order: third", [(21, "examples.1.order", "first | second")]),
    "example too short": ("[0, 0, 0]", "[0, 0]", [(21, "examples.1.answers", "3 answers")]),
    "example out of range": ("[0, 0, 0]", "[0, 0, 5]", [(21, "examples.1.answers", "0 to 4, or none")]),
    "example that is no number": ("[0, 0, 0]", "[0, 0, x]", [(21, "examples.1.answers.3", "a whole number")]),
}


@pytest.fixture
def write(tmp_path):
    def write(text):
        path = tmp_path / "mood.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize("case", CASES)
def test_every_mistake_is_shown_at_its_line_and_key(case, write):
    old, new, expected = CASES[case]
    assert CODEBOOK.count(old) == 1
    with pytest.raises(UserError) as caught:
        read_instrument(write(CODEBOOK.replace(old, new)))
    places = [re.search(r"mood\.yaml, line (\d+)(?:, (.+))?$", mistake.where) for mistake in caught.value.mistakes]
    assert [(int(place[1]), place[2]) for place in places] == [(line, key) for line, key, _ in expected]
    for mistake, (_, _, words) in zip(caught.value.mistakes, expected, strict=True):
        assert words in f"{mistake.found} | {mistake.allowed} | {mistake.remedy}"


def test_the_codebook_is_faultless_as_it_stands(write):
    mood = read_instrument(write(CODEBOOK))
    assert mood.orders == {"first": (2,), "second": (3,)}
    assert mood.subscales["low"].items_in == {"second": (1, 3)}
    assert mood.examples[0].score == 4


def test_a_fraction_is_a_factor(write):
    text = CODEBOOK.replace("method: sum}", "method: multiply, factor: 20/6}").replace("[0, 12]", "[0, 40]")
    text = text.replace("range: [0, 8]", "scoring: {method: sum}, range: [0, 8]")
    assert read_instrument(write(text)).scoring.factor == pytest.approx(10 / 3)


def test_all_mistakes_at_once(write):
    text = (
        CODEBOOK.replace("Yes: 4", "Yes: 5").replace("range: [0, 12]", "range: [3, 15]").replace("item: 3", "item: 4")
    )
    with pytest.raises(UserError) as caught:
        read_instrument(write(text))
    assert len(caught.value.mistakes) == 3
