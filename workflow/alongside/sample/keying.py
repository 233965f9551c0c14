"""Do the data contradict the key that a scale is scored by? The stage `check_keys`, which stands before the scores.

In: answers, outcomes, codebooks. Out: `keying`, a row for each contradiction that the study file acknowledges and for
each warning; and `instruments`, a row for each scale: by which key it is scored, and what is to be said about that.

1. each scale at each wave: items, halves and wholes that go against each other (keying_rules.py);
2. each scale or total over waves: people whose scores go the opposite way at another wave;
3. each total of a known scale: values that the scale cannot have (keying_totals.py);
4. warnings: an end of the answers that nobody ever chose; two outcomes that go opposite ways once both are turned so
   that higher is better. Both have honest explanations.

Fails with UserError where 1 to 3 find what `keying_acknowledged` does not name: every outcome in question at once, with
item numbers, correlations and waves, and with the key that would fit (keying_hints.py); never with anybody's answer.
"""

from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd

from alongside.errors import UserError
from alongside.instruments import find_measure
from alongside.instruments.totals import find_total_measure
from alongside.sample.keying_hints import suggest_key
from alongside.sample.keying_rules import (
    DIRECTION,
    UNUSED,
    Finding,
    find_contradictions,
    find_opposed,
    find_turned_waves,
)
from alongside.sample.keying_table import tabulate_instruments, tabulate_keying
from alongside.sample.keying_totals import check_totals
from alongside.sample.keying_words import describe_mistake, name_finding
from alongside.sample.psychometrics_items import read_items
from alongside.scoring import lay_out, score_items

ENOUGH_TO_USE_ALL = 100  # people after whom an answer that nobody chose is worth a word


class Checked(NamedTuple):
    keying: pd.DataFrame
    instruments: pd.DataFrame


def check_keys(answers, *, plan, instruments):
    """answers: the ANSWERS table; plan.outcomes; instruments: {id: codebook}"""
    measures = {name: find_measure(outcome, instruments) for name, outcome in plan.outcomes.items()}
    scores = {
        name: _spread_scores(answers, name, measures[name])
        for name, outcome in plan.outcomes.items()
        if outcome.kind in ("scale", "score")
    }
    acknowledged, warnings, mistakes = [], _find_opposed(scores, plan), []
    for name, outcome in plan.outcomes.items():
        if name not in scores:
            continue
        measure = measures[name]
        found = _contradictions(answers, name, outcome, measure, scores[name], instruments)
        known = [one for one in found if name_finding(one) in outcome.keying_acknowledged]
        acknowledged += [(name, one, outcome.keying_acknowledged[name_finding(one)]) for one in known]
        rest = [one for one in found if one not in known]
        if rest:
            hint = _suggest(answers, rest, name, outcome, measure, instruments)
            mistakes.append(describe_mistake(name, rest, measure=measure, hint=hint))
        if measure is not None:
            warnings += [(name, one) for one in _find_unused(answers, name, measure)]
    if mistakes:
        raise UserError(*mistakes)
    keying = tabulate_keying(acknowledged, warnings, plan=plan, measures=measures)
    return Checked(keying, tabulate_instruments(keying, plan=plan, instruments=instruments))


def _spread_scores(answers, name, measure):
    """People x waves, in the study's order of waves; NaN for none."""
    own = answers[(answers["outcome"] == name).to_numpy()]
    keys, grid = lay_out(own, n_items=1 if measure is None else measure.n_scale)
    score = grid[:, 0] if measure is None else score_items(grid, measure)["score"]
    keys = keys.assign(score=score, wave=keys["wave"].cat.remove_unused_categories())
    return keys.pivot(index="participant", columns="wave", values="score")


def _contradictions(answers, name, outcome, measure, scores, instruments):
    found = []
    if measure is not None:
        items = read_items(answers, name=name, measure=measure)
        for wave in items.waves:
            found += find_contradictions(items.at(wave), wave)
    found += find_turned_waves(scores)
    total_of = find_total_measure(outcome, instruments)
    if total_of is not None:
        values = scores.to_numpy()
        one = check_totals(values[~np.isnan(values)], total_of)
        found += [one] if one else []
    return found


def _suggest(answers, found, name, outcome, measure, instruments):
    if measure is not None and any(one.item is not None or not one.more for one in found):
        own = instruments[outcome.instrument]
        return suggest_key(answers, found, name=name, outcome=outcome, measure=measure, instrument=own)
    return "look at how the values of each wave were recorded or computed"


def _find_unused(answers, name, measure):
    """An end of the answers that nobody ever chose, in any item, at any wave."""
    own = answers[(answers["outcome"] == name) & answers["item"].isin(measure.items)]
    n = own["participant"].nunique()
    if n < ENOUGH_TO_USE_ALL:
        return
    low, high = measure.response
    for end, which in ((low, "lowest"), (high, "highest")):
        if not (own["value"] == end).any():
            more = (
                f"Nobody ever chose {end:g}, the {which} of the answers from {low:g} to {high:g}: "
                "were other numbers recorded than the study file says?"
            )
            yield Finding(UNUSED, "", n, more=more)


def _find_opposed(scores, plan):
    """Warnings about pairs of outcomes, at the outcome that disagrees with more others, where it is strongest."""
    found = []
    for first, second in combinations(scores, 2):
        signs = [1 if plan.outcomes[name].higher_is == "better" else -1 for name in (first, second)]
        opposed = {}
        for wave in scores[first].columns.intersection(scores[second].columns, sort=False):
            both = pd.concat([scores[first][wave] * signs[0], scores[second][wave] * signs[1]], axis=1).dropna()
            opposed[str(wave)] = find_opposed(*both.to_numpy().T)
        clear = {wave: one for wave, one in opposed.items() if one}
        if clear:
            strongest = min(clear, key=lambda wave: clear[wave][1])
            found.append((first, second, strongest, clear[strongest]))
    how_often = {name: sum(name in one[:2] for one in found) for name in scores}
    warnings = []
    for first, second, wave, opposed in found:
        name, other = (first, second) if how_often[first] > how_often[second] else (second, first)
        warnings.append((name, Finding(DIRECTION, wave, *opposed, more=other)))
    return warnings
