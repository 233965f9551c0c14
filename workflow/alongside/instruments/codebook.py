"""A codebook: how one scale is scored, as numbers; never the wording of an item.

`Instrument` is what a codebook file holds. All item numbers count in the order of `orders`, all numbers are in the
codebook's own coding (`response`), and `reversed` means min + max - answer. A score is formed like this: shift the
answers to the codebook's coding; reverse the items of the declared order; apply the missing rule; then `scoring`.
"""

import re
from fractions import Fraction
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from alongside.typed_yaml.explain import quote, refuse
from alongside.typed_yaml.model import Model
from alongside.typed_yaml.scalars import Name, Number, Text, Truth, Whole, as_number, distinct, filled, one_of

_FRACTION = re.compile(r"\d+/[1-9]\d*")


def _as_numbers(value):
    """A list of items; none where there are none."""
    return () if value == "none" else value


def _none_as_absent(value):
    return None if value == "none" else value


def _check_id(value):
    if not re.fullmatch(r"[a-z][a-z0-9_]*", value):
        raise refuse(f"the id {quote(value)}", allowed="small letters, digits and _, beginning with a letter")
    return value


def as_factor(value):
    """20/6 as typed: a factor that no decimal number writes exactly."""
    return float(Fraction(value)) if isinstance(value, str) and _FRACTION.fullmatch(value) else value


COMMON_PRACTICE = "common practice"


def _as_published(value):
    known = {"true": True, "yes": True, "false": False, "no": False, COMMON_PRACTICE: COMMON_PRACTICE}
    if str(value).lower() not in known:
        raise refuse(f"found {quote(value)}", allowed=f"true | {COMMON_PRACTICE} | false")
    return known[str(value).lower()]


def _as_limits(value):
    """[smallest, largest] as numbers."""
    allowed = "[smallest, largest], two rising numbers"
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise refuse(f"found {quote(value)}", allowed=allowed)
    low, high = map(as_number, value)
    if low >= high:
        raise refuse(f"found {low:g} and {high:g}", allowed=allowed)
    return Limits(low, high)


Items = Annotated[
    tuple[Whole, ...],
    BeforeValidator(_as_numbers),
    distinct,
    WithJsonSchema({"anyOf": [{"const": "none"}, {"type": "array", "items": {"type": "integer"}}]}),
]
Direction = one_of("better", "worse")


class Limits(NamedTuple):
    """Smallest and largest value, both included."""

    min: float
    max: float


Range = Annotated[Limits, BeforeValidator(_as_limits), WithJsonSchema({"type": "array", "items": {"type": "number"}})]


class Rights(Model):
    status: one_of("free", "conditions", "registration", "permission")
    """free | conditions | registration | permission"""
    note: Text
    """The terms in a sentence, as far as known."""


class MissingRule(Model):
    """How many answers of a scale (or of each subscale) may be absent, and what is done then."""

    max_missing: Whole
    """Most answers that may be absent; with more there is no score."""
    how: one_of("none", "prorate", "sum-answered")
    """none: all answers are needed; prorate: the answered items' mean stands in; sum-answered: those are summed."""
    per: one_of("scale", "subscale") = "scale"
    """Whether answers are counted over the whole scale or in each subscale."""
    rounded: Truth = False
    """Whether a prorated score is rounded to a whole number."""
    published: Annotated[
        bool | str, BeforeValidator(_as_published), WithJsonSchema({"enum": [True, COMMON_PRACTICE, False]})
    ]
    """true: the authors or a manual state the rule; common practice: it is only what many do, or what a program does
    by default; false: there is none, and all items are required."""
    note: Text | None = None
    """Who published the rule, or whose practice it is."""


class Scoring(Model):
    method: one_of("sum", "mean", "multiply", "table", "dichotomise-count", "sum-of-subscales", "subscales-only")
    """multiply: the sum times `factor`; table: the sum looked up in `table`; subscales-only: there is no total."""
    factor: Annotated[Number, BeforeValidator(as_factor)] | None = None
    """What the sum is multiplied with; 20/6 may be written so."""
    table: dict[Whole, Number] = Field(default={})
    """{sum of the items: score}, complete from the smallest to the largest sum."""
    counts_from: Whole | None = None
    """For dichotomise-count: an answer counts as 1 from here on, after reversal."""
    subscales: tuple[Name, ...] = ()
    """For sum-of-subscales: which of them make the total."""
    note: Text | None = None
    """Other scorings in circulation."""


