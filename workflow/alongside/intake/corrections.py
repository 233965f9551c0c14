"""A human's decisions about single cells: corrections.csv.

One row a decision: file, sheet (only for workbooks of several sheets), row (as a spreadsheet shows it), column, old,
new, reason. `old` must be what stands in the export, so that a decision about an older export is never applied to a
newer one. "This response is person 137" is a correction of the identifier's column, "this one was assigned to the
other arm" one of the cohort's; an empty `new` makes the cell blank. They are applied before any check, and each is in
the ledger.
"""

import numpy as np

from alongside.errors import Mistake, UserError
from alongside.intake.decisions import read_decisions
from alongside.intake.ledger import CHANGED

_REQUIRED = ("file", "row", "column", "old", "new", "reason")


class Corrections:
    """Read once, applied file by file."""

    def __init__(self, name, decisions):
        self._name = name
        self._decisions = decisions
        self._used = {}
        self._applied = []

    def apply(self, block, rows, columns, *, problems):
        """The columns with the corrections of this block's table in them. rows: row numbers; columns: place -> Cells"""
        file, columns = block.file, dict(columns)
        for decision in self._decisions:
            if decision["file"] != file or decision["sheet"] not in ("", block.sheet):
                continue
            self._used.setdefault(decision["line"], []).append(block.table)
            where = f"{self._name}, row {decision['line']}"
            place = problems.attempt(block.headers.find, decision["column"])
            at = np.flatnonzero(rows == int(decision["row"]))
            if place not in columns:
                problems.add(Mistake(where, f"{file} has no such column, or the study file does not use it"))
            elif not len(at):
                problems.add(Mistake(where, f"{file} has no answers in row {decision['row']}"))
            elif columns[place].texts[columns[place].codes[at[0]]].strip() != decision["old"].strip():
                problems.add(
                    Mistake(
                        where,
                        f"`old` is not what stands in {file}, row {decision['row']}",
                        remedy="look at the export again: it may be newer than the decision",
                    )
                )
            else:
                columns[place] = columns[place].with_text(at[0], decision["new"])
                self._applied.append(decision | {"sheet": block.sheet})
        return columns

    def check_all_used(self, problems):
        for decision in self._decisions:
            tables = self._used.get(decision["line"], ())
            if len(tables) > 1:
                problems.add(
                    Mistake(
                        f"{self._name}, row {decision['line']}",
                        f"{len(tables)} sheets of {decision['file']} are read",
                        allowed="one of them in the column `sheet`",
                        remedy="say which one is meant",
                    )
                )
            elif not tables:
                problems.add(
                    Mistake(
                        f"{self._name}, row {decision['line']}",
                        "no wave of the study has this file",
                        remedy="write the file's path as in the study folder, such as raw/wave1.csv, and its sheet",
                    )
                )

    def write_ledger(self, persons, *, ledger):
        """persons: {(file, sheet, row): pseudonym, or None for somebody of whom no value may be kept}"""
        for decision in self._applied:
            person = persons.get((decision["file"], decision["sheet"], int(decision["row"])))
            ledger.add(
                rule="correction", action=CHANGED, file=decision["file"], sheet=decision["sheet"],
                row=int(decision["row"]), column=decision["column"], participant=person,
                found=decision["old"] if person else None, remedy=decision["reason"] if person else "",
            )  # fmt: skip


def read_corrections(folder, name):
    decisions, mistakes = read_decisions(folder, name, required=_REQUIRED, optional=("sheet",)), []
    for decision in decisions:
        decision |= {key: decision[key].strip() for key in ("file", "sheet", "row", "column", "reason")}
        if not (decision["row"].isdecimal() and len(decision["row"]) < 10):
            where = f"{name}, row {decision['line']}"
            mistakes.append(Mistake(where, "`row` is no whole number", allowed="the row of the export"))
    if mistakes:
        raise UserError(*mistakes)
    return Corrections(name, decisions)
