"""The `waves:` and `source:` blocks: when people were asked, and what the exports look like."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from alongside.tables.flags import CARELESS, UNFINISHED
from alongside.typed_yaml.explain import quote, refuse
from alongside.typed_yaml.model import Model
from alongside.typed_yaml.scalars import (
    Date,
    FilePath,
    FilePaths,
    Name,
    Number,
    Prose,
    Text,
    Texts,
    Truth,
    distinct,
    one_as_list,
    one_of,
)

Format = one_of(
    "auto", "qualtrics", "redcap", "surveymonkey", "google-forms", "kobo", "limesurvey", "spss", "plain"
)  # fmt: skip
IdCleaning = one_of(
    "trim", "uppercase", "lowercase", "remove-spaces", "remove-punctuation", "strip-leading-zeros", "digits"
)  # fmt: skip

Flag = one_of(*CARELESS, UNFINISHED)


Encoding = one_of(
    "utf-8", "utf-16", "windows-1250", "windows-1251", "windows-1252", "windows-1253", "windows-1254", "windows-1257",
    "iso-8859-1", "iso-8859-2", "iso-8859-15", "mac-roman", "shift-jis", "gb18030", "big5", "euc-kr",
)  # fmt: skip
_DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}


def _as_lower(value):
    return value.lower() if isinstance(value, str) else value


def _as_delimiter(value):
    """A word or the character itself: some characters mean something else to YAML."""
    if value in _DELIMITERS.values():
        return value
    if value in _DELIMITERS:
        return _DELIMITERS[value]
    raise refuse(f"found {quote(value)}", allowed=" | ".join(_DELIMITERS))


Delimiter = Annotated[str, BeforeValidator(_as_delimiter), WithJsonSchema({"enum": [*_DELIMITERS, *",;|"]})]


class Complete(Model):
    column: Text
    """The column that says whether somebody reached the end."""
    is_: Texts = Field(alias="is")
    """The values that mean that they did."""


class Source(Model):
    format: Format = "auto"
    """Which program the exports come from."""
    dictionary: FilePath | None = None
    """REDCap's data dictionary: the labels of the codes, the columns of checkboxes."""
    sheet: Text | None = None
    """Which sheet of a workbook; needed where several have the identifier's column."""
    encoding: Annotated[Encoding, BeforeValidator(_as_lower)] | None = None
    """How a text file is encoded, where it is not UTF-8 and Windows-1252 would be wrong."""
    delimiter: Delimiter | None = None
    """What stands between the cells of a text file: comma | semicolon | tab | pipe."""
    decimal: one_of("point", "comma") | None = None
    """What stands before the decimals of a number; where it is declared, the other mark makes it no number."""
    dates: one_of("day-first", "month-first", "year-first") | None = None
    """How dates are written; without it 03/04/2026 is a date only where the rest of the column tells the day."""
    submitted: Text | None = None
    """The column that says when it was answered."""
    started: Text | None = None
    """The column that says when somebody began; with `submitted` it tells how long they took."""
    complete: Complete | None = None
    """How a finished response is recognised."""
    missing: Annotated[tuple[Text, ...], one_as_list] = ()
    """Values that mean: no answer."""
    attention_checks: dict[Text, Text] = Field(default={})
    """{column: the answer that an attentive person gives}"""
    exclude_flagged: Annotated[tuple[Flag, ...], one_as_list, distinct] = ()
    """Flags for which a response is left out; the others are only shown, and tried out in a sensitivity analysis."""
    duplicates: one_of("first", "last", "last-complete", "reject") = "last-complete"
    """Which response counts where a person answered twice."""
    id_cleaning: Annotated[tuple[IdCleaning, ...], distinct] = ()
    """What is done to identifiers before people are matched; declared, never guessed."""


class MonthsSince(Model):
    column: Text
    """The person's own start date."""
    from_: Number = Field(alias="from")
    """First month that belongs to this wave."""
    to: Number
    """Last month that belongs to this wave."""

    @model_validator(mode="after")
    def _check_order(self):
        if self.from_ >= self.to:
            raise refuse(f"found {self.to:g}", allowed=f"more than from, which is {self.from_:g}", at=("to",))
        return self


def _as_sources(value):
    """A plain list of files is the source 'survey'."""
    return value if isinstance(value, dict) else {"survey": value}


def _check_sources(sources):
    if not sources:
        raise refuse("no files", allowed="a file, a list of files, or {source: files}")
    return sources


def _check_window(window):
    if len(window) != 2:
        raise refuse("not two dates", allowed="[first day, last day]")
    if window[0] > window[1]:
        raise refuse(f"the last day, {window[1]}, is before the first, {window[0]}", allowed="[first day, last day]")
    return window


class Wave(Model):
    label: Prose
    """What tables and figures call it."""
    month: Number
    """Months since the programme began for these people; the baseline is usually 0."""
    files: Annotated[
        dict[Name, FilePaths],
        BeforeValidator(_as_sources),
        AfterValidator(_check_sources),
        WithJsonSchema({"type": ["string", "array", "object"]}),
    ]
    """The exports: a path (* stands for anything), a list of paths, or {source: paths}."""
    where: dict[Text, Texts] = Field(default={})
    """Rows of a long file that belong to this wave: {column: values}."""
    between: Annotated[tuple[Date, ...], AfterValidator(_check_window)] | None = None
    """Responses of these days belong to this wave: [first day, last day]."""
    months_since: MonthsSince | None = None
    """Responses belong to this wave by each person's own start."""
    retrospective: Truth = False
    """Asked afterwards about an earlier time; never the baseline of a verdict."""
    source: Source | None = None
    """What is different about this wave's exports."""
