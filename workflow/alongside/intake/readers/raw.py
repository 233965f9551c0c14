"""What every reader returns."""

from collections.abc import Callable
from dataclasses import dataclass, field

HEAD_RECORDS = 30


@dataclass(frozen=True)
class RawTable:
    """One table of one file, its columns not read yet.

    file: path relative to the study folder, with forward slashes
    sheet: sheet of a workbook, "" elsewhere
    head: the first records as lists of text, header rows included; every one has the same length
    first_row: row number that a spreadsheet shows for the first record
    decimal_comma: numbers may be written 3,5 (the cells are not separated by commas)
    value_labels: column -> {code as text: label}, from SPSS and Stata
    notes: what a person should know about how the file was read
    load: load(columns, skip) -> (row numbers, {column position: Cells}) of the records after the first `skip`
    """

    file: str
    sheet: str
    head: list[list[str]]
    first_row: int
    load: Callable
    decimal_comma: bool = False
    value_labels: dict[str, dict[str, str]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
