"""How often honest people are flagged, and how often careless ones are, in simulated surveys with a known answer.

Honest answers come from one trait by a normal ogive; careless ones are random, or the same throughout. Coarse limits:
they would break if a threshold were off by a factor, not by luck.
"""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from raise_flags import raise_flags

from alongside.instruments import load_instrument
from alongside.tables.flags import CARELESS

N = 2000
USUAL = {"ucla20_v3": (-1, 0.1, 1.1), "rses": (-1.6, -0.6, 0.7), "gbs12": (-1.8, -1.2, -0.7, -0.1, 0.5, 1.2)}
RARE = {"phq9": (0.5, 1.2, 1.9), "gad7": (0.7, 1.4, 2.0), "cesd20": (0.2, 0.9, 1.6)}


def simulate(scale, thresholds, *, seed, loading=0.7):
    """(answers, trait)"""
    rng, instrument = np.random.default_rng(seed), load_instrument(scale)
    trait = rng.normal(size=(N, 1))
    score = loading * trait + np.sqrt(1 - loading**2) * rng.normal(size=(N, instrument.n_items))
    steps = (score[:, :, None] > np.array(thresholds)).sum(axis=2)
    backwards = np.array(instrument.orders[next(iter(instrument.orders))], dtype=int) - 1
    steps[:, backwards] = len(thresholds) - steps[:, backwards]
    return steps + instrument.response.min, trait[:, 0]


def any_of(flags):
    return np.any([up for name, up in flags.items() if name in CARELESS], axis=0)


@pytest.mark.parametrize("scale", USUAL)
def test_hardly_anybody_honest_is_flagged(scale):
    answers, _ = simulate(scale, USUAL[scale], seed=1)
    assert any_of(raise_flags(answers, scale=scale)).mean() < 0.012


@pytest.mark.parametrize("scale", RARE)
def test_rare_symptoms_are_no_sign_of_carelessness(scale):
    answers, trait = simulate(scale, RARE[scale], seed=2)
    flagged = any_of(raise_flags(answers, scale=scale))
    assert flagged.mean() < 0.012
    assert flagged[trait > 1.5].mean() < 0.012


@pytest.mark.parametrize(("scale", "at_least"), [("ucla20_v3", 0.15), ("rses", 0.2), ("gbs12", 0.3)])
def test_random_answers_are_often_found_where_one_in_twenty_is_random(scale, at_least):
    answers, _ = simulate(scale, USUAL[scale], seed=3)
    response = load_instrument(scale).response
    answers[:100] = np.random.default_rng(4).integers(response.min, response.max + 1, (100, answers.shape[1]))
    flagged = any_of(raise_flags(answers, scale=scale))
    assert flagged[:100].mean() > at_least
    assert flagged[100:].mean() < 0.012


@pytest.mark.parametrize("scale", USUAL)
def test_the_same_answer_throughout_is_always_found_where_items_run_both_ways(scale):
    answers, _ = simulate(scale, USUAL[scale], seed=5)
    response = load_instrument(scale).response
    answers[:100] = np.random.default_rng(6).integers(response.min, response.max + 1, (100, 1))
    flags = raise_flags(answers, scale=scale)
    assert flags["long-string"][:100].all()
