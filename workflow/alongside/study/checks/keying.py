"""Totals of a known scale, and contradictions between key and data that are acknowledged: both name things that exist.

Whether a contradiction is there at all, only the data can say (alongside.sample.keying).
"""

import re

from alongside.errors import UserError
from alongside.instruments import list_instruments, load_instrument, take_measure
from alongside.instruments.totals import split_score_of
from alongside.typed_yaml.explain import Problem, did_you_mean, quote

OF_SCALES = ("reversed items", "whole scale", "between waves")
OF_TOTALS = ("between waves", "scores")


def check_keying(draft):
    for name, outcome in (draft.outcomes or {}).items():
        path = ("outcomes", name)
        if outcome.score_of is not None:
            yield from _score_of(draft.folder / "instruments", path, outcome)
        yield from _acknowledged(draft.folder / "instruments", path, outcome)


def _score_of(folder, path, outcome):
    id, subscale = split_score_of(outcome.score_of)
    known = list_instruments(folder)
    path = (*path, "score_of")
    if id not in known:
        yield Problem(path, f"there is no instrument {quote(id)}", ", ".join(known), did_you_mean(id, known))
        return
    instrument = _load(id, folder)
    if instrument is None:
        yield Problem(path, f"the codebook {id} has mistakes", "", f".venv/bin/alongside instruments check {id}.yaml")
        return
    parts = tuple(f"{id}.{part}" for part in instrument.subscales)
    if subscale is not None and subscale not in instrument.subscales:
        remedy = did_you_mean(outcome.score_of, parts)
        yield Problem(path, f"{id} has no subscale {quote(subscale)}", " | ".join((id, *parts)), remedy)
    elif subscale is None and instrument.scoring.method == "subscales-only":
        yield Problem(path, f"{id} has no total score, only subscales", " | ".join(parts))
    else:
        yield from _agree(path[:-1], outcome, take_measure(instrument, subscale=subscale))


def _agree(path, outcome, measure):
    """What the outcome says of itself beside the codebook has to be the same."""
    for key, given, right in (
        ("higher_is", outcome.higher_is, measure.higher_is),
        ("min", outcome.min, measure.range.min),
        ("max", outcome.max, measure.range.max),
    ):
        if given is not None and given != right:
            shown = right if isinstance(right, str) else f"{right:g}"
            allowed = f"{shown}, as in the codebook of {measure.instrument}; or no line, for the codebook says so"
            yield Problem((*path, key), f"found {given if isinstance(given, str) else f'{given:g}'}", allowed)


def _acknowledged(folder, path, outcome):
    scale = outcome.instrument if outcome.instrument in list_instruments(folder) else None
    instrument = _load(scale, folder) if scale else None
    for name in outcome.keying_acknowledged:
        item = re.fullmatch(r"item ([1-9]\d*)", name)
        if outcome.instrument is not None:
            allowed = " | ".join(("item N", *OF_SCALES))
            sound = name in OF_SCALES or (item and (instrument is None or int(item[1]) <= instrument.n_items))
        else:
            allowed = " | ".join(OF_TOTALS) if outcome.kind == "score" else "nothing here: it is not of a scale"
            sound = name in OF_TOTALS and outcome.kind == "score"
        if not sound:
            if item and instrument is not None:
                allowed += f", N from 1 to {instrument.n_items}"
            yield Problem((*path, "keying_acknowledged", name), f"found {quote(name)}", allowed)


def _load(id, folder):
    """The codebook, None where it has mistakes of its own: whoever names the instrument is told of them."""
    try:
        return load_instrument(id, folder)
    except UserError:
        return None
