"""`score_of` and `keying_acknowledged`: what they may name, and what follows from them."""

import pytest

from alongside.errors import UserError

TOTAL = """\
  sadness:
    kind: score
    score_of: dass21.depression
    column: dass_d
    domain: distress
    role: secondary
"""


@pytest.fixture
def with_total(example):
    """with_total(old, new): small.yaml with one more outcome, a total; old: a piece of it, new: its replacement"""

    def make(old="", new=""):
        assert old in TOTAL
        return example("small.yaml").replace("outcomes:\n", "outcomes:\n" + TOTAL.replace(old, new, 1), 1)

    return make


def test_a_total_takes_range_and_direction_from_its_scale(load, with_total):
    low = load(with_total()).outcomes["sadness"]
    assert (low.min, low.max, low.higher_is, low.codebook) == (0, 21, "worse", "dass21")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("dass21.depression", "dass21", r"dass21 has no total score, only subscales\n.*dass21.depression"),
        ("dass21.depression", "dass21.depresion", r"no subscale 'depresion'[\s\S]*did you mean 'dass21.depression'"),
        ("dass21.depression", "das21", r"no instrument 'das21'[\s\S]*did you mean"),
        ("dass21.depression", "DASS 21", r"allowed: a codebook, or one of its subscales"),
        ("column: dass_d", "column: dass_d\n    max: 42", r"found 42\n.*21, as in the codebook of dass21"),
        ("column: dass_d", "column: dass_d\n    higher_is: better", r"found better\n.*worse, as in the codebook"),
        ("kind: score", "kind: count\n    higher_is: worse", r"'score_of' here\n.*only with kind: score"),
        (
            "column: dass_d",
            "column: dass_d\n    keying_acknowledged: {item 1: why}",
            r"allowed: between waves \| scores",
        ),
    ],
)
def test_what_a_total_may_not_say(load, with_total, old, new, said):
    with pytest.raises(UserError, match=said):
        load(with_total(old, new))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("{item 8: why}", r"found 'item 8'\n.*N from 1 to 7"),
        ("{items 3: why}", r"found 'items 3'\n.*item N \| reversed items \| whole scale \| between waves"),
        ("{scores: why}", r"found 'scores'"),
    ],
)
def test_only_what_the_check_can_find_is_acknowledged(load, example, given, said):
    text = example("small.yaml").replace("instrument: gad7", f"instrument: gad7\n    keying_acknowledged: {given}")
    with pytest.raises(UserError, match=said):
        load(text)


def test_each_contradiction_has_its_reason(load, example):
    given = "{item 7: as printed, between waves: a new form}"
    text = example("small.yaml").replace("instrument: gad7", f"instrument: gad7\n    keying_acknowledged: {given}")
    outcome = next(one for one in load(text).outcomes.values() if one.instrument == "gad7")
    assert outcome.keying_acknowledged == {"item 7": "as printed", "between waves": "a new form"}
