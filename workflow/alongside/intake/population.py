"""Who is in the study: the roster and the responses together, and what is known about each person.

`register` numbers everybody; `settle` decides who stays (consent, withdrawal, cohort) and writes the books;
`describe` makes the people table, in the order of the raw identifiers. What a fact means is decided in `facts`.
"""

import numpy as np
import pandas as pd

from alongside.errors import Mistake, UserError
from alongside.intake.blocks import baseline_of, id_columns
from alongside.intake.columns import Headers
from alongside.intake.dates import read_dates
from alongside.intake.facts import (
    ROSTER_WAVE,
    assign_category,
    assign_cohorts,
    assign_number,
    cohort_order,
    collect,
    find_split_people,
    flag_conflicts,
)
from alongside.intake.identity import clean_columns, pseudonym, sort_naturally
from alongside.intake.ledger import FLAGGED, ROW
from alongside.intake.problems import name_rows
from alongside.intake.readers import read_text_table
from alongside.intake.rules import set_aside
from alongside.intake.selection import CONSENTS, REFUSES, SILENT
from alongside.intake.shapes import recognise
from alongside.intake.text import TextSet
from alongside.tables import PEOPLE
from alongside.tables.check import check_table
from alongside.tables.notes import Counted, word_count

LINKED_AT_LEAST = 10  # responses at both waves before "nobody in common" says anything


