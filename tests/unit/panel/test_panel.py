from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from alongside.panel import build_panel

PLAN = SimpleNamespace(
    participants=SimpleNamespace(cohort=SimpleNamespace(comparison="alone", levels={"mentored": (), "alone": ()})),
    waves={key: SimpleNamespace(month=month) for key, month in (("before", 0.0), ("after", 6.0), ("later", 12.0))},
    outcomes={"mood": None, "grade": None},
)
# not in alphabetical order: the order of the raw identifiers is to be kept
PEOPLE = pd.DataFrame(
    {"participant": ["pz", "pa", "pm"], "cohort": ["mentored", "alone", "mentored"], "age": [12.0, 13.0, np.nan]}
)


def scores(*rows):
    table = pd.DataFrame(rows, columns=["participant", "wave", "outcome", "score"])
    return table.assign(n_items=1, n_answered=1, n_imputed=0, reason="")


def test_every_person_stands_at_every_collected_wave_in_the_order_of_people():
    panel = build_panel(
        scores(
            ("pa", "after", "mood", 5.0), ("pz", "before", "mood", 3.0), ("pa", "after", "grade", 9.0),
            ("pz", "after", "mood", np.nan),
        ),
        people=PEOPLE, plan=PLAN,
    )  # fmt: skip
    assert list(panel.columns) == ["participant", "cohort", "wave", "month", "age", "mood", "grade"]
    assert panel["participant"].tolist() == ["pz", "pz", "pa", "pa", "pm", "pm"]
    assert panel["wave"].tolist() == ["before", "after"] * 3
    assert panel["month"].tolist() == [0, 6] * 3
    np.testing.assert_array_equal(panel["mood"], [3, np.nan, np.nan, 5, np.nan, np.nan])
    np.testing.assert_array_equal(panel["grade"], [np.nan, np.nan, np.nan, 9, np.nan, np.nan])
    np.testing.assert_array_equal(panel["age"], [12, 12, 13, 13, np.nan, np.nan])
    assert panel["cohort"].cat.categories.tolist() == ["alone", "mentored"]
    assert panel["wave"].cat.categories.tolist() == ["before", "after"]


def test_a_score_of_nobody_is_our_bug():
    with pytest.raises(AssertionError, match="not among the people"):
        build_panel(scores(("px", "before", "mood", 1.0)), people=PEOPLE, plan=PLAN)


def test_two_scores_for_one_cell_are_our_bug():
    with pytest.raises(AssertionError, match="two scores of one person"):
        build_panel(scores(("pa", "before", "mood", 1.0), ("pa", "before", "mood", 2.0)), people=PEOPLE, plan=PLAN)


def test_categories_that_no_score_uses_do_not_matter():
    table = scores(("pa", "after", "mood", 5.0), ("pz", "before", "mood", 3.0))
    for column, extra in (
        ("participant", ["pq", "pa", "pz"]),
        ("wave", ["later", "after", "before"]),
        ("outcome", ["grade", "mood"]),
    ):
        table[column] = pd.Categorical(table[column], categories=extra)
    panel = build_panel(table, people=PEOPLE, plan=PLAN)
    np.testing.assert_array_equal(panel["mood"], [3, np.nan, np.nan, 5, np.nan, np.nan])
