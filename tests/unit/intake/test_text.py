import pytest

from alongside.intake.text import TextSet, normalise, read_number


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nearly every day", "  nearly   EVERY day. "),
        ("Don't know", "Don\u2019t know"),
        ("Strongly-agree", "strongly agree"),
        ("\u201cOften\u201d", "often"),
        ("1\u20132 days", "1-2 days"),
        ("Caf\u00e9", "Cafe\u0301"),
    ],
)
def test_the_same_words_are_the_same_however_they_were_typed(one, other):
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("agree", "disagree"), ("-1", "1"), (">1 day", "<1 day"), ("1.5", "15"), ("1-2 days", "12 days"), ("5", "5+"),
        ("not at all", "at all"), ("Often", "Oftern"),
    ],
)  # fmt: skip
def test_what_differs_in_meaning_stays_different(one, other):
    assert normalise(one) != normalise(other)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3", 3),
        (" 3 ", 3),
        ("3.0", 3),
        ("-1", -1),
        ("\u22121", -1),
        ("3,5", 3.5),
        ("1e2", 100),
        ("+2", 2),
        ("007", 7),
        ("\u0663", 3),
    ],
)
def test_numbers_as_people_write_them(text, number):
    assert read_number(text) == number


@pytest.mark.parametrize("text", ["", "three", "1,234", "1 2", "nan", "inf", "1/2", "0x10", "12.3.4", "1_000"])
def test_what_would_need_a_guess_is_no_number(text):
    assert read_number(text) is None


def test_a_comma_is_a_decimal_point_where_cells_are_not_separated_by_commas():
    assert read_number("1,234", decimal="either") == 1.234


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        ("3,5", "comma", 3.5), ("3.5", "comma", None), ("1.234", "comma", None), ("4", "comma", 4.0),
        ("3.5", "point", 3.5), ("3,5", "point", None), ("1,234", "point", None), ("-4", "point", -4.0),
    ],
)  # fmt: skip
def test_where_the_decimal_mark_is_declared_the_other_one_makes_no_number(text, decimal, number):
    assert read_number(text, decimal=decimal) == number


def test_a_listed_value_is_found_as_typed_or_as_the_same_number():
    listed = TextSet(["Yes", "1", "-99"])
    assert all(text in listed for text in ("yes", " YES ", "1.0", "1", "-99", "-99.0"))
    assert not any(text in listed for text in ("no", "01", "10", "99", "", "yes please"))


def test_a_code_with_a_leading_zero_is_no_number():
    assert "1" not in TextSet(["01"])
    assert "01" in TextSet(["01"])


def test_a_listed_mark_without_letters_is_found_as_typed():
    assert "?" in TextSet(["?"])
    assert "-" not in TextSet(["?"])
