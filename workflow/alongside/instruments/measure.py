"""What one outcome takes from a scale: which items, how they make the score, and where that departs from the manual.

In: a codebook and, of an outcome, its item order, its subscale and the scoring that the study declares instead, where
it does. Out: a `Measure`. Whoever reads, scores, checks or explains an outcome asks here and not the codebook, so that
a subscale has its own items, range, direction, cut-offs, missing rule and reliability everywhere.

Steps: choose the parts (the whole scale, one subscale, or the subscales that make the total); choose each part's
missing rule; lay the declared scoring over them; say what departs.

A subscale's missing rule is its own, else the scale's where that is counted per subscale; else all of its items are
required, because a limit for the whole scale says nothing about a part. Published cut-offs and changes hold for the
published scoring only: a declared method or key leaves none.
Fails with `UserError` for a total that the manual does not define.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import NamedTuple

from alongside.errors import Mistake, UserError
from alongside.instruments.codebook import Cutoff, Limits, MissingRule, Reliability, Scoring
from alongside.instruments.consistency import ELEMENTARY, possible_range
from alongside.instruments.departures import list_departures

ALL_REQUIRED = MissingRule(max_missing=0, how="none", published=False)
SUM = Scoring(method="sum")
LINEAR = ("sum", "mean", "multiply")


class Part(NamedTuple):
    """Items that make one number; the numbers of all parts add up to the score.

    groups: the items, in the groups in which missing answers are counted and made good; rule: for each group
    """

    groups: tuple[tuple[int, ...], ...]
    scoring: Scoring
    rule: MissingRule

    @property
    def items(self):
        return tuple(item for group in self.groups for item in group)


@dataclass(frozen=True)
class Measure:
    """order: the item order by whose numbers items are named; n_scale: items of the whole scale; scored_by: the name
    of a declared scoring, '' for the codebook's; departures: sentences, none where it is scored as the manual says."""

    instrument: str
    subscale: str | None
    name: str
    order: str
    n_scale: int
    items: tuple[int, ...]
    reversed: tuple[int, ...]
    response: Limits
    parts: tuple[Part, ...]
    range: Limits
    higher_is: str
    cutoffs: tuple[Cutoff, ...]
    reliability: tuple[Reliability, ...]
    change: str | None
    scored_by: str
    departures: tuple[str, ...]

    @property
    def needed(self):
        """How many answers a score needs, in words."""
        counts = [
            f"{len(group) - part.rule.max_missing} of {len(group)}" for part in self.parts for group in part.groups
        ]
        if len(set(counts)) == 1:
            return f"at least {counts[0]} items answered" + (f" in each of {len(counts)} parts" if counts[1:] else "")
        return f"at least {', '.join(counts[:-1])} and {counts[-1]} items answered"

    @property
    def key_hash(self):
        """SHA-256 of everything that decides a score, in twelve hexadecimal digits: equal keys score alike."""
        key = {
            "items": sorted(self.items),
            "reversed": sorted(self.reversed),
            "response": self.response,
            "parts": [
                (part.groups, part.scoring.model_dump(exclude={"note", "subscales"}), _decisive(part.rule))
                for part in self.parts
            ],
            "higher_is": self.higher_is,
        }
        return hashlib.sha256(json.dumps(key, sort_keys=True).encode()).hexdigest()[:12]


def _decisive(rule):
    return (rule.max_missing, rule.how, rule.rounded)


def find_measure(outcome, instruments):
    """The Measure of an outcome, or None where it is one column. instruments: {id: Instrument}"""
    if outcome.instrument is None:
        return None
    return take_measure(
        instruments[outcome.instrument], order=outcome.order, subscale=outcome.subscale, declared=outcome.scoring
    )


