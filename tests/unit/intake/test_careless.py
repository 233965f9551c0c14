from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from alongside.instruments import load_instrument
from alongside.intake.answers import ItemGrid
from alongside.intake.careless import flag_responses, join_flags

SCALE = load_instrument("pss4")  # four items; flags are raised on whatever numbers the grid holds
PLAN = SimpleNamespace(outcomes={"mood": SimpleNamespace(instrument="pss4", order=None, subscale=None, scoring=None)})


def unusual(answers, waves=None):
    rows = pd.DataFrame(
        {"finished": True, "block": [], "filled": []} if not len(answers) else {"finished": [True] * len(answers)}
    )
    rows["block"], rows["filled"], rows["place"] = 0, 4, range(len(answers))
    rows["wave"] = pd.Categorical(waves if waves is not None else ["before"] * len(answers))
    grid = ItemGrid(np.array(answers, dtype=float), [("mood", item) for item in (1, 2, 3, 4)], 0, 0)
    block = SimpleNamespace(settings=SimpleNamespace(attention_checks={}), cells=lambda role: None, rows=answers)
    return flag_responses(grid, rows, [block], plan=PLAN, instruments={"pss4": SCALE})["unusual-pattern:mood"]


def agreeing(n):
    """People who give nearly the same answer to all four items."""
    rng = np.random.default_rng(5)
    return np.clip(rng.integers(1, 9, (n, 1)) + rng.integers(-1, 2, (n, 4)), 0, 9)


def test_an_answer_against_everybody_elses_pattern_is_unusual():
    answers = agreeing(200)
    answers[17] = [0, 9, 0, 9]  # each answer alone is common, together nobody gives them
    flagged = unusual(answers)
    assert flagged[17]
    assert flagged.sum() <= 2


def test_each_wave_is_judged_by_itself():
    answers = agreeing(200)
    answers[100:, [1, 3]] = 9 - answers[100:, [1, 3]]  # at the second wave the pattern is another, and usual there
    waves = ["before"] * 100 + ["after"] * 100
    assert unusual(answers, waves).sum() <= 2


@pytest.mark.parametrize("n", [39, 3])
def test_too_few_responses_say_nothing(n):
    answers = agreeing(n)
    answers[0] = [0, 9, 0, 9]
    assert not unusual(answers).any()


def test_items_that_repeat_each_other_have_no_distance():
    answers = agreeing(100)
    answers[:, 3] = answers[:, 0]
    assert not unusual(answers).any()


def test_incomplete_responses_are_not_judged():
    answers = agreeing(100).astype(float)
    answers[5] = [0, 9, np.nan, 9]
    assert not unusual(answers)[5]


def test_flags_are_joined_in_order():
    flags = {"a": np.array([True, False, True]), "b": np.array([False, False, True])}
    assert join_flags(flags, 3).tolist() == ["a", "", "a;b"]


def test_a_response_that_took_no_time_is_flagged(study):
    study.declare(source="  format: qualtrics")
    names = "StartDate,EndDate,Status,Finished,RecordedDate,Duration (in seconds),pid,arm,m_1,m_2,m_3"
    imports = ",".join(['"{""ImportId"":""x""}"'] * 11)
    # three answers: 2 seconds each would be 6
    people = [("A1", "5.9"), ("A2", "6"), ("A3", ""), ("A4", "400")]
    rows = "".join(f"2026-01-01,2026-01-01,0,1,2026-01-01,{seconds},{pid},1,0,1,2\n" for pid, seconds in people)
    intake = study.read({"raw/w1.csv": f"{names}\n{names}\n{imports}\n{rows}"})
    assert intake.responses["flags"].tolist() == ["too-fast", "", "", ""]
