"""Tables for spreadsheets: texts are never run, and equal tables give equal bytes."""

import io

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from alongside.report.spreadsheet import neutralise_formulas, write_workbook

DANGEROUS = ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")', "\n=1",
             "\uff1d1+1", "\uff0b1", "\uff0d1+2", "\uff20SUM(A1)"]  # fmt: skip


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text):
    frame = neutralise_formulas(pd.DataFrame({"text": [text], "number": [-1.5]}))
    assert frame["text"].iloc[0] == "'" + text
    assert frame["number"].iloc[0] == -1.5


def test_harmless_texts_and_missing_values_stay():
    frame = neutralise_formulas(pd.DataFrame({"text": pd.array(["mentored - unmentored", None, ""], dtype="str")}))
    assert frame["text"].iloc[0] == "mentored - unmentored"
    assert pd.isna(frame["text"].iloc[1])
    assert frame["text"].iloc[2] == ""


def _tables():
    return {
        "claims": pd.DataFrame({"text": [*DANGEROUS, None], "estimate": [1.25] * len(DANGEROUS) + [None]}),
        "flow": pd.DataFrame({"n": pd.array([5, None], dtype="Int64")}),
    }


def test_the_workbook_holds_every_value_as_it_is():
    book = CalamineWorkbook.from_filelike(io.BytesIO(write_workbook(_tables(), title="T")))
    assert book.sheet_names == ["claims", "flow"]
    head, *rows = book.get_sheet_by_name("claims").to_python()
    assert head == ["text", "estimate"]
    assert [row[0] for row in rows[: len(DANGEROUS)]] == DANGEROUS
    assert [row[1] for row in rows[: len(DANGEROUS)]] == [1.25] * len(DANGEROUS)
    assert book.get_sheet_by_name("flow").to_python()[1] == [5]


def test_the_workbook_holds_no_formula():
    import zipfile

    with zipfile.ZipFile(io.BytesIO(write_workbook(_tables(), title="T"))) as file:
        sheets = [file.read(name) for name in file.namelist() if "worksheets/sheet" in name]
    assert sheets
    assert not any(b"<f>" in sheet for sheet in sheets)


def test_equal_tables_give_equal_bytes():
    assert write_workbook(_tables(), title="T") == write_workbook(_tables(), title="T")
