"""The roster: one row a person, and who is in it and not in the exports, or the other way round.

In: the roster as a `Block`. Out: start dates, consents, the people whom it enrols, and, in notes and in the ledger, who
is missing on which side. It is joined by the same exact rule as the exports: identifiers after the declared cleaning.

Fails (complaints to `problems`) where somebody stands in it twice and where a start date may be either of two.
"""

import numpy as np
import pandas as pd

from alongside.errors import Mistake
from alongside.intake.dates import read_dates
from alongside.intake.identity import clean_columns
from alongside.intake.ledger import FLAGGED, ROW
from alongside.intake.problems import name_rows
from alongside.intake.selection import CONSENTS, read_consents
from alongside.tables.notes import Counted, word_count


class Roster:
    """block: as `opening.open_roster` gives it; ids: cleaned identifiers, one a row; persons: set by `number`"""

    def __init__(self, block, *, problems):
        self.block, self._problems = block, problems
        parts = [block.cells(role) for role in block.roles if role.startswith("id:")]
        self.ids = clean_columns(parts, block.settings.id_cleaning)
        self.persons = None

    def starts(self):
        """{column: {identifier: start date}}, for months_since"""
        return {
            role.partition(":")[2]: dict(zip(self.ids, self._dates_of(role), strict=True))
            for role in self.block.roles
            if role.startswith("start:")
        }

    def _dates_of(self, role):
        dates = read_dates(self.block.cells(role), declared=self.block.settings.dates)
        if dates.ambiguous.any():
            self._problems.add(
                Mistake(
                    f"{self.block.where}, column {role.partition(':')[2]}",
                    f"dates that may be day/month or month/day ({name_rows(self.block.rows[dates.ambiguous])})",
                    remedy="declare source.dates (day-first, month-first), or write them year-month-day",
                )
            )
        return dates.values

    def number(self, numbers):
        """numbers: identifier -> person number, as a Series. -1 is a row of nobody."""
        self.persons = numbers.reindex(self.ids).fillna(-1).astype(np.int64).to_numpy()
        named = self.persons >= 0
        repeated = pd.Series(self.persons).duplicated(keep=False).to_numpy() & named
        if repeated.any():
            self._problems.add(
                Mistake(
                    self.block.where,
                    f"{word_count(len(set(self.persons[repeated])), 'people')} in it more than once "
                    f"({name_rows(self.block.rows[repeated])})",
                    allowed="one row a person",
                    remedy="delete the row that is wrong; compare identifiers after the declared id_cleaning",
                )
            )

    def consents(self, consent):
        """{person: did they consent}, or None where consent is not the roster's matter. consent: the study file's"""
        cells = self.block.cells("consent") if consent is not None else None
        if cells is None:
            return None
        return dict(zip(self.persons, read_consents(cells, consent), strict=True))

    def enrols(self, consent, *, withdrawn, answered):
        """Person numbers of whoever the roster puts into the study. answered: who has a response that counts"""
        persons = self.persons[self.persons >= 0]
        persons = persons[~np.isin(persons, list(withdrawn))]
        if consent is None:
            return persons
        consents = self.consents(consent)
        if consents is None:  # consent stands in the surveys: those who gave it there are enrolled through them
            return np.intersect1d(persons, answered)
        return np.array([person for person in persons if consents[person] == CONSENTS], dtype=np.int64)

    def compare(self, rows, *, enrolled, answered):
        """Notes: how many are on one side only. rows: all responses, judged"""
        absent = np.setdiff1d(answered, self.persons)
        unknown = rows.loc[rows["reason"] == "not-in-roster", "person"].nunique()
        silent = np.setdiff1d(enrolled, answered)
        notes = (
            Counted(f"answered, but not in {self.block.file}", "people", len(absent)),
            Counted(f"not in {self.block.file}, so set aside", "identifiers", unknown),
            Counted(f"in {self.block.file}, but without a response that counts", "people", len(silent)),
        )
        return [note for note in notes if note.n]

    def list_in_ledger(self, rows, *, enrolled, lost, answered, names, ledger):
        """Whoever is on one side only, person by person. enrolled, lost, answered: person numbers; rows: responses

        lost: people without a cohort. Whoever is set aside for not being in the roster has a row in the ledger already.
        """
        row_of = pd.Series(self.block.rows, index=self.persons)
        row_of = row_of[~row_of.index.duplicated()]  # somebody who stands in it twice stops the run later on
        silent, lost = np.setdiff1d(enrolled, answered), np.setdiff1d(lost, answered)
        for persons, rule, action in ((silent, "no-response", FLAGGED), (lost, "no-cohort", ROW)):
            ledger.add(
                rule=rule, action=action, file=self.block.file, sheet=self.block.sheet,
                row=row_of.reindex(persons).to_numpy(), participant=names[persons],
            )  # fmt: skip
        absent = rows[rows["reason"].eq("") & ~rows["person"].isin(self.persons)].drop_duplicates("person")
        ledger.add(
            rule="not-in-roster", action=FLAGGED, file=absent["file"].astype(str).to_numpy(),
            sheet=absent["sheet"].astype(str).to_numpy(), row=absent["row"].to_numpy(),
            participant=names[absent["person"]], remedy="a slip in the identifier: id_map.csv or corrections.csv; "
            "somebody new: add them to the roster",
        )  # fmt: skip

    def rows_of(self, persons, names):
        """{(file, sheet, row): pseudonym} of those of `persons` who are in it"""
        there = np.isin(self.persons, persons)
        rows = self.block.rows[there]
        return {
            (*self.block.table, int(row)): names[person] for row, person in zip(rows, self.persons[there], strict=True)
        }
