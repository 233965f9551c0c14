"""Look at codebooks: list them, explain one, check a study's own. Text for a screen of 80 columns; no item's wording.

In: an id or a file, and the instruments folder of a study where it has scales of its own. Out: lines, or the UserError
of a faulty codebook, each mistake with its line.

A codebook is sound when it agrees with itself, its key gives the score of every worked example, and the examples are
of all the kinds that find a wrong key (instruments/examples.py).
"""

import textwrap
from pathlib import Path

from alongside.errors import UserError
from alongside.instruments import list_instruments, load_instrument, take_measure
from alongside.instruments.departures import say_origin, say_rule, say_scoring
from alongside.instruments.examples import list_missing_kinds
from alongside.instruments.library import library_folder, read_with_lines
from alongside.instruments.measure import subscale_items
from alongside.scoring import list_false_examples, say_score
from alongside.typed_yaml import Problem

WIDTH = 80
COMMAND = ".venv/bin/alongside"
WHERE = "in the project's folder"
LABEL = 13
NAME = 25


def list_codebooks(word=None, *, folder=None):
    """A line for each codebook whose id, name or citation holds `word`; then what the words of rights mean."""
    scales = [load_instrument(id, folder) for id in list_instruments(folder)]
    if word is not None:
        scales = [scale for scale in scales if _mentions(scale, word.casefold())]
    if not scales:
        yield f"No codebook mentions {word!r}; `{COMMAND} instruments` lists them all ({WHERE})."
        return
    yield _line("id", "name", "items", "range", "high is", "rights")
    for scale in scales:
        limits = "no total" if scale.scoring.method == "subscales-only" else _between(scale.range)
        first, *more = textwrap.wrap(scale.name, NAME)
        yield _line(scale.id, first, str(scale.n_items), limits, scale.higher_is, scale.rights.status)
        yield from (_line("", text, "", "", "", "").rstrip() for text in more)
    yield ""
    counted = "1 codebook" if len(scales) == 1 else f"{len(scales)} codebooks"
    yield f"{counted}. `{COMMAND} instruments show <id>` explains one ({WHERE})."


def _line(id, name, items, limits, direction, rights):
    return f"{id:<14}{name:<{NAME}} {items:>5} {limits:<12} {direction:<7} {rights}"


def explain_codebook(id, *, folder=None):
    """Everything that a codebook knows. id: its id, or the path of its file"""
    scale = read_with_lines(id)[0] if Path(id).suffix == ".yaml" else load_instrument(id, folder)
    yield from _wrap(f"{scale.id}: {scale.name}, {scale.version}", indent=0)
    for label, texts in _fields(scale):
        for place, text in enumerate(texts):
            yield from _wrap(text, label="" if place else label)


def check_codebook(path):
    """Lines that say what was checked; UserError with every mistake."""
    scale, document = read_with_lines(path)
    problems = [
        Problem(
            ("examples", number, "score") if name == "score" else ("examples", number, "subscales", name),
            f"the example says {say_score(expected)}, the key gives {say_score(found)}",
            remedy="work the score out by hand again: the example is wrong, or the key is",
        )
        for number, name, found, expected in list_false_examples(scale)
    ]
    problems += [
        Problem(("examples",), f"no example of this kind: {kind}", "the score worked out by hand")
        for kind in list_missing_kinds(scale)
    ]
    if Path(path).resolve().parent != library_folder().resolve() and scale.id in list_instruments():
        allowed = "an id of its own, so that the report can tell them apart"
        problems.append(Problem(("id",), f"the id '{scale.id}' is that of a scale in the library", allowed))
    if problems:
        raise UserError(*document.mistakes(problems))
    yield f"{document.name}: sound."
    yield "It agrees with itself, and its key gives the score of every worked example."
    yield f"Examples: {len(scale.examples)}. Key: {', '.join(f'{text} ({what})' for what, text in _hashes(scale))}."
    yield f"A study finds it as {scale.id} in its folder instruments/."


def _mentions(scale, word):
    return any(word in text.casefold() for text in (scale.id, scale.name, scale.citation, *scale.subscales))


