"""Which program wrote an export, and where in it the answers begin.

In: the first records of a table and the declared `format`. Out: a `Layout`: which row holds the names, which record is
the first answer, other names by which a column may be called, and what the program is known to write about a response
(when, whether finished, whether a test). `auto` tries the programs one after another, the most recognisable first,
and says what it recognised and by what; a file that nobody claims is `plain`: one row of names, then answers.

Header rows are found by what stands in them, never counted: a Qualtrics export with a line break in a question is the
usual way to lose the first respondent.

Fails with UserError where the declared program's marks are not there, or the row of names is empty.
"""

import re
from dataclasses import dataclass, field

from alongside.errors import Mistake, UserError
from alongside.intake.dates import looks_like_a_date


@dataclass(frozen=True)
class Layout:
    """names: one a column, stripped; header: record of the names; first: record of the first answer (both from 0)

    aliases: other names of a column (the last part of a path, the words of a sub-question)
    submitted, complete: what the program itself writes; used where the study file declares nothing. complete is
        (column, values that mean finished); no values: anything but an empty cell does
    preview: (column, values) of rows that no respondent wrote
    month_first: dates are known to be written month/day/year
    seconds: the column that says how long somebody took
    started, ended: the columns that say when they began and when they stopped; ended where it is not `submitted`
    blanks: what the program writes where there is nothing
    """

    format: str
    why: str
    names: list[str]
    header: int
    first: int
    aliases: dict[str, int] = field(default_factory=dict)
    submitted: str | None = None
    complete: tuple[str, tuple[str, ...]] | None = None
    preview: tuple[str, tuple[str, ...]] | None = None
    month_first: bool | None = None
    seconds: str | None = None
    started: str | None = None
    ended: str | None = None
    blanks: tuple[str, ...] = ()


_QUALTRICS_COLUMNS = {"StartDate", "EndDate", "Status", "Progress", "Finished", "RecordedDate", "ResponseId"}
_SURVEYMONKEY_COLUMNS = {"Respondent ID", "Collector ID", "Start Date", "End Date"}
_SURVEYMONKEY_SECOND_ROW = {"", "Response", "Open-Ended Response"}
_KOBO_COLUMNS = {"_uuid", "_submission_time", "meta/instanceID", "KEY", "SubmissionDate", "__version__"}
_LIMESURVEY_COLUMNS = {"submitdate", "lastpage", "startlanguage", "Date submitted", "Last page", "Start language"}
_GOOGLE_TIMESTAMP = {"Timestamp", "Zeitstempel", "Horodateur", "Marca temporal", "Tijdstempel"}


def recognise(table, declared):
    """The Layout of a RawTable. declared: a format's name, or "auto"."""
    if declared in ("auto", None):
        for shape in (_qualtrics, _surveymonkey, _redcap, _kobo, _limesurvey, _google_forms):
            layout = shape(table)
            if layout is not None:
                return layout
        return _plain(table)
    if declared in ("plain", "spss", "stata"):
        return _plain(table)
    layout = _SHAPES[declared](table)
    if layout is None:
        raise UserError(
            Mistake(
                table.where,
                f"does not look like an export of {declared}: {_EXPECTED[declared]}",
                remedy="declare `format: auto` or `format: plain`, or export it again without changing the header",
            )
        )
    return layout


def _plain(table):
    names = _names(table, table.head[0])
    if table.program:
        why = f"a file of {_PROGRAMS[table.program]}, its variables are the columns"
        return Layout(table.program, why, names, 0, 1)
    return Layout("plain", "one row of names", names, 0, 1)


def _qualtrics(table):
    names = [cell.strip() for cell in table.head[0]]
    known = _QUALTRICS_COLUMNS & set(names)
    imports = next((place for place, record in enumerate(table.head) if any(_is_import_id(c) for c in record)), None)
    if imports is None and len(known) < 4:
        return None
    if imports is not None:
        first, why = imports + 1, f'a row of {{"ImportId"}} (row {table.first_row + imports})'
    else:
        first, why = _first_with_a_date(table, names), f"columns {', '.join(sorted(known)[:3])}, no ImportId row"
    return Layout(
        "qualtrics",
        why,
        _names(table, table.head[0]),
        0,
        first,
        submitted="RecordedDate" if "RecordedDate" in names else None,
        seconds="Duration (in seconds)" if "Duration (in seconds)" in names else None,
        complete=("Finished", ("1", "True")) if "Finished" in names else None,
        # Status as text, or as its numbers: 1 preview, 2 test, 8 spam, and the same with 16 added offline
        preview=(
            "Status",
            ("Survey Preview", "Survey Test", "Offline Survey Preview", "Spam", "1", "2", "8", "9", "17"),
        )
        if "Status" in names
        else None,
    )


def _is_import_id(cell):
    return cell.replace(" ", "").replace("'", '"').startswith('{"ImportId"')


def _first_with_a_date(table, names):
    """The question texts stand between the names and the first row that has a date where a date belongs."""
    dated = next(place for place, name in enumerate(names) if name in ("RecordedDate", "EndDate", "StartDate"))
    for place, record in enumerate(table.head[1:], start=1):
        if looks_like_a_date(record[dated]):
            return place
    return len(table.head)


