import hashlib
import hmac
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.intake.cells import Cells
from alongside.intake.identity import (
    clean,
    clean_columns,
    find_near_misses,
    natural_key,
    pseudonym,
    sort_naturally,
)  # fmt: skip


@pytest.mark.parametrize(
    ("cleaning", "raw", "cleaned"),
    [
        ((), " bp-01 ", " bp-01 "),
        (("trim", "uppercase"), " bp-01 ", "BP-01"),
        (("lowercase",), "BP-01", "bp-01"),
        (("digits",), "BP-01", "01"),
        (("remove-spaces",), " B P-01\t", "BP-01"),
        (("remove-punctuation",), "b.p-0_1", "bp01"),
        (("strip-leading-zeros",), "BP-0010", "BP-10"),
        (("strip-leading-zeros",), "000", "0"),
        (("trim",), "   ", ""),
        (("trim",), "\u00a0BP\u00a0", "BP"),
    ],
)
def test_identifiers_are_cleaned_as_declared_and_no_further(cleaning, raw, cleaned):
    assert clean(raw, cleaning) == cleaned


def test_an_identifier_of_several_columns_needs_all_of_them():
    parts = [Cells.of(["ab", "ab", ""]), Cells.of(["1", "12", "1"])]
    first, second, none = clean_columns(parts, ("trim",))
    assert first != second
    assert none == ""


def test_parts_do_not_run_into_each_other():
    one, other = clean_columns([Cells.of(["a1", "a"]), Cells.of(["2", "12"])], ())
    assert one != other


def test_a_pseudonym_is_the_first_64_bits_of_hmac_sha256():
    expected = hmac.new(b"key", b"BP-01", hashlib.sha256).hexdigest()
    assert pseudonym("BP-01", b"key") == "p" + expected[:16]
    assert pseudonym("BP-01", b"another key") != pseudonym("BP-01", b"key")


def test_the_order_of_people_is_the_one_a_person_would_write_down():
    assert sort_naturally(["P10", "P9", "P09", "Q1", "P1"]) == ["P1", "P09", "P9", "P10", "Q1"]
    assert sort_naturally(["10", "9", "a2b", "a10b", "a"]) == ["9", "10", "a", "a2b", "a10b"]
    assert sort_naturally([]) == []
    longest = "9" * 5000
    assert sort_naturally([longest, "x", "10", "8"]) == ["8", "10", longest, "x"]


@given(st.lists(st.from_regex(r"[A-Za-z\-]{0,3}[0-9]{1,6}", fullmatch=True), unique=True))
def test_the_fast_way_of_sorting_gives_the_order_of_the_slow_one(identifiers):
    shuffled = random.Random(1).sample(identifiers, len(identifiers))
    assert sort_naturally(shuffled) == sorted(identifiers, key=natural_key)


@pytest.mark.parametrize(
    ("stranger", "known"),
    [("BP-1243", "BP-1234"), ("BP-134", "BP-1234"), ("BP-12334", "BP-1234"), ("BP-1O34", "BP-1034"),
     ("bp-1234", "BP-1234"), ("BP-9234", "BP-1234"), ("BPl234", "BP1234")],
)  # fmt: skip
def test_one_slip_is_suggested(stranger, known):
    assert find_near_misses([stranger], ["XX-7777", known]) == [(stranger, [known])]


@pytest.mark.parametrize("known", ["BP-2143", "BP-56", "QQ-1234", "BP-4321"])
def test_two_slips_are_not(known):
    assert find_near_misses(["BP-1234"], [known]) == []


def test_a_sentence_in_the_identifiers_column_is_nobodys_slip():
    assert find_near_misses(["x" * 1_000_000], ["x" * 999_999, "BP-1"]) == []


def test_a_stranger_like_everybody_is_like_nobody():
    assert find_near_misses(["BP-0"], [f"BP-{digit}" for digit in range(1, 10)]) == []
