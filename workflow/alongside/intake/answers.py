"""From kept responses to answers: every cell of every declared item becomes a number, or a row in the ledger.

In: kept rows and their blocks. Out: a matrix of responses x items in the codebook's coding (NaN for no answer), and,
when it is wanted, the long answers table, in the order of person, wave, source, outcome, item.

Fails with UserError for text that is no number and no known label (counted by file and column, with what is allowed),
for numbers that are one base off, for totals of which many lie outside their limits, and for SPSS labels that
contradict the codebook.
"""

import operator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from alongside.errors import Mistake
from alongside.instruments import find_measure
from alongside.intake.coding import ANSWER, BLANK, MISSING, OUT_OF_RANGE, RULES, UNKNOWN, code_outcome
from alongside.intake.ledger import CELL
from alongside.intake.problems import count_cells, name_rows
from alongside.intake.text import TextSet, normalise, read_number
from alongside.tables import ANSWERS
from alongside.tables.check import check_table

COLUMNS_NAMED = 6
BASE_CELLS = 50  # numbers that are needed before a shifted base can be told from a stray value
BASE_SHARE = 0.02
RANGE_CELLS = 5  # totals outside their limits before it is more than slips
RANGE_SHARE = 0.05


@dataclass
class ItemGrid:
    """values: kept responses x items, in the order of `rows`; columns: (outcome, item) of each item"""

    values: np.ndarray
    columns: list[tuple[str, int]]
    n_filled: int
    n_set_aside: int

    def of(self, outcome):
        return self.values[:, [place for place, (name, _) in enumerate(self.columns) if name == outcome]]

    def take(self, which):
        """The grid of some rows, its counts left behind: they are about the whole."""
        return ItemGrid(self.values[which], self.columns, 0, 0)


def read_answers(rows, blocks, *, plan, instruments, names, ledger, problems):
    """The ItemGrid of `rows` (kept responses, their index 0, 1, 2 ...). names: pseudonym of each row"""
    measures = {name: find_measure(outcome, instruments) for name, outcome in plan.outcomes.items()}
    columns = [
        (name, item) for name, measure in measures.items() for item in ((0,) if measure is None else measure.items)
    ]
    place_of = {column: place for place, column in enumerate(columns)}
    values = np.full((len(rows), len(columns)), np.nan)
    n_filled = n_set_aside = 0
    for number, at in rows.groupby("block", sort=True).indices.items():
        block = blocks[number]
        places = rows["place"].to_numpy()[at]
        told = set()
        for name, items in block.items.items():
            outcome = plan.outcomes[name]
            code = code_outcome(
                outcome,
                instrument=instruments[outcome.instrument] if outcome.instrument else None,
                missing=TextSet(block.settings.missing),
                decimal=block.decimal,
            )
            reader = _OutcomeReader(block, name, code, ledger, problems, told)
            for item, column in items.items():
                cells = block.columns[column].take(places)
                values[at, place_of[name, item]] = reader.read(column, cells, block.rows[places], names[at])
            reader.finish()
            n_filled += reader.n_filled
            n_set_aside += reader.n_set_aside
    return ItemGrid(values, columns, n_filled, n_set_aside)


