"""The panel without and with flagged responses: whose scores go, whose come back, and how many there are."""

from types import SimpleNamespace

import pandas as pd
import pytest

from alongside.sample.flagged import vary_flagged
from alongside.tables import ANSWERS, PEOPLE, RESPONSES, SCORES
from alongside.tables.check import check_table

PEOPLE_ROWS = [("p1", "mentored"), ("p2", "alone"), ("p3", "mentored")]
#            file, row, wave, source, person, kept, reason, flags
RESPONSE_ROWS = [
    ("f", 2, "before", "survey", "p1", True, "", "attention-check"),
    ("f", 3, "before", "survey", "p2", True, "", "unfinished"),
    ("f", 4, "before", "survey", "p3", False, "flagged", "straight-line:mood;long-string:mood"),
    ("r", 2, "before", "records", "p1", True, "", ""),
    ("g", 2, "after", "survey", "p1", True, "", ""),
    ("g", 3, "after", "survey", "p2", True, "", "too-fast"),
    ("g", 4, "after", "survey", "p3", False, "duplicate", ""),
]
SCORE_ROWS = [
    ("p1", "before", "mood", 5.0), ("p1", "before", "enrolled", 1.0), ("p2", "before", "mood", 4.0),
    ("p1", "after", "mood", 3.0), ("p2", "after", "mood", 2.0),
]  # fmt: skip


def answers(rows):
    table = pd.DataFrame(rows, columns=["participant", "wave", "source", "outcome", "value"]).assign(item=0)
    return check_table(table, ANSWERS)


@pytest.fixture
def varied():
    responses = pd.DataFrame(
        RESPONSE_ROWS, columns=["file", "row", "wave", "source", "participant", "kept", "reason", "flags"]
    ).assign(sheet="", submitted=pd.NaT)
    scores = pd.DataFrame(SCORE_ROWS, columns=["participant", "wave", "outcome", "score"])
    scores = scores.assign(n_items=1, n_answered=1, n_imputed=0, reason="")
    given = [(p, w, "records" if o == "enrolled" else "survey", o, value) for p, w, o, value in SCORE_ROWS]
    outcome = SimpleNamespace(instrument=None, order=None, subscale=None, scoring=None)
    return vary_flagged(
        check_table(scores, SCORES),
        people=check_table(pd.DataFrame(PEOPLE_ROWS, columns=["participant", "cohort"]), PEOPLE),
        answers=answers(given),
        flagged=answers([("p3", "before", "survey", "mood", 9.0)]),
        responses=check_table(responses, RESPONSES),
        instruments={},
        plan=SimpleNamespace(
            participants=SimpleNamespace(
                cohort=SimpleNamespace(levels={"mentored": (), "alone": ()}, comparison="alone")
            ),
            waves={"before": SimpleNamespace(month=0.0), "after": SimpleNamespace(month=6.0)},
            outcomes={"mood": outcome, "enrolled": outcome},
        ),
    )


def seen(panel, outcome):
    there = panel[panel[outcome].notna()]
    return dict(zip(zip(there["participant"], there["wave"], strict=True), there[outcome], strict=True))


def test_a_flagged_response_takes_its_own_scores_with_it_and_no_others(varied):
    # p1 failed a check in the survey, not in the records; p2 hurried after; unfinished is no sign of carelessness
    assert seen(varied.without, "mood") == {("p2", "before"): 4.0, ("p1", "after"): 3.0}
    assert seen(varied.without, "enrolled") == {("p1", "before"): 1.0}
    assert len(varied.without) == 6  # everybody stays in the panel


def test_what_was_left_out_comes_back_scored(varied):
    assert seen(varied.included, "mood") == {(p, w): s for p, w, o, s in SCORE_ROWS if o == "mood"} | {
        ("p3", "before"): 9.0
    }


def test_flags_are_counted_by_wave_and_cohort_once_a_response(varied):
    n = varied.flags.set_index(["wave", "cohort", "flag"])["n"].to_dict()
    assert n["before", "mentored", "any"] == 2  # p1; p3, who has two flags
    assert n["before", "mentored", "long-string"] == 1
    assert n["before", "alone", "any"] == 0
    assert n["before", "alone", "unfinished"] == 1
    assert n["after", "", "any"] == 1
    assert n["", "", "any"] == 3
    assert ("", "", "unusual-pattern") not in n  # nobody has it
