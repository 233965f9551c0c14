"""The published data and R's numbers for them (tests/reference/mixed-models, made by the script that stands there).

Tolerances of the methods: R's mmrm was run far past its default stop, so its last digits are the model's: estimates
1e-4 of a standard error, standard errors 1e-4, degrees of freedom 1e-3, log-likelihood 1e-5. lme4 and nlme stop
earlier: 3e-5 (log-likelihood), 5e-4 (of a standard error), 5e-4 (standard errors), 3e-4 (degrees of freedom).
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd

FOLDER = Path(__file__).parents[2] / "reference" / "mixed-models"
MMRM = {"estimate": 1e-4, "se": 1e-4, "df": 1e-3, "loglik": 1e-5}
LME4 = {"estimate": 5e-4, "se": 5e-4, "df": 3e-4, "loglik": 3e-5}


def numbers(name):
    return json.loads((FOLDER / name).read_text())


def btheb_long():
    data = pd.read_csv(FOLDER / "btheb_long.csv").rename(columns={"bdi.pre": "pre"})
    data["treatment"] = pd.Categorical(data["treatment"], ["TAU", "BtheB"])
    data["drug"] = pd.Categorical(data["drug"], ["No", "Yes"])
    data["length"] = pd.Categorical(data["length"], ["<6m", ">6m"])
    data["visit"] = pd.Categorical(data["month"])
    return data


def btheb_five():
    wide = pd.read_csv(FOLDER / "btheb_wide.csv")
    columns = {"bdi.pre": 0, "bdi.2m": 2, "bdi.3m": 3, "bdi.5m": 5, "bdi.8m": 8}
    data = wide.melt(id_vars=["subject", "treatment"], value_vars=list(columns), var_name="visit", value_name="bdi")
    data["visit"] = pd.Categorical(data["visit"].map(columns), [0, 2, 3, 5, 8])
    data["treatment"] = pd.Categorical(data["treatment"], ["TAU", "BtheB"])
    return data


def sites():
    data = pd.read_csv(FOLDER / "simulated_sites.csv")
    data["wave"] = pd.Categorical(data["wave"])
    data["cohort"] = pd.Categorical(data["cohort"], ["unmentored", "mentored"])
    return data


def sleepstudy():
    return pd.read_csv(FOLDER / "sleepstudy.csv")


def agree(table, expected, tolerance, *, order=None):
    """estimate, se and df of a coefficients table against R's rows (in R's order)."""
    expected = pd.DataFrame(expected)
    if order is not None:
        expected = expected.set_index("term").loc[order].reset_index()
    assert len(table) == len(expected)
    np.testing.assert_array_less(
        np.abs(table["estimate"].to_numpy() - expected["estimate"]) / expected["se"], tolerance["estimate"]
    )
    np.testing.assert_allclose(table["se"], expected["se"], rtol=tolerance["se"])
    if "df" in expected:
        np.testing.assert_allclose(table["df"], expected["df"], rtol=tolerance["df"])
