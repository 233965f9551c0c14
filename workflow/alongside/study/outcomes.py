"""The `outcomes:` block: what was measured, by which scale, in which columns."""

import re
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from alongside.instruments.declared import DeclaredScoring
from alongside.typed_yaml.explain import quote, refuse, require
from alongside.typed_yaml.model import Model
from alongside.typed_yaml.scalars import Name, Number, Text, distinct, filled, one_of

ITEM = "{item}"
_SCORE_OF = re.compile(r"[a-z][a-z0-9_]*(\.\w+)?")
_WORTHWHILE = re.compile(r"(\d+\.?\d*|\.\d+) (sd|points?)")


class Worthwhile(Model):
    """The smallest difference that matters: in standard deviations of the baseline, or in points of the scale."""

    value: float
    unit: str


def _as_worthwhile(value):
    if not isinstance(value, str):
        return value
    match = _WORTHWHILE.fullmatch(" ".join(value.lower().split()))
    if match is None or float(match[1]) == 0:
        raise refuse(f"found {quote(value)}", allowed="a number above zero and its unit: 0.2 sd, or 1.5 points")
    return {"value": float(match[1]), "unit": "sd" if match[2] == "sd" else "points"}


def _as_columns(value):
    if isinstance(value, dict):
        return {wave: _as_columns(part) for wave, part in value.items()}
    return tuple(value) if isinstance(value, list) else value


def _check_columns(value):
    """A pattern, a list of columns, or {wave or 'otherwise': pattern, column or list}."""
    waves = value.values() if isinstance(value, dict) else [value]
    parts = [part for wave in waves for part in (wave if isinstance(wave, tuple) and wave else [wave])]
    if not value or not all(isinstance(part, str) and part.strip() for part in parts):
        raise refuse(
            f"found {quote(value)}",
            allowed='a pattern ("gad_{item}"), a list of columns, or {wave: pattern, otherwise: pattern}',
        )
    return value


def _as_limits(value):
    if len(value) != 2 or value[0] >= value[1]:
        raise refuse("not two rising numbers", allowed="[smallest, largest] number in the files, e.g. [1, 4]")
    return value


def _check_score_of(value):
    if not _SCORE_OF.fullmatch(value):
        raise refuse(f"found {quote(value)}", allowed="a codebook, or one of its subscales: who5, dass21.depression")
    return value


Columns = Annotated[
    str | tuple | dict,
    BeforeValidator(_as_columns),
    AfterValidator(_check_columns),
    WithJsonSchema({"type": ["string", "array", "object"]}),
]


class Outcome(Model):
    instrument: Text | None = None
    """The scale's codebook; `alongside instruments` lists them."""
    kind: one_of("scale", "score", "yes-no", "ordinal", "count") = "scale"
    """What it is, where no instrument is named."""
    order: Text | None = None
    """Which circulating order of the items was used; required where there are several."""
    subscale: Name | None = None
    """The part of the scale that is the outcome; several outcomes may share the columns of one scale."""
    scoring: DeclaredScoring | None = None
    """Where the study scores the scale otherwise than its manual; named in the report as a departure."""
    recorded: Annotated[tuple[Number, ...], AfterValidator(_as_limits)] | None = None
    """[smallest, largest] number in the files, where they are not the codebook's."""
    columns: Columns | None = None
    """Where the items are: "gad_{item}", a list, or {wave: ..., otherwise: ...} where waves differ."""
    column: Text | None = None
    """Where an outcome of one column is."""
    labels: dict[Text, Number] = Field(default={})
    """This survey's wording of an answer, with its number: the codebook's, or of an ordinal or yes-no outcome."""
    waves: Annotated[tuple[Text, ...], filled, distinct] = ()
    """The waves at which it was asked; unless it says otherwise those in `columns`, else all of them."""
    from_: Name | None = Field(default=None, alias="from")
    """Which of the wave's sources it stands in: the survey, school records, a parent."""
    domain: Text
    """Outcomes of one domain are looked at together when many questions are asked."""
    role: one_of("primary", "secondary", "exploratory")
    """primary: what the study was made for; exploratory: never more than suggestive."""
    smallest_worthwhile: (
        Annotated[Worthwhile, BeforeValidator(_as_worthwhile), WithJsonSchema({"type": "string"})] | None
    ) = None
    """The smallest difference that would matter: 0.2 sd, or 1.5 points."""
    higher_is: one_of("better", "worse") | None = None
    """Whether a high value is good; the codebook says so for its scale."""
    min: Number | None = None
    """Smallest possible value."""
    max: Number | None = None
    """Largest possible value."""
    score_of: Annotated[Text, AfterValidator(_check_score_of)] | None = None
    """For kind: score, the scale whose total it is (who5, or dass21.depression): only scores it can have are right."""
    keying_acknowledged: dict[Text, Text] = Field(default={})
    """{what contradicts the key: why the data are right all the same}, as the message about it names it: item 4."""

    @property
    def codebook(self):
        """The id of the scale's codebook, be the scale scored here or elsewhere; None where there is none."""
        return self.instrument or (self.score_of.partition(".")[0] if self.score_of else None)

    def asked_at(self, waves):
        """Those of the study's waves at which it was asked, in the study's order.

        The listed ones; where none are listed, those that have columns of their own; else all of them.
        """
        by_wave = isinstance(self.columns, dict) and "otherwise" not in self.columns
        named = self.waves or (self.columns if by_wave else waves)
        return tuple(wave for wave in waves if wave in named)

    @model_validator(mode="after")
    def _check_form(self):
        for broken in _form_problems(self):
            raise broken
        return self


