"""Which column says who was mentored, and which of its values mean the same.

In: tables with identifiers. Out: a `Cohort`: the column, its levels with the values that stand for each, the reason. A
value that only one row holds is never written; it is counted.

Two values mean the same where they differ by capitals or spaces, or where at least ten people who have one in a table
have the other in another table, nine in ten of them. A name alone does not make a cohort: there must be two to six
shared values.
"""

from collections import Counter
from dataclasses import dataclass, field

from alongside.drafting.lines import printable
from alongside.drafting.people import PLACES, is_personal
from alongside.drafting.profile import AT_LEAST, words_of
from alongside.intake.text import normalise

_SURELY = {"cohort", "programme", "program", "arm", "group", "grp", "gruppe", "condition", "treatment", "treat"}
_MAYBE = {"treated", "allocation", "intervention", "mentored", "mentoring", "mentor", "randomisation", "randomization",
          "status"}  # fmt: skip
_VALUES = {"mentored", "mentor", "mentoring", "wait", "waiting", "waitlist", "control", "comparison", "treatment",
           "treated", "intervention", "programme", "program", "usual", "tau", "warteliste", "kontrolle"}  # fmt: skip
_ELSE = {"age", "year", "gender", "sex"}
_MOST = 6
_LIKELY = 2
_SAME = 0.9
_TOGETHER = 10


@dataclass
class Cohort:
    """levels: {name: [values in the files]}; merged: {value: which other value the same people have, and where it is};
    column None where none was recognised; late: neither the roster nor the first wave has it"""

    column: str | None = None
    why: str = ""
    levels: dict[str, list[str]] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)
    rare: int = 0
    late: bool = False
    others: list[str] = field(default_factory=list)
    of_person: dict[str, str] = field(default_factory=dict)


def recognise_cohort(tables, *, first, without):
    """first: the roster and the tables of the first wave; without: names of columns that are something else"""
    candidates = {}
    for table in tables:
        for column in table.columns:
            score = _score(column)
            if table.id_column is not None and score and column.name not in {*without, *PLACES}:
                candidates.setdefault(column.name, []).append((score, table))
    if not candidates:
        return Cohort()
    ranked = sorted(candidates, key=lambda name: _rank(name, candidates[name], first), reverse=True)
    name = ranked[0]
    cohort = Cohort(name, _why(name, [table for _, table in candidates[name]]), others=ranked[1:4])
    cohort.late = bool(first) and not _is_in(name, first)
    _read_levels(cohort, [table for table in tables if table.id_column is not None and table.column(name) is not None])
    return cohort if len(cohort.levels) >= 2 else Cohort(others=ranked[:4])


def _rank(name, scored, first):
    """A later wave's column says nothing of those who had left by then. A status may be of anything."""
    score = max(score for score, _ in scored)
    return score >= _LIKELY and _is_in(name, first), score, len(scored)


def _is_in(name, tables):
    """Does one of them have the column, whether it is known who is in it or not?"""
    return any(table.column(name) is not None for table in tables)


def _score(column):
    """0: no cohort; the higher, the more it looks like one"""
    if not 2 <= len(column.counts) <= 2 * _MOST or len(column.levels) > _MOST:
        return 0
    if column.is_dated or is_personal(column.name):
        return 0
    named = max(_named(set(words_of(column.name))), _named(column.said) - 1)  # of two, the one whose name says so
    told = [*column.levels, *column.labels.values()]
    valued = 2 * bool({word for text in told for word in normalise(text).split()} & _VALUES)
    return max(named + valued, 0) if named > 0 or valued else 0


def _named(words):
    return 3 * bool(words & _SURELY) + bool(words & _MAYBE) - 2 * bool(words & _ELSE)


def _why(name, tables):
    values = {normalise(text) for table in tables for text in table.column(name).levels}
    return f"by its name, and its {len(values)} different values are shared by many people"


def _read_levels(cohort, tables):
    """Fills `levels`, the tables in the order in which most people are in them."""
    tables = sorted(tables, key=lambda table: -len(table.people))
    shared = _shared_texts(tables, cohort.column)
    forms, holders = {}, {}
    for table in tables:
        column = table.column(cohort.column)
        for person, text in zip(table.ids, column.cells.text(), strict=True):
            text = text.strip()
            if not text or normalise(text) not in shared:
                cohort.rare += bool(text)
                continue
            kind = normalise(text)
            forms.setdefault(kind, Counter())[text] += 1
            if person:
                holders.setdefault(kind, {}).setdefault(table.where, set()).add(person)
    owner = {}
    for kind in forms:
        same = next((other for other in owner.values() if _is_same(holders.get(kind), holders.get(other))), None)
        owner[kind] = same or kind
        if same:
            value, other = (printable(forms[one].most_common(1)[0][0]) for one in (kind, same))
            where = ", ".join(map(printable, holders[kind]))
            cohort.merged[value] = f"{value} in {where} is {other} in the other files"
    labels = next((table.column(cohort.column).labels for table in tables if table.column(cohort.column).labels), {})
    names = {}
    for kind, main in owner.items():
        shown = list(dict.fromkeys(form for form, _ in forms[kind].most_common()))
        if main not in names:
            names[main] = _level_name(forms[main].most_common(1)[0][0], labels, set(names.values()))
        known = {text.casefold() for text in cohort.levels.get(names[main], [])}
        cohort.levels.setdefault(names[main], []).extend(_differing(shown, known))
    for kind, tables_of in holders.items():
        for people in tables_of.values():
            cohort.of_person |= dict.fromkeys(people, names[owner[kind]])


def _shared_texts(tables, name):
    """Values that at least two people have, whatever their capitals."""
    holders = {}
    for table in tables:
        for row, text in enumerate(table.column(name).cells.text()):
            holders.setdefault(normalise(text), set()).add(table.person_of(row))
    return {text for text, people in holders.items() if text and len(people) >= AT_LEAST}


def _differing(texts, known):
    """Those that differ by more than capitals: the study file compares without them."""
    kept = []
    for text in texts:
        if text.casefold() not in known:
            known.add(text.casefold())
            kept.append(text)
    return kept


def _is_same(one, other):
    """Do the same people have both, each in a table of its own?"""
    if not one or not other or set(one) & set(other):
        return False
    people = [set().union(*held.values()) for held in (one, other)]
    both = len(people[0] & people[1])
    return both >= _TOGETHER and both >= _SAME * min(map(len, people))


def _level_name(text, labels, taken):
    name = "_".join(normalise(labels.get(text, text)).split())
    name = "".join(letter for letter in name if letter.isalnum() or letter == "_")
    name = f"group_{name}" if not name or name[0].isdigit() else name
    return f"{name}_2" if name in taken or name == "otherwise" else name
