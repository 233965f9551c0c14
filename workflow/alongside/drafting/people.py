"""What is known about people: where they are, who mentors them, what they are like, how much they had.

In: tables with identifiers, the cohort. Out: `Facts`, columns by what they say, each with its reason. Columns that hold
names, addresses or free text are left alone and never listed.
"""

import re
from dataclasses import dataclass, field

from alongside.drafting.profile import FEW, words_of
from alongside.intake.text import normalise

_YES_NO = {"yes", "no", "y", "n", "true", "false", "1", "0", "checked", "unchecked"}
PLACES = ("country", "region", "district", "city", "redcap_data_access_group", "school", "site", "centre", "center",
           "clinic", "location", "class", "classroom", "form")  # fmt: skip
_ABOUT = {"age", "alter", "gender", "geschlecht", "sex", "ethnicity", "ethnic", "race", "generation", "grade",
          "income", "language", "education", "disability", "employed", "employment", "housing", "siblings",
          "religion", "old", "meals", "fsm", "year", "hobby", "hobbies", "marital", "born"}  # fmt: skip
_DOSE = {"meetings", "sessions", "hours", "visits", "contacts", "attendance", "attended", "matched", "dose", "calls"}
_PERSONAL = {"name", "email", "mail", "phone", "mobile", "address", "street", "postcode", "zip", "comment", "comments",
             "notes", "note", "ip", "latitude", "longitude", "dob", "birth", "birthday", "contact"}  # fmt: skip
_NAMED = {"event", "school", "site", "centre", "center", "clinic", "class", "region", "district", "city", "programme",
          "program", "group", "form", "course", "wave"}  # fmt: skip
_ONE_COHORT = 0.8
_OTHER_COHORT = 0.1


@dataclass
class Fact:
    name: str
    column: str
    why: str
    kind: str = ""


@dataclass
class Facts:
    """covariates, dose: {name: Fact}; clusters: {column: why}, outermost first"""

    clusters: dict[str, str] = field(default_factory=dict)
    mentor: tuple | None = None
    covariates: dict[str, Fact] = field(default_factory=dict)
    dose: dict[str, Fact] = field(default_factory=dict)


def find_roster(tables):
    """The table with one row a person and no items in which most columns are about people, or None."""
    everybody = set().union(*(table.people for table in tables))
    fitting = [
        table
        for table in tables
        if table.id_column is not None
        and not table.groups
        and len(table.people) >= 0.98 * table.n_rows
        and len(table.people) >= 0.5 * len(everybody)
        and sum(is_about_people(column) for column in table.columns) >= 2
    ]
    return max(fitting, key=lambda table: (len(table.columns), len(table.people)), default=None)


def is_about_people(column):
    words = set(words_of(column.name))
    about = (
        _ABOUT
        | _DOSE
        | set(PLACES)
        | {"consent", "consented", "assent", "mentor", "programme", "program", "group", "cohort", "arm"}
    )
    return bool(words & about) or column.name in PLACES


def recognise_facts(tables, cohort, *, without, reserved):
    """tables: the roster alone, or the tables of the first wave; reserved: names that no covariate may have"""
    facts = Facts()
    places = {}
    for table in tables:
        for column in table.columns:
            if column.name in without or column.is_dated or not column.filled:
                continue
            _place(column, table, cohort, facts, places, reserved)
    people = len({table.person_of(row) for table in tables for row in range(table.n_rows)})
    for name, column in sorted(places.items(), key=lambda pair: _outermost(*pair)):
        if name not in reserved:
            facts.clusters[name] = f"{len(column.counts)} places for {people:,} people"
    return facts


def _place(column, table, cohort, facts, places, reserved):
    words, said = set(words_of(column.name)), column.said
    shared = column.filled >= 2 * len(column.counts)
    if "mentor" in words and not is_personal(column.name) and len(column.counts) > 2:
        where = _cohort_of(column, table, cohort)
        why = f"by its name; filled in for {where} alone" if where else "by its name"
        facts.mentor = facts.mentor or (column.name, why)
    elif is_personal(column.name) or is_personal(column.question):
        return
    elif (column.name in PLACES or said & set(PLACES)) and shared and len(column.counts) >= 2:
        places.setdefault(column.name, column)
    elif column.is_numeric and (where := _cohort_of(column, table, cohort)):
        why = f"numbers, filled in for {where} alone"
        facts.dose.setdefault(column.name, Fact(variable_name(column.name, reserved), column.name, why))
    elif words & _DOSE and column.is_numeric:
        facts.dose.setdefault(column.name, Fact(variable_name(column.name, reserved), column.name, "by its name"))
    elif said & _ABOUT and (kind := _kind(column)):
        name = variable_name(column.name, reserved)
        why = "by its name and content" if words & _ABOUT else f"by its content and its question: {column.question}"
        facts.covariates.setdefault(name, Fact(name, column.name, why, kind))


def _outermost(name, column):
    """By how many places there are, then as the words usually contain each other."""
    words = [place for place in PLACES if place == name or place in column.said]
    return len(column.counts), PLACES.index(words[0])


def is_yes_no(column):
    return {normalise(text) for text in column.counts} <= _YES_NO


def _kind(column):
    texts = {normalise(text) for text in column.counts}
    if is_yes_no(column):
        return "yes-no"
    if column.is_numeric and (len(column.numbers) > 6 or column.said & {"age", "alter", "old"}):
        return "number"
    return "category" if len(texts) <= FEW else ""


def _cohort_of(column, table, cohort):
    """The one cohort for whose people the column is filled in, or None."""
    filled, of = {}, {}
    for person, text in zip(table.ids, column.cells.text(), strict=True):
        level = cohort.of_person.get(person)
        if level is not None:
            of[level] = of.get(level, 0) + 1
            filled[level] = filled.get(level, 0) + bool(text.strip())
    shares = {level: filled[level] / of[level] for level in of}
    if len(shares) < 2:
        return None
    best = max(shares, key=shares.get)
    others = [share for level, share in shares.items() if level != best]
    return best if shares[best] >= _ONE_COHORT and max(others) <= _OTHER_COHORT else None


def variable_name(text, reserved):
    """A name for a column of the results: letters, digits and _, beginning with a letter, not taken."""
    name = re.sub(r"[\W_]+", "_", text.casefold()).strip("_")
    name = name[:40].rstrip("_")
    if not name or not name[0].isalpha():
        name = f"q_{name}" if name else "answer"
    return f"{name}_answer" if name in reserved else name


def distinct_name(text, taken):
    """A `variable_name` that no other has, capitals or not."""
    name = variable_name(text, taken)
    while name.casefold() in taken:
        name += "_2"
    return name


def is_personal(name):
    """Does a column's name say that it holds names of people, addresses or free text? An Event Name is no person's."""
    words = set(words_of(name))
    return bool(words & (_PERSONAL - {"name"} if words & _NAMED else _PERSONAL))
