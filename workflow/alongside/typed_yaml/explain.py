"""A mistake before it has a line, and pydantic's errors in plain words.

In: a `pydantic.ValidationError` and the annotation it arose in. Out: one `Problem` for each error. Unknown keys come
with the keys that exist there and the nearest of them.
"""

import difflib
import types
import typing
from dataclasses import dataclass

import pydantic
from pydantic_core import PydanticCustomError

LONGEST_QUOTE = 60  # characters of a value that are repeated in a message


@dataclass(frozen=True)
class Problem:
    """path: keys from the top of the file; absent: the last of them is not there; at_line: where not at its key."""

    path: tuple
    found: str
    allowed: str = ""
    remedy: str = ""
    absent: bool = False
    at_line: int | None = None


def refuse(found, *, allowed="", remedy="", at=()):
    """The error that our own validators raise; `at`: the key below the validated block that is to be mended."""
    context = {"found": found, "allowed": allowed, "remedy": remedy, "at": tuple(at), "absent": False}
    return PydanticCustomError("refused", "{found}", context)


def require(key, *, allowed):
    """The error for a key that something else in its block makes necessary."""
    context = {"found": "missing", "allowed": allowed, "remedy": "", "at": (key,), "absent": True}
    return PydanticCustomError("refused", "{found}", context)


def quote(value):
    """A value of the file, short enough for a message."""
    if isinstance(value, dict):
        return "a block of keys"
    if isinstance(value, list | tuple):
        return "a list"
    if value is None:
        return "nothing"
    text = str(value)
    return repr(text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 3] + "...")


def nearest(name, names):
    """The most similar of `names`, or None."""
    by_folded = {str(other).casefold(): other for other in names}
    close = difflib.get_close_matches(str(name).casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[close[0]] if close else None


def did_you_mean(name, names):
    """The remedy for an unknown name: '' where nothing is similar."""
    close = nearest(name, names)
    return f"did you mean '{close}'?" if close is not None else ""


def explain_errors(error, *, annotation, path=()):
    """One `Problem` per pydantic error.

    annotation: what the value at `path` should have been; path: keys from the top of the file to that value
    """
    return [_explain(one, annotation, tuple(path)) for one in error.errors(include_url=False)]


def _explain(error, annotation, path):
    kind, location, value = error["type"], error["loc"], error["input"]
    if location and location[-1] == "[key]":
        return _refused(error, (*path, *location[:-1]))
    here = (*path, *location)
    if kind == "refused":
        return _refused(error, here)
    if kind == "extra_forbidden":
        known = key_names(model_at(annotation, location[:-1]))
        remedy = did_you_mean(location[-1], known) or _elsewhere(annotation, location)
        return Problem(here, f"unknown key '{location[-1]}'", ", ".join(known), remedy)
    if kind == "missing":
        model = model_at(annotation, location[:-1])
        return Problem(here, "missing", _description(model, location[-1]), absent=True)
    return Problem(here, f"found {quote(value)}", EXPECTED.get(kind, error["msg"]))


EXPECTED = {
    "model_type": "keys with values (key: value)",
    "model_attributes_type": "keys with values (key: value)",
    "dict_type": "keys with values (key: value)",
    "tuple_type": "a list ([one, another])",
    "list_type": "a list ([one, another])",
    "string_type": "one value",
}


def _refused(error, here):
    context = error["ctx"]
    path = (*here, *context["at"])
    absent = context["absent"]
    return Problem(path, context["found"], context["allowed"], context["remedy"], absent=absent)


def _elsewhere(annotation, location):
    """Where a misplaced key belongs, if a block beside it has that name."""
    model = model_at(annotation, location[:-1])
    for name, field in model.model_fields.items():
        inner = model_at(field.annotation, ())
        if inner is not None and location[-1] in key_names(inner):
            return f"it belongs under '{field.alias or name}:'"
    return ""


def key_names(model):
    return [field.alias or name for name, field in model.model_fields.items()]


def model_at(annotation, location):
    """The model (a block of keys) that stands at `location` below a value of type `annotation`, or None."""
    annotation = strip_annotation(annotation)
    if isinstance(annotation, type) and issubclass(annotation, pydantic.BaseModel):
        if not location:
            return annotation
        field = next(f for n, f in annotation.model_fields.items() if location[0] in (n, f.alias))
        return model_at(field.annotation, location[1:])
    inner = [part for part in typing.get_args(annotation) if part is not Ellipsis]
    if location and inner:
        return model_at(inner[-1], location[1:])
    return None


def strip_annotation(annotation):
    """Without Annotated and `| None`."""
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        return strip_annotation(typing.get_args(annotation)[0])
    if origin in (typing.Union, types.UnionType):
        return strip_annotation(next(part for part in typing.get_args(annotation) if part is not type(None)))
    return annotation


def _description(model, key):
    field = next(field for name, field in model.model_fields.items() if key in (name, field.alias))
    return field.description or ""
