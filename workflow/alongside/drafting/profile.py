"""What a column holds, in counts: how many cells, how many different texts, numbers, dates.

In: the `Cells` of a column. Out: a `Column`, whose facts are worked out when they are asked for; a `Table` of them.
Texts are counted without outer spaces, blank cells are not counted.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from alongside.intake.cells import Cells
from alongside.intake.dates import looks_like_a_date
from alongside.intake.text import normalise, read_number

LONGEST_QUESTION = 12  # words; of a longer one, a single word says little
FEW = 12  # more different answers than this are no levels of anything
NO_ANSWER = re.compile(
    r"(i )?(would )?(prefer|rather|choose) not\b.*|(i )?do ?n.?t know|not applicable|n/?a|no answer|refused?|declined?"
    r"|skipped|missing|nan|keine angabe|wei(ß|ss) nicht",
    re.IGNORECASE,
)
"""What people write where they mean that there is no answer."""
AT_LEAST = 2  # an answer of fewer people is nobody's business but theirs: it is counted, never written down


@dataclass(frozen=True)
class Column:
    """name: as the study file calls it; header: as the file has it; labels: {code: label} of SPSS and Stata

    question: what was asked, where the file says so beside the name of the column; else ""
    """

    name: str
    header: str
    place: int
    cells: Cells
    labels: dict[str, str] = field(default_factory=dict)
    question: str = ""

    @cached_property
    def said(self):
        """The words of its name, and of a short question"""
        question = words_of(self.question)
        return {*words_of(self.name), *(question if len(question) <= LONGEST_QUESTION else ())}

    @cached_property
    def counts(self):
        """{text: number of cells}"""
        found = {}
        for text, count in zip(self.cells.texts, self._per_text, strict=True):
            if count and text.strip():
                found[text.strip()] = found.get(text.strip(), 0) + int(count)
        return found

    @property
    def _per_text(self):
        return np.bincount(self.cells.codes, minlength=len(self.cells.texts))

    @cached_property
    def filled(self):
        return sum(self.counts.values())

    @property
    def share_filled(self):
        return self.filled / max(len(self.cells), 1)

    @cached_property
    def numbers(self):
        """{number: number of cells}"""
        found = {}
        for text, count in self.counts.items():
            number = read_number(text)
            if number is not None:
                found[number] = found.get(number, 0) + count
        return found

    @cached_property
    def words(self):
        """{text that is no number: number of cells}"""
        return {text: count for text, count in self.counts.items() if read_number(text) is None}

    @property
    def is_numeric(self):
        answers = self.filled - sum(count for text, count in self.words.items() if NO_ANSWER.fullmatch(text))
        return answers > 0 and sum(self.numbers.values()) >= 0.8 * answers

    @cached_property
    def is_dated(self):
        """Do most of the cells hold a date?"""
        dated = sum(count for text, count in self.counts.items() if looks_like_a_date(text))
        return self.filled > 0 and dated >= 0.7 * self.filled

    @cached_property
    def levels(self):
        """{text: number of cells} of the answers that several rows give; {} where it is no matter of a few levels"""
        shared = {text: count for text, count in self.counts.items() if count >= AT_LEAST}
        return shared if 0 < len(self.counts) <= FEW and len(shared) <= FEW else {}


def words_of(name):
    """participantCode_2 -> participant, code, 2"""
    split = re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])", " ", name)
    return normalise(re.sub(r"(?<=\D)(?=\d)|(?<=\d)(?=\D)", " ", split)).split()


@dataclass
class Table:
    """One table of one file. layout: as `shapes.recognise` gives it; ids: a cleaned identifier a row, "" for nobody

    twice: {name: how many columns have it}, of columns that nobody can tell apart and that are not in `columns`
    """

    file: str
    sheet: str
    layout: object
    columns: list[Column]
    n_rows: int
    several_sheets: bool = False
    id_column: Column | None = None
    ids: np.ndarray | None = None
    groups: list = field(default_factory=list)
    twice: dict[str, int] = field(default_factory=dict)

    def __post_init__(self):
        if self.ids is None:
            self.ids = np.full(self.n_rows, "", dtype=object)

    @property
    def where(self):
        return f"{self.file}, sheet {self.sheet}" if self.sheet and self.several_sheets else self.file

    def column(self, name):
        return next((column for column in self.columns if column.name == name), None)

    def person_of(self, row):
        """Who gave a row; the row itself where nobody knows"""
        return self.ids[row] or (self.where, row)

    @property
    def people(self):
        return {one for one in self.ids if one}
