"""The published table of Beat the Blues comes out of the function that the pipeline calls."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from alongside.effects.crosscheck import fit_random_intercept

ROOT = Path(__file__).resolve().parents[3]
PUBLISHED = json.loads((ROOT / "data" / "beat-the-blues" / "published.json").read_text())
VISITS = {"bdi.2m": 2, "bdi.3m": 3, "bdi.5m": 5, "bdi.8m": 8}


@pytest.fixture(scope="module")
def fit():
    wide = pd.read_csv(ROOT / "data" / "beat-the-blues" / "raw" / "btheb_wide.csv")
    long = wide.melt(
        id_vars=["subject", "treatment", "drug", "length", "bdi.pre"], value_vars=list(VISITS), var_name="visit",
        value_name="bdi",
    ).dropna(subset="bdi")  # fmt: skip
    long["month"] = long["visit"].map(VISITS)
    for name, levels in {"treatment": ["TAU", "BtheB"], "drug": ["No", "Yes"], "length": ["<6m", ">6m"]}.items():
        long[name] = pd.Categorical(long[name], categories=levels)
    return fit_random_intercept(
        "bdi ~ `bdi.pre` + month + treatment + drug + length", long, participant="subject", reml=False
    )


def test_every_printed_digit_of_the_fixed_effects(fit):
    table = fit.coefficients()
    for column in ("estimate", "se"):
        printed = [numbers[column] for numbers in PUBLISHED["fixed_effects"].values()]
        np.testing.assert_array_equal(table[column].round(PUBLISHED["printed_decimals"]), printed)


def test_printed_variances(fit):
    names = {"participant": "subject", "residual": "residual"}
    rounded = {
        names[name]: round(value, PUBLISHED["printed_decimals_variances"]) for name, value in fit.components.items()
    }
    assert rounded == PUBLISHED["variances"]


def test_printed_counts(fit):
    assert (fit.observations, fit.participants) == (PUBLISHED["n_observations"], PUBLISHED["n_participants"])
    assert fit.status == "ok"
