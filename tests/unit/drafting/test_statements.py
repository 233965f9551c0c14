"""One scale whose columns every survey calls otherwise: its questions' words hold it together, nothing less does."""

import pandas as pd
import pyreadstat
import pytest
import yaml

from .typed import qualtrics, written

ASKED = ["Feeling on edge", "Worrying without a stop", "Worrying about many things", "Finding no rest",
         "Sitting still is hard", "Being easily annoyed", "Fearing that something bad comes"]  # fmt: skip
QUESTION = "Over the last two weeks, how often did these bother you?"
WORDS = ["Not at all", "Several days", "More than half the days", "Nearly every day"]


def answers(tell):
    """24 people who give all answers; tell: function(0 to 3) -> what stands in the file"""
    return [[f"P{row}", *(tell((row + item) % 4) for item in range(7))] for row in range(24)]


def in_words(number):
    return WORDS[number]


def baseline():
    questions = {"pid": "Code"} | {f"Q5_{n}": f"{QUESTION} - {one}" for n, one in enumerate(ASKED, start=1)}
    return qualtrics(questions, answers(in_words))


def sentences(asked=ASKED, tell=in_words):
    return written([["pid", *(f"{QUESTION} [{one}]" for one in asked)], *answers(tell)])


def spss(folder, labels=ASKED):
    names = ["pid", *(f"gad_{n}" for n in range(1, 8))]
    frame = pd.DataFrame(answers(lambda number: number), columns=names)
    pyreadstat.write_sav(frame, str(folder / "made.sav"), column_labels=["Code", *labels])
    return (folder / "made.sav").read_bytes()


@pytest.fixture
def elsewhere(tmp_path_factory):
    return tmp_path_factory.mktemp("made")


def outcomes(text):
    return yaml.load(text, Loader=yaml.BaseLoader)["outcomes"]


def test_a_scale_under_three_names_is_one_outcome(draft, elsewhere):
    files = {"wave1.csv": baseline(), "wave2.csv": sentences(), "wave3.sav": spss(elsewhere)}
    text = draft(files).text
    found = outcomes(text)
    assert list(found) == ["anxiety"]
    assert found["anxiety"]["instrument"] == "gad7"
    assert found["anxiety"]["columns"] == {
        "wave1": "Q5_{item}",
        "wave2": [f"{QUESTION} [{one}]" for one in ASKED],
        "wave3": "gad_{item}",
    }
    assert "# Their names differ, their questions are the same word for word" in text


def test_numbered_questions_and_a_slip_of_one_word_are_the_same(draft):
    other = [f"Q{n}. {one.upper()}" for n, one in enumerate(ASKED, start=1)]
    other[3] = "Q4. Finding no peace"
    text = draft({"wave1.csv": baseline(), "wave2.csv": sentences(other)}).text
    (found,) = outcomes(text).values()
    assert list(found["columns"]) == ["wave1", "wave2"]


def test_as_many_questions_in_other_words_are_not_joined(draft):
    others = ["I sleep well", "I eat well", "I have friends", "I go out", "I like work", "I laugh", "I rest"]
    found = outcomes(draft({"wave1.csv": baseline(), "wave2.csv": sentences(others)}).text)
    assert [list(one["waves"]) for one in found.values()] == [["wave1"], ["wave2"]]


def test_the_same_questions_in_another_order_are_not_joined(draft):
    found = outcomes(draft({"wave1.csv": baseline(), "wave2.csv": sentences(ASKED[::-1])}).text)
    assert [list(one["waves"]) for one in found.values()] == [["wave1"], ["wave2"]]


def test_numbers_that_begin_elsewhere_are_not_joined(draft, elsewhere):
    """0 to 3 in one file and 1 to 4 in the other: no single `recorded` is right for both."""
    text = draft({"wave1.sav": spss(elsewhere), "wave2.csv": sentences(tell=lambda number: number + 1)}).text
    assert outcomes(text)["anxiety"]["columns"] == {
        "wave2": ["TODO", *(f"{QUESTION} [{one}]" for one in ASKED)],
        "otherwise": "gad_{item}",
    }


def test_what_may_be_the_same_scale_is_used_once_a_line_is_deleted(draft, elsewhere):
    others = [f"Thing {letter}" for letter in "ABCDEFG"]
    text = draft({"wave1.sav": spss(elsewhere), "wave2.csv": sentences(others)}).text
    assert "# wave2: as many columns. The same scale? Then delete the line TODO" in text
    decided = text.replace("        - TODO\n", "")
    assert outcomes(decided)["anxiety"]["columns"] == {
        "wave2": [f"{QUESTION} [{one}]" for one in others],
        "otherwise": "gad_{item}",
    }


def test_a_scale_of_two_names_keeps_both_beside_one_that_is_not_sure(draft, elsewhere):
    others = [f"Thing {letter}" for letter in "ABCDEFG"]
    files = {"wave1.csv": baseline(), "wave2.csv": sentences(others), "wave3.sav": spss(elsewhere)}
    assert outcomes(draft(files).text)["anxiety"]["columns"] == {
        "wave2": ["TODO", *(f"{QUESTION} [{one}]" for one in others)],
        "wave1": "Q5_{item}",
        "wave3": "gad_{item}",
    }
