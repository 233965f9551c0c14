"""Which columns are the items of one scale.

In: the columns of a table. Out: `Group`s: items by number, with the pattern that finds them ("gad_{item}"), or as a
list where headers are sentences ("How often ...? [Statement A]"); and, where the waves stand beside each other in one
table, the same group at several occasions.
"""

import re
from dataclasses import dataclass, field

import numpy as np

from alongside.drafting.occasions import find_occasions
from alongside.drafting.profile import FEW, Column, words_of

ITEM = "{item}"
_NUMBER = re.compile(r"\d+")
_OPTIONS = re.compile(r".+___[\w-]+")  # REDCap's checkboxes: one column an option, no items
_MOST_ITEMS = 100
_LEAST_SENTENCES = 3


@dataclass
class Group:
    """columns: the items in order; pattern: with {item}, None for a list; stem: what the pattern says besides

    occasion: at which wave, where the column names say it; single: one column, no scale
    """

    columns: list[Column]
    stem: str
    pattern: str | None = None
    occasion: object = None
    single: bool = False

    @property
    def n_items(self):
        return len(self.columns)

    @property
    def shape(self):
        """What finds its columns: the pattern, or their names"""
        return self.pattern or tuple(column.name for column in self.columns)

    @property
    def words(self):
        return {word for word in words_of(self.stem) if not word.isdigit()}

    def numbers(self):
        return _add(column.numbers for column in self.columns)

    def texts(self):
        return _add(column.words for column in self.columns)

    def value_labels(self):
        """{code: label} of the first column that has any"""
        return next((column.labels for column in self.columns if column.labels), {})


@dataclass
class Family:
    """Groups of the same items in different tables or at different occasions. places: [(table, Group)]

    joined: their names differ, the words of their questions are the same
    """

    stem: str
    places: list[tuple] = field(default_factory=list)
    joined: bool = False

    @property
    def groups(self):
        return [group for _, group in self.places]

    @property
    def stems(self):
        return list(dict.fromkeys(group.stem for group in self.groups))

    @property
    def n_items(self):
        return self.groups[0].n_items

    @property
    def words(self):
        return set().union(*(group.words for group in self.groups))

    def numbers(self):
        return _add(group.numbers() for group in self.groups)

    def texts(self):
        return _add(group.texts() for group in self.groups)

    def people_who_say(self, texts):
        """{text: how many people give it in any item}; a row without an identifier is a person of its own"""
        found = {text: set() for text in texts}
        for table, group in self.places:
            for column in group.columns:
                stripped = [text.strip() for text in column.cells.texts]
                for code in [code for code, text in enumerate(stripped) if text in found]:
                    rows = np.flatnonzero(column.cells.codes == code)
                    found[stripped[code]] |= {table.person_of(row) for row in rows.tolist()}
        return {text: len(people) for text, people in found.items()}


def _add(counts):
    total = {}
    for one in counts:
        for key, count in one.items():
            total[key] = total.get(key, 0) + count
    return total


def find_groups(table, *, without):
    """The Groups of a table; `without`: names of columns that are something else."""
    free = [
        column
        for column in table.columns
        if column.name not in without and not column.is_dated and not _OPTIONS.fullmatch(column.name)
    ]
    numbered = _numbered_groups(free)
    taken = {column.name for group in numbered for column in group.columns}
    rest = [column for column in free if column.name not in taken]
    return numbered + _sentence_groups(rest) + _single_groups(rest)


def _looks_like_answers(column):
    """A blank column may be an item that nobody answered."""
    return len(column.counts) <= FEW + 4 and all(len(text) <= 60 for text in column.counts)


