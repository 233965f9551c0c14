"""Excel and LibreOffice workbooks, by calamine.

A number cell becomes the text a person sees (1.0 -> 1), a text cell stays as it is (no leading zero is lost), dates
become ISO dates, formulas give the value that was saved with them. One table for each sheet that holds anything.
"""

import datetime as dt

import numpy as np
from python_calamine import CalamineWorkbook

from alongside.errors import Mistake, UserError
from alongside.intake.cells import Cells
from alongside.intake.readers.extent import MOST_CELLS, measure_sheets
from alongside.intake.readers.raw import HEAD_RECORDS, RawTable
from alongside.intake.text import COMMA, EITHER, UNCLEAR


def read_workbook(path, file, reading):
    cells, last = measure_sheets(path)
    if cells > MOST_CELLS:
        raise UserError(
            Mistake(
                file,
                f"a sheet reaches as far as cell {last}: {cells:,} cells, nearly all of them empty",
                allowed=f"at most {MOST_CELLS:,}",
                remedy=f"look for something far from the table, such as in {last}, and delete its row and column; or "
                "export the sheet as CSV",
            )
        )
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        sheets = [
            (name, workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in workbook.sheet_names
        ]
    except Exception as error:  # calamine's error types differ by format, and their messages may quote cells
        raise UserError(
            Mistake(
                file,
                f"the workbook cannot be read ({type(error).__name__})",
                remedy="it is damaged, cut off or locked by a password: open it, and save it again as .xlsx",
            )
        ) from None
    tables = [
        _as_table(file, name, rows, reading) for name, rows in sheets if any(any(c != "" for c in row) for row in rows)
    ]
    if not tables:
        raise UserError(Mistake(file, "no sheet holds anything", remedy="export it again"))
    return tables


def _as_table(file, sheet, rows, reading):
    first = next(place for place, row in enumerate(rows) if any(cell != "" for cell in row))
    rows = rows[first:]

    def load(columns, skip):
        numbers = np.arange(first + skip + 1, first + len(rows) + 1, dtype=np.int64)
        return numbers, {place: Cells.of(cell_text(row[place]) for row in rows[skip:]) for place in columns}

    return RawTable(
        file=file,
        sheet=sheet,
        head=[[cell_text(cell) for cell in row] for row in rows[:HEAD_RECORDS]],
        first_row=first + 1,
        load=load,
        # a number cell has a point whatever the country; only numbers typed as text can have a comma
        decimal=EITHER if reading.decimal == COMMA else reading.decimal or UNCLEAR,
    )


def cell_text(value):
    """A cell as a person sees it."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "True" if value else "False"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ", timespec="seconds").removesuffix(" 00:00:00")
    return str(value)


def number_text(value):
    """1.0 -> 1; 2.5 -> 2.5; the shortest text that gives the same number."""
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))
