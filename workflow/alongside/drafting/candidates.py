"""Which codebook fits the items of a scale: by its name, its number of items, its answers.

In: a `Family` of item groups, the codebooks, the marks of no answer. Out: a `Match`: the codebook, where exactly one
fits by name and by answers; every other that could be meant, with the reason; the numbers in the files where they are
not the codebook's; wordings that it does not have. The number of items and the words of the answers alone decide
nothing: too many scales share them.
"""

import re
from dataclasses import dataclass, field

from alongside.drafting.profile import AT_LEAST, FEW, NO_ANSWER
from alongside.intake.text import TextSet, normalise

STRAY = 0.005  # a number in fewer of the cells is a slip, and says nothing about the scale


@dataclass
class Match:
    """instrument: id, or None where it is open; why; recorded: (low, high) or None, with its reason

    unknown: wordings without a number; rare: number of cells with other text; others: {id: why}
    """

    instrument: str | None
    why: str
    recorded: tuple | None = None
    why_recorded: str = ""
    unknown: list[str] = field(default_factory=list)
    rare: int = 0
    others: dict[str, str] = field(default_factory=dict)


def match_codebooks(family, codebooks, *, missing):
    """codebooks: {id: Instrument}; missing: texts that mean no answer"""
    none = TextSet(missing)
    numbers = {number: n for number, n in family.numbers().items() if f"{number:g}" not in none}
    numbers = {number: n for number, n in numbers.items() if n >= STRAY * sum(numbers.values())}
    texts = {text: n for text, n in family.texts().items() if text not in none}
    labels = {label for group in family.groups for label in group.value_labels().values()}
    said = [*texts, *(label for label in labels if not NO_ANSWER.fullmatch(label.strip()))]
    by_name, by_words, by_answers, why = [], [], [], {}
    for id, book in codebooks.items():
        if book.n_items != family.n_items or book.scoring.method == "subscales-only":
            continue
        fit = _fit(book, numbers, family)
        if fit is None:
            continue
        named = max((name_in(id, family.words, stem) for stem in family.stems), key=len)
        worded = _worded(book, said)
        why[id] = _why(family, numbers, named, worded)
        by_answers.append(id)
        if named:
            by_name.append(id)
        if worded == "all":
            by_words.append(id)
    chosen = by_name if len(by_name) == 1 else []
    others = {id: why[id] for id in by_answers if id not in chosen}
    if not chosen:
        listed = by_name or by_words
        return Match(None, _why_open(family, numbers), others={id: why[id] for id in listed or others})
    book = codebooks[chosen[0]]
    recorded, why_recorded = _fit(book, numbers, family)
    unknown = {text: n for text, n in texts.items() if normalise(text) not in {normalise(t) for t in book.labels}}
    people = family.people_who_say(unknown)
    shared = [text for text in unknown if people[text] >= AT_LEAST] if len(unknown) <= FEW else []
    return Match(
        chosen[0], why[chosen[0]], recorded, why_recorded, sorted(shared),
        sum(n for text, n in unknown.items() if text not in shared),
        others={id: why[id] for id in by_name if id not in chosen},
    )  # fmt: skip


def name_in(id, words, stem):
    """What a name holds of the codebook's: gad of gad7, the whole of k10; "" for nothing. A part has three letters."""
    flat = re.sub(r"[^a-z0-9]", "", stem.casefold().replace("{item}", ""))
    letters = [part for part in re.split(r"[\d_]+v?\d*", id) if len(part) >= 3]
    if id.replace("_", "") == flat or re.search(rf"(?<![a-z0-9]){id}(?![a-z0-9])", stem.casefold()):
        return id
    base = letters[0] if letters else id
    return base if base in words or (len(base) >= 3 and flat.startswith(base)) else ""


def _fit(book, numbers, family):
    """((low, high) in the files or None where they are the codebook's, why), or None where the numbers do not fit"""
    low, high = int(book.response.min), int(book.response.max)
    labelled = _labelled_span(family)
    if labelled and labelled != (low, high) and labelled[1] - labelled[0] == high - low:
        return (
            labelled,
            f"the file's own labels go from {labelled[0]} to {labelled[1]}, the codebook from {low} to {high}",
        )
    if not numbers:
        return None, ""
    if any(not number.is_integer() for number in numbers):
        return None
    observed = int(min(numbers)), int(max(numbers))
    if low <= observed[0] and observed[1] <= high:
        return None, ""
    for shift in (1, -1):
        if low + shift <= observed[0] and observed[1] <= high + shift:
            moved = (low + shift, high + shift)
            return moved, f"the files hold {observed[0]} to {observed[1]}, the codebook has {low} to {high}"
    return None


def _labelled_span(family):
    """(smallest, largest) code that the files of SPSS or Stata give a label to and somebody may have meant"""
    for group in family.groups:
        codes = [int(float(code)) for code in group.value_labels() if re.fullmatch(r"-?\d+(\.0)?", code)]
        run = [code for code in codes if code + 1 in codes or code - 1 in codes]
        if len(run) >= 2:
            return min(run), max(run)
    return None


def _worded(book, texts):
    """all: every text is one of the codebook's words, and three of them occur; some; none"""
    words = {normalise(label) for label in book.labels}
    known = [text for text in texts if normalise(text) in words]
    if len(known) >= 3 and len(known) == len(texts):
        return "all"
    return "some" if known else "none"


def _why(family, numbers, named, worded):
    parts = [f"the name holds {named}"] if named else []
    parts.append(f"{family.n_items} items")
    if numbers:
        parts.append(f"answers {min(numbers):g} to {max(numbers):g}")
    if worded == "all":
        parts.append("its answers in words")
    elif worded == "some":
        parts.append("some of its answers in words")
    return ", ".join(parts)


def _why_open(family, numbers):
    span = f", answers {min(numbers):g} to {max(numbers):g}" if numbers else ""
    return f"{family.n_items} items{span}"
