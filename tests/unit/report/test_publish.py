"""The stage `publish`: one run's public tables in every form, and nothing else."""

import io
import json
from pathlib import Path

import pandas as pd
import pytest
from fabricate import fabricate_tables
from python_calamine import CalamineWorkbook

from alongside.instruments import load_instrument
from alongside.report.publish import publish
from alongside.report.results import PUBLIC_TABLES
from alongside.study import load_study, rebuild_slice

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def published():
    study = load_study(ROOT / "data" / "bright-path" / "study.yaml")
    plan = rebuild_slice(study.slice(
        "slug", "info", "participants", "waves", "source", "outcomes", "analysis", "contrasts", "claims", "report",
        "baseline", "not_done_yet", "advice", "look_after",
    ))  # fmt: skip
    tables = fabricate_tables() | {"notes": pd.DataFrame({"text": ["wave followup: not yet collected"]})}
    tables["claims"].loc[0, "text"] = "=HYPERLINK(1)"
    tables["estimates"].loc[0, "estimate"] = 1 / 3
    tables["estimates"].loc[0, "note"] = "not measured at wave followup so far"
    responses = pd.DataFrame({"kept": True, "wave": "before", "submitted": pd.to_datetime(["2025-10-01"] * 10)})
    exports = [str(ROOT / "data" / "bright-path" / "raw" / "enrolment.csv")]
    return publish(
        tables, responses=responses, plan=plan,
        instruments={name: load_instrument(name) for name in ("ucla20_v3", "gbs12", "rses", "gad7")},
        exports=exports, study_folder=str(ROOT / "data" / "bright-path"),
    )  # fmt: skip


def test_results_hold_every_public_table(published):
    assert set(published.results["tables"]) == {
        *PUBLIC_TABLES,
        "response",
        "distances",
        "correlations",
        "changes",
        "starts",
    }
    assert json.loads(json.dumps(published.results)) == published.results
    assert published.results["notes"] == ["wave followup: not yet collected"]
    assert published.results["not_done_yet"]


def test_no_reader_meets_the_study_files_names_of_waves(published):
    said = "not measured at the survey “At 12 months” so far"
    assert published.results["tables"]["estimates"][0]["note"] == published.estimates["note"].iloc[0] == said


def test_csv_json_and_workbook_agree_to_ten_digits(published):
    assert published.estimates["estimate"].iloc[0] == 0.3333333333
    assert published.results["tables"]["estimates"][0]["estimate"] == 0.3333333333
    book = CalamineWorkbook.from_filelike(io.BytesIO(published.workbook))
    head, first, *_ = book.get_sheet_by_name("estimates").to_python()
    assert dict(zip(head, first, strict=True))["estimate"] == 0.3333333333
    assert book.sheet_names == list(PUBLIC_TABLES)


def test_a_claim_that_is_a_formula_is_harmless_everywhere(published):
    assert published.claims["text"].iloc[0] == "'=HYPERLINK(1)"
    book = CalamineWorkbook.from_filelike(io.BytesIO(published.workbook))
    assert book.get_sheet_by_name("claims").to_python()[1][1] == "=HYPERLINK(1)"
