"""Alpha, omega and item-rest correlations against R's psych, on Bright Path and on a published trial.

Tolerances: alpha, item-rest correlations and floors are closed formulas (1e-9); pingouin rounds the limits of alpha to
three decimals; omega rests on a fit that psych stops at about seven digits of the loadings (1e-5).
"""

import json
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from alongside.instruments import load_instrument
from alongside.sample.psychometrics import measure_scales
from alongside.tables import KEYING
from alongside.tables.check import empty_table

HERE = Path(__file__).resolve().parent
COHORTS = {"": "everyone", "mentored": "mentored", "unmentored": "unmentored"}

sys.path.insert(0, str(HERE))


def compare(measured, expected, place):
    """place: {column: value} of the rows; expected: R's numbers for them."""
    row = select(measured.reliability, place).iloc[0]
    assert row["n"] == expected["n"]
    assert row["alpha"] == pytest.approx(expected["alpha"], abs=1e-9)
    assert [row["alpha_low"], row["alpha_high"]] == pytest.approx(expected["feldt"], abs=6e-4)
    assert row["omega_total"] == pytest.approx(expected["omega_total"], abs=1e-5)
    assert [row["floor"], row["ceiling"]] == pytest.approx([expected["floor"], expected["ceiling"]], abs=1e-9)
    assert row["lowest_item_rest"] == pytest.approx(min(expected["item_rest"]), abs=1e-9)
    assert row["lowest_item"] == np.argmin(expected["item_rest"]) + 1


def compare_items(measured, expected, place):
    items = select(measured.item_checks, place).sort_values("item")
    np.testing.assert_allclose(items["item_rest"], expected["item_rest"], atol=1e-9)
    np.testing.assert_allclose(items["alpha_without"], expected["alpha_without"], atol=1e-9)


def select(table, place):
    return table[np.logical_and.reduce([table[name] == value for name, value in place.items()])]


def test_bright_path_agrees_with_psych():
    from write_answers import lay_out_answers, read_bright_path

    committed = pd.read_csv(HERE / "bright_path_answers.csv", dtype={"cohort": "str", "wave": "str"})
    pd.testing.assert_frame_equal(lay_out_answers(), committed, check_dtype=False)
    study, codebooks, intake = read_bright_path()
    nothing = empty_table(KEYING)
    measured = measure_scales(intake.answers, people=intake.people, keying=nothing, plan=study, instruments=codebooks)
    found = json.loads((HERE / "bright_path.json").read_text())
    compared = 0
    for outcome in ("isolation", "belonging", "self_esteem", "anxiety"):
        for wave in ("before", "after", "followup"):
            for cohort, name in COHORTS.items():
                expected = found[f"{outcome}.{wave}.{name}"]
                compare(measured, expected, {"outcome": outcome, "wave": wave, "cohort": cohort})
                compared += 1
            compare_items(measured, found[f"{outcome}.{wave}.everyone"], {"outcome": outcome, "wave": wave})
    assert len(measured.reliability) == compared == 36


@pytest.mark.woodworth
def test_a_published_trial_agrees_with_psych():
    """ALONGSIDE_WOODWORTH names the folder of ahi-cesd.csv (Woodworth 2018, doi 10.5334/jopd.35, CC BY 4.0)."""
    raw = pd.read_csv(Path(os.environ["ALONGSIDE_WOODWORTH"]) / "ahi-cesd.csv").drop_duplicates(["id", "occasion"])
    parts = []
    for outcome, prefix, k, shift in (("ahi", "ahi", 24, 0), ("cesd", "cesd", 20, 1)):
        long = raw.melt(["id", "occasion"], [f"{prefix}{item:02d}" for item in range(1, k + 1)])
        parts.append(
            pd.DataFrame({
                "participant": long["id"].astype("str"), "wave": long["occasion"].astype("str"), "source": "survey",
                "outcome": outcome, "item": long["variable"].str[-2:].astype(int), "value": long["value"] - shift,
            })
        )  # fmt: skip
    people = pd.DataFrame({"participant": raw["id"].astype("str").unique(), "cohort": "everyone"})
    outcomes = {
        name: SimpleNamespace(instrument=id, order=None, subscale=None, scoring=None)
        for name, id in (("ahi", "ahi24"), ("cesd", "cesd20"))
    }
    measured = measure_scales(
        pd.concat(parts), people=people, keying=empty_table(KEYING), plan=SimpleNamespace(outcomes=outcomes),
        instruments={id: load_instrument(id) for id in ("ahi24", "cesd20")},
    )  # fmt: skip
    found = json.loads((HERE / "woodworth.json").read_text())
    for outcome in outcomes:
        for occasion in map(str, range(6)):
            place = {"outcome": outcome, "wave": occasion}
            compare(measured, found[f"{outcome}.{occasion}"], place | {"cohort": ""})
            compare_items(measured, found[f"{outcome}.{occasion}"], place)
    assert len(measured.reliability) == 12
