"""The `waves:` and `source:` blocks: when people were asked, and what the exports look like."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from alongside.typed_yaml.explain import refuse
from alongside.typed_yaml.model import Model
from alongside.typed_yaml.scalars import (
    Date,
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


class Complete(Model):
    column: Text
    """The column that says whether somebody reached the end."""
    is_: Texts = Field(alias="is")
    """The values that mean that they did."""


class Source(Model):
    format: Format = "auto"
    """Which program the exports come from."""
    submitted: Text | None = None
    """The column that says when it was answered."""
    complete: Complete | None = None
    """How a finished response is recognised."""
    missing: Annotated[tuple[Text, ...], one_as_list] = ()
    """Values that mean: no answer."""
    attention_checks: dict[Text, Text] = Field(default={})
    """{column: the answer that an attentive person gives}"""
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
