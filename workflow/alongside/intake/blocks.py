"""One table of one file at one wave, and what the study file says about the columns in it.

A `Block` is a table as one wave and source of the study uses it: the declared columns as `Cells`, and which of them is
for what. A file that two waves share gives two blocks with the same cells. `opening` makes them, `places` finds their
columns.
"""

from dataclasses import dataclass, field

import numpy as np

from alongside.intake.cells import Cells
from alongside.intake.columns import Headers
from alongside.intake.text import read_number


@dataclass
class Block:
    """roles: what a column is for -> its place; items: outcome -> {item number: place}; an outcome of one column has
    item 0. rows: row numbers as a spreadsheet shows them; columns: place -> Cells, one a row."""

    file: str
    sheet: str
    wave: str
    source: str
    settings: object
    layout: object
    headers: Headers
    decimal: str
    value_labels: dict
    roles: dict[str, int] = field(default_factory=dict)
    items: dict[str, dict[int, int]] = field(default_factory=dict)
    rows: np.ndarray = None
    columns: dict[int, Cells] = None

    @property
    def table(self):
        """What tells the block's table from others: a workbook may hold a sheet for each wave."""
        return self.file, self.sheet

    @property
    def where(self):
        return f"{self.file}, sheet {self.sheet}" if self.sheet else self.file

    def cells(self, role):
        """The Cells of a role, or None where this table does not have it."""
        place = self.roles.get(role)
        return None if place is None else self.columns[place]

    def meanings(self, place):
        """{code: label} of a column, as the file or a data dictionary gives them; a number explains no number."""
        labels = self.value_labels.get(self.name(place), {})
        return {code: label for code, label in labels.items() if read_number(label) is None}

    def name(self, place):
        return self.layout.names[place]


def baseline_of(waves):
    return next(key for key, wave in waves.items() if not wave.retrospective)


def id_columns(plan, wave):
    columns = plan.participants.id
    return columns.get(wave) or columns["otherwise"]


def consent_column(participants, wave):
    """Where a wave's files, or the roster (`wave` None), say who consented; None: they do not ask."""
    columns = {} if participants.consent is None else participants.consent.column
    return columns.get(wave, columns.get("otherwise"))


def fact_columns(participants):
    """role -> column of everything that is known about people; they may stand in any table or in the roster"""
    columns = {"cohort": participants.cohort.column}
    columns |= {f"cluster:{name}": name for name in participants.clusters}
    columns |= {f"covariate:{name}": one.column or name for name, one in participants.covariates.items()}
    columns |= {f"dose:{name}": one.column or name for name, one in participants.dose.items()}
    if participants.mentor:
        columns["mentor"] = participants.mentor
    return columns


def columns_of(outcome, wave):
    """What the study file says about an outcome's columns at a wave: a pattern, a tuple, a name, or None: not asked."""
    if wave not in outcome.waves:
        return None
    columns = outcome.columns if outcome.columns is not None else outcome.column
    return columns.get(wave, columns.get("otherwise")) if isinstance(columns, dict) else columns
