"""Answers, outcomes and codebooks for the tests of scales."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from alongside.instruments import load_instrument

UNDECLARED = {
    "order": None, "subscale": None, "scoring": None, "recorded": None, "score_of": None, "keying_acknowledged": {},
    "higher_is": None, "kind": "scale", "instrument": None,
}  # fmt: skip


@pytest.fixture
def make_answers():
    """make_answers({(outcome, wave): people x items}): the answers table; NaN is no answer."""

    def make(grids):
        parts = []
        for (outcome, wave), grid in grids.items():
            grid = np.asarray(grid, dtype=float)
            person, item = np.nonzero(~np.isnan(grid))
            parts.append(
                pd.DataFrame({
                    "participant": [f"p{one:04d}" for one in person], "wave": wave, "source": "survey",
                    "outcome": outcome, "item": item + 1 if grid.shape[1] > 1 else 0, "value": grid[person, item],
                })
            )  # fmt: skip
        table = pd.concat(parts, ignore_index=True)
        waves = list(dict.fromkeys(wave for _, wave in grids))
        return table.assign(wave=pd.Categorical(table["wave"], categories=waves))

    return make


@pytest.fixture
def make_plan():
    """make_plan(mood={"instrument": "gad7"}): (plan, codebooks)"""

    def make(**outcomes):
        made, codebooks = {}, {}
        for name, changes in outcomes.items():
            one = SimpleNamespace(**(UNDECLARED | changes))
            for id in (one.instrument, one.score_of and one.score_of.partition(".")[0]):
                if id:
                    codebooks[id] = load_instrument(id)
            if one.higher_is is None:
                one.higher_is = codebooks[one.instrument].higher_is
            made[name] = one
        return SimpleNamespace(outcomes=made), codebooks

    return make


@pytest.fixture
def draw():
    """draw(n, k, low, high, reversed_items): answers of n people to k items that measure one thing; the named items are
    worded the other way round. level: the same people again, or other ones"""

    def make(n, k, *, low=0, high=3, reversed_items=(), seed=1, level=None, towards=1):
        rng = np.random.default_rng(seed)
        level = np.random.default_rng(0).standard_normal(n) if level is None else level
        noisy = towards * level[:, None] + rng.standard_normal((n, k))
        cuts = np.linspace(-1.6, 1.6, high - low)
        answers = low + (noisy[:, :, None] > cuts).sum(axis=2)
        turned = np.array(reversed_items, dtype=int) - 1
        answers[:, turned] = low + high - answers[:, turned]
        return answers.astype(float)

    return make
