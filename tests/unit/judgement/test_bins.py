"""Bands of scores: at least min_cell people in each, and no edge that belongs to somebody."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from alongside.instruments import load_instrument
from alongside.instruments.declared import DeclaredScoring
from alongside.judgement.bins import bin_scores


def make_plan(**changes):
    given = {"kind": "score", "instrument": None, "min": 0.0, "max": 60.0, "waves": ("before",)}
    given |= {"order": None, "subscale": None, "scoring": None}
    return SimpleNamespace(outcomes={"isolation": SimpleNamespace(**(given | changes))})


def make_panel(scores, cohort="mentored"):
    return pd.DataFrame({"participant": [f"p{at}" for at in range(len(scores))], "cohort": cohort, "wave": "before",
                         "isolation": np.asarray(scores, dtype=float)})  # fmt: skip


def test_bands_are_joined_until_they_hold_enough():
    scores = [2] * 6 + [7] * 5 + [12] * 20 + [58] * 3
    made = bin_scores(make_panel(scores), instruments={}, plan=make_plan(), min_cell=10)
    # twelve bands of five points; the last three people join those at 12
    assert made[["low", "high", "n"]].to_numpy().tolist() == [[0, 10, 11], [10, 60, 23]]


@pytest.mark.parametrize("seed", range(20))
def test_everybody_is_counted_once_and_nobody_alone(seed):
    rng = np.random.default_rng(seed)
    scores = rng.integers(0, 61, rng.integers(10, 90))
    made = bin_scores(make_panel(scores), instruments={}, plan=make_plan(), min_cell=10)
    assert made["n"].sum() == len(scores)
    assert made["n"].min() >= 10
    assert made["low"].iloc[0] == 0
    assert made["high"].iloc[-1] == 60
    assert (made["low"].iloc[1:].to_numpy() == made["high"].iloc[:-1].to_numpy()).all()


def test_a_group_that_is_too_small_has_no_bands():
    panel = pd.concat([make_panel(range(9)), make_panel(range(30), cohort="unmentored")])
    made = bin_scores(panel, instruments={}, plan=make_plan(), min_cell=10)
    assert set(made["cohort"]) == {"unmentored"}


def test_a_scale_takes_its_range_from_its_codebook():
    plan = make_plan(kind="scale", instrument="gad7", min=None, max=None)
    codebooks = {"gad7": load_instrument("gad7")}
    made = bin_scores(make_panel(list(range(22)) * 10), instruments=codebooks, plan=plan, min_cell=10)
    # a round width of whole points: every band but the last has two possible scores
    assert made["low"].to_list() == list(range(0, 22, 2))
    assert made["high"].iloc[-1] == 21


def test_without_a_declared_range_the_edges_are_round_and_outside_the_scores():
    scores = np.linspace(13.37, 58.91, 200)
    made = bin_scores(make_panel(scores), instruments={}, plan=make_plan(min=None, max=None), min_cell=10)
    assert made["low"].iloc[0] == 10.0
    assert made["high"].iloc[-1] == 60.0


def test_other_kinds_have_no_bands():
    assert bin_scores(make_panel([0, 1] * 20), instruments={}, plan=make_plan(kind="yes-no"), min_cell=10).empty


def test_a_subscale_and_another_scoring_have_their_own_range():
    plan = make_plan(kind="scale", instrument="lsns6", subscale="family", min=None, max=None)
    made = bin_scores(make_panel([3, 9] * 20), instruments={"lsns6": load_instrument("lsns6")}, plan=plan, min_cell=10)
    assert made["high"].iloc[-1] == 15
    plan = make_plan(kind="scale", instrument="lsns6", scoring=DeclaredScoring(name="ours", method="mean"))
    made = bin_scores(make_panel([1, 4] * 20), instruments={"lsns6": load_instrument("lsns6")}, plan=plan, min_cell=10)
    assert made["high"].iloc[-1] == 5
