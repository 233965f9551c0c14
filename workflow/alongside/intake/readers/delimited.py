"""CSV and its relatives: any delimiter, quoted line breaks, a million rows.

The first records are read by Python's csv module (to find the delimiter and let `shapes` look at the header); the
columns that are wanted are read by Arrow, dictionary-encoded, so that 40 million answers take 160 MB.

Fails with UserError where rows differ in length, or a quotation mark opened and never closed (a file that was cut off).
"""

import csv
import io
import re
import sys

import numpy as np
import pyarrow as pa
import pyarrow.csv

from alongside.errors import Mistake, UserError
from alongside.intake.cells import Cells
from alongside.intake.readers.encoding import as_utf8
from alongside.intake.readers.raw import HEAD_RECORDS, RawTable
from alongside.intake.text import EITHER, UNCLEAR

DELIMITERS = (",", ";", "\t", "|")
_SEPARATOR_LINE = re.compile(rb'"?sep=([,;\t|])"?\r?\n', re.IGNORECASE)
_HEAD_BYTES = 1 << 22
_BLOCK = 1 << 24
_ROWS_NAMED = 5


def read_delimited(data, file, reading):
    data, notes = as_utf8(data, file, reading.encoding)
    declared = _SEPARATOR_LINE.match(data)  # Excel's own first line, "sep=;": a row of the file, but of no table
    data, first_row = (data[declared.end() :], 2) if declared else (data, 1)
    delimiters = (declared[1].decode(),) if declared else DELIMITERS
    delimiter, head = _read_head(data, file, (reading.delimiter,) if reading.delimiter else delimiters)
    _check_quotes(data, file, delimiter, first_row)
    width = max((len(record) for record in head[:1]), default=0)

    def load(columns, skip):
        return _load(data, file, delimiter, width, columns, skip, first_row)

    return RawTable(
        file=file,
        sheet="",
        head=[(record + [""] * width)[:width] for record in head],
        first_row=first_row,
        load=load,
        decimal=reading.decimal or (UNCLEAR if delimiter == "," else EITHER),
        notes=notes,
    )


def _read_head(data, file, delimiters):
    """(delimiter, first records). The delimiter is the one that cuts the records into most cells, equally many."""
    sample = data[:_HEAD_BYTES].decode("utf-8", errors="ignore")
    whole = len(data) <= _HEAD_BYTES
    best = None
    for delimiter in delimiters:
        records = _parse(sample, delimiter, HEAD_RECORDS + (0 if whole else 1))
        if not whole and len(records) > 1:
            records = records[:-1]  # the last may be cut in the middle
        widths = [len(record) for record in records if record]
        if not widths:
            continue
        rank = (widths[0] > 1 and len(set(widths)) == 1, widths[0])
        if best is None or rank > best[0]:
            best = rank, delimiter, records[:HEAD_RECORDS]
    if best is None:
        raise UserError(Mistake(file, "the file is empty", remedy="export it again, or take it out of `files`"))
    _, delimiter, records = best
    if not records[0]:
        raise UserError(Mistake(f"{file}, row 1", "the first row is blank", allowed="the names of the columns"))
    return delimiter, records


def _parse(text, delimiter, limit):
    csv.field_size_limit(sys.maxsize)
    records = []
    for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        records.append(record)
        if len(records) == limit:
            break
    return records


def _check_quotes(data, file, delimiter, first_row):
    """An odd number of quotation marks: either one stands in the middle of a cell, or the last cell never ends."""
    if data.count(b'"') % 2 == 0:
        return
    reader = csv.reader(io.StringIO(data.decode("utf-8"), newline=""), delimiter=delimiter, strict=True)
    row = first_row
    try:
        for _ in reader:
            row += 1
    except csv.Error:
        raise UserError(
            Mistake(
                f"{file}, row {row}",
                "a quotation mark opens a cell that never ends",
                remedy="the file was cut off or a quotation mark inside a cell is not doubled: export it again",
            )
        ) from None


def _load(data, file, delimiter, width, columns, skip, first_row):
    ragged = []

    def note_ragged(row):
        ragged.append((row.number + first_row - 1, row.actual_columns))
        return "skip"

    names = [str(place) for place in range(width)]
    wanted = [names[place] for place in columns]
    text = pa.dictionary(pa.int32(), pa.string())
    table = _read_arrow(
        data,
        pa.csv.ParseOptions(
            delimiter=delimiter,
            newlines_in_values=True,
            ignore_empty_lines=False,
            invalid_row_handler=note_ragged,
        ),
        pa.csv.ConvertOptions(
            column_types=dict.fromkeys(names, text), include_columns=wanted, strings_can_be_null=False
        ),
        names,
    )
    if ragged:
        rows = ", ".join(f"{row} ({cells} cells)" for row, cells in ragged[:_ROWS_NAMED])
        more = f" and {len(ragged) - _ROWS_NAMED} more" if len(ragged) > _ROWS_NAMED else ""
        raise UserError(
            Mistake(
                file,
                f"{len(ragged)} rows do not have as many cells as the header: row {rows}{more}",
                allowed=f"{width} cells in every row",
                remedy="export it again; a cell that holds the delimiter must be in quotation marks",
            )
        )
    rows = np.arange(skip, table.num_rows, dtype=np.int64) + first_row
    return rows, {place: _cells(table.column(str(place)), skip) for place in columns}


def _read_arrow(data, parse, convert, names):
    block = _BLOCK
    while True:
        try:
            return pa.csv.read_csv(
                pa.BufferReader(data),
                # one thread: only then does Arrow count the rows that do not fit
                read_options=pa.csv.ReadOptions(use_threads=False, column_names=names, block_size=block),
                parse_options=parse,
                convert_options=convert,
            ).unify_dictionaries()
        except pa.ArrowInvalid:
            # a cell longer than the block; nothing else is invalid once the bytes are UTF-8 and every column is text
            if block > len(data):
                raise
            block = min(block * 16, len(data) + 1)


def _cells(column, skip):
    column = column.slice(skip).combine_chunks()
    if isinstance(column, pa.ChunkedArray):
        column = column.chunk(0) if column.num_chunks else pa.array([], pa.dictionary(pa.int32(), pa.string()))
    return Cells(column.indices.to_numpy(zero_copy_only=False), column.dictionary.to_pylist())
