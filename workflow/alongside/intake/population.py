"""Who is in the study: the roster and the responses together.

`register` numbers everybody; `settle` decides who stays (consent, withdrawal, cohort) and writes the books; `describe`
makes the people table. What the roster says is in `roster`, what cannot be analysed in `linkage`, what is known about
people in `describing` and `facts`.
"""

import numpy as np
import pandas as pd

from alongside.errors import Mistake, UserError
from alongside.intake.blocks import baseline_of, id_columns
from alongside.intake.columns import Headers
from alongside.intake.describing import Description
from alongside.intake.facts import ROSTER_WAVE, assign_cohorts, collect
from alongside.intake.identity import clean_columns, sort_naturally
from alongside.intake.linkage import check_baseline, check_linked, check_split
from alongside.intake.readers import read_text_table
from alongside.intake.roster import Roster
from alongside.intake.rules import set_aside
from alongside.intake.shapes import recognise


class Population:
    """roster: its Block, or None. identifiers: raw identifiers by person number; withdrawn: person numbers"""

    def __init__(self, plan, roster, *, problems, ledger):
        self._plan, self._problems, self._ledger = plan, problems, ledger
        self._roster = None if roster is None else Roster(roster, problems=problems)

    def starts(self):
        """{column: {identifier: start date}} of the roster, for months_since"""
        return {} if self._roster is None else self._roster.starts()

    def register(self, rows, folder, id_map):
        """Turns `rows.identifier` into `rows.person`, whole numbers in the order of the raw identifiers; -1: nobody."""
        texts = rows.pop("identifier").to_numpy()
        roster_ids = np.array([], dtype=object) if self._roster is None else self._roster.ids
        everybody = pd.unique(np.concatenate([texts, roster_ids]))
        self.identifiers = sort_naturally([text for text in everybody if text])
        numbers = pd.Series(np.arange(len(self.identifiers)), index=pd.Index(self.identifiers, dtype=object))
        rows["person"] = numbers.reindex(texts).fillna(-1).astype(np.int64).to_numpy()
        if self._roster is not None:
            self._roster.number(numbers)
        if id_map is not None:
            id_map.check(roster_ids, problems=self._problems)
            self._problems.stop_if_any()
        self.withdrawn = self._read_withdrawn(folder, numbers, {} if id_map is None else id_map.known_as())

    def _read_withdrawn(self, folder, numbers, known_as):
        name = self._plan.participants.withdrawn
        if not name:
            return set()
        table = read_text_table(folder, name)
        layout = recognise(table, "plain")
        headers = Headers(layout, name)
        wanted = self._plan.participants.id.get("otherwise") or id_columns(self._plan, baseline_of(self._plan.waves))
        places = [headers.find(column) for column in wanted]
        if None in places:
            raise UserError(
                Mistake(name, f"no column '{wanted[places.index(None)]}'", remedy="name the column as in the exports")
            )
        _, cells = table.load(places, layout.first)
        ids = clean_columns([cells[place] for place in places], self._plan.source.id_cleaning)
        meant = [*ids, *(known_as[one] for one in ids if one in known_as)]  # whichever of their identifiers was listed
        return set(numbers.reindex([one for one in meant if one]).dropna().astype(int))

    def roster_consents(self):
        """{person: does the roster say that the person consented}; None where consent is not the roster's matter"""
        return None if self._roster is None else self._roster.consents(self._plan.participants.consent)

    def settle(self, rows, blocks, *, books):
        """Decides who is enrolled and in which cohort; sets `rows.reason` for people without one. Returns notes."""
        check_baseline(rows, self._plan, problems=self._problems)
        check_linked(rows, self._plan, roster=self._roster, problems=self._problems)
        there = rows[rows["reason"].isin(["", "duplicate"])]
        everybody = np.ones(len(self.identifiers), dtype=bool)
        check_split(self._tables_of(there, blocks, everybody), self._plan, problems=self._problems)
        kept = rows[rows["reason"] == ""]
        self._answered = np.unique(kept["person"])
        on_roster = np.array([], dtype=np.int64)
        if self._roster is not None:
            on_roster = self._roster.enrols(
                self._plan.participants.consent, withdrawn=self.withdrawn, answered=self._answered
            )
        enrolled = np.zeros(len(self.identifiers), dtype=bool)
        enrolled[self._answered] = enrolled[on_roster] = True
        self._tables = self._tables_of(kept, blocks, enrolled)
        self._cohort, self._conflicts = assign_cohorts(
            collect("cohort", self._tables), cohort=self._plan.participants.cohort,
            n_people=len(self.identifiers), problems=self._problems, ledger=self._ledger,
        )  # fmt: skip
        without = enrolled & (self._cohort < 0)
        set_aside(rows, rows["person"].isin(np.flatnonzero(without)), "no-cohort", books)
        self._enrolled, self._without_cohort = np.flatnonzero(enrolled & ~without), np.flatnonzero(without)
        books.enter(
            "people", unit="people", n_in=len(self.identifiers), n_kept=len(self._enrolled),
            n_set_aside=len(self.identifiers) - len(self._enrolled),
        )  # fmt: skip
        if self._roster is None:
            return []
        return self._roster.compare(rows, enrolled=on_roster, answered=self._answered)

    def _tables_of(self, kept, blocks, enrolled):
        """For `facts.collect`: the roster, then the kept rows of each block"""
        tables = []
        if self._roster is not None:
            persons = self._roster.persons
            places = np.flatnonzero((persons >= 0) & np.append(enrolled, False)[persons])
            tables.append((self._roster.block, places, persons[places], ROSTER_WAVE))
        waves = list(self._plan.waves)
        for number, group in kept.groupby("block", sort=True):
            block = blocks[number]
            tables.append((block, group["place"].to_numpy(), group["person"].to_numpy(), waves.index(block.wave)))
        return tables

    def describe(self, rows, *, names, key):
        """(the people table, notes). names: pseudonyms by person number; rows: judged responses"""
        description = Description(
            self._tables, participants=self._plan.participants, enrolled=self._enrolled, names=names,
            problems=self._problems, ledger=self._ledger,
        )  # fmt: skip
        people = description.tabulate(self._cohort, self._conflicts, key=key)
        if self._roster is not None:
            self._roster.list_in_ledger(
                rows, enrolled=self._enrolled, lost=self._without_cohort, answered=self._answered, names=names,
                ledger=self._ledger,
            )  # fmt: skip
        return people, description.notes

    def places(self, persons):
        """Where each person stands in the people table."""
        return np.searchsorted(self._enrolled, persons)

    def strangers(self):
        """People whom the roster does not know or, without a roster, who were not there at the first wave."""
        known = np.zeros(len(self.identifiers), dtype=bool)
        known[self.known()] = True
        return np.flatnonzero(~known)

    def known(self):
        if self._roster is not None:
            return np.intersect1d(self._enrolled, self._roster.persons)
        baseline = list(self._plan.waves).index(baseline_of(self._plan.waves))
        there = [persons for _, _, persons, wave in self._tables if wave == baseline]
        return np.unique(np.concatenate([np.array([], dtype=np.int64), *there]))

    def roster_rows(self, names):
        """{(file, sheet, row): pseudonym} of the enrolled people in the roster"""
        return {} if self._roster is None else self._roster.rows_of(self._enrolled, names)
