"""Estimates and plans for the tests of judgement, with numbers that can be checked by hand."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from alongside.effects.rows import estimate_row
from alongside.tables import ESTIMATES
from alongside.tables.check import check_table, empty_table


@pytest.fixture
def make_estimates():
    """make_estimates((outcome, changes), ...): one row each, se 1 and df 1e6 unless changed."""

    def make(*rows):
        made = []
        for outcome, changes in rows:
            found = {"estimate": -2.0, "se": 1.0, "df": 1e6} | {
                name: changes[name] for name in ("estimate", "se", "df") if name in changes
            }
            place = {
                "outcome": outcome, "domain": "connection", "role": "primary", "analysis": "primary",
                "contrast": "mentored - unmentored", "wave": "after", "improvement_sign": -1, "n_participants": 100,
                "n_observations": 250, "n_clusters": 8, "covariance": "", "df_method": "", "status": "ok", "note": "",
            }  # fmt: skip
            row = estimate_row(place, found, confidence=0.95)
            made.append(row | changes)
        return check_table(pd.DataFrame(made), ESTIMATES)

    return make


@pytest.fixture
def make_claim():
    def make(**changes):
        given = {
            "text": "Mentoring reduces isolation", "outcome": "isolation", "wave": "after", "direction": "decrease",
            "through": {}, "subgroup": None, "contrast": ("mentored", "unmentored"),
        }  # fmt: skip
        return SimpleNamespace(**(given | changes))

    return make


@pytest.fixture
def make_plan():
    """make_plan(claims, outcomes={name: changes}, design=...)"""

    def make(claims, *, outcomes=None, design="self-selected", min_cell=1):
        given = {"kind": "scale", "domain": "connection", "role": "primary", "smallest_worthwhile": None}
        return SimpleNamespace(
            info=SimpleNamespace(design=design),
            outcomes={
                name: SimpleNamespace(**(given | changes)) for name, changes in (outcomes or {"isolation": {}}).items()
            },
            analysis=SimpleNamespace(confidence=0.95, disclosure=SimpleNamespace(min_cell=min_cell)),
            claims=claims,
        )

    return make


@pytest.fixture
def components():
    """The pooled baseline variance of isolation is 100, its standard deviation 10."""
    return pd.DataFrame(
        [("isolation", "baseline", "pooled[mentored - unmentored]", 100.0), ("isolation", "primary", "residual", 9.0)],
        columns=["outcome", "analysis", "component", "value"],
    )


@pytest.fixture
def no_sensitivity():
    """As where no sensitivity analysis was made."""
    return empty_table(ESTIMATES)


@pytest.fixture
def nothing():
    """What a row without an estimate looks like."""
    return dict.fromkeys(("estimate", "se", "df", "statistic", "p", "ci_low", "ci_high"), np.nan)
