import math

import pytest

from alongside.errors import UserError
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


# ---- answers in words without a codebook -------------------------------------------------------------------------

WORDS = """
  mood: {instrument: tiny3, columns: "m_{item}", domain: d, role: primary}
  grade: {kind: ordinal, column: grade, labels: {Fail: 1, Pass: 2, Merit: 3}, min: 1, max: 3, higher_is: better,
    domain: d, role: secondary}
  stayed: {kind: yes-no, column: stayed, labels: {Enrolled: 1, Left: 0}, higher_is: better, domain: d, role: secondary}
"""


def test_an_ordinal_and_a_yes_no_outcome_may_have_their_own_words(study, look):
    study.declare(outcomes=WORDS)
    intake = study.read({
        "raw/w1.csv": "pid,arm,grade,stayed,m_1,m_2,m_3\nA1,1,MERIT,enrolled,0,0,0\nA2,0,2,Left,0,0,0\n"
        "A3,0,fail ,no,0,0,0\nA4,1,7,yes,0,0,0\n",
        "raw/w2.csv": "pid,grade,stayed,m_1,m_2,m_3\nA1,pass,1,0,0,0\n",
    })  # fmt: skip
    grades = {place: value[0] for place, value in look.values(intake, "grade").items()}
    assert grades == {(0, "before"): 3, (1, "before"): 2, (2, "before"): 1, (0, "after"): 2}
    stayed = {place: value[0] for place, value in look.values(intake, "stayed").items()}
    assert stayed == {(0, "before"): 1, (1, "before"): 0, (2, "before"): 0, (3, "before"): 1, (0, "after"): 1}
    assert look.rules(intake) == {"out-of-range": [("raw/w1.csv", 5)]}


def test_an_ordinal_word_that_is_not_declared_stops_the_run(study):
    study.declare(outcomes=WORDS)
    with pytest.raises(UserError, match=r"raw/w1.csv, grade: column grade \(1\)") as caught:
        study.read({"raw/w1.csv": "pid,arm,grade,stayed,m_1,m_2,m_3\nA1,1,Distinction,yes,0,0,0\n"})
    assert "fail, pass, merit" in str(caught.value)
