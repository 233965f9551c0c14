"""How far the sheets of an Excel workbook reach, before anybody makes room for all their cells.

In: the path of an .xlsx. Out: the largest of its sheets. One stray letter in the last corner makes a sheet seventeen
thousand million cells, for which no machine has room: the reader would end the whole process, without a word.

What a sheet says of its own size is believed where it says more than one cell and not too much; else its cells are
looked at. Empty cells with a format do not count: whole columns are often coloured down to the last row.
"""

import re
import zipfile
import zlib

MOST_CELLS = 100_000_000
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_SAID = re.compile(rb'<dimension ref="[A-Z]+[0-9]+:([A-Z]{1,3})([0-9]{1,7})"')
_HEAD = 4096
_EMPTY_CELL = re.compile(rb"<c [^>]*/>")
_COLUMN = re.compile(rb'<c r="([A-Z]{1,3})')
_ROW = re.compile(rb'<c r="[A-Z]{1,3}([0-9]{1,7})')
_LETTERS = 26


def measure_sheets(path):
    """(number of cells, name of the last one) of the largest sheet; (0, "") where the file is no such workbook"""
    try:
        with zipfile.ZipFile(path) as book:
            sizes = [_measure(book, name) for name in book.namelist() if _SHEET.fullmatch(name)]
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, NotImplementedError, RuntimeError):
        return 0, ""  # the reader says what is wrong with it
    return max(sizes, default=(0, ""))


def _measure(book, name):
    with book.open(name) as sheet:
        said = _SAID.search(sheet.read(_HEAD))
    size = _size(said[1], int(said[2])) if said else (0, "")
    if 0 < size[0] <= MOST_CELLS:
        return size
    held = _EMPTY_CELL.sub(b"", book.read(name))
    columns = set(_COLUMN.findall(held))
    last = held.rfind(b'<c r="')
    row = _ROW.match(held, last) if last >= 0 else None
    return _size(max(columns, key=lambda one: (len(one), one)), int(row[1])) if columns and row else (0, "")


def _size(column, row):
    number = 0
    for letter in column:
        number = number * _LETTERS + letter - ord("A") + 1
    return number * row, f"{column.decode()}{row}"
