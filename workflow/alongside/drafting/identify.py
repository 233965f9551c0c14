"""Which column says who somebody is, and which cleaning of it finds people again.

In: tables. Out: an `Identity`; each table that has the column gets its `id_column` and `ids`.

A column is a candidate by its name or its question (participant, code, id ...) and by what is in it: hardly anybody
twice, and the same people in several tables. It is taken where the name or the question says so or people are found
again by it; otherwise it stays open. A table may call it otherwise: there it is the column with the others' values.

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
AGAIN, AGAIN_NAMED, FEWEST_AGAIN = 0.8, 0.5, 5
NEARLY_UNIQUE = 0.9
SURELY = 3
MOST_CANDIDATES = 4
RAISING = ("strip-leading-zeros", "remove-spaces", "remove-punctuation")


@dataclass
class Identity:
    """column: its name, None where none was recognised; by_table: {where: name} where tables differ; why: a sentence

    reasons: {where: why} of tables in which it is not known by its name alone
    cleaning: {step: why}; others: {name: why} of columns that could be meant too
    """

    column: str | None = None
    why: str = ""
    by_table: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
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


def score_of(column):
    """What the name says; where it says nothing (Q2), what the question does"""
    return name_score(column.name) or (name_score(column.question) if column.question else 0)


def identify(tables):
    """The Identity of the study's people."""
    values, scores = {}, {}
    for table in tables:
        for column in table.columns:
            if _could_identify(column):
                values.setdefault(column.name, {})[table.where] = {text.casefold() for text in column.counts}
                scores[column.name] = max(score_of(column), scores.get(column.name, -1))
    ranked = sorted(values, key=lambda name: _rank(scores[name], values[name], name, tables), reverse=True)
    ranked = [name for name in ranked if _is_evident(scores[name], values[name])]
    if not ranked:
        return Identity()
    best = ranked[0]
    identity = Identity(best, _why(best, values[best], tables))
    _name_by_table(identity, tables, score=scores[best])
    identity.others = {
        name: _why(name, values[name], tables)
        for name in ranked[1:4]
        if name not in identity.by_table.values() and scores[name] >= 2
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


def _rank(score, values, name, tables):
    distinct = [len(values[t.where]) / max(t.column(name).filled, 1) for t in tables if t.where in values]
    return score > 0, len(values) if score > 1 else 0, score, _found_again(values), min(distinct)


def _is_evident(score, values):
    return score >= 2 or (score >= 0 and len(values) > 1 and _found_again(values) >= FOUND_AGAIN)


def _why(name, values, tables):
    n_rows = sum(table.column(name).filled for table in tables if table.where in values)
    people = len(set().union(*values.values()))
    said = f"in {len(values)} of {many(len(tables), 'table')}; {people:,} different in {many(n_rows, 'row')}"
    return said + (f"; up to {_found_again(values):.0%} of a table's are in another too" if len(values) > 1 else "")


def _name_by_table(identity, tables, *, score):
    """Gives each table the column in which its people are. score: of the column that was recognised"""
    for table in tables:
        column = table.column(identity.column)
        # Q2 of another questionnaire may be anything: a name counts only where the question does not deny it
        if column is not None and (not column.question or score_of(column) >= score):
            _name(identity, table, column, "")
    everybody = _loose(text for table in tables if table.id_column is not None for text in table.id_column.counts)
    open_tables = [table for table in tables if table.id_column is None]
    while found := next(((table, told) for table in open_tables if (told := _stand_in(table, everybody))), None):
        table, (column, why) = found
        _name(identity, table, column, why)
        everybody |= _loose(column.counts)
        open_tables.remove(table)
    for table in open_tables:
        named = [column for column in table.columns if _could_identify(column) and score_of(column) == SURELY]
        if len(named) == 1:
            _name(identity, table, named[0], "by its name, though hardly anybody is found again")


def _name(identity, table, column, why):
    identity.by_table[table.where] = column.name
    table.id_column = column
    if column.question and not name_score(column.name):
        why = "; ".join(part for part in (f"asked for in {column.question}", why) if part)
    if why:
        identity.reasons[table.where] = why


def _stand_in(table, everybody):
    """(column, why): a table may call it otherwise, or not at all: the column that holds the same people; or None"""
    found = []
    for column in filter(_could_identify, table.columns):
        texts = _loose(column.counts)
        again = len(texts & everybody)
        share = again / max(min(len(texts), len(everybody)), 1)
        needed = AGAIN_NAMED if score_of(column) > 0 else AGAIN
        among_them = again >= needed * len(texts) > 0 and not _may_be_numbers(column)
        if among_them or (again >= FEWEST_AGAIN and share >= AGAIN_NAMED and _is_nearly_unique(column)):
            found.append((share, column))
    if not found:
        return None
    share, column = max(found, key=lambda pair: pair[0])
    return column, f"{share:.0%} of the people in it or in the other tables are in both"


def _loose(texts):
    """As people compare them: no capitals, spaces, dots or dashes"""
    return {flat for text in texts if (flat := "".join(filter(str.isalnum, text.casefold())))}


def _may_be_numbers(column):
    """Ages, hours and counted rows are found among identifiers that are numbers too."""
    if score_of(column) > 0 or not column.is_numeric:
        return False
    return not _is_nearly_unique(column)


def _is_nearly_unique(column):
    """A different value nearly everywhere, and not the numbers of the rows"""
    counted = set(column.numbers) == set(range(1, len(column.numbers) + 1)) and not column.words
    return len(column.counts) >= NEARLY_UNIQUE * column.filled and not counted


def list_candidates(table, *, without):
    """[(name, how many different, how many rows)] of columns that may say who somebody is, the likeliest first"""
    fitting = [one for one in table.columns if one.name not in without and _could_identify(one) and score_of(one) >= 0]
    fitting.sort(key=lambda one: (score_of(one), len(one.counts) / one.filled), reverse=True)
    return [(one.name, len(one.counts), one.filled) for one in fitting[:MOST_CANDIDATES]]


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
