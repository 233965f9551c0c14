"""Better and worse, and months after the start."""

import pytest

from alongside.report.plain import name_moments, name_wave, say_better, say_interval


@pytest.mark.parametrize(
    ("value", "sign", "text"),
    [
        (2.92, 1, "2.9 points better"), (-2.92, -1, "2.9 points better"), (2.92, -1, "2.9 points worse"),
        (0.04, 1, "0.0 points"), (-0.96, 1, "1.0 point worse"), (float("nan"), 1, "\N{EN DASH}"),
    ],
)  # fmt: skip
def test_points_say_which_way_is_better(value, sign, text):
    assert say_better(value, sign=sign) == text


@pytest.mark.parametrize(
    ("low", "high", "sign", "text"),
    [
        (0.8, 5.1, 1, "0.8 to 5.1 better"), (-5.1, -0.8, -1, "0.8 to 5.1 better"), (-5.1, -0.8, 1, "0.8 to 5.1 worse"),
        (-4.3, 0.3, -1, "0.3 worse to 4.3 better"), (-0.3, 4.3, 1, "0.3 worse to 4.3 better"),
        (0.01, 4.3, 1, "0.01 to 4.3 better"), (-0.01, 4.3, 1, "0.01 worse to 4.3 better"),
        (-3.0, -0.004, -1, "0.004 to 3.0 better"), (0.0, 4.3, -1, "0.0 to 4.3 worse"),
        (float("nan"), 4.3, 1, "\N{EN DASH}"),
    ],
)  # fmt: skip
def test_intervals_say_which_way_is_better(low, high, sign, text):
    assert say_interval(low, high, sign=sign) == text


def describe(*waves):
    return {"waves": [{"key": label, "label": label, "since": since} for label, since in waves]}


@pytest.mark.parametrize(
    ("label", "since", "text"),
    [
        ("Before", 0, "before"),
        ("After six months", 6, "after six months"),
        ("At 12 months", 12.0, "at 12 months"),
        ("Six months later", 12, "six months later (12 months after the start)"),
        ("Twelve months later", 12, "twelve months later (12 months after the start)"),
        ("End", 1, "end (1 month after the start)"),
        ("After a week", 0.25, "after a week"),
    ],
)
def test_a_survey_is_named_with_its_month_from_the_start(label, since, text):
    assert name_wave(describe((label, since)), label) == text


def test_moments_are_counted_from_the_start():
    study = describe(("A", 1), ("B", 6.0), ("C", 12.0), ("D", 0.25))
    assert name_moments(study, ["A"]) == "1 month after the start"
    assert name_moments(study, ["B", "C"]) == "6 and 12 months after the start"
    assert name_moments(study, ["A", "B", "C"]) == "1, 6 and 12 months after the start"
    assert name_moments(study, ["D", "A"]) == "d and a"
