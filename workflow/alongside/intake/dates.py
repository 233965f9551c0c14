"""Dates as survey tools write them, without guessing.

2025-10-03 is one date; 3/10/2025 is two. Which of day and month comes first the study file may declare; then a date
that does not fit is unreadable. Otherwise the whole column decides: where any number above 12 stands in one of the two
places, that place is the day's. A column that leaves it open is read as dates only where the program is known
(SurveyMonkey writes the month first); otherwise its doubtful dates are `ambiguous` and nothing is decided by them.
Times without a zone and with one are both read as written: within one export they are in one zone.
"""

import re
from dataclasses import dataclass

import numpy as np

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]+(.*))?")
_SLASHED = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?:[T, ]+(.*))?")
_USUAL = re.compile(r"(?:19|20)\d\d-\d\d-\d\d(?:[T ]\d\d:\d\d:\d\d)?")  # read in one go: a million of them are usual
_TIME = re.compile(
    r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([AaPp])?\.?[Mm]?\.?\s*(?:Z|[A-Z]{2,5})?(?:[+-]\d{1,2}:?\d{0,2})?"
)


@dataclass(frozen=True)
class Dates:
    """values: datetime64[s] a row, NaT where there is none; unreadable, ambiguous: flags a row"""

    values: np.ndarray
    unreadable: np.ndarray
    ambiguous: np.ndarray

    @classmethod
    def none(cls, n):
        nowhere = np.zeros(n, dtype=bool)
        return cls(np.full(n, np.datetime64("NaT"), dtype="datetime64[s]"), nowhere, nowhere)


def looks_like_a_date(text):
    return bool(_ISO.fullmatch(text.strip()) or _SLASHED.fullmatch(text.strip()))


DAY_FIRST, MONTH_FIRST, YEAR_FIRST = "day-first", "month-first", "year-first"


def read_dates(cells, *, declared=None, month_first=None):
    """cells: Cells. declared: the study file's `dates`; month_first: what the program is known to do."""
    used = np.flatnonzero(np.bincount(cells.codes, minlength=len(cells.texts)))
    texts = {code: cells.texts[code].strip() for code in used}
    slashed = {code: match for code, text in texts.items() if (match := _SLASHED.fullmatch(text))}
    ambiguous = False
    if declared is not None:
        month_first = declared == MONTH_FIRST
    elif slashed:
        first_is_day = any(int(match[1]) > 12 for match in slashed.values())
        second_is_day = any(int(match[3]) > 12 for match in slashed.values())
        dotted = all(match[2] == "." for match in slashed.values())  # nobody writes the month first with dots
        if first_is_day != second_is_day:
            month_first = second_is_day
        elif dotted and month_first is None:
            month_first = False
        ambiguous = month_first is None
    values = np.full(len(cells.texts), np.datetime64("NaT"), dtype="datetime64[s]")
    unreadable, doubtful = np.zeros(len(cells.texts), dtype=bool), np.zeros(len(cells.texts), dtype=bool)
    usual = [code for code, text in texts.items() if _USUAL.fullmatch(text)]
    try:
        values[usual] = np.array([texts[code].replace(" ", "T") for code in usual], dtype="datetime64[s]")
    except ValueError:
        usual = []  # one of them is no date: then they are read one by one
    for code in texts.keys() - set(usual):
        text = texts[code]
        if not text:
            continue
        if ambiguous and code in slashed:
            doubtful[code] = True
            continue
        value = None if declared == YEAR_FIRST and code in slashed else _read(text, slashed.get(code), month_first)
        if value is None:
            unreadable[code] = True
        else:
            values[code] = value
    return Dates(values[cells.codes], unreadable[cells.codes], doubtful[cells.codes])


def _read(text, slashed, month_first):
    if slashed:
        month, day = (slashed[1], slashed[3]) if month_first else (slashed[3], slashed[1])
        year, time = slashed[4], slashed[5]
    elif match := _ISO.fullmatch(text):
        year, month, day, time = match.groups()
    else:
        return None
    clock = _read_time(time)
    if clock is None or not 1900 <= int(year) <= 2200:
        return None
    try:
        return np.datetime64(f"{year}-{int(month):02d}-{int(day):02d}T{clock}", "s")
    except ValueError:
        return None


def _read_time(text):
    if not text:
        return "00:00:00"
    match = _TIME.fullmatch(text.strip())
    if not match:
        return None
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if match[4]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match[4] in "pP" else 0)
    return f"{hour:02d}:{minute:02d}:{second:02d}" if hour < 24 and minute < 60 and second < 60 else None
