"""Which other key would fit the data: the most useful thing to say to somebody whose scale was stopped.

In: the answers, the outcome's Measure and codebook, what contradicts it. Out: one sentence. Tried in this order: the
codebook's other item orders; no reversal at all (the file may hold the items reversed already); the items that go
against the scale, keyed the other way. The first with which nothing contradicts, at any wave, is named. It is a hint
for a person with the questionnaire in hand, never applied: data can show that a key is wrong, not which one is right.
"""

from dataclasses import replace

import numpy as np

from alongside.instruments import take_measure
from alongside.sample.keying_rules import ITEM, find_contradictions
from alongside.sample.psychometrics_items import read_items
from alongside.sample.psychometrics_numbers import alpha_of


def suggest_key(answers, findings, *, name, outcome, measure, instrument):
    """A sentence for the evaluator, without a full stop."""
    show = f"compare the questionnaire with: .venv/bin/alongside instruments show {instrument.id}"
    against = {finding.item for finding in findings if finding.finding == ITEM}
    wave = findings[0].wave
    for other, words, then in _candidates(outcome, measure, instrument, against, name):
        alpha = _alpha_if_sound(answers, name, other, wave)
        if alpha is not None:
            now = _alpha(read_items(answers, name=name, measure=measure).at(wave))
            return f"with {words} nothing contradicts (alpha {alpha:.2f} instead of {now:.2f}): {then}; {show}"
    return f"look at the order of the columns in the export and at how its answers are recorded; {show}"


def _candidates(outcome, measure, instrument, against, name):
    """(Measure, in words, what to do if that is it)"""
    for order in instrument.orders:
        if order != measure.order and (outcome.scoring is None or outcome.scoring.reversed is None):
            other = take_measure(instrument, order=order, subscale=outcome.subscale, declared=outcome.scoring)
            yield other, f"order: {order}", f"if that is your version, declare outcomes.{name}.order: {order}"
    if measure.reversed:
        then = "the export may hold these items reversed already; if so, " + _declare(name, ())
        yield replace(measure, reversed=()), "no item reversed", then
    if against:
        turned = tuple(sorted(set(measure.reversed) ^ against))
        items = ", ".join(map(str, sorted(against)))
        words = f"item{'s' if len(against) > 1 else ''} {items} keyed the other way"
        yield replace(measure, reversed=turned), words, "if your version words them so, " + _declare(name, turned)


def _declare(name, items):
    listed = f"[{', '.join(map(str, items))}]" if items else "none"
    return f"declare outcomes.{name}.scoring: {{name: whose it is, reversed: {listed}}}"


def _alpha_if_sound(answers, name, measure, wave):
    """Alpha at `wave` where nothing contradicts this key at any wave, else None."""
    items = read_items(answers, name=name, measure=measure)
    if any(find_contradictions(items.at(one), one) for one in items.waves):
        return None
    return _alpha(items.at(wave))


def _alpha(items):
    return alpha_of(np.cov(items.complete().values, rowvar=False))