class Population:
    def __init__(self, plan, roster, *, problems, ledger):
        self._plan, self._roster, self._problems, self._ledger = plan, roster, problems, ledger
        self._roster_ids = np.array([], dtype=object)
        if roster is not None:
            parts = [roster.cells(role) for role in roster.roles if role.startswith("id:")]
            self._roster_ids = clean_columns(parts, roster.settings.id_cleaning)

    def starts(self):
        """{column: {identifier: start date}} of the roster, for months_since"""
        if self._roster is None:
            return {}
        return {
            role.partition(":")[2]: dict(zip(self._roster_ids, self._dates_of(role), strict=True))
            for role in self._roster.roles
            if role.startswith("start:")
        }

    def _dates_of(self, role):
        dates = read_dates(self._roster.cells(role), declared=self._roster.settings.dates)
        if dates.ambiguous.any():
            self._problems.add(
                Mistake(
                    f"{self._roster.where}, column {role.partition(':')[2]}",
                    f"dates that may be day/month or month/day ({name_rows(self._roster.rows[dates.ambiguous])})",
                    remedy="declare source.dates (day-first, month-first), or write them year-month-day",
                )
            )
        return dates.values

    def register(self, rows, folder, id_map):
        """Turns `rows.identifier` into `rows.person`, whole numbers in the order of the raw identifiers; -1: nobody."""
        texts = rows.pop("identifier").to_numpy()
        everybody = pd.unique(np.concatenate([texts, self._roster_ids]))
        self.identifiers = sort_naturally([text for text in everybody if text])
        number = pd.Series(np.arange(len(self.identifiers)), index=pd.Index(self.identifiers, dtype=object))
        rows["person"] = number.reindex(texts).fillna(-1).astype(np.int64).to_numpy()
        self._roster_person = number.reindex(self._roster_ids).fillna(-1).astype(np.int64).to_numpy()
        if self._roster is not None:
            self._check_roster()
        if id_map is not None:
            id_map.check(self._roster_ids, problems=self._problems)
            self._problems.stop_if_any()
        self.withdrawn = self._read_withdrawn(folder, number, {} if id_map is None else id_map.known_as())

    def _check_roster(self):
        named = self._roster_person >= 0
        repeated = pd.Series(self._roster_person).duplicated(keep=False).to_numpy() & named
        if repeated.any():
            self._problems.add(
                Mistake(
                    self._roster.where,
                    f"{word_count(len(set(self._roster_person[repeated])), 'people')} in it more than once "
                    f"({name_rows(self._roster.rows[repeated])})",
                    allowed="one row a person",
                    remedy="delete the row that is wrong; compare identifiers after the declared id_cleaning",
                )
            )

    def _read_withdrawn(self, folder, number, known_as):
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
        return set(number.reindex([one for one in meant if one]).dropna().astype(int))

    def roster_consents(self):
        """{person: does the roster say that the person consented}; None where consent is not the roster's matter"""
        if self._roster is None or self._plan.participants.consent is None:
            return None
        cells = self._roster.cells("consent")
        if cells is None:
            return None
        allowed = TextSet(self._plan.participants.consent.is_)
        state = cells.spread(lambda t: SILENT if not t.strip() else CONSENTS if t in allowed else REFUSES, np.int8)
        return dict(zip(self._roster_person, state, strict=True))

    # ---- who stays -----------------------------------------------------------------------------------------------

    def settle(self, rows, blocks, *, books):
        """Decides who is enrolled and in which cohort; sets `rows.reason` for people without one. Returns notes."""
        notes = []
        kept = rows[rows["reason"] == ""]
        self._check_baseline(rows, kept)
        self._check_linked(kept)
        self._check_split(rows, blocks)
        self._answered = np.unique(kept["person"])
        enrolled = np.zeros(len(self.identifiers), dtype=bool)
        enrolled[self._answered] = True
        on_roster = self._enrolled_by_roster()
        enrolled[on_roster] = True
        self._tables = self._tables_of(kept, blocks, enrolled)
        self._cohort, self._conflicts = assign_cohorts(
            collect("cohort", self._tables), cohort=self._plan.participants.cohort,
            n_people=len(self.identifiers), problems=self._problems, ledger=self._ledger,
        )  # fmt: skip
        without = enrolled & (self._cohort < 0)
        set_aside(rows, rows["person"].isin(np.flatnonzero(without)), "no-cohort", books)
        self._enrolled = np.flatnonzero(enrolled & ~without)
        self._without_cohort = np.flatnonzero(without)
        books.enter(
            "people", unit="people", n_in=len(self.identifiers), n_kept=len(self._enrolled),
            n_set_aside=len(self.identifiers) - len(self._enrolled),
        )  # fmt: skip
        if self._roster is not None:
            absent = np.setdiff1d(self._answered, self._roster_person)
            silent = np.setdiff1d(on_roster, self._answered)
            unknown = rows.loc[rows["reason"] == "not-in-roster", "person"].nunique()
            if len(absent):
                notes.append(Counted(f"answered, but not in {self._roster.file}", "people", len(absent)))
            if unknown:
                notes.append(Counted(f"not in {self._roster.file}, so set aside", "identifiers", unknown))
            if len(silent):
                notes.append(
                    Counted(f"in {self._roster.file}, but without a response that counts", "people", len(silent))
                )
        return notes

    def _enrolled_by_roster(self):
        if self._roster is None:
            return np.array([], dtype=np.int64)
        persons = self._roster_person[self._roster_person >= 0]
        persons = persons[~np.isin(persons, list(self.withdrawn))]
        if self._plan.participants.consent is None:
            return persons
        consents = self.roster_consents()
        if consents is None:  # consent stands in the surveys: those who gave it there are enrolled through them
            return np.intersect1d(persons, self._answered)
        return np.array([person for person in persons if consents[person] == CONSENTS], dtype=np.int64)

    def _tables_of(self, kept, blocks, enrolled):
        """For `facts.collect`: the roster, then the kept rows of each block"""
        tables = []
        if self._roster is not None:
            places = np.flatnonzero((self._roster_person >= 0) & np.append(enrolled, False)[self._roster_person])
            tables.append((self._roster, places, self._roster_person[places], ROSTER_WAVE))
        waves = list(self._plan.waves)
        for number, group in kept.groupby("block", sort=True):
            block = blocks[number]
            tables.append((block, group["place"].to_numpy(), group["person"].to_numpy(), waves.index(block.wave)))
        return tables

    def _check_baseline(self, rows, kept):
        baseline = baseline_of(self._plan.waves)
        if (kept["wave"] == baseline).any():
            return
        reasons = rows.loc[rows["wave"] == baseline, "reason"].value_counts()
        why = ", ".join(f"{rule} {count}" for rule, count in reasons.items())
        self._problems.add(
            Mistake(
                f"wave {baseline}",
                f"no response counts ({why})" if why else "its files hold no responses",
                allowed="responses at the first wave",
                remedy="look at the files of this wave, and at consent, complete and where in the study file",
            )
        )
        self._problems.stop_if_any()

    def _check_linked(self, kept):
        """Follow-ups in which nobody from before is found cannot be compared person by person."""
        if self._roster is not None:
            return
        baseline = baseline_of(self._plan.waves)
        before = set(kept.loc[kept["wave"] == baseline, "person"])
        for wave in self._plan.waves:
            there = set(kept.loc[kept["wave"] == wave, "person"])
            if min(len(before), len(there)) >= LINKED_AT_LEAST and not before & there:
                self._problems.add(
                    Mistake(
                        f"wave {wave}",
                        f"none of its {len(there)} people was there at wave {baseline}: waves that cannot be linked "
                        "person by person cannot be compared here",
                        remedy="look at participants.id and source.id_cleaning: identifiers may be written differently",
                    )
                )

    def _check_split(self, rows, blocks):
        """One person in two sites at once: no model here can hold that."""
        there = rows[rows["reason"].isin(["", "duplicate"])]
        tables = self._tables_of(there, blocks, np.ones(len(self.identifiers), dtype=bool))
        tables = [table for table in tables if table[3] != ROSTER_WAVE]
        for name in self._plan.participants.clusters:
            records = collect(f"cluster:{name}", tables)
            split = find_split_people(records)
            if len(split.person):
                file = split.file[0]
                self._problems.add(
                    Mistake(
                        f"{file}, column {name}",
                        f"{word_count(len(np.unique(split.person)), 'people')} in two places of '{name}' at the same "
                        f"wave ({name_rows(split.row[split.file == file])})",
                        allowed="one place a person at each wave",
                        remedy="decide which one counts, and write it into corrections.csv",
                    )
                )

    # ---- what is known -------------------------------------------------------------------------------------------

    def describe(self, *, names, key):
        """(the people table, notes). names: pseudonyms by person number"""
        participants, ledger, notes = self._plan.participants, self._ledger, []
        levels = cohort_order(participants.cohort)
        columns = {
            "participant": names[self._enrolled],
            "cohort": pd.Categorical.from_codes(self._cohort[self._enrolled], levels),
        }
        flag_conflicts(
            self._conflicts, "cohort-conflict", names=names, ledger=ledger, allowed="the cohort as first recorded",
            remedy="the person is analysed as first assigned; mend the wrong record in corrections.csv",
        )  # fmt: skip
        for name in participants.clusters:
            columns[name], moved = self._category(f"cluster:{name}", notes)
            flag_conflicts(
                moved, "cluster-moved", names=names, ledger=ledger, allowed=f"the {name} as first recorded",
                remedy="the baseline's value counts",
            )  # fmt: skip
        if participants.mentor:
            mentors, _ = self._category("mentor", notes)
            columns[participants.mentor] = [
                None if one is None else pseudonym(f"mentor {one}", key, prefix="m") for one in mentors
            ]
        for role, covariates in (("covariate", participants.covariates), ("dose", participants.dose)):
            for name, covariate in covariates.items():
                columns[name] = self._fact(f"{role}:{name}", covariate, notes, names=names, ledger=ledger)
        self._list_in_ledger(names, ledger)
        extra = [name for name in columns if name not in PEOPLE.names]
        return check_table(pd.DataFrame(columns), PEOPLE, extra=extra), notes

    def _category(self, role, notes, *, last=False):
        found, contradicting, merged = assign_category(
            collect(role, self._tables), n_people=len(self.identifiers), last=last
        )
        if merged:
            name = role.partition(":")[2] or self._plan.participants.mentor
            notes.append(f"{name}: categories that are spelt in several ways and were taken as one each: {merged}")
        return found[self._enrolled], contradicting

    def _fact(self, role, covariate, notes, *, names, ledger):
        last = role.startswith("dose:")
        if covariate.kind == "category":
            return self._category(role, notes, last=last)[0]
        return assign_number(
            collect(role, self._tables), covariate=covariate, last=last,
            n_people=len(self.identifiers), problems=self._problems, ledger=ledger, names=names,
        )[self._enrolled]  # fmt: skip

    def _list_in_ledger(self, names, ledger):
        if self._roster is None:
            return
        rows = pd.Series(self._roster.rows, index=self._roster_person)
        silent = np.setdiff1d(self._enrolled, self._answered)
        lost = np.setdiff1d(self._without_cohort, self._answered)
        for persons, rule, action in ((silent, "no-response", FLAGGED), (lost, "no-cohort", ROW)):
            if len(persons):
                ledger.add(
                    rule=rule, action=action, file=self._roster.file, sheet=self._roster.sheet,
                    row=rows.reindex(persons).to_numpy(), participant=names[persons],
                )  # fmt: skip

    # ---- for others ----------------------------------------------------------------------------------------------

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
            return np.intersect1d(self._enrolled, self._roster_person)
        baseline = list(self._plan.waves).index(baseline_of(self._plan.waves))
        there = [persons for _, _, persons, wave in self._tables if wave == baseline]
        return np.unique(np.concatenate([np.array([], dtype=np.int64), *there]))

    def roster_rows(self, names):
        """{(file, sheet, row): pseudonym} of the enrolled people in the roster"""
        if self._roster is None:
            return {}
        return {
            (*self._roster.table, int(row)): names[person]
            for row, person in zip(self._roster.rows, self._roster_person, strict=True)
            if person in self._enrolled
        }
