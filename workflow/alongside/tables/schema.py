"""What a table promises: its columns, their kinds, and the columns that name a row once.

Kinds: text (never missing unless `nullable`), number (float64, NaN allowed only if `nullable`), count (Int64),
date (datetime64), flag (bool). Extra columns are study-specific (covariates, outcomes): the caller names them.
Text may also come as a Categorical of texts and a count as any whole-number dtype; both stay as they are, because
the long tables of a large study would not fit in memory otherwise, and because a Categorical carries the study's order.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    name: str
    kind: str
    meaning: str
    nullable: bool = False


@dataclass(frozen=True)
class Schema:
    """key: the columns that together name a row once; extra: may columns of the study's own follow?"""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    extra: bool = False

    @property
    def names(self):
        return [column.name for column in self.columns]


def text(name, meaning, nullable=False):
    return Column(name, "text", meaning, nullable)


def number(name, meaning, nullable=False):
    return Column(name, "number", meaning, nullable)


def count(name, meaning, nullable=False):
    return Column(name, "count", meaning, nullable)


PARTICIPANT = text("participant", "pseudonym; the same person in every table of one study")
WAVE = text("wave", "key of the wave in the study file")
OUTCOME = text("outcome", "key of the outcome in the study file")
COHORT = text("cohort", "key of the cohort in the study file")
