"""Which column says who somebody is, and which cleaning of it finds people again.

In: tables. Out: an `Identity`; each table that has the column gets its `id_column` and `ids`.

A column is a candidate by its name (participant, code, id ...) and by what is in it: hardly anybody twice, and the same
people in several tables. It is taken where the name says so or people are found again by it; otherwise it stays open.

Cleaning is proposed only where it changes something: outer spaces, capitals, then whatever finds more people again
without making one person of two in any table.
"""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from alongside.drafting.lines import many
from alongside.drafting.profile import words_of
from alongside.intake.identity import clean_columns

_PERSON = {"participant", "pid", "person", "subject", "client", "student", "pupil", "child", "youth", "member", "case",
           "kürzel", "teilnehmer", "uid", "sid"}  # fmt: skip
_CODE = {"id", "code", "number", "no", "nr", "identifier", "kennung", "key"}
_ALONE = {"pid", "kürzel", "subject", "participant", "uid", "sid", "id", "code"}
_CONTACT = {"email", "mail", "phone", "mobile", "telephone"}
_NOBODY = {
    "mentor",
    "school",
    "site",
    "tutor",
    "teacher",
    "class",
    "response",
    "session",
    "device",
    "ip",
    "name",
    "group",
}
LONGEST = 60
FOUND_AGAIN = 0.3
RAISING = ("strip-leading-zeros", "remove-spaces", "remove-punctuation")


@dataclass
class Identity:
    """column: its name, None where none was recognised; by_table: {where: name} where tables differ; why: a sentence
    cleaning: {step: why}; others: {name: why} of columns that could be meant too"""

    column: str | None = None
    why: str = ""
    by_table: dict[str, str] = field(default_factory=dict)
    cleaning: dict[str, str] = field(default_factory=dict)
    others: dict[str, str] = field(default_factory=dict)


def name_score(name):
    """3: participant id; 2: pid; 1: an e-mail address; 0: says nothing; -1: says somebody or something else"""
    words = set(words_of(name))
    if (words & _PERSON and words & _CODE) or name.casefold() in ("record_id", "study_id"):
        return 3
    if words & _NOBODY:
        return -1
    if words & _ALONE and len(words) <= 4:
        return 2
    return 1 if words & _CONTACT else 0


def identify(tables):
    """The Identity of the study's people."""
    values = {}
    for table in tables:
        for column in table.columns:
            if _could_identify(column):
                values.setdefault(column.name, {})[table.where] = {text.casefold() for text in column.counts}
    ranked = sorted(values, key=lambda name: _rank(name, values[name], tables), reverse=True)
    ranked = [name for name in ranked if _is_evident(name, values[name])]
    if not ranked:
        return Identity()
    best = ranked[0]
    identity = Identity(best, _why(best, values[best], tables))
    everybody = set().union(*values[best].values())
    for table in tables:
        name = best if table.column(best) else _stand_in(table, everybody, values)
        if name is not None:
            identity.by_table[table.where] = name
            table.id_column = table.column(name)
    identity.others = {
        name: _why(name, values[name], tables)
        for name in ranked[1:4]
        if name not in identity.by_table.values() and name_score(name) >= 2
    }
    named = [table for table in tables if table.id_column is not None]
    identity.cleaning = _propose_cleaning(named)
    for table in named:
        table.ids = clean_columns([table.id_column.cells], tuple(identity.cleaning))
    return identity


def _could_identify(column):
    few = len(column.counts) < max(3, 0.15 * column.filled)
    return not (few or column.share_filled < 0.3 or column.is_dated or max(map(len, column.counts)) > LONGEST)


def _found_again(values):
    """The largest share of one table's people that another table has too."""
    sets = list(values.values())
    shares = [len(one & other) / min(len(one), len(other)) for at, one in enumerate(sets) for other in sets[at + 1 :]]
    return max(shares, default=0.0)


def _rank(name, values, tables):
    score = name_score(name)
    distinct = [len(values[t.where]) / max(t.column(name).filled, 1) for t in tables if t.where in values]
    return score > 0, len(values) if score > 1 else 0, score, _found_again(values), min(distinct)


def _is_evident(name, values):
    score = name_score(name)
    return score >= 2 or (score >= 0 and len(values) > 1 and _found_again(values) >= FOUND_AGAIN)


def _why(name, values, tables):
    n_rows = sum(table.column(name).filled for table in tables if table.where in values)
    people = len(set().union(*values.values()))
    said = f"in {len(values)} of {many(len(tables), 'table')}; {people:,} different in {many(n_rows, 'row')}"
    return said + (f"; up to {_found_again(values):.0%} of a table's are in another too" if len(values) > 1 else "")


def _stand_in(table, everybody, values):
    """A table without the column may call it otherwise: the column that holds the same people."""
    shares = {
        name: len(held[table.where] & everybody) / len(held[table.where])
        for name, held in values.items()
        if table.where in held
    }
    best = max(shares, key=shares.get, default=None)
    needed = 0.5 if best is not None and name_score(best) > 0 else 0.8
    return best if best is not None and shares[best] >= needed else None


def _propose_cleaning(tables):
    """{step: why}, in the order in which they are applied"""
    steps = {}
    texts = [list(table.id_column.counts) for table in tables]
    outer = sum(
        int(count)
        for table in tables
        for text, count in zip(table.id_column.cells.texts, np.bincount(table.id_column.cells.codes), strict=False)
        if text.strip() and text != text.strip()
    )
    if outer:
        steps["trim"] = f"{many(outer, 'identifier has', 'identifiers have')} spaces around"
    flat = Counter(text for some in texts for text in set(some))
    by_case = {}
    for text in flat:
        by_case.setdefault(text.casefold(), set()).add(text)
    differing = sum(len(forms) > 1 for forms in by_case.values())
    if differing:
        upper = sum(n for text, n in flat.items() if text.upper() == text)
        step = "uppercase" if upper >= 0.5 * sum(flat.values()) else "lowercase"
        steps[step] = f"{many(differing, 'identifier is', 'identifiers are')} written with and without capitals"
    for step in RAISING:
        _propose(step, tables, steps)
    return steps


def _propose(step, tables, steps):
    before, after = (_people(tables, (*steps, *more)) for more in ((), (step,)))
    collides = any(len(one) < len(other) for one, other in zip(after, before, strict=True))
    gained = _twice(after) - _twice(before)
    if gained > 0 and not collides:
        steps[step] = f"with it {many(gained, 'more person is', 'more people are')} found again in another table"


def _people(tables, steps):
    return [set(clean_columns([table.id_column.cells], steps)) - {""} for table in tables]


def _twice(sets):
    return sum(n > 1 for n in Counter(one for some in sets for one in some).values())