def _surveymonkey(table):
    top = [cell.strip() for cell in table.head[0]]
    if len(_SURVEYMONKEY_COLUMNS & set(top)) < 3:
        return None
    second = [cell.strip() for cell in table.head[1]] if len(table.head) > 1 else [""] * len(top)
    two_rows = any(cell in ("Response", "Open-Ended Response") for cell in second) or "" in top
    aliases = {}
    if two_rows:
        question, names = "", []
        for upper, lower in zip(top, second, strict=True):
            question = upper or question
            alone = lower in _SURVEYMONKEY_SECOND_ROW
            names.append(question if alone else f"{question} / {lower}")
        aliases = _unique(second, skip=_SURVEYMONKEY_SECOND_ROW)
    else:
        names = top
    why = "columns Respondent ID and Collector ID" + (", a second row of sub-questions" if two_rows else "")
    return Layout(
        "surveymonkey", why, _names(table, names), 0, 2 if two_rows else 1,
        aliases=aliases, submitted="End Date" if "End Date" in top else None, month_first=True,
        started="Start Date" if "Start Date" in top else None,
    )  # fmt: skip


def _redcap(table):
    names = [cell.strip() for cell in table.head[0]]
    marks = [name for name in names if name in ("redcap_event_name", "redcap_repeat_instrument", "Event Name")]
    forms = [name for name in names if name.endswith("_complete")]
    boxes = [name for name in names if re.fullmatch(r".+___[\w-]+", name)]
    if not marks and not (forms and (boxes or names[0] == "record_id")):
        return None
    why = "column " + (marks or boxes or forms)[0]
    return Layout("redcap", why, _names(table, names), 0, 1, blanks=("[not completed]",))  # in a form's timestamp


def _kobo(table):
    names = [cell.strip() for cell in table.head[0]]
    marks = sorted(_KOBO_COLUMNS & set(names))
    if len(marks) < 2:
        return None
    last_parts = [re.split(r"[/:]", name)[-1] if re.search(r"[/:]", name) else "" for name in names]
    aliases = {alias: place for alias, place in _unique(last_parts).items() if alias not in names}
    submitted = next((name for name in ("_submission_time", "SubmissionDate") if name in names), None)
    return Layout(
        "kobo", f"columns {', '.join(marks[:2])}", _names(table, names), 0, 1, aliases=aliases, submitted=submitted,
        # both by the clock of the telephone; when the form arrived says nothing about how long it took
        started="start" if {"start", "end"} <= set(names) else None, ended="end",
    )  # fmt: skip


def _limesurvey(table):
    top = [cell.strip() for cell in table.head[0]]
    codes = [re.split(r"\. ", name, maxsplit=1)[0] for name in top]  # "code. Question text" where both were exported
    marks = sorted(_LIMESURVEY_COLUMNS & (set(top) | set(codes)))
    if len(marks) < 2:
        return None
    submitted = next((name for name in ("submitdate", "Date submitted") if name in top or name in codes), None)
    aliases = {alias: place for alias, place in _unique(codes).items() if alias not in top}
    seconds = next((name for name in ("interviewtime", "Total time") if name in top or name in codes), None)
    return Layout(
        "limesurvey", f"columns {', '.join(marks[:2])}", _names(table, top), 0, 1, aliases=aliases, submitted=submitted,
        # submitdate is empty in a response that was not finished, and LimeSurvey has no other mark for it
        complete=(submitted, ()) if submitted else None, seconds=seconds,
        started="startdate" if "startdate" in top or "startdate" in codes else None,
    )  # fmt: skip


def _google_forms(table):
    names = [cell.strip() for cell in table.head[0]]
    if not names or names[0] not in _GOOGLE_TIMESTAMP:
        return None
    return Layout("google-forms", f"first column {names[0]}", _names(table, names), 0, 1, submitted=names[0])


def _names(table, record):
    names = [re.sub(r"[\s\u00a0\ufeff]+", " ", cell).strip() for cell in record]
    if not any(names):
        raise UserError(Mistake(f"{table.where}, row {table.first_row}", "the row of column names is empty"))
    return names


def _unique(names, skip=("",)):
    """name -> its place, for names that occur once"""
    return {name: names.index(name) for name in names if name not in skip and names.count(name) == 1}


_PROGRAMS = {"spss": "SPSS", "stata": "Stata"}
_SHAPES = {
    "qualtrics": _qualtrics, "surveymonkey": _surveymonkey, "redcap": _redcap, "kobo": _kobo,
    "limesurvey": _limesurvey, "google-forms": _google_forms,
}  # fmt: skip
_EXPECTED = {
    "qualtrics": 'no row of {"ImportId"}, and not its columns (StartDate, Status, Finished, RecordedDate, ...)',
    "surveymonkey": "no columns Respondent ID, Collector ID, Start Date",
    "redcap": "no column redcap_event_name, no *_complete columns beside record_id",
    "kobo": "no columns _uuid, _submission_time",
    "limesurvey": "no columns submitdate, lastpage, startlanguage",
    "google-forms": "the first column is not Timestamp",
}
