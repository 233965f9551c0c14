"""Rows for corrections.csv: where a slip stands, and nothing that anybody answered."""

import pandas as pd

from alongside.intake.ledger import CELL, FLAGGED, Ledger
from alongside.intake.proposed_corrections import propose_corrections


def ledger(*cells):
    """(rule, sheet, row, column, action)"""
    made = Ledger("read_exports")
    for rule, sheet, row, column, action in cells:
        made.add(rule=rule, action=action, file="raw/a.csv", sheet=sheet, row=row, column=column, found="secret")
    return made.table()


def test_what_stops_the_reading_comes_first_and_no_value_is_shown():
    table = ledger(("out-of-range", "", 4, "x", CELL), ("unknown-text", "", 9, "y, z", CELL))
    assert propose_corrections(table) == (
        "file,row,column,old,new,reason",
        'raw/a.csv,9,"y, z",,,',
        "raw/a.csv,4,x,,,",
    )


def test_a_sheet_is_named_where_there_is_one():
    assert propose_corrections(ledger(("out-of-range", "One", 4, "x", CELL)))[1] == "raw/a.csv,One,4,x,,,"


def test_many_cells_of_a_column_are_no_slips():
    assert propose_corrections(ledger(*(("unknown-text", "", row, "x", CELL) for row in range(2, 6)))) == ()


def test_flags_and_rows_are_no_cells():
    assert propose_corrections(ledger(("straight-line", "", 4, "x", FLAGGED), ("no-id", "", 5, "", CELL))) == ()
    assert propose_corrections(ledger().astype({"row": pd.Int64Dtype()})) == ()
