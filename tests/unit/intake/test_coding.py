import math

import pytest

from alongside.intake.coding import (
    ANSWER,
    BLANK,
    MISSING,
    NOT_AN_ANSWER,
    OUT_OF_RANGE,
    UNKNOWN,
    AnswerCode,
)  # fmt: skip
from alongside.intake.text import TextSet

CODE = AnswerCode(low=0.0, high=3.0, labels={"never": 0.0, "dont often": 2.0}, missing=TextSet(["-99", "n/a"]))


@pytest.mark.parametrize(("text", "number"), [("2", 2), ("2.0", 2), (" NEVER. ", 0), ("Don\u2019t often", 2)])
def test_answers(text, number):
    assert CODE.read(text) == (number, ANSWER)


@pytest.mark.parametrize(
    ("text", "kind"),
    [("", BLANK), ("  ", BLANK), ("-99", MISSING), ("N/A", MISSING), ("4", OUT_OF_RANGE), ("-1", OUT_OF_RANGE),
     ("1.5", NOT_AN_ANSWER), ("nevr", UNKNOWN), ("?", UNKNOWN), ("1 or 2", UNKNOWN)],
)  # fmt: skip
def test_what_is_no_answer_is_never_a_number(text, kind):
    number, found = CODE.read(text)
    assert math.isnan(number)
    assert found == kind


def test_numbers_move_to_the_codebooks_base():
    code = AnswerCode(low=1.0, high=4.0, base=(0.0, 3.0), labels={"never": 0.0})
    assert [code.read(text)[0] for text in ("1", "2", "4", "never")] == [0, 1, 3, 0]
    assert code.read("0")[1] == OUT_OF_RANGE


def test_a_declared_missing_mark_wins_over_the_range():
    code = AnswerCode(low=0.0, high=10.0, missing=TextSet(["9"]))
    assert code.read("9")[1] == MISSING


def test_what_is_allowed_is_said_in_words():
    assert CODE.allowed_with_labels == "a whole number from 0 to 3; never, dont often"
    assert AnswerCode(low=0.0, whole=False).allowed == "a number of at least 0"
