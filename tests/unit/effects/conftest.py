"""Plans and panels for the tests of effects: small, simulated, with known answers."""

import copy
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

MONTHS = {"before": 0.0, "after": 6.0, "followup": 12.0}
COLUMNS = ["participant", "cohort", "wave", "month", "site", "age", "gender", "first_generation", "isolation"]


def _outcome(**changes):
    given = {
        "kind": "score", "domain": "connection", "role": "primary", "higher_is": "worse", "smallest_worthwhile": None,
        "waves": ("before", "after", "followup"),
    }  # fmt: skip
    return SimpleNamespace(**(given | changes))


@pytest.fixture
def plan():
    """Two cohorts, three waves, one outcome, nothing to adjust for."""
    return SimpleNamespace(
        info=SimpleNamespace(design="self-selected"),
        participants=SimpleNamespace(
            cohort=SimpleNamespace(
                levels={"mentored": (), "unmentored": ()}, comparison="unmentored", comparison_until=None,
            ),
            mentor=None,
            clusters=(),
            covariates={
                "age": SimpleNamespace(kind="number"),
                "gender": SimpleNamespace(kind="category"),
                "first_generation": SimpleNamespace(kind="yes-no"),
            },
        ),
        waves={wave: SimpleNamespace(month=month) for wave, month in MONTHS.items()},
        outcomes={"isolation": _outcome()},
        analysis=SimpleNamespace(
            adjust_for=(), confidence=0.95, covariance=("unstructured", "random_intercept"), df="kenward-roger"
        ),
        contrasts=(("mentored", "unmentored"),),
        baseline="before",
        followups=("after", "followup"),
    )  # fmt: skip


@pytest.fixture
def change_plan(plan):
    """A copy of the plan with some parts replaced: change_plan(**{"participants.clusters": ("site",)})."""

    def change(**changes):
        changed = copy.deepcopy(plan)
        for name, value in changes.items():
            *way, last = name.split(".")
            holder = changed
            for step in way:
                holder = holder[step] if isinstance(holder, dict) else getattr(holder, step)
            setattr(holder, last, value)
        return changed

    return change


@pytest.fixture
def make_panel():
    """make_panel(n, effect=..., dropout=...): isolation of n people at three waves, people in sites."""

    def make(n=120, *, seed=1, effect=-3.0, dropout=0.2, sites=8, cohorts=("unmentored", "mentored"), by_site=False):
        rng = np.random.default_rng(seed)
        site = rng.integers(0, sites, n)
        member = (site if by_site else rng.permutation(n)) % len(cohorts)
        level = rng.normal(50, 6, n) + rng.normal(0, 2, sites)[site]
        age = rng.normal(15, 2, n)
        rows = []
        for person in range(n):
            for at, (wave, month) in enumerate(MONTHS.items()):
                gone = at > 0 and rng.random() < dropout
                score = level[person] + at + effect * member[person] * (at > 0) + rng.normal(0, 5)
                rows.append((
                    f"p{person * 7919 % 10007:05d}", cohorts[member[person]], wave, month, f"site {site[person]}",
                    age[person], ["girl", "boy"][person % 2], float(person % 3 == 0), np.nan if gone else score,
                ))  # fmt: skip
        return pd.DataFrame(rows, columns=COLUMNS)

    return make