def take_measure(instrument, *, order=None, subscale=None, declared=None):
    """The Measure. order: the codebook's first where none is named; declared: a DeclaredScoring"""
    order = order or next(iter(instrument.orders))
    published = _choose_parts(instrument, order, subscale)
    part = instrument.subscales[subscale] if subscale else None
    items = tuple(sorted(item for one in published for item in one.items))
    key = tuple(item for item in instrument.orders[order] if item in items)
    parts, reversed_items = _lay_over(published, key, declared)
    source = instrument if part is None else part
    method = declared.method if declared is not None else None
    same_key = set(reversed_items) == set(key)
    same_score = same_key and [one.scoring for one in parts] == [one.scoring for one in published]
    limits = Limits(*possible_range(instrument, parts[0].scoring, len(items))) if method else source.range
    linear = all(one.scoring.method in LINEAR for one in (*parts, *published))
    return Measure(
        instrument=instrument.id,
        subscale=subscale,
        name=f"{instrument.name}, {subscale.replace('_', ' ')}" if subscale else instrument.name,
        order=order,
        n_scale=instrument.n_items,
        items=items,
        reversed=tuple(sorted(reversed_items)),
        response=instrument.response,
        parts=parts,
        range=limits,
        higher_is=source.higher_is or instrument.higher_is,
        cutoffs=tuple(one for one in instrument.cutoffs if one.of == subscale) if same_score else (),
        reliability=tuple(one for one in instrument.reliability if one.of == subscale)
        if same_key and (same_score or linear)
        else (),
        change=instrument.change if same_score and subscale is None else None,
        scored_by="" if declared is None else declared.name,
        departures=list_departures(published, parts, key=key, reversed_items=reversed_items),
    )


def subscale_items(instrument, order, name):
    """The items of a subscale by their numbers in one item order."""
    part = instrument.subscales[name]
    return part.items_in.get(order, part.items)


def _choose_parts(instrument, order, subscale):
    """The parts of the codebook's own scoring."""
    scoring, rule = instrument.scoring, instrument.missing_rule
    if subscale is not None:
        part = _subscale_part(instrument, order, subscale)
        return (part._replace(rule=part.rule.model_copy(update={"per": "scale"})),)  # it is the whole of this outcome
    if scoring.method == "subscales-only":
        raise UserError(no_total(instrument))
    if scoring.method == "sum-of-subscales":
        return tuple(_subscale_part(instrument, order, name) for name in scoring.subscales)
    if rule.per == "subscale":
        groups = tuple(subscale_items(instrument, order, name) for name in instrument.subscales)
    else:
        groups = (tuple(range(1, instrument.n_items + 1)),)
    return (Part(groups, scoring, rule),)


def _subscale_part(instrument, order, name):
    part = instrument.subscales[name]
    scoring = part.scoring or (instrument.scoring if instrument.scoring.method in ELEMENTARY else SUM)
    shared = instrument.missing_rule
    if shared.per != "subscale" and shared.max_missing > 0:
        shared = ALL_REQUIRED
    return Part((subscale_items(instrument, order, name),), scoring, part.missing_rule or shared)


def no_total(instrument):
    """The mistake of asking for a total that the manual does not define."""
    names = ", ".join(instrument.subscales)
    return Mistake(
        f"instrument {instrument.id}",
        f"{instrument.id} has no total score, only subscales ({names})",
        allowed=f"subscale: {' | '.join(instrument.subscales)}",
        remedy="declare one outcome for each subscale that the study needs; they may share their columns",
    )


def _lay_over(published, key, declared):
    """(parts, reversed items) with what the study declares in the place of what the manual says."""
    if declared is None:
        return published, key
    parts = published
    if declared.method is not None:
        scoring = Scoring(
            method=declared.method, factor=declared.factor, table=declared.table, counts_from=declared.counts_from
        )
        groups = tuple(group for part in published for group in part.groups)
        strictest = min((part.rule for part in published), key=lambda rule: rule.max_missing)
        parts = (Part(groups, scoring, strictest),)
    if declared.missing_rule is not None:
        given = declared.missing_rule
        rule = MissingRule(max_missing=given.max_missing, how=given.how, rounded=given.rounded, published=False)
        parts = tuple(part._replace(rule=rule) for part in parts)
    return parts, key if declared.reversed is None else declared.reversed
