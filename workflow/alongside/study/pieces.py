"""Parts of a typed model that cross into a Snakemake rule as its parameters, and back.

A rule depends on the parts that it names, so that editing another part of the study file reruns nothing.
`take` gives plain dicts, lists, text and numbers under dotted names; `put` gives the same typed objects under the
same attribute names: plan.participants.cohort, plan.outcomes["anxiety"].
"""

import functools
import typing
from types import SimpleNamespace

import pydantic

from alongside.typed_yaml.explain import strip_annotation


def take(model, names):
    """{dotted name: plain value} of a model's parts, e.g. "waves", "participants.cohort", "outcomes.anxiety"."""
    plain = {}
    for name in names:
        value = model
        for step in name.split("."):
            value = value[step] if isinstance(value, dict) else getattr(value, step)
        plain[name] = _adapter(_annotation(type(model), name)).dump_python(value, mode="json", by_alias=True)
    return plain


def put(kind, plain):
    """A namespace of typed parts; `kind`: the model that they were taken from."""
    whole = SimpleNamespace()
    for name, value in plain.items():
        typed = _adapter(_annotation(kind, name)).validate_python(value)
        holder, annotation = whole, kind
        *way, last = name.split(".")
        for step in way:
            annotation = _below(annotation, step)
            named_things = typing.get_origin(strip_annotation(annotation)) is dict
            holder = _get_or_make(holder, step, {} if named_things else SimpleNamespace())
        _set(holder, last, typed)
    return whole


@functools.cache  # the same part of every wave or outcome has the same type
def _adapter(annotation):
    return pydantic.TypeAdapter(annotation)


def _annotation(kind, name):
    annotation = kind
    for step in name.split("."):
        annotation = _below(annotation, step)
    return annotation


def _below(annotation, step):
    """The type of what stands under `step`, with its validators."""
    bare = strip_annotation(annotation)
    if typing.get_origin(bare) is dict:
        return typing.get_args(bare)[1]
    field = bare.model_fields[step]
    return typing.Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation


def _get_or_make(holder, step, new):
    found = holder.get(step) if isinstance(holder, dict) else getattr(holder, step, None)
    if found is None:
        _set(holder, step, new)
        return new
    return found


def _set(holder, step, value):
    if isinstance(holder, dict):
        holder[step] = value
    else:
        setattr(holder, step, value)
