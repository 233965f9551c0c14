"""YAML as text with lines: what was typed is what is read, and every key knows where it stands."""

import pytest

from alongside.errors import UserError
from alongside.typed_yaml import Problem
from alongside.typed_yaml.nodes import parse_text


def parse(text):
    return parse_text(text, name="study.yaml", what="study file")


@pytest.mark.parametrize(
    "typed",
    ["Yes", "No", "on", "OFF", "01", "-99", "1_000", "1e3", "0x1F", "12:30", "~", "null", ".nan", "true",
     "2026-11-01", "=", "1,5"],
)  # fmt: skip
def test_plain_scalars_stay_text(typed):
    assert parse(f"key: {typed}").tree == {"key": typed}
    assert parse(f"keys: [{typed}, x]".replace("1,5", "1.5")).tree["keys"][1] == "x"


def test_keys_stay_text():
    assert parse("{1: a, Yes: b, 2026-11-01: c, 0.5: d}").tree == {"1": "a", "Yes": "b", "2026-11-01": "c", "0.5": "d"}


def test_nothing_after_the_colon_is_none_and_quotes_are_text():
    assert parse("a:\nb: ''\nc: '~'\nd: [x, ]\ne: {f}\n").tree == {
        "a": None,
        "b": "",
        "c": "~",
        "d": ["x"],
        "e": {"f": None},
    }


def test_blocks_of_text():
    assert parse("a: >\n  one\n  two\nb: |\n  one\n  two\n").tree == {"a": "one two\n", "b": "one\ntwo\n"}


TEXT = """\
# a comment
top:
  inner: value

  list:
    - one
    - {key: two}
    -
      key: three
"""


@pytest.mark.parametrize(
    ("path", "where"),
    [
        (("top",), "line 2, top"),
        (("top", "inner"), "line 3, top.inner"),
        (("top", "list"), "line 5, top.list"),
        (("top", "list", 0), "line 6, top.list.1"),
        (("top", "list", 1, "key"), "line 7, top.list.2.key"),
        (("top", "list", 2, "key"), "line 9, top.list.3.key"),
        (("top", "inner", "survey", 0), "line 3, top.inner"),  # a normalised form has steps that nobody wrote
    ],
)
def test_where_a_mistake_stands(path, where):
    assert parse(TEXT).mistake(Problem(path, "wrong")).where == f"study.yaml, {where}"


def test_something_absent_stands_where_its_block_begins():
    mistake = parse(TEXT).mistake(Problem(("top", "other"), "missing", absent=True))
    assert mistake.where == "study.yaml, line 2, top.other"


def test_mistakes_come_in_the_order_of_the_file():
    document = parse(TEXT)
    mistakes = document.mistakes(
        [Problem(("top", "list"), "b"), Problem(("top",), "a"), Problem(("top", "list", 2), "c")]
    )
    assert [mistake.found for mistake in mistakes] == ["a", "b", "c"]


def test_the_first_of_two_equal_keys_counts():
    document = parse("a: 1\nb: {c: 1, c: 2}\na: 2\n")
    assert document.tree == {"a": "1", "b": {"c": "1"}}
    assert [document.line(problem) for problem in document.problems] == [2, 3]


def test_aliases_cannot_blow_a_file_up():
    """Nine lines of nested aliases would be a billion values if they were followed."""
    lines = ["a0: &a0 [x, x]"] + [f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 30)]
    document = parse("\n".join(lines))
    assert document.tree["a29"] == [None, None]
    assert len(document.problems) == 30 + 2 * 29


def test_a_file_that_cannot_be_read(tmp_path):
    from alongside.typed_yaml import read_document

    with pytest.raises(UserError, match="cannot be read"):
        read_document(tmp_path, what="study file")
