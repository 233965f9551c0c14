"""What is known about people: cohort, clusters, mentor, covariates, dose; one row a person.

In: kept rows with their blocks, and the roster. Out: the people table, in the order of the raw identifiers.

* The roster decides where it has the column. Otherwise the baseline's answer counts; the cohort, clusters and mentor
  of somebody who joined later are those of the first wave that names them; a dose is the last one written down.
* Nobody changes cohort here: a person is analysed as first assigned, and a later record that differs is a ledger row
  (`cohort-conflict`). The same for clusters (`cluster-moved`).
* Whoever has no cohort anywhere is set aside (`no-cohort`).
* Categories that differ only in case, spaces or punctuation are one category, spelt as most people spell it.

Fails with UserError for a cohort that is not declared, text where a number is due, a fact that no file has, and a
person who is in two clusters at one wave.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from alongside.errors import Mistake
from alongside.intake.coding import ANSWER, BLANK, MISSING, RULES, UNKNOWN, code_covariate
from alongside.intake.ledger import CELL, FLAGGED
from alongside.intake.problems import count_cells, name_rows
from alongside.intake.text import TextSet, normalise

ROSTER_WAVE = -1  # before every wave


@dataclass
class Records:
    """Every mention of one fact: person number, wave (its place; -1 for the roster), value, file and row.

    value: the text of the cell, "" where the file's `missing` says that it means no answer; decimal: as for numbers;
    label: what the file itself says that the value means (SPSS, Stata, a data dictionary), "" where it says nothing
    """

    person: np.ndarray
    wave: np.ndarray
    value: np.ndarray
    file: np.ndarray
    sheet: np.ndarray
    row: np.ndarray
    column: np.ndarray
    decimal: np.ndarray
    label: np.ndarray

    def where(self, keep):
        return Records(*(getattr(self, name)[keep] for name in self.__dataclass_fields__))

    def first_of(self, n_people, *, last=False):
        """Place of each person's first (or last) record, -1 where there is none."""
        order = np.argsort(self.wave, kind="stable")
        order = order if last else order[::-1]
        found = np.full(n_people, -1)
        found[self.person[order]] = order  # of several records of a person the one assigned last stays
        return found


def collect(role, tables):
    """All records of a role; `value` is text. tables: [(block or roster, places of rows, person numbers, wave)]"""
    parts = {name: [] for name in Records.__dataclass_fields__}
    for table, places, persons, wave in tables:
        cells = table.cells(role)
        if cells is None:
            continue
        n = len(places)
        parts["person"].append(persons)
        parts["wave"].append(np.full(n, wave, dtype=np.int16))
        missing = TextSet(table.settings.missing)
        cells = cells.replace(lambda text, missing=missing: "" if text in missing else text)
        parts["value"].append(cells.take(places).text())
        parts["file"].append(np.full(n, table.file, dtype=object))
        parts["sheet"].append(np.full(n, table.sheet, dtype=object))
        parts["row"].append(table.rows[places])
        parts["column"].append(np.full(n, table.name(table.roles[role]), dtype=object))
        parts["decimal"].append(np.full(n, table.decimal, dtype=object))
        labels = table.meanings(table.roles[role])
        cells = cells.replace(lambda text, labels=labels: labels.get(text.strip(), ""))
        parts["label"].append(cells.take(places).text())
    return Records(
        **{
            name: np.concatenate([np.array([], dtype=_KINDS.get(name, object)), *values])
            for name, values in parts.items()
        }
    )


_KINDS = {"person": np.int64, "wave": np.int16, "row": np.int64}


def assign_cohorts(records, *, cohort, n_people, problems, ledger):
    """(cohort's place a person, -1 for none; records that contradict it)."""
    order = cohort_order(cohort)
    sets = [TextSet(cohort.levels[level]) for level in order]

    def read(text):
        if not text.strip():
            return -1
        return next((place for place, values in enumerate(sets) if text in values), -2)

    codes = _spread(records.value, read, np.int16)
    by_label = _spread(records.label, read, np.int16)
    codes = np.where((codes == -2) & (by_label >= 0), by_label, codes)
    if (codes == -2).any():
        wrong = records.where(codes == -2)
        allowed = "; ".join(", ".join(cohort.levels[level]) for level in order)
        _list_unknown(wrong, allowed, ledger, remedy="a wording of a cohort: participants.cohort.levels")
        for (file, column), rows in _by_column(wrong):
            problems.add(
                Mistake(
                    f"{file}, column {column}",
                    f"{count_cells(len(rows))} no declared cohort ({name_rows(rows)})",
                    allowed=allowed,
                    remedy="add the wording to participants.cohort.levels, or to source.missing if it means no answer",
                )
            )
    known = records.where(codes >= 0)
    codes = codes[codes >= 0]
    first = known.first_of(n_people)
    assigned = np.where(first >= 0, codes[first], -1) if len(codes) else np.full(n_people, -1)
    return assigned, known.where(codes != assigned[known.person])


