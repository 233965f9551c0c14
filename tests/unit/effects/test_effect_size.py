"""Hedges' g and the improvement index: the vectors of the What Works Clearinghouse, and coverage."""

import numpy as np
import pytest

from alongside.effects.effect_size import Spread, improvement_index, pool_sd, standardise


def with_moments(mean, sd, n):
    """n numbers with exactly this mean and standard deviation."""
    raw = np.arange(n, dtype=float)
    return mean + sd * (raw - raw.mean()) / raw.std(ddof=1)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (np.array([5.0, 6.0, 7.0]), np.array([4.0, 5.0, 6.0]), 0.8),
        (with_moments(52, 10, 60), with_moments(50, 10, 40), 0.1984655),
    ],
)
def test_hedges_g(first, second, expected):
    spread = pool_sd(first, second)
    size = standardise(first.mean() - second.mean(), se=1.0, df=50, spread=spread, confidence=0.95)
    assert size.value == pytest.approx(expected, abs=5e-8)


@pytest.mark.parametrize(
    ("g", "expected"), [(0.05, 1.994), (0.09, 3.586), (0.21, 8.317), (0.25, 9.871), (-0.21, -8.317)]
)
def test_improvement_index(g, expected):
    assert improvement_index(g) == pytest.approx(expected, abs=5e-4)


def test_interval_by_hand():
    # n = 50 + 50, S = 10, estimate -4, SE 1.5, df 98: J = 1 - 3/391 = .9923274; g = -.3969309
    # SE_g^2 = (.9923274 * .15)^2 + .3969309^2 / 196 = .0221560 + .0008038; root .1515251; t(.975, 98) = 1.984467
    size = standardise(-4.0, se=1.5, df=98.0, spread=Spread(10.0, 98.0), confidence=0.95)
    assert size.value == pytest.approx(-0.3969309, abs=1e-6)
    assert size.low == pytest.approx(-0.3969309 - 1.984467 * 0.1515251, abs=2e-6)
    assert size.high == pytest.approx(-0.3969309 + 1.984467 * 0.1515251, abs=2e-6)


def test_the_uncertainty_of_the_spread_is_part_of_the_interval():
    """At g = 1.5 the interval without its second term covers .90 (methods 3); with it, 95 %."""
    rng = np.random.default_rng(20261122)
    n, truth, covered, runs = 20, 1.5, 0, 2000
    for _ in range(runs):
        first, second = rng.normal(truth, 1, n), rng.normal(0, 1, n)
        spread = pool_sd(first, second)
        se = spread.sd * np.sqrt(2 / n)
        size = standardise(first.mean() - second.mean(), se=se, df=2 * n - 2.0, spread=spread, confidence=0.95)
        covered += size.low < truth < size.high
    # Monte Carlo error of 2,000 runs: .0049
    assert covered / runs == pytest.approx(0.95, abs=0.015)


@pytest.mark.parametrize("groups", [([1.0], []), ([1.0], [2.0]), ([3.0, 3.0], [3.0, 3.0])])
def test_no_spread_no_effect_size(groups):
    spread = pool_sd(*(np.array(group) for group in groups))
    assert np.isnan(spread.sd)
    assert np.isnan(standardise(1.0, se=1.0, df=9.0, spread=spread, confidence=0.95).value)
