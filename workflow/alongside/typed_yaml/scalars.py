"""Text, typed by the key that it stands under.

In: what stands in the file, always text; or, where a piece of a study comes back from a Snakemake rule, the typed
value itself. Out: text, numbers, truth values, dates, names, tuples. Each refuses with what is allowed instead.
"""

import datetime
import math
import re
from pathlib import PurePosixPath, PureWindowsPath
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from alongside.typed_yaml.explain import did_you_mean, quote, refuse

# an editor's YAML reader sees 1 as a number and true as a truth value where we read text
_SCALAR_SCHEMA = {"type": ["string", "number", "boolean"]}
_SCALARS_SCHEMA = {"anyOf": [_SCALAR_SCHEMA, {"type": "array", "items": _SCALAR_SCHEMA}]}

_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_WHOLE = re.compile(r"[+-]?[0-9]+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")  # fromisoformat alone takes week dates and 20261101 too
_TRUTH = {"true": True, "yes": True, "false": False, "no": False}


def _check_text(value):
    if not value.strip():
        raise refuse("empty text", allowed="some text")
    return value


def as_number(value):
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    if isinstance(value, str) and _NUMBER.fullmatch(value) and math.isfinite(float(value)):
        return float(value)
    comma = isinstance(value, str) and _NUMBER.fullmatch(value.replace(",", ".", 1))
    remedy = f"write {value.replace(',', '.', 1)}" if comma else ""
    raise refuse(f"found {quote(value)}", allowed="a number", remedy=remedy)


def _as_whole(value):
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and _WHOLE.fullmatch(value) and len(value) < 20:
        return int(value)
    raise refuse(f"found {quote(value)}", allowed="a whole number")


def _as_truth(value):
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in _TRUTH:
        return _TRUTH[value.lower()]
    raise refuse(f"found {quote(value)}", allowed="true | false")


def _as_date(value):
    if isinstance(value, datetime.date):
        return value
    try:
        if isinstance(value, str) and _DATE.fullmatch(value):
            return datetime.date.fromisoformat(value)
    except ValueError:
        pass  # the 30th of February: refused like any other text
    raise refuse(f"found {quote(value)}", allowed="a date as year-month-day (2026-11-01)")


def _as_tuple(value):
    """One value stands for a list of one."""
    if not isinstance(value, str | list | tuple):
        raise refuse(f"found {quote(value)}", allowed="one value, or a list ([one, another])")
    return (value,) if isinstance(value, str) else value


def _check_filled(values):
    if not values:
        raise refuse("an empty list", allowed="at least one value")
    return values


def _check_distinct(values):
    repeated = sorted({str(value) for value in values if values.count(value) > 1})
    if repeated:
        raise refuse(f"{', '.join(map(quote, repeated))} more than once", allowed="each value once")
    return values


def _check_name(value):
    if not re.fullmatch(r"[\w-]+", value):
        raise refuse(f"the name {quote(value)}", allowed="letters, digits, _ and - (no spaces)")
    if value == "otherwise":
        raise refuse("the name 'otherwise'", allowed="any other name: 'otherwise' stands for all other waves")
    return value


def _check_variable(value):
    if not value[0].isalpha() or "-" in value:
        raise refuse(f"the name {quote(value)}", allowed="letters, digits and _, beginning with a letter")
    return value


def _check_relative(value):
    windows = PureWindowsPath(value)
    if PurePosixPath(value).is_absolute() or windows.drive or windows.root or ".." in windows.parts:
        raise refuse(
            f"the path {quote(value)}",
            allowed="a path below the study's folder, with / between its parts",
            remedy="put the file into the study's folder and write the path from there",
        )
    return value


Text = Annotated[str, AfterValidator(_check_text), WithJsonSchema(_SCALAR_SCHEMA)]
Prose = Annotated[Text, AfterValidator(str.strip), WithJsonSchema({"type": "string"})]
"""Words for the report: the line break that YAML leaves at the end of a block of text is no part of them."""
Texts = Annotated[
    tuple[Text, ...], BeforeValidator(_as_tuple), AfterValidator(_check_filled), WithJsonSchema(_SCALARS_SCHEMA)
]
Number = Annotated[float, BeforeValidator(as_number), WithJsonSchema({"type": "number"})]
Whole = Annotated[int, BeforeValidator(_as_whole), WithJsonSchema({"type": "integer"})]
Truth = Annotated[bool, BeforeValidator(_as_truth), WithJsonSchema({"type": "boolean"})]
Date = Annotated[datetime.date, BeforeValidator(_as_date), WithJsonSchema({"type": "string", "format": "date"})]

Name = Annotated[Text, AfterValidator(_check_name)]
"""Names a wave, a cohort or a claim."""
Variable = Annotated[Name, AfterValidator(_check_variable)]
"""Names an outcome or a covariate: a column of the panel and a term of a model."""
FilePath = Annotated[Text, AfterValidator(_check_relative), WithJsonSchema({"type": "string"})]
FilePaths = Annotated[
    tuple[FilePath, ...], BeforeValidator(_as_tuple), AfterValidator(_check_filled), AfterValidator(_check_distinct)
]
distinct = AfterValidator(_check_distinct)
filled = AfterValidator(_check_filled)
one_as_list = BeforeValidator(_as_tuple)


def one_of(*values):
    """A type for one of a few words."""

    def check(value):
        if value not in values:
            raise refuse(f"found {quote(value)}", allowed=" | ".join(values), remedy=did_you_mean(value, values))
        return value

    return Annotated[str, AfterValidator(check), WithJsonSchema({"enum": list(values)})]


def bounded(kind, *, low, high, allowed, remedy=""):
    """A number type with limits, both included."""

    def check(value):
        if not low <= value <= high:
            raise refuse(f"found {value:g}", allowed=allowed, remedy=remedy)
        return value

    return Annotated[kind, AfterValidator(check)]