def cohort_order(cohort):
    """The comparison first, then as in the study file."""
    return [cohort.comparison, *(level for level in cohort.levels if level != cohort.comparison)]


def assign_category(records, *, n_people, last=False):
    """(text a person, None for none; records that contradict it; groups of spellings that were taken as one)"""
    said = _spread(records.value, _is_said, bool)
    records = records.where(said)
    meant = np.where(_spread(records.label, _is_said, bool), records.label, records.value)  # Female rather than 2
    records.value = np.array([" ".join(text.split()) for text in meant], dtype=object)
    spelling, merged = _agree_on_spelling(records.value)
    records.value = np.array([spelling[text] for text in records.value], dtype=object)
    first = records.first_of(n_people, last=last)
    assigned = np.append(records.value, None)[first]
    return assigned, records.where(records.value != assigned[records.person]), merged


def _agree_on_spelling(values):
    """({spelling: the one that is used}, number of categories with several spellings)"""
    counts = pd.Series(values, dtype=object).value_counts()
    families = {}
    for text, count in counts.items():
        families.setdefault(normalise(text) or text, []).append((-count, text))
    chosen = {text: min(family)[1] for family in families.values() for _, text in family}
    return chosen, sum(len(family) > 1 for family in families.values())


def assign_number(records, *, covariate, n_people, problems, ledger, names, last=False):
    """A number a person, NaN for none; impossible ones are set aside in the ledger. names: pseudonyms by person"""
    numbers, kinds = np.full(len(records.value), np.nan), np.zeros(len(records.value), dtype=np.int8)
    code = code_covariate(covariate)
    for decimal in dict.fromkeys(records.decimal):
        code = code_covariate(covariate, decimal=decimal)
        here = records.decimal == decimal
        numbers[here] = _spread(records.value[here], lambda text, code=code: code.read(text)[0], float)
        kinds[here] = _spread(records.value[here], lambda text, code=code: code.read(text)[1], np.int8)
    unknown = records.where(kinds == UNKNOWN)
    _list_unknown(unknown, code.allowed_with_labels, ledger, remedy=_LOOK_IT_UP)
    for (file, column), rows in _by_column(unknown):
        problems.add(
            Mistake(
                f"{file}, column {column}",
                f"{count_cells(len(rows))} text that is no answer ({name_rows(rows)})",
                allowed=code.allowed_with_labels,
                remedy="add it to source.missing where it means no answer, or mend the cell in corrections.csv",
            )
        )
    for kind in set(kinds) - {ANSWER, BLANK, MISSING, UNKNOWN}:
        wrong = records.where(kinds == kind)
        ledger.add(
            rule=RULES[kind], action=CELL, file=wrong.file, sheet=wrong.sheet, row=wrong.row, column=wrong.column,
            participant=names[wrong.person], found=wrong.value, allowed=code.allowed, remedy=_LOOK_IT_UP,
        )  # fmt: skip
    answered = kinds == ANSWER
    known, numbers = records.where(answered), numbers[answered]
    return np.append(numbers, np.nan)[known.first_of(n_people, last=last)]


def _list_unknown(records, allowed, ledger, *, remedy):
    """The cells that stop the run, for the evaluator's eyes; whose they are does not matter for a wording."""
    if len(records.value):
        ledger.add(
            rule=RULES[UNKNOWN], action=CELL, file=records.file, sheet=records.sheet, row=records.row,
            column=records.column, found=records.value, allowed=allowed, remedy=remedy,
        )  # fmt: skip


_LOOK_IT_UP = "look it up, and write what it should be into corrections.csv; otherwise it stays missing"


def flag_conflicts(records, rule, *, names, ledger, allowed, remedy):
    if len(records.person):
        ledger.add(
            rule=rule, action=FLAGGED, file=records.file, sheet=records.sheet, row=records.row, column=records.column,
            participant=names[records.person], found=records.value, allowed=allowed, remedy=remedy,
        )  # fmt: skip


def find_split_people(records):
    """Rows of people who are in two places of one cluster level at the same wave."""
    said = _spread(records.value, _is_said, bool)
    records = records.where(said)
    frame = pd.DataFrame(
        {"person": records.person, "wave": records.wave, "value": _spread(records.value, normalise, object)}
    )
    places = frame.groupby(["person", "wave"])["value"].transform("nunique")
    return records.where((places > 1).to_numpy())


def _is_said(text):
    return bool(text.strip())


def _spread(values, function, dtype):
    """function(text) once per different text"""
    codes, texts = pd.factorize(values)
    results = np.empty(len(texts), dtype=dtype)
    for place, text in enumerate(texts):
        results[place] = function(text)
    return results[codes] if len(texts) else np.empty(0, dtype=dtype)


def _by_column(records):
    frame = pd.DataFrame({"file": records.file, "column": records.column, "row": records.row})
    return [(key, group["row"].tolist()) for key, group in frame.groupby(["file", "column"], sort=True)]
