"""Notes about the reading: the evaluator sees exact counts, the public none, and nobody can tell 1 from 9."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.judgement.audit import Audit
from alongside.judgement.books import word_notes
from alongside.tables import NOTES
from alongside.tables.notes import Counted, list_notes, say_note, word_count

WHY = {"small": "fewer people than may be shown"}
PLAIN = 'raw/w1.csv: read as qualtrics (a row of {"ImportId"} (row 3))'


def publish_notes(*notes, min_cell=10, round_to=5):
    audit = Audit()
    frame = pd.DataFrame(list_notes(notes), columns=NOTES.names)
    made = word_notes(frame, min_cell=min_cell, round_to=round_to, audit=audit, why=WHY)
    return made, audit.as_table()


def test_a_note_without_a_count_passes_word_for_word():
    made, audit = publish_notes(PLAIN)
    assert made["text"].tolist() == [PLAIN]
    assert audit.empty


@given(
    st.lists(st.integers(1, 9), min_size=3, max_size=3),
    st.lists(st.integers(1, 9), min_size=3, max_size=3),
    st.sampled_from(["people", "identifiers", "rows"]),
)
def test_all_small_counts_look_the_same_in_public(first, second, unit):
    """What is published does not depend on the number, so the number cannot be had from it."""
    about = ("answered, but not in the roster", "wave after: answered more than once", "not in the roster")
    made = [publish_notes(*(Counted(text, unit, n) for text, n in zip(about, counts, strict=True)))
            for counts in (first, second)]  # fmt: skip
    for one, other in zip(*made, strict=True):
        pd.testing.assert_frame_equal(one, other)
    public, audit = made[0]
    assert public["text"].tolist() == [f"{text}: fewer than 10 {unit}" for text in about]
    assert public["n"].isna().all()
    assert audit["row"].tolist() == list(about)


@given(st.integers(10, 10_000))
def test_larger_counts_are_only_said_to_be_large_enough(n):
    made, audit = publish_notes(Counted("answered, but not in the roster", "people", n))
    assert made["text"].tolist() == ["answered, but not in the roster: 10 or more people"]
    assert audit.empty


def test_data_that_are_public_anyway_keep_their_counts():
    made, _ = publish_notes(Counted("answered twice", "people", 1), min_cell=1, round_to=1)
    assert made["text"].tolist() == ["answered twice: 1 person"]


@pytest.mark.parametrize(
    ("n", "unit", "words"),
    [
        (1, "people", "1 person"), (2, "people", "2 people"), (1, "identifiers", "1 identifier"),
        (1, "rows", "1 row"), (1234, "rows", "1,234 rows"),
    ],
)  # fmt: skip
def test_a_count_in_words(n, unit, words):
    assert word_count(n, unit) == words
    assert say_note("skipped", unit, n) == f"skipped: {words}"


def test_a_note_that_was_made_twice_is_said_once():
    assert list_notes([PLAIN, Counted("twice", "people", 2), PLAIN, Counted("twice", "people", 2)]) == [
        (PLAIN, "", None),
        ("twice", "people", 2),
    ]