def _numbered_groups(columns):
    templates = {}
    for column in columns:
        if not _looks_like_answers(column):
            continue
        # m_1 alone is an item; in lon_1_t2 the second number is a wave's
        occasions = find_occasions(column.name) if _take_occasion_out(column.name)[1] else []
        for match in _NUMBER.finditer(column.name):
            said = any(start <= match.start() < end for start, end, _ in occasions)
            if said or len(match[0]) > 4 or not 0 < int(match[0]) <= _MOST_ITEMS:
                continue
            before, after = column.name[: match.start()], column.name[match.end() :]
            if ITEM not in before + after:
                templates.setdefault(f"{before}{ITEM}{after}", {}).setdefault(int(match[0]), column)
    whole = {}
    for template, items in templates.items():
        run = [items[number] for number in range(1, len(items) + 1) if number in items]
        if 2 <= len(run) == len(items):
            whole[template] = run
    groups, taken = [], set()
    # the longer run wins: of who5_1 ... who5_5 the item is the second number
    for template, run in sorted(whole.items(), key=lambda pair: -len(pair[1])):
        if taken.isdisjoint(column.name for column in run):
            taken |= {column.name for column in run}
            stem, occasion = _take_occasion_out(template)
            groups.append(Group(run, stem, template, occasion))
    order = {column.name: place for place, column in enumerate(columns)}
    return sorted(groups, key=lambda group: order[group.columns[0].name])


def _take_occasion_out(name):
    """("lon_{item}", second wave) for "lon_{item}_t2"; the name and None where it says nothing of a wave"""
    found = find_occasions(name)
    if len(found) != 1:
        return name, None
    start, end, occasion = found[0]
    before, after = name[:start], name[end:]
    if before and after and not before[-1].isalnum() and not after[0].isalnum():
        after = after[1:]
    stem = (before + after).strip(" _.-/")
    return (stem, occasion) if stem and stem != ITEM else (name, None)


def _sentence_groups(columns):
    """Statements of one matrix question; or questions in a row that have the same answers."""
    groups, by_question = [], {}
    for column in columns:
        match = re.fullmatch(r"(.+?)(?: / (.+)| \[(.+)\])", column.header)
        if match and _looks_like_answers(column):
            by_question.setdefault(match[1], []).append(column)
    for question, items in by_question.items():
        if len(items) >= 2:
            groups.append(Group(items, question))
    taken = {column.name for group in groups for column in group.columns}
    run = []
    for column in [*columns, None]:
        if column is not None and column.name not in taken and _is_question(column) and _fits(run, column):
            run.append(column)
            continue
        if len(run) >= _LEAST_SENTENCES:
            groups.append(Group(run, run[0].header))
        run = [column] if column is not None and column.name not in taken and _is_question(column) else []
    return groups


def _is_question(column):
    return len(words_of(column.header)) >= 4 and column.filled > 0 and _looks_like_answers(column)


def _fits(run, column):
    """Do the answers of `column` look like those of the questions before it?"""
    if not run:
        return True
    numeric = [one.is_numeric for one in (run[0], column)]
    if all(numeric):
        spans = [max(one.numbers) for one in (run[0], column)]
        return max(spans) <= 10 and abs(spans[0] - spans[1]) <= 1
    known = set().union(*(one.words for one in run))
    return not any(numeric) and bool(known & set(column.words))


def _single_groups(columns):
    """Totals of one score at several occasions: bdi.pre, bdi.2m."""
    by_stem = {}
    for column in columns:
        stem, occasion = _take_occasion_out(column.name)
        if occasion is not None and column.is_numeric:
            by_stem.setdefault(stem, []).append(Group([column], stem, None, occasion, single=True))
    return [
        group
        for groups in by_stem.values()
        if len({one.occasion for one in groups}) == len(groups) >= 2
        for group in groups
    ]


def gather_families(tables):
    """Groups of the same stem and number of items, over all tables, in the order in which they first occur."""
    families = {}
    for table in tables:
        for group in table.groups:
            key = (group.stem.casefold(), group.n_items, group.single)
            families.setdefault(key, Family(group.stem)).places.append((table, group))
    return list(families.values())
