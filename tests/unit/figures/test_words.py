import pytest

from alongside.figures.words import format_count, format_interval, format_number, format_p, join_words


@pytest.mark.parametrize(
    ("value", "places", "plus", "text"),
    [
        (1.25, 1, False, "1.2"),
        (-3.46, 1, False, "\N{MINUS SIGN}3.5"),
        (0.04, 1, True, "0.0"),
        (-0.04, 1, True, "0.0"),
        (0.21, 2, True, "+0.21"),
        (None, 1, False, "\N{EN DASH}"),
        (float("nan"), 1, False, "\N{EN DASH}"),
    ],
)
def test_numbers(value, places, plus, text):
    assert format_number(value, places=places, plus=plus) == text


def test_a_suppressed_count_says_so_and_a_shown_one_has_separators():
    assert format_count(None) == "not shown"
    assert format_count(1180) == "1,180"


def test_an_interval_is_whole_or_not_there():
    assert format_interval(-1.0, 2.0) == "\N{MINUS SIGN}1.0 to 2.0"
    assert format_interval(-1.0, None) == "\N{EN DASH}"
    assert format_interval(0.03, 2.0) == "0.03 to 2.0"  # zero is not in it
    assert format_interval(-0.004, 0.0, places=2) == "\N{MINUS SIGN}0.004 to 0.00"


def test_a_tiny_p_is_not_printed_as_zero():
    assert format_p(0.0000004) == "below 0.001"
    assert format_p(0.0312) == "0.031"


def test_lists_read_like_speech():
    assert join_words(["a"]) == "a"
    assert join_words(["a", "b", "c"]) == "a, b and c"