class _OutcomeReader:
    """One outcome in one block, column after column; what stops the run is told once for the whole outcome.

    told: what was set aside for an outcome before this one that shares the column: a cell is set aside once
    """

    def __init__(self, block, outcome, code, ledger, problems, told):
        self._told = told
        self._block, self._outcome, self._code = block, outcome, code
        self._ledger, self._problems = ledger, problems
        self._unknown, self._numbers = {}, {}
        self.n_filled = self.n_set_aside = 0

    def read(self, column, cells, rows, names):
        numbers, kinds = self._code.read_column(self._by_code(column, cells))
        self._check_value_labels(column)
        self.n_filled += int(((kinds != BLANK) & (kinds != MISSING)).sum())
        for kind in np.flatnonzero(np.bincount(kinds)):
            if kind in (ANSWER, BLANK, MISSING):
                continue
            at = np.flatnonzero(kinds == kind)
            if kind == UNKNOWN:
                self._unknown[column] = rows[at]
            cells_alike = (column, kind, self._code.allowed_with_labels)
            if cells_alike in self._told:
                self.n_filled -= len(at)
                continue
            self._told.add(cells_alike)
            self.n_set_aside += len(at)
            self._ledger.add(
                rule=RULES[kind], action=CELL, file=self._block.file, sheet=self._block.sheet, row=rows[at],
                column=self._block.name(column), participant=names[at], found=cells.take(at).text(),
                allowed=self._code.allowed_with_labels if kind == UNKNOWN else self._code.allowed, remedy=_REMEDY,
            )  # fmt: skip
        self._count_numbers(cells, kinds)
        return numbers

    def _by_code(self, column, cells):
        """Labels of the file that neither codebook nor study file knows are read as the codes they stand for."""
        labels = self._block.meanings(column).items()
        codes = {normalise(label): code for code, label in labels if label not in self._code.missing}
        codes = {label: code for label, code in codes.items() if label and label not in self._code.labels}
        return cells.replace(lambda text: codes.get(normalise(text), text)) if codes else cells

    def _count_numbers(self, cells, kinds):
        counted = (kinds == ANSWER) | (kinds == OUT_OF_RANGE)
        for code, count in enumerate(np.bincount(cells.codes[counted], minlength=len(cells.texts))):
            number = read_number(cells.texts[code], decimal=self._code.decimal) if count else None
            if number is not None:
                self._numbers[number] = self._numbers.get(number, 0) + int(count)

    def finish(self):
        if self._unknown:
            self._complain_about_text()
        self._complain_about_base()
        self._complain_about_range()

    def _complain_about_text(self):
        named = [f"{self._block.name(c)} ({len(rows)})" for c, rows in self._unknown.items()]
        more = f" and {len(named) - COLUMNS_NAMED} more columns" if len(named) > COLUMNS_NAMED else ""
        rows = np.unique(np.concatenate(list(self._unknown.values())))
        count = sum(len(rows) for rows in self._unknown.values())
        self._problems.add(
            Mistake(
                f"{self._block.where}, {self._outcome}: column {', '.join(named[:COLUMNS_NAMED])}{more}",
                f"{count_cells(count)} text that is no number and no known answer ({name_rows(rows)})",
                allowed=self._code.allowed_with_labels,
                remedy=(f"a wording of this survey: outcomes.{self._outcome}.labels; " if self._code.whole else "")
                + "a mark of no answer: source.missing; a slip in single cells: corrections.csv",
            )
        )

    def _complain_about_base(self):
        """1-4 where 0-3 is declared: hardly any value outside but the next one, and none at the other end."""
        low, high = self._code.low, self._code.high
        total = sum(self._numbers.values())
        if low is None or high is None or not self._code.whole or high - low < 2 or total < BASE_CELLS:
            return
        for beyond, other_end, shift in ((high + 1, low, 1), (low - 1, high, -1)):
            if self._numbers.get(beyond, 0) >= BASE_SHARE * total and other_end not in self._numbers:
                self._problems.add(
                    Mistake(
                        f"{self._block.where}, {self._outcome}",
                        f"the numbers go from {low + shift:g} to {high + shift:g}: "
                        f"{count_cells(self._numbers[beyond])} {beyond:g}, none holds {other_end:g}",
                        allowed=self._code.allowed,
                        remedy=f"declare outcomes.{self._outcome}.recorded: [{low + shift:g}, {high + shift:g}]",
                    )
                )

    def _complain_about_range(self):
        """A total on another base, or doubled: setting aside what does not fit would cut off one end of it."""
        low, high = self._code.low, self._code.high
        below, above = (
            sum(count for number, count in self._numbers.items() if limit is not None and outside(number, limit))
            for limit, outside in ((low, operator.lt), (high, operator.gt))
        )
        total = sum(self._numbers.values())
        if self._code.whole or below + above < max(RANGE_CELLS, RANGE_SHARE * total):
            return
        self._problems.add(
            Mistake(
                f"{self._block.where}, {self._outcome}",
                f"{below + above} of {total} values lie outside what is declared: {below} below, {above} above",
                allowed=self._code.allowed,
                remedy=f"ask how it was computed (answers counted from 0 or from 1, sums doubled or not), and mend the "
                f"export or outcomes.{self._outcome}",
            )
        )

    def _check_value_labels(self, column):
        """SPSS and Stata know what each code means: the codebook must agree."""
        labels = self._block.value_labels.get(self._block.name(column), {})
        for code, label in labels.items():
            meant = self._code.labels.get(normalise(label))
            number, kind = self._code.read(code)
            if meant is not None and (kind != ANSWER or number != meant):
                self._problems.add(
                    Mistake(
                        f"{self._block.where}, {self._outcome}",
                        "the file's own labels give its codes another meaning than the codebook",
                        allowed=self._code.allowed_with_labels,
                        remedy=f"declare outcomes.{self._outcome}.recorded: [smallest, largest code of the file]",
                    )
                )
                return


_REMEDY = "look at the original, and write what it should be into corrections.csv; otherwise it stays missing"


def tabulate(grid, rows, *, people, waves, sources):
    """The answers table. rows: as for the grid, with `participant` (place in `people`); people: pseudonyms in order"""
    outcomes = list(dict.fromkeys(name for name, _ in grid.columns))
    order = np.lexsort((rows["source"].cat.codes, rows["wave"].cat.codes, rows["participant"]))
    values = grid.values[order]
    answered = ~np.isnan(values)
    counts = answered.sum(axis=1)

    def per_answer(codes):
        return np.repeat(np.asarray(codes)[order], counts)

    item_outcome = np.array([outcomes.index(name) for name, _ in grid.columns], dtype=np.int16)
    item_number = np.array([item for _, item in grid.columns], dtype=np.int16)
    shape = values.shape
    table = pd.DataFrame(
        {
            "participant": pd.Categorical.from_codes(per_answer(rows["participant"].astype(np.int32)), people),
            "wave": pd.Categorical.from_codes(per_answer(rows["wave"].cat.codes), waves),
            "source": pd.Categorical.from_codes(per_answer(rows["source"].cat.codes), sources),
            "outcome": pd.Categorical.from_codes(np.broadcast_to(item_outcome, shape)[answered], outcomes),
            "item": np.broadcast_to(item_number, shape)[answered],
            "value": values[answered],
        }
    )
    return check_table(table, ANSWERS)
