import itertools

import pytest

from alongside.figures.style import (
    COMPARISON,
    OTHERS,
    choose_ticks,
    mark_cohorts,
    measure_text,
    spread_positions,
    wrap_text,
)


def _luminance(colour):
    """WCAG 2 relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("mark", [COMPARISON, *OTHERS], ids=lambda mark: mark.marker)
def test_colours_can_be_read_as_letters_on_white(mark):
    assert 1.05 / (_luminance(mark.colour) + 0.05) >= 4.5


def test_no_two_cohorts_share_a_marker_or_a_line():
    for one, other in itertools.combinations([COMPARISON, *OTHERS], 2):
        assert one.marker != other.marker
        assert one.line != other.line


def test_comparison_and_first_cohort_differ_in_grey():
    assert abs(_luminance(COMPARISON.colour) - _luminance(OTHERS[0].colour)) > 0.05
    assert COMPARISON.filled != OTHERS[0].filled


def test_the_comparison_looks_the_same_wherever_it_stands():
    cohorts = [{"key": key, "comparison": key == "none"} for key in ("a", "none", "b")]
    marks = mark_cohorts(cohorts)
    assert marks["none"] is COMPARISON
    assert marks["a"] is OTHERS[0]
    assert marks["b"] is OTHERS[1]


def test_more_cohorts_than_can_be_told_apart_are_refused():
    with pytest.raises(ValueError, match="6 cohorts"):
        mark_cohorts([{"key": str(number), "comparison": False} for number in range(6)])


def test_labels_move_apart_as_little_as_possible():
    assert spread_positions([10.0, 30.0], gap=5.0) == [10.0, 30.0]
    assert spread_positions([10.0, 12.0], gap=6.0) == [8.0, 14.0]
    assert spread_positions([12.0, 10.0], gap=6.0) == [14.0, 8.0]
    assert spread_positions([0.0, 1.0, 2.0], gap=4.0) == [-3.0, 1.0, 5.0]


def test_ticks_are_round_and_inside():
    assert choose_ticks((-0.4, 0.56), most=8) == [-0.4, -0.2, 0.0, 0.2, 0.4]
    assert choose_ticks((18.2, 81.8), most=6) == [20.0, 40.0, 60.0, 80.0]
    assert choose_ticks((-1.6, 2.4), most=6) == [-1.0, 0.0, 1.0, 2.0]


def test_wrapping_keeps_every_word_and_the_width():
    text = "Peer network without a mentor at the second site"
    wrapped = wrap_text(text, width=80, size=9)
    assert wrapped.split() == text.split()
    assert all(measure_text(line, 9) <= 80 for line in wrapped.split("\n"))
