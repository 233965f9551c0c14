"""Which columns say who agreed to take part, and which of their values say yes.

In: the roster, the waves. Out: a `Consent`, or None where no
column asks for it. A column is known by its name (consent), or by its question ("Do you agree that we use your
answers?"). Only a value that plainly says yes is taken for one; where none does, somebody has to say which.

If the roster has it, the roster decides. Waves may ask for it under different names. A consent that only a later wave
asks for does not reach back to the answers before it: that is left to decide.
"""

import re
from dataclasses import dataclass, field

from alongside.drafting.profile import FEW, words_of
from alongside.intake.text import normalise

_CONSENT = {"consent", "consents", "consented", "assent", "einwilligung", "einverstanden"}
_ANSWERS = r"\b(answers|responses|data|information)\b"
_USE = r"\b(use|uses|used|using|store|stored|share|shared|keep)\b"
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
    """by_wave: {wave: column} of the waves that ask, {"otherwise": column} where one column does for all, {} where no
        wave is known

    why: {column: reason}; agrees: values that say yes; others: shared values that do not; rare: how many more there are
    clear: there is a yes wherever it is asked, and no value that means two things; late: the first wave does not ask
    """

    by_wave: dict[str, str]
    why: dict[str, str]
    agrees: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    rare: int = 0
    clear: bool = True
    late: bool = False


def recognise_consent(roster, waves, surveys, *, without):
    """roster: a table or None; surveys: the tables of the waves, known or not; without: {where: names of items}"""
    asking = {table.where: column for table in surveys if (column := _asking(table, without[table.where]))}
    enrolled = _asking(roster, without[roster.where]) if roster is not None else None
    found = [enrolled] if enrolled is not None else list(asking.values())
    if not found:
        return None
    by_wave = {
        wave.key: asking[table.where].name for wave in waves for table in wave.tables[::-1] if table.where in asking
    }
    late = enrolled is None and bool(waves) and waves[0].key not in by_wave
    why = {column.name: _why(column) for column in found}
    consent = Consent({"otherwise": found[0].name} if len(why) == 1 else by_wave, why, late=late)
    _read_values(consent, found)
    return consent


def _read_values(consent, columns):
    for column in columns:
        yes = [text for text in column.levels if says_yes(column.labels.get(text, text))]
        consent.clear = consent.clear and bool(yes)
        consent.agrees += [text for text in yes if text not in consent.agrees]
        consent.others += [text for text in column.levels if text not in (*yes, *consent.others)]
        consent.rare += len(column.counts) - len(column.levels)
    consent.clear = consent.clear and not set(consent.agrees) & set(consent.others)


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
