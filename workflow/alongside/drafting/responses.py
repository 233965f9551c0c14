"""What a response says about itself: when it was given, whether it is finished, marks of no answer, attention checks.

In: a table, its item groups. Out: names of columns and the values that are in them, each with its reason.
"""

import re
from dataclasses import dataclass, field

import numpy as np

from alongside.drafting.profile import NO_ANSWER
from alongside.intake.dates import read_dates

_SUBMITTED = ("recorded", "submit", "submitted", "submission", "completed", "answered", "timestamp", "date", "datum",
              "datestamp", "submitdate", "recordeddate", "when")  # fmt: skip
_OTHER_DATES = {"birth", "born", "dob", "start", "started", "enrol", "enrolled", "enrolment", "enrollment", "matched",
                "began", "consent", "consented", "referral", "referred", "joined"}  # fmt: skip
_FINISHED = {"finished", "complete", "completed", "vollständig"}
_MEANS_FINISHED = {"1", "2", "true", "yes", "y", "complete", "completed", "finished"}
_CODES = {-99.0, -98.0, -97.0, -9.0, -8.0, -7.0, -1.0, 77.0, 88.0, 97.0, 98.0, 99.0, 777.0, 888.0, 997.0, 998.0, 999.0,
          9999.0}  # fmt: skip
_CHECK = {"attn", "attention", "imc", "ac", "trap"}
_MOST_AGREE = 0.6


@dataclass
class Ways:
    """How one table tells about its responses. complete: (column, values); either: day and month look alike"""

    submitted: str | None = None
    why_submitted: str = ""
    complete: tuple | None = None
    why_complete: str = ""
    checks: dict[str, tuple] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)
    either: bool = False


def read_ways(table):
    ways = Ways()
    dated = [
        column
        for column in table.columns
        if (column.is_dated or column.name == table.layout.submitted)
        and not _OTHER_DATES & {*_flat(column.name), *_flat(column.question)}
    ]
    own = next((column for column in dated if table.layout.submitted in (column.name, column.header)), None)
    named = [column for column in dated if any(word in _SUBMITTED for word in _flat(column.name))]
    chosen = own or (named[0] if len(named) == 1 or (named and table.layout.format != "redcap") else None)
    if chosen is None and len(named) > 1:
        chosen = max(named, key=lambda column: column.filled)
    if chosen is not None:
        ways.submitted = chosen.name
        what = f"what {table.layout.format} writes" if chosen is own else "a column of dates by name and content"
        ways.why_submitted = what
        ways.others = [column.name for column in named if column is not chosen]
    _read_complete(table, ways)
    for column in table.columns:
        if set(_flat(column.name)) & _CHECK and 0 < len(column.counts) <= 12:
            answer, count = max(column.counts.items(), key=lambda pair: pair[1])
            if count >= _MOST_AGREE * column.filled and count > 1:
                ways.checks[column.name] = answer, count / column.filled
    return ways


def _flat(name):
    return [part for part in re.split(r"[\W_\d]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).casefold()) if part]


def _read_complete(table, ways):
    layout = table.layout
    known = {"submitdate", "Date submitted"}
    if layout.complete and layout.complete[0] not in known and table.column(layout.complete[0]):
        column = table.column(layout.complete[0])
        ways.why_complete = f"what {layout.format} writes"
    elif layout.complete:
        return  # an empty date of submission is the tool's own mark, and needs no declaration
    else:
        form = re.compile(r".+_complete")
        columns = [column for column in table.columns if _is_mark_of_the_end(column, form)]
        if layout.format == "redcap":
            columns = _of_the_items(table, columns)
        if len(columns) != 1:
            return
        column = columns[0]
        ways.why_complete = "a column of few values by this name"
    values = [text for text in column.counts if text.casefold() in _MEANS_FINISHED]
    if layout.format == "redcap":
        values = [text for text in column.counts if text.casefold() in ("2", "complete")]
    if values:
        ways.complete = column.name, tuple(sorted(values))


def _is_mark_of_the_end(column, form):
    named = bool(set(_flat(column.name)) & _FINISHED) or form.fullmatch(column.name)
    return named and 0 < len(column.counts) <= 4 and not column.is_dated


def _of_the_items(table, columns):
    """REDCap closes each form with <form>_complete: the one that follows the items."""
    last_items = max((column.place for group in table.groups for column in group.columns), default=-1)
    after = [column for column in columns if column.place > last_items]
    return after[:1]


def read_missing(families, codebooks):
    """{text that means no answer: why}, from the columns of items alone."""
    found = {}
    allowed = {float(value) for book in codebooks.values() for value in (book.response.min, book.response.max)}
    for family in families:
        numbers, texts = family.numbers(), family.texts()
        usual = [number for number in numbers if number not in _CODES]
        for number, count in numbers.items():
            in_reach = usual and min(usual) - 1 <= number <= max(max(usual), max(allowed))
            if number in _CODES and (usual or texts) and not in_reach:  # beside words, no number but a code is expected
                found[f"{number:g}"] = found.get(f"{number:g}", 0) + count
        for text, count in texts.items():
            if NO_ANSWER.fullmatch(text.strip()):
                found[text] = found.get(text, 0) + count
    return {text: f"in {count} cells of items" for text, count in found.items()}


def read_days(table, ways):
    """The date of each response as datetime64[s], NaT where there is none; None where the column gives no dates.

    Where day and month could be either, `ways.either` says so, and the dates decide nothing.
    """
    column = table.column(ways.submitted) if ways.submitted else None
    if column is None:
        return None
    dates = read_dates(column.cells, month_first=table.layout.month_first)
    ways.either = bool(np.any(dates.ambiguous))
    return None if ways.either or np.isnat(dates.values).all() else dates.values
