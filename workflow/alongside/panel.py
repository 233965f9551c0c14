"""Scores + people -> panel: every person at every collected wave.

In: scores, people (in the order of their raw identifiers), the plan. Out: one row a person and wave, people in the
same order, waves in the study's; then what is known about the person, and one column of scores an outcome, NaN where
the person has none. A wave is collected when anybody has a score at it; others have no rows.

Fails with AssertionError where a score belongs to nobody in `people`, or to a person, wave and outcome twice.
"""

import numpy as np
import pandas as pd

from alongside.tables import PANEL, PEOPLE
from alongside.tables.check import check_table, codes_and_levels


def build_panel(scores, *, people, plan):
    """plan: participants, waves, outcomes"""
    seen = set(scores["wave"].unique())
    waves = [wave for wave in plan.waves if wave in seen]
    cohorts = plan.participants.cohort
    levels = [cohorts.comparison, *(level for level in cohorts.levels if level != cohorts.comparison)]
    person = np.repeat(np.arange(len(people)), len(waves))
    wave = np.tile(np.arange(len(waves)), len(people))
    facts = [name for name in people.columns if name not in PEOPLE.names]
    panel = pd.DataFrame(
        {
            "participant": people["participant"].array.take(person),
            "cohort": pd.Categorical(people["cohort"], categories=levels).take(person),
            "wave": pd.Categorical.from_codes(wave, waves),
            "month": np.array([plan.waves[one].month for one in waves], dtype=float)[wave],
        }
    )
    assert panel["cohort"].notna().all(), "a cohort that the study file does not declare"
    for name in facts:
        panel[name] = people[name].array.take(person)
    row = _rows_of(scores, people, waves)
    outcome, outcomes = codes_and_levels(scores["outcome"])
    value = scores["score"].to_numpy(dtype=float)
    for name in plan.outcomes:
        own = outcome == (list(outcomes).index(name) if name in outcomes else -1)
        column = np.full(len(panel), np.nan)
        column[row[own]] = value[own]
        assert len(np.unique(row[own])) == own.sum(), f"{name}: two scores of one person at one wave"
        panel[name] = column
    return check_table(panel, PANEL, extra=[*facts, *plan.outcomes])


def _rows_of(scores, people, waves):
    """The panel's row of each score"""
    person, persons = codes_and_levels(scores["participant"])
    wave, names = codes_and_levels(scores["wave"])
    place = pd.Index(people["participant"].astype("str")).get_indexer(pd.Index(persons).astype("str"))[person]
    assert (place >= 0).all(), "a score of somebody who is not among the people"
    return place * len(waves) + np.array([waves.index(name) if name in waves else -1 for name in names])[wave]
