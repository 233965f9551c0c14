from types import SimpleNamespace

import numpy as np
import pandas as pd

from alongside.sample.flow import count_flow

WAVES = ["before", "after"]
PLAN = SimpleNamespace(
    waves={wave: None for wave in WAVES},
    outcomes={
        "mood": SimpleNamespace(waves=tuple(WAVES), from_=None),
        "enrolled_still": SimpleNamespace(waves=("after",), from_="records"),
    },
)


def tables():
    """Five people. p1 answers everything; p2 too little at the second wave; p3 never; p4's second response was set
    aside; p5 has school records only."""
    people = [("p1", "mentored"), ("p2", "mentored"), ("p3", "alone"), ("p4", "alone"), ("p5", "alone")]
    mood = {("p1", "before"): 1.0, ("p1", "after"): 2.0, ("p2", "before"): 3.0, ("p4", "before"): 4.0}
    panel = pd.DataFrame(
        [
            (p, c, w, mood.get((p, w), np.nan), 1.0 if (p, w) == ("p5", "after") else np.nan)
            for p, c in people
            for w in WAVES
        ],
        columns=["participant", "cohort", "wave", "mood", "enrolled_still"],
    )
    panel["cohort"] = pd.Categorical(panel["cohort"], categories=["alone", "mentored"])
    panel["wave"] = pd.Categorical(panel["wave"], categories=WAVES)
    scores = pd.DataFrame(
        [(p, w, "mood", value, "") for (p, w), value in mood.items()]
        + [("p2", "after", "mood", np.nan, "too-few-items"), ("p5", "after", "enrolled_still", 1.0, "")],
        columns=["participant", "wave", "outcome", "score", "reason"],
    )
    responses = pd.DataFrame(
        [
            ("p1", "before", "survey", True, ""),
            ("p1", "after", "survey", True, ""),
            ("p2", "before", "survey", True, ""),
            ("p2", "after", "survey", True, ""),
            ("p4", "before", "survey", True, ""),
            ("p4", "after", "survey", False, "duplicate"),
            ("p3", "before", "survey", True, ""),
            ("p5", "after", "records", True, ""),
            (None, "before", "survey", False, "withdrawn"),
        ],
        columns=["participant", "wave", "source", "kept", "reason"],
    )
    return panel, responses, scores


def counts():
    panel, responses, scores = tables()
    flow = count_flow(panel, responses=responses, scores=scores, plan=PLAN)
    return {(r.outcome, r.wave, r.cohort, r.stage, r.reason): r.n for r in flow.itertuples()}


def test_each_stage_is_counted_for_each_cohort():
    found = counts()
    assert [found["mood", "before", "mentored", stage, ""] for stage in STAGES] == [2, 2, 2, 2]
    assert [found["mood", "before", "alone", stage, ""] for stage in STAGES] == [3, 1, 1, 1]
    assert [found["mood", "after", "mentored", stage, ""] for stage in STAGES] == [2, 2, 1, 1]
    assert [found["mood", "after", "alone", stage, ""] for stage in STAGES] == [3, 0, 0, 0]
    assert [found["enrolled_still", "after", "alone", stage, ""] for stage in STAGES] == [3, 1, 1, 1]


STAGES = ("enrolled", "answered", "scoreable", "analysed")


def test_the_reasons_say_why_people_left():
    found = counts()
    # p3 sent a response without an answer; p5 has no survey at all
    assert found["mood", "before", "alone", "answered", "not-answered"] == 1
    assert found["mood", "before", "alone", "answered", "no-response"] == 1
    assert found["mood", "after", "mentored", "scoreable", "too-few-items"] == 1
    # p4's response was set aside, p3 sent none, and p5's school record is no survey
    assert found["mood", "after", "alone", "answered", "duplicate"] == 1
    assert found["mood", "after", "alone", "answered", "no-response"] == 2


def test_whoever_is_not_there_has_a_reason():
    found = counts()
    for (outcome, wave, cohort, stage, reason), n in found.items():
        if reason == "" and stage != "enrolled":
            before = found[outcome, wave, cohort, STAGES[STAGES.index(stage) - 1], ""]
            left = sum(m for key, m in found.items() if key[:4] == (outcome, wave, cohort, stage) and key[4] != "")
            assert before == n + left


def test_a_wave_at_which_an_outcome_was_not_asked_has_no_rows():
    assert not any(key[:2] == ("enrolled_still", "before") for key in counts())