class Cutoff(Model):
    """A band of the score that a source names."""

    from_: Number | None = Field(default=None, alias="from")
    """First score of the band."""
    to: Number | None = None
    """Last score of the band."""
    label: Text
    """What the source calls the band."""
    of: Name | None = None
    """The subscale, where it is not the total."""
    source: Text
    """Who set the cut-off."""


class Subscale(Model):
    items: Items
    """Its items; where there are several orders, in the first of them."""
    items_in: dict[Name, Items] = Field(default={})
    """{order: its items}, for the other orders."""
    scoring: Scoring | None = None
    """Where it differs from the whole scale's."""
    range: Range
    """[smallest, largest] possible score."""
    higher_is: Direction | None = None
    """Where it differs from the whole scale's."""
    missing_rule: MissingRule | None = None
    """Where it differs from the whole scale's."""


class Reliability(Model):
    what: Text
    """alpha, retest over two weeks, ICC, ..."""
    low: Number
    """The coefficient, or the lowest where sources give a range."""
    high: Number | None = None
    """The highest."""
    of: Name | None = None
    """The subscale, where it is not the total."""
    source: Text
    """Who reports it."""


class SafetyItem(Model):
    item: Whole
    """Its number."""
    from_: Whole = Field(alias="from")
    """The answer from which a person should be looked after."""
    why: Text
    """What the item asks about, in a word or two."""


Answer = Annotated[Whole | None, BeforeValidator(_none_as_absent), WithJsonSchema({"type": ["integer", "string"]})]
Score = Annotated[Number | None, BeforeValidator(_none_as_absent), WithJsonSchema({"type": ["number", "string"]})]


class Example(Model):
    """Answers in the codebook's coding before reversal, and the score that a person worked out by hand."""

    what: Text
    """Which case it is: all smallest, one answer missing, ..."""
    order: Name | None = None
    """The item order; the only one unless it says otherwise."""
    answers: tuple[Answer, ...]
    """One an item, none for a missing one."""
    score: Score
    """The total, none where there is none."""
    subscales: dict[Name, Score] = Field(default={})
    """Scores of subscales, none where there is none."""


class Instrument(Model):
    id: Annotated[Text, AfterValidator(_check_id)]
    """The file's name without .yaml; what a study file calls the scale."""
    name: Text
    """The scale's name in the report."""
    version: Text
    """Which version or year; versions are scored differently."""
    citation: Text
    """Where the scale was published."""
    rights: Rights
    """Who may use it; shown whenever it is used."""
    n_items: Whole
    """How many items it has."""
    response: Range
    """[smallest, largest] answer in this codebook's coding."""
    labels: dict[Text, Whole] = Field(default={})
    """The answers' usual words and their numbers."""
    orders: Annotated[dict[Name, Items], filled]
    """{name of an item order: items that are reversed in it}; several where versions order their items differently."""
    subscales: dict[Name, Subscale] = Field(default={})
    """{name: the items of a part that has its own score}"""
    scoring: Scoring
    """How the answers make the score."""
    missing_rule: MissingRule
    """How many answers may be absent, and what is done then."""
    range: Range
    """[smallest, largest] possible score."""
    higher_is: Direction
    """better | worse"""
    cutoffs: tuple[Cutoff, ...] = ()
    """Bands that a source names; none where the sources have none."""
    reliability: tuple[Reliability, ...] = ()
    """What was published about it."""
    change: Text | None = None
    """What is published about the smallest change that matters."""
    safety_items: tuple[SafetyItem, ...] = ()
    """Items whose answers go to a named person, never into a report."""
    hazards: tuple[Text, ...] = ()
    """Mistakes with this scale that were found in public code and pages."""
    not_verified: dict[Text, Text] = Field(default={})
    """{field or part of one: how it is known}, for everything that was not read at its source."""
    sources: Annotated[tuple[Text, ...], filled]
    """Where the key was read."""
    examples: Annotated[tuple[Example, ...], filled]
    """Worked out by hand; they run as tests."""
