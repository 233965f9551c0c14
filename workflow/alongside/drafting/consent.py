"""Which columns say who agreed to take part, and which of their values say yes.

In: the tables in which the people are enrolled, then those of the later waves. Out: a `Consent`, or None where no
column asks for it. A column is known by its name (consent), or by its question ("Do you agree that we use your
answers?"). Only a value that plainly says yes is taken for one; where none does, somebody has to say which.

A consent that only a later wave asks for does not reach back to the answers before it: that is left to decide.
"""

import re
from dataclasses import dataclass, field

from alongside.drafting.profile import FEW, words_of
from alongside.intake.text import normalise

_CONSENT = {"consent", "consents", "consented", "assent", "einwilligung", "einverstanden"}
_ANSWERS, _USE = (
    r"\b(answers|responses|data|information)\b",
    r"\b(use|uses|used|using|store|stored|share|shared|keep)\b",
)
_AGREES_TO = re.compile(
    rf"\b(agree|agrees|permission|allow)\b.{{0,80}}(\b(take|taking) part\b|\bparticipat|{_ANSWERS}.{{0,40}}{_USE}"
    rf"|{_USE}.{{0,40}}{_ANSWERS})"
)
_TO_SOMETHING_ELSE = {"contact", "recontact", "newsletter", "photo", "photos", "video", "recording", "date", "version"}
_AGREES = {"y", "1", "true", "checked"}
_BEGINS_WITH_YES = re.compile(r"(yes|ja|oui|i consent|consent|consented|i agree|agree|agreed|i do)\b")
_NO = {"no", "not", "dont", "nicht", "nein", "never", "unsure"}


@dataclass
class Consent:
    """agrees: its values that say yes; others: shared values that do not; rare: how many more values there are

    elsewhere: {where: column} of tables that ask under another name; late: no table of the first wave has it
    """

    column: str
    why: str
    agrees: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    rare: int = 0
    elsewhere: dict[str, str] = field(default_factory=dict)
    late: bool = False

    @property
    def columns(self):
        return {self.column, *self.elsewhere.values()}


def recognise_consent(first, later, *, without):
    """first: the roster and the tables of the first wave; later: the other tables; without: {where: names of items}"""
    asked = [(table, column) for table in (*first, *later) if (column := _asking(table, without[table.where]))]
    if not asked:
        return None
    table, column = asked[0]
    found = Consent(column.name, _why(column), late=table not in first)
    for other, same in asked:
        if same.name != column.name:
            found.elsewhere[other.where] = same.name
            continue
        for text in same.levels:
            kept = found.agrees if says_yes(same.labels.get(text, text)) else found.others
            if text not in kept:
                kept.append(text)
        found.rare += len(same.counts) - len(same.levels)
    return found


def _asking(table, items):
    """The column of a table that asks for consent, or None"""
    fitting = [column for column in table.columns if column.name not in items and _asks(column)]
    return next(iter(fitting), None)


def _asks(column):
    words = {*words_of(column.name), *words_of(column.question)}
    if not 0 < len(column.counts) <= FEW or column.is_dated or words & _TO_SOMETHING_ELSE:
        return False
    return bool(words & _CONSENT) or any(_AGREES_TO.search(normalise(one)) for one in (column.name, column.question))


def _why(column):
    if not set(words_of(column.name)) & _CONSENT and column.question:
        return f"by its question: {column.question}"
    return "by its name"


def says_yes(text):
    flat = normalise(text)
    return flat in _AGREES or (bool(_BEGINS_WITH_YES.match(flat)) and not set(flat.split()) & _NO)
