"""Answers -> scores, by the codebooks.

In: the long answers table (the codebook's coding, before reversal), the outcomes, the codebooks by id. Out: one row
for each person, wave and outcome with at least one answer; the ledger (a row for each score that could not be formed,
or is impossible); the books.

Steps, for each outcome: lay its answers out as people-waves x items; reverse the items of the declared item order;
apply the codebook's missing rule; compute. An outcome of one column passes as it is.

Missing is never zero. Only the codebook's own rule fills anything in, and only up to its limit: `prorate` lets the
mean of the answered items stand in for the missing ones, `sum-answered` sums what is there. Without a rule all items
are required. A score keeps how many items were answered and how many were filled in, or the reason why there is none.

Fails with UserError for a scale that has no total, and with AssertionError for a score outside the codebook's range.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from alongside.errors import Mistake, UserError
from alongside.intake.ledger import Books, Ledger
from alongside.tables import SCORES
from alongside.tables.check import check_table, codes_and_levels, empty_table

STAGE = "score_answers"
TOO_FEW = "too-few-items"
NO_SCORE = "score not formed"


class Scored(NamedTuple):
    scores: pd.DataFrame
    ledger: pd.DataFrame
    tally: pd.DataFrame


def score_answers(answers, *, plan, instruments):
    """answers: the ANSWERS table; plan.outcomes; instruments: {id: codebook}"""
    ledger, books = Ledger(STAGE), Books(STAGE)
    parts = []
    outcome_of = _as_categories(answers["outcome"], list(plan.outcomes))
    for place, (name, outcome) in enumerate(plan.outcomes.items()):
        own = answers[(outcome_of == place)]
        if own.empty:
            continue
        keys, grid = lay_out(own, n_items=1 if outcome.instrument is None else instruments[outcome.instrument].n_items)
        scored = (
            _single(grid)
            if outcome.instrument is None
            else score_items(grid, instrument=instruments[outcome.instrument], order=outcome.order)
        )
        parts.append(keys.assign(outcome=name, **scored))
    scores = _join(parts, answers, plan)
    without = scores[scores["score"].isna()]
    if len(without):
        ledger.add(
            rule=TOO_FEW, action=NO_SCORE, participant=without["participant"].astype("str").to_numpy(),
            column=(without["outcome"].astype("str") + ", " + without["wave"].astype("str")).to_numpy(),
            allowed=_needed(without, plan, instruments), remedy="",
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


def score_items(grid, *, instrument, order=None):
    """score, n_items, n_answered, n_imputed, reason for each row of answers in the codebook's coding."""
    names = list(instrument.orders)
    reversed_items = np.array(instrument.orders[order or names[0]], dtype=np.int64)
    answers = grid.copy()
    answers[:, reversed_items - 1] = instrument.response.min + instrument.response.max - answers[:, reversed_items - 1]
    parts = _total_parts(instrument)
    rule = instrument.missing_rule
    answered = ~np.isnan(answers)
    enough = np.ones(len(answers), dtype=bool)
    counted = instrument.scoring.subscales or instrument.subscales  # a subscale outside the total may be missing
    groups = [list(instrument.subscales[name].items) for name in counted] if rule.per == "subscale" else None
    for items in groups or [range(1, instrument.n_items + 1)]:
        enough &= (~answered[:, np.array(items) - 1]).sum(axis=1) <= rule.max_missing
    enough &= answered.any(axis=1)
    score = np.zeros(len(answers))
    for items, scoring in parts:
        score += _form(answers[:, np.array(items) - 1], scoring, rule)
    score = np.where(enough, score, np.nan)
    low, high = instrument.range.min - 1e-9, instrument.range.max + 1e-9
    formed = score[~np.isnan(score)]
    assert ((formed >= low) & (formed <= high)).all(), f"{instrument.id}: a score outside its range"
    n_answered = answered.sum(axis=1)
    counted = sorted({item for items, _ in parts for item in items})
    n_missing = (~answered[:, np.array(counted) - 1]).sum(axis=1)
    return {
        "score": score,
        "n_items": np.full(len(answers), instrument.n_items),
        "n_answered": n_answered,
        "n_imputed": np.where(enough & (rule.how == "prorate"), n_missing, 0),
        "reason": np.where(np.isnan(score), TOO_FEW, ""),
    }


def _total_parts(instrument):
    """[(items, scoring)] whose scores make the total"""
    scoring = instrument.scoring
    if scoring.method == "subscales-only":
        raise UserError(
            Mistake(
                f"instrument {instrument.id}",
                "has no total score, only subscales",
                remedy="use a codebook with one subscale as its scale (in the study's instruments folder)",
            )
        )
    if scoring.method == "sum-of-subscales":
        return [(instrument.subscales[name].items, instrument.subscales[name].scoring) for name in scoring.subscales]
    return [(range(1, instrument.n_items + 1), scoring)]


def _form(answers, scoring, rule):
    """One score a row of reversed answers; NaN where nothing was answered. scoring None: a sum"""
    method = "sum" if scoring is None else scoring.method
    if method == "dichotomise-count":
        answers = np.where(np.isnan(answers), np.nan, answers >= scoring.counts_from)
    n_answered = (~np.isnan(answers)).sum(axis=1)
    total = np.nansum(answers, axis=1)
    mean = np.divide(total, n_answered, out=np.full(len(answers), np.nan), where=n_answered > 0)
    if method == "mean":
        return mean
    if rule.how == "prorate":
        total = mean * answers.shape[1]
        if rule.rounded or method == "table":
            total = np.floor(total + 0.5)  # halves go up; numpy's own rounding sends them to the even number
    total = np.where(n_answered > 0, total, np.nan)
    if method == "multiply":
        return total * scoring.factor
    if method == "table":
        table = {float(raw): value for raw, value in scoring.table.items()}
        return pd.Series(total).map(table).to_numpy(dtype=float)
    return total


def _single(grid):
    n = len(grid)
    return {
        "score": grid[:, 0],
        "n_items": np.ones(n, dtype=np.int64),
        "n_answered": np.ones(n, dtype=np.int64),
        "n_imputed": np.zeros(n, dtype=np.int64),
        "reason": np.full(n, ""),
    }


def _needed(without, plan, instruments):
    allowed = {
        name: f"at least {scale.n_items - scale.missing_rule.max_missing} of {scale.n_items} items answered"
        for name, outcome in plan.outcomes.items()
        if outcome.instrument is not None and (scale := instruments[outcome.instrument])
    }
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
