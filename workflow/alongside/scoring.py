"""Answers -> scores, by the codebooks.

In: the long answers table (the codebook's coding, before reversal), the outcomes, the codebooks by id. Out: one row
for each person, wave and outcome with at least one answer; the ledger (a row for each score that could not be formed,
or is impossible); the books.

Steps, for each outcome: ask what it takes from its scale (instruments/measure.py: a subscale's own items, another
scoring that the study declares); lay its answers out as people-waves x items; reverse; apply the missing rule; compute.
An outcome of one column passes as it is.

Missing is never zero. Only the codebook's own rule, or the one that the study declares instead, fills anything in, and
only up to its limit: `prorate` lets the mean of the answered items stand in for the missing ones, `sum-answered` sums
what is there. Without a rule all items are required. A score keeps how many items were answered and how many were
filled in, or the reason why there is none.

Fails with UserError for a scale that has no total and for a codebook whose worked examples its own key does not give,
and with AssertionError for a score outside the measure's range.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from alongside.errors import Mistake, UserError
from alongside.instruments.measure import find_measure, take_measure
from alongside.intake.ledger import Books, Ledger
from alongside.tables import SCORES
from alongside.tables.check import check_table, codes_and_levels, empty_table

STAGE = "score_answers"
TOO_FEW = "too-few-items"
NO_SCORE = "score not formed"
TO_TWO_DECIMALS = 0.005  # a worked example may be written so


class Scored(NamedTuple):
    scores: pd.DataFrame
    ledger: pd.DataFrame
    tally: pd.DataFrame


def score_answers(answers, *, plan, instruments):
    """answers: the ANSWERS table; plan.outcomes; instruments: {id: codebook}"""
    ledger, books = Ledger(STAGE), Books(STAGE)
    parts = []
    check_examples(instruments)
    outcome_of = _as_categories(answers["outcome"], list(plan.outcomes))
    measures = {name: find_measure(outcome, instruments) for name, outcome in plan.outcomes.items()}
    for place, (name, measure) in enumerate(measures.items()):
        own = answers[(outcome_of == place)]
        if own.empty:
            continue
        keys, grid = lay_out(own, n_items=1 if measure is None else measure.n_scale)
        parts.append(keys.assign(outcome=name, **(_single(grid) if measure is None else score_items(grid, measure))))
    scores = _join(parts, answers, plan)
    without = scores[scores["score"].isna()]
    if len(without):
        ledger.add(
            rule=TOO_FEW, action=NO_SCORE, participant=without["participant"].astype("str").to_numpy(),
            column=(without["outcome"].astype("str") + ", " + without["wave"].astype("str")).to_numpy(),
            allowed=_needed(without, measures), remedy="",
        )  # fmt: skip
    books.enter("", unit="scores", n_in=len(scores), n_kept=len(scores) - len(without), n_set_aside=len(without))
    return Scored(check_table(scores, SCORES), ledger.table(), books.table())


def lay_out(answers, *, n_items):
    """(participant and wave of each row, answers as rows x items with NaN for none) of one outcome's answers."""
    participant, wave = answers["participant"], answers["wave"]
    people, people_levels = codes_and_levels(participant)
    waves, wave_levels = codes_and_levels(wave)
    cell = people.astype(np.int64) * len(wave_levels) + waves
    if (cell[1:] >= cell[:-1]).all():  # as intake writes them: one comparison instead of a sort
        first = np.append(True, cell[1:] > cell[:-1])
        present, row = cell[first], np.cumsum(first) - 1
    else:
        present, row = np.unique(cell, return_inverse=True)
    grid = np.full((len(present), n_items), np.nan)
    item = answers["item"].to_numpy(dtype=np.int64)
    column = np.where(item == 0, 0, item - 1)
    grid[row, column] = answers["value"].to_numpy()
    assert int((~np.isnan(grid)).sum()) == len(answers), "two answers for one item of one person at one wave"
    keys = pd.DataFrame(
        {
            "participant": pd.Categorical.from_codes(present // len(wave_levels), people_levels),
            "wave": pd.Categorical.from_codes(present % len(wave_levels), wave_levels),
        }
    )
    return keys, grid


def score_items(grid, measure):
    """score, n_items, n_answered, n_imputed, reason for each row.

    grid: answers in the codebook's coding, one column an item of the whole scale in the measure's item order
    """
    reversed_items = np.array(measure.reversed, dtype=np.int64) - 1
    answers = grid.copy()
    answers[:, reversed_items] = measure.response.min + measure.response.max - answers[:, reversed_items]
    n_answered = (~np.isnan(answers[:, np.array(measure.items) - 1])).sum(axis=1)
    score, n_imputed = np.zeros(len(answers)), np.zeros(len(answers), dtype=np.int64)
    for part in measure.parts:
        score += _form(answers, part)
        if part.rule.how == "prorate":
            n_imputed += np.isnan(answers[:, np.array(part.items) - 1]).sum(axis=1)
    formed = score[~np.isnan(score)]
    low, high = measure.range.min - 1e-9, measure.range.max + 1e-9
    assert ((formed >= low) & (formed <= high)).all(), f"{measure.name}: a score outside its range"
    return {
        "score": score,
        "n_items": np.full(len(answers), len(measure.items)),
        "n_answered": n_answered,
        "n_imputed": np.where(np.isnan(score), 0, n_imputed),
        "reason": np.where(np.isnan(score), TOO_FEW, ""),
    }


def _form(answers, part):
    """One number a row of reversed answers; NaN where more than the rule allows is missing"""
    scoring, rule = part.scoring, part.rule
    total = np.zeros(len(answers))
    for group in part.groups:
        own = answers[:, np.array(group) - 1]
        if scoring.method == "dichotomise-count":
            own = np.where(np.isnan(own), np.nan, own >= scoring.counts_from)
        n_answered = (~np.isnan(own)).sum(axis=1)
        enough = (n_answered >= len(group) - rule.max_missing) & (n_answered > 0)
        here = np.where(enough, np.nansum(own, axis=1), np.nan)
        if rule.how == "prorate":
            here = here * len(group) / np.maximum(n_answered, 1)
            if scoring.method == "table" or (rule.rounded and scoring.method != "mean"):
                here = np.floor(here + 0.5)  # halves go up; numpy's own rounding sends them to the even number
        total += here
    if scoring.method == "mean":
        return total / len(part.items)
    if scoring.method == "multiply":
        return total * scoring.factor
    if scoring.method == "table":
        table = {float(raw): value for raw, value in scoring.table.items()}
        return pd.Series(total).map(table).to_numpy(dtype=float)
    return total


def list_false_examples(instrument):
    """(number of the example from 0, what it is about, score found, score expected) where its own key disagrees.

    what it is about: "score", or the name of a subscale. None stands for no score.
    """
    for number, example in enumerate(instrument.examples):
        row = np.array([[np.nan if answer is None else answer for answer in example.answers]])
        stated = {"score": example.score} if instrument.scoring.method != "subscales-only" else {}
        for name, expected in (stated | example.subscales).items():
            subscale = None if name == "score" else name
            measure = take_measure(instrument, order=example.order, subscale=subscale)
            found = score_items(row, measure)["score"][0]
            found = None if np.isnan(found) else float(found)
            if (found is None) != (expected is None) or (found is not None and abs(found - expected) > TO_TWO_DECIMALS):
                yield number, name, found, expected


def check_examples(instruments):
    """UserError where a codebook's own key does not give its worked examples. instruments: {id: Instrument}"""
    mistakes = [
        Mistake(
            f"instrument {instrument.id}, example {number + 1}, {name}",
            f"the key gives {say_score(found)}, the example says {say_score(expected)}",
            remedy=f"mend the codebook: .venv/bin/alongside instruments check {instrument.id}.yaml names the line",
        )
        for instrument in instruments.values()
        for number, name, found, expected in list_false_examples(instrument)
    ]
    if mistakes:
        raise UserError(*mistakes)


def say_score(score):
    return "no score" if score is None else f"{score:.10g}"


def _single(grid):
    n = len(grid)
    return {
        "score": grid[:, 0],
        "n_items": np.ones(n, dtype=np.int64),
        "n_answered": np.ones(n, dtype=np.int64),
        "n_imputed": np.zeros(n, dtype=np.int64),
        "reason": np.full(n, ""),
    }


def _needed(without, measures):
    allowed = {name: measure.needed for name, measure in measures.items() if measure is not None}
    return without["outcome"].astype("str").map(allowed).to_numpy()


def _as_categories(values, names):
    """Places in `names`, one a row"""
    codes, levels = codes_and_levels(values)
    return np.array([names.index(level) for level in levels], dtype=np.int64)[codes]


def _join(parts, answers, plan):
    if not parts:
        return empty_table(SCORES)
    levels = {column: codes_and_levels(answers[column])[1] for column in ("participant", "wave")}
    joined = pd.concat(
        [part.astype({column: pd.CategoricalDtype(names) for column, names in levels.items()}) for part in parts],
        ignore_index=True,
    )
    joined["outcome"] = pd.Categorical(joined["outcome"], categories=list(plan.outcomes))
    order = np.lexsort((joined["outcome"].cat.codes, joined["wave"].cat.codes, joined["participant"].cat.codes))
    return joined.iloc[order].reset_index(drop=True)
