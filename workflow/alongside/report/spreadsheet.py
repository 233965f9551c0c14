"""Tables for people who live in a spreadsheet: as CSV frames, and as one workbook.

In: public tables. Out: the same tables, safe to open, and the bytes of tables.xlsx, equal for equal tables.

A text that begins with = + - @ (also of full width, which some spreadsheets take for the usual ones), a tab or the end
of a line is run as a formula by spreadsheets that open a CSV file. Such texts can come from a study file, so an
apostrophe is put before them (OWASP, "CSV injection"). In the workbook every text is written as text, which is never
run; there the words stay as they are.
"""

import datetime
import io

import pandas as pd
import xlsxwriter

FORMULA_STARTS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r", "\n")
CREATED = datetime.datetime(2000, 1, 1)  # a workbook must not tell when it was made: equal results, equal bytes
WIDEST = 48


def neutralise_formulas(frame):
    """The frame with an apostrophe before every text that a spreadsheet would run."""
    safe = frame.copy()
    for name in safe.columns:
        if pd.api.types.is_string_dtype(safe[name]):
            safe[name] = safe[name].map(_neutralise, na_action="ignore")
    return safe


def _neutralise(text):
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def write_workbook(tables, *, title):
    """{name: DataFrame} -> bytes; one sheet a table, its header frozen and filtered; missing values are empty cells."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"title": title, "created": CREATED})
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        for name, frame in tables.items():
            _write_sheet(book.add_worksheet(name[:31]), frame, head)
    return buffer.getvalue()


def _write_sheet(sheet, frame, head):
    for at, column in enumerate(frame.columns):
        sheet.write_string(0, at, column, head)
        widest = len(column)
        for row, value in enumerate(frame[column], start=1):
            if pd.isna(value):
                continue
            if isinstance(value, str):
                sheet.write_string(row, at, value)
            else:
                sheet.write_number(row, at, value)
            widest = max(widest, len(value) if isinstance(value, str) else 9)
        sheet.set_column(at, at, min(widest + 2, WIDEST))
    sheet.freeze_panes(1, 1)
    if len(frame):
        sheet.autofilter(0, 0, len(frame), len(frame.columns) - 1)
