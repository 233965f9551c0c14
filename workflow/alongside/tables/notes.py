"""What a person should know about how the exports were read: sentences, and how many people they are about.

A count never stands in the words of a note: it stands beside them, so that disclosure control can take it out. The
sentence ends where the count goes ("answered and not in the roster: 1 person").
"""

from typing import NamedTuple

from alongside.tables.schema import Schema, count, text

NOTES = Schema(
    "notes",
    "what a person should know about how the exports were read, in the order of reading",
    (
        text("text", "a sentence, complete without its count"),
        text("unit", "what was counted, as a plural: people | identifiers | rows; '' where nothing was", nullable=True),
        count("n", "how many; missing where nothing was counted", nullable=True),
    ),
)

SINGULAR = {"people": "person", "identifiers": "identifier", "rows": "row"}


class Counted(NamedTuple):
    """A note with a count of people, or of what people left behind."""

    text: str
    unit: str
    n: int


def word_count(n, unit):
    """(1, 'people') -> '1 person', (1200, 'people') -> '1,200 people'"""
    return f"{n:,} {SINGULAR[unit] if n == 1 else unit}"


def list_notes(notes):
    """Texts and `Counted` notes as rows of NOTES, each once, in order."""
    return [tuple(note) if isinstance(note, Counted) else (note, "", None) for note in dict.fromkeys(notes)]


def say_note(text, unit, n):
    """A row of NOTES as a sentence with its exact count: for the evaluator's own screen, never for a public file."""
    return f"{text}: {word_count(int(n), unit)}" if unit else text