class _Form(NamedTuple):
    """Keys that go with one way of declaring an outcome only."""

    keys: tuple
    why: str


_OF_SCALES = _Form(("order", "subscale", "scoring", "recorded"), "only where an instrument is named")
_LABELLED = ("scale", "ordinal", "yes-no")
_NOT_OF_SCALES = _Form(("min", "max", "column"), "not where an instrument is named: its codebook says so")


def _form_problems(outcome):
    """Yields what does not fit together inside one outcome; the first is reported."""
    if outcome.instrument is None and outcome.kind == "scale":
        yield refuse("neither 'instrument' nor 'kind'", allowed="instrument: a codebook, or kind: score | yes-no | ...")
        return
    scale = outcome.instrument is not None
    if scale and outcome.kind != "scale":
        yield refuse(f"found {quote(outcome.kind)}", allowed="no kind where an instrument is named", at=("kind",))
    form = _NOT_OF_SCALES if scale else _OF_SCALES
    for key in form.keys:
        if getattr(outcome, key) not in (None, {}):
            yield refuse(f"'{key}' here", allowed=form.why, at=(key,))
    yield from _label_problems(outcome, scale)
    yield from _column_problems(outcome, scale)
    if outcome.score_of is not None and outcome.kind != "score":
        yield refuse("'score_of' here", allowed="only with kind: score", at=("score_of",))
    if not scale and outcome.higher_is is None and outcome.score_of is None:
        yield require("higher_is", allowed="better | worse")
    if outcome.min is not None and outcome.max is not None and outcome.min >= outcome.max:
        yield refuse(f"found {outcome.max:g}", allowed=f"more than min, which is {outcome.min:g}", at=("max",))


def _label_problems(outcome, scale):
    """Without a codebook: whole numbers inside the declared limits. Those of a scale are held to its codebook later."""
    if outcome.labels and outcome.kind not in _LABELLED:
        yield refuse("'labels' here", allowed=f"only for answers in words: {', '.join(_LABELLED)}", at=("labels",))
    low, high = (0, 1) if outcome.kind == "yes-no" else (outcome.min, outcome.max)
    for text, number in ({} if scale else outcome.labels).items():
        outside = (low is not None and number < low) or (high is not None and number > high)
        if outside or not float(number).is_integer():
            limits = " and inside min and max" if outcome.kind == "ordinal" else ": 0 or 1"
            yield refuse(f"found {number:g}", allowed=f"a whole number{limits}", at=("labels", text))


def _column_problems(outcome, scale):
    columns = outcome.columns
    if columns is None and outcome.column is None:
        yield require("columns", allowed='"gad_{item}"') if scale else require("column", allowed="a column")
        return
    if columns is not None and outcome.column is not None:
        yield refuse("'column' beside 'columns'", allowed="one of the two", at=("column",))
    patterns = columns.items() if isinstance(columns, dict) else [((), columns)] if isinstance(columns, str) else []
    for wave, pattern in patterns:
        at = ("columns", wave) if wave else ("columns",)
        if isinstance(pattern, tuple):
            if not scale:
                yield refuse("a list of columns", allowed="one column a wave: only scales have items", at=at)
            continue
        if scale and pattern.count(ITEM) != 1:
            yield refuse(f"found {quote(pattern)}", allowed='a pattern with {item} in it, once: "gad_{item}"', at=at)
        if not scale and ITEM in pattern:
            yield refuse(f"found {quote(pattern)}", allowed="one column a wave: only scales have items", at=at)
    if not scale and isinstance(columns, str | tuple):
        yield refuse(
            "'columns' for an outcome of one column",
            allowed="column: its name, or columns: {wave: name} where waves differ",
            at=("columns",),
        )
