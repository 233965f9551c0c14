"""SPSS and Stata files, by pyreadstat.

The codes are read, as text; the labels of the codes come beside them (`value_labels`), because a survey's numbers and
their labels are checked against each other. Values that SPSS calls user-missing, and Stata's .a to .z, are empty cells.
"""

import datetime as dt

import numpy as np
import pandas as pd
import pyreadstat

from alongside.errors import Mistake, UserError
from alongside.intake.cells import Cells
from alongside.intake.readers.raw import HEAD_RECORDS, RawTable
from alongside.intake.readers.workbook import cell_text, number_text

_STATA_BEGINS, _STATA_ENDS = b"<stata_dta>", b"</stata_dta>"


def read_spss(path, file):
    return _read(pyreadstat.read_sav, path, file, "spss", user_missing=True)


def read_stata(path, file, data):
    """data: the bytes of the file"""
    # labels stand last, and the library reads a file without them as if it had none
    if data.startswith(_STATA_BEGINS) and not data.rstrip().endswith(_STATA_ENDS):
        raise UserError(Mistake(file, "cut off: it does not end as Stata's files do", remedy="export it again"))
    return _read(pyreadstat.read_dta, path, file, "stata")


def _read(reader, path, file, program, **options):
    try:
        frame, meta = reader(str(path), **options)
    except Exception as error:  # pyreadstat raises its own, pandas' and bare exceptions, some with cells in them
        raise UserError(
            Mistake(
                file, f"cannot be read ({type(error).__name__})", remedy="it is damaged or cut off: export it again"
            )
        ) from None
    if frame.shape[1] == 0:
        raise UserError(Mistake(file, "the file has no columns", remedy="export it again"))
    names = [str(name) for name in frame.columns]
    ranges = meta.missing_ranges or {}
    columns = [_cells(frame.iloc[:, place], ranges.get(name, ())) for place, name in enumerate(names)]

    def load(wanted, skip):
        # the header is not a row of the file: the first record of `head` is its names
        keep = slice(max(skip - 1, 0), None)
        return np.arange(1, len(frame) + 1, dtype=np.int64)[keep], {
            place: Cells(columns[place].codes[keep], columns[place].texts) for place in wanted
        }

    shown = [column.take(np.arange(min(HEAD_RECORDS, len(frame)))).text() for column in columns]
    return RawTable(
        file=file,
        sheet="",
        head=[names, *([str(text) for text in record] for record in zip(*shown, strict=True))],
        first_row=0,
        load=load,
        program=program,
        value_labels={
            name: {cell_text(code): str(label) for code, label in labels.items()}
            for name, labels in meta.variable_value_labels.items()
        },
        questions={name: str(label) for name, label in meta.column_names_to_labels.items() if label},
    )


def _cells(values, missing_ranges):
    codes, uniques = pd.factorize(values, use_na_sentinel=True)
    texts = ["" if _is_missing(value, missing_ranges) else _text(value) for value in uniques]
    return Cells(np.where(codes < 0, len(texts), codes), [*texts, ""])


def _text(value):
    if isinstance(value, (float, np.floating, int, np.integer)):
        return number_text(value)
    if isinstance(value, (pd.Timestamp, np.datetime64)):
        return cell_text(pd.Timestamp(value).to_pydatetime())
    if isinstance(value, (dt.date, dt.time)):
        return cell_text(value)
    return str(value).rstrip()


def _is_missing(value, missing_ranges):
    """`missing_ranges`: dictionaries of lo and hi, as pyreadstat gives them."""
    for bounds in missing_ranges:
        low, high = bounds["lo"], bounds["hi"]
        if isinstance(value, str) == isinstance(low, str) and low <= value <= high:
            return True
    return False
