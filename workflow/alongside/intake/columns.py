"""Which column of an export the study file means.

A name is looked for as it stands; then among the other names that the program gives a column (the last part of
a path, a sub-question); then among headers that are whole sentences: the one header that holds these words in this
order is meant. A single word is looked for in sentences only where it is the tag of an item (`columns: [lonely, ...]`).
Two that fit are an error, and so is a name that occurs twice in the header.
Headers are quoted in messages only where they resemble what was declared: a file without a header has people in it.
"""

import difflib
import re

from alongside.errors import Mistake, UserError
from alongside.intake.text import normalise

ITEM = "{item}"


class Headers:
    """where: the file, and sheet, for messages; layout: as `shapes.recognise` gives it"""

    def __init__(self, layout, where):
        self.names = layout.names
        self.where = where
        self._aliases = layout.aliases
        self._places = {}
        for place, name in enumerate(layout.names):
            if name:
                self._places.setdefault(name, []).append(place)
        self._normal = None

    def find(self, name, *, is_tag=False):
        """The column's place from 0, or None. is_tag: the name is an item's, and one word of its sentence is enough"""
        name = " ".join(name.split())
        places = self._places.get(name, [])
        if len(places) > 1:
            raise self._repeated(name, len(places))
        if places:
            return places[0]
        if name in self._aliases:
            return self._aliases[name]
        return self._find_in_sentence(name, is_tag)

    def find_items(self, pattern, n_items):
        """{item number: place} for a pattern with {item}; an item may be written with leading zeros."""
        before, after = (re.escape(part) for part in pattern.strip().split(ITEM))
        form = re.compile(f"{before}0*([0-9]{{1,4}}){after}")
        found = {}
        for name, places in self._places.items():
            match = form.fullmatch(name)
            if match and 1 <= int(match[1]) <= n_items:
                found.setdefault(int(match[1]), []).extend(places)
        for name, place in self._aliases.items():
            match = form.fullmatch(name)
            if match and 1 <= int(match[1]) <= n_items and place not in found.get(int(match[1]), []):
                found.setdefault(int(match[1]), []).append(place)
        for item, places in found.items():
            if len(places) > 1:
                raise self._repeated(pattern.replace(ITEM, str(item)), len(places))
        return {item: places[0] for item, places in sorted(found.items())}

    def resembling(self, name):
        """Headers so like `name` that they can be quoted, the likest first."""
        return difflib.get_close_matches(name, list(self._places), n=3, cutoff=0.8)

    def _find_in_sentence(self, name, is_tag):
        words = normalise(name)
        if not words or (" " not in words and not is_tag):
            return None
        if self._normal is None:
            self._normal = [f" {normalise(header)} " for header in self.names]
        same = [place for place, header in enumerate(self._normal) if header == f" {words} "]
        fitting = same or [place for place, header in enumerate(self._normal) if f" {words} " in header]
        if len(fitting) > 1:
            raise self._repeated(name, len(fitting))
        return fitting[0] if fitting else None

    def _repeated(self, name, times):
        return UserError(
            Mistake(
                self.where,
                f"{times} columns fit '{name}'",
                allowed="each column once",
                remedy="rename or delete one of them in a copy of the export, or declare the longer name",
            )
        )


def say_which_are_like(headers, name):
    """' (it has ...)' for a message about a column that is not there, or ''."""
    found = headers.resembling(name)
    return f" (it has {', '.join(repr(header) for header in found)})" if found else ""