def _fields(scale):
    """(label, texts) of everything worth knowing, in the order in which somebody would ask."""
    yield "citation", [scale.citation]
    yield "rights", [f"{scale.rights.status}. {scale.rights.note}"]
    labels = ", ".join(f"{number} {label}" for label, number in scale.labels.items())
    yield (
        "answers",
        [f"{scale.n_items} items, answered from {_between(scale.response)}" + (f": {labels}" * bool(labels))],
    )
    yield "item order", [f"{name}: {_say_items(items)}" for name, items in scale.orders.items()]
    yield "score", list(_say_score(scale))
    yield "missing", list(_say_missing(scale.missing_rule))
    yield "subscales", [_say_subscale(scale, name) for name in scale.subscales] or ["none"]
    yield "cut-offs", [_say_cutoff(one) for one in scale.cutoffs] or ["none published"]
    yield "reliability", [_say_reliability(one) for one in scale.reliability] or ["none published"]
    yield "change", [scale.change or "nothing published"]
    safety = [f"item {one.item} from {one.from_}: {one.why}" for one in scale.safety_items]
    yield "safety items", safety or ["none"]
    yield "mistakes", list(scale.hazards) or ["none known"]
    yield (
        "not verified",
        [f"{part.replace('_', ' ')}: {how}" for part, how in scale.not_verified.items()] or ["nothing"],
    )
    yield "sources", list(scale.sources)
    wrong = len({number for number, *_ in list_false_examples(scale)})
    verdict = "the key gives the score of each" if not wrong else f"the key contradicts {wrong} of them"
    yield "examples", [f"{len(scale.examples)} worked out by hand; {verdict}"]
    yield "key hash", [f"{text} ({what})" for what, text in _hashes(scale)]


def _say_score(scale):
    if scale.scoring.method == "subscales-only":
        yield "no total, only subscales"
    else:
        worse = "a high score is " + scale.higher_is
        yield f"{say_scoring(scale.scoring)}; {_between(scale.range)}; {worse}"
    if scale.scoring.note:
        yield scale.scoring.note


def _say_missing(rule):
    yield f"{say_rule(rule)} ({say_origin(rule)})"
    if rule.note:
        yield rule.note


def _say_items(items):
    return f"reversed {', '.join(map(str, items))}" if items else "no item is reversed"


def _say_subscale(scale, name):
    measure = take_measure(scale, subscale=name)
    rule = say_rule(measure.parts[0].rule)
    items = "; ".join(
        f"items {', '.join(map(str, subscale_items(scale, order, name)))}"
        + (f" in the order {order}" if len(scale.orders) > 1 else "")
        for order in scale.orders
    )
    return f"{name}: {items}; {_between(measure.range)}; a high score is {measure.higher_is}; {rule}"


def _say_cutoff(one):
    limits = f"{one.from_:g} to {one.to:g}" if None not in (one.from_, one.to) else _open_end(one)
    return f"{f'{one.of}, ' if one.of else ''}{limits}: {one.label} ({one.source})"


def _open_end(one):
    return f"up to {one.to:g}" if one.from_ is None else f"from {one.from_:g}"


def _say_reliability(one):
    numbers = f"{one.low:g}" if one.high is None else f"{one.low:g} to {one.high:g}"
    return f"{one.what}{f' of {one.of}' if one.of else ''} {numbers} ({one.source})"


def _hashes(scale):
    """(what, key hash) for each item order of the total, or for each subscale where there is no total."""
    if scale.scoring.method == "subscales-only":
        return [(name, take_measure(scale, subscale=name).key_hash) for name in scale.subscales]
    return [(order, take_measure(scale, order=order).key_hash) for order in scale.orders]


def _between(limits):
    return f"{limits.min:g} to {limits.max:g}"


def _wrap(text, *, label=None, indent=LABEL):
    first = "" if label is None else f"{label:<{LABEL}}"
    hang = " " * (indent if label is None else LABEL)
    return textwrap.wrap(
        " ".join(text.split()), WIDTH, initial_indent=first, subsequent_indent=hang, break_on_hyphens=False
    )
