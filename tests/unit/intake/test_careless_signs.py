"""Long strings, straight lines and distances, by hand and by R; and what honest people do that must not be flagged."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from raise_flags import raise_flags

from alongside.intake.careless import _unusual

HERE = Path(__file__).parent
NONE = np.nan


def test_distances_flag_whom_rs_mahalanobis_flags():
    reference = json.loads((HERE / "expected" / "mahalanobis.json").read_text())
    flagged = _unusual(np.array(reference["answers"], dtype=float), np.zeros(60))
    assert (np.flatnonzero(flagged) + 1).tolist() == reference["flagged"]


# RSES: ten items, five of them reversed, answers 1-4 (codebook: 0-3)
@pytest.mark.parametrize(
    ("answers", "straight", "long"),
    [
        ([3] * 10, True, True),
        ([0] * 10, True, True),
        ([3] * 9 + [2], False, True),  # a row of nine
        ([3] * 8 + [2, 1], False, True),  # eight is enough
        ([3] * 7 + [2, 1, 0], False, False),
        ([3, 3, 3, 3, 2, 3, 3, 3, 3, 3], False, False),  # rows of four and five
        ([3, 3, 3, 3, NONE, 3, 3, 3, 3, 3], True, False),  # all the same, but no answer ends the row
        ([3] * 5 + [NONE] * 5, False, False),  # five answers
    ],
)
def test_straight_lines_and_long_strings_by_hand(answers, straight, long):
    flags = raise_flags([answers], scale="rses")
    assert (bool(flags["straight-line"][0]), bool(flags["long-string"][0])) == (straight, long)


@pytest.mark.parametrize(("scale", "n_items"), [("gad7", 7), ("phq9", 9), ("wemwbs14", 14), ("scared41", 41)])
def test_who_has_no_symptom_answers_zero_throughout(scale, n_items):
    flags = raise_flags([[0] * n_items, [1] * n_items], scale=scale)
    assert not any(up.any() for up in flags.values())


def test_three_equal_answers_to_a_short_scale_are_nothing():
    assert not any(up.any() for up in raise_flags([[2, 2, 2], [1, 1, 1]], scale="ucla3").values())


def test_the_middle_answer_contradicts_nothing_on_a_short_scale():
    # BRS: six items in both directions, 1-5; 3 is 3 in either
    flags = raise_flags([[3] * 6, [4] * 6], scale="brs6")
    assert flags["straight-line"].tolist() == [False, True]
