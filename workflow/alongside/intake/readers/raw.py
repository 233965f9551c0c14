"""What every reader takes beside the file, and what it returns."""

from collections.abc import Callable
from dataclasses import dataclass, field

from alongside.intake.text import UNCLEAR

HEAD_RECORDS = 30


@dataclass(frozen=True)
class Reading:
    """What a study file says about the bytes of a file; None where it says nothing and the file itself decides."""

    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None


AS_FOUND = Reading()


@dataclass(frozen=True)
class RawTable:
    """One table of one file, its columns not read yet.

    file: path relative to the study folder, with forward slashes
    sheet: sheet of a workbook, "" elsewhere
    head: the first records as lists of text, header rows included; every one has the same length
    first_row: row number that a spreadsheet shows for the first record
    decimal: what separates the decimals of numbers (`text.POINT` and its siblings)
    program: spss or stata where the kind of file says so, "" elsewhere
    value_labels: column -> {code as text: label}, from SPSS and Stata
    questions: column -> what was asked, the labels of the variables of SPSS and Stata
    notes: what a person should know about how the file was read
    load: load(columns, skip) -> (row numbers, {column position: Cells}) of the records after the first `skip`
    """

    file: str
    sheet: str
    head: list[list[str]]
    first_row: int
    load: Callable
    decimal: str = UNCLEAR
    program: str = ""
    value_labels: dict[str, dict[str, str]] = field(default_factory=dict)
    questions: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def where(self):
        return f"{self.file}, sheet {self.sheet}" if self.sheet else self.file
