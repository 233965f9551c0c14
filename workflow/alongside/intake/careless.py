"""Signs of answers given without reading. They flag a response; it is left out only where the study declares that.

attention-check: a declared check item was answered otherwise than asked; a blank one is not counted
too-fast: less than 2 seconds for each answer, where the export says how long it took (`timing`; Huang et al. 2012,
    Journal of Business and Psychology 27, 99-114); questions that the study file does not name make this cautious
straight-line: every answer of a scale is the same although some of its items are reversed, so that agreeing and
    disagreeing cannot both be meant: at least 6 answers, in both directions, and not the middle of the scale
long-string: at least 8 answers in a row, and more than half of a scale, are the same, and the row holds items of both
    directions (our own limits; Curran 2016, Journal of Experimental Social Psychology 66, 4-19: set them by the survey)
unusual-pattern: a Mahalanobis distance over the scale's items that one response in a thousand would have under a normal
    distribution (complete responses, each wave by itself, where there are 10 of them for each item)
unfinished: the respondent did not reach the end. No sign of carelessness: the answered scales are data

Rows of answers are looked at as the form prints them: outcomes that are parts of one scale in the same columns are laid
together in the order of its items, and flagged under the name of the first.

Equal answers to a scale without reversed items are no sign of anything: who has no symptom answers zero throughout.
For the same reason distances are not judged where items are skewed (beyond 0.8 on average). There they mark severity:
of simulated honest answers to nine rare symptoms 5 % passed the cut-off instead of 0.1 %, nearly all of them from
people with many symptoms (tests/unit/intake/test_careless_rates.py; Conijn et al. 2019, Multivariate Behavioral
Research 54, 593-611, found the same in patients). Huang and Curran are cited from memory.
"""

import numpy as np

from alongside.instruments import find_measure
from alongside.intake.text import TextSet
from alongside.intake.timing import read_seconds
from alongside.tables.flags import UNFINISHED, kind_of

STRAIGHT_ITEMS = 6
LONG_RUN = 8
SECONDS_AN_ANSWER = 2.0
RARE = 0.001
RESPONSES_AN_ITEM = 10
SKEWED = 0.8


def flag_responses(grid, rows, blocks, *, plan, instruments):
    """{flag: flags a row}, in a fixed order. rows: kept responses, as for the grid"""
    flags = {UNFINISHED: ~rows["finished"].to_numpy(dtype=bool)}
    flags["attention-check"] = _failed_checks(rows, blocks)
    flags["too-fast"] = _too_fast(rows, blocks)
    waves = rows["wave"].cat.codes.to_numpy()
    measures = {name: find_measure(outcome, instruments) for name, outcome in plan.outcomes.items()}
    for name, measure in measures.items():
        if measure is None:
            continue
        together = _read_together(name, plan.outcomes, measures)
        if together[0] == name:
            answers, backwards = _as_printed(grid, {part: measures[part] for part in together})
            if backwards.any() and not backwards.all():
                middle = (measure.response.min + measure.response.max) / 2
                flags[f"straight-line:{name}"] = _constant(answers, backwards, middle)
                flags[f"long-string:{name}"] = _same_in_a_row(answers, backwards)
        if len(measure.items) > 1:
            flags[f"unusual-pattern:{name}"] = _unusual(grid.of(name), waves)
    return flags


def _read_together(name, outcomes, measures):
    """The outcomes that are parts of one scale in the same columns: `name` alone where it is a whole scale."""
    own = outcomes[name]
    if own.subscale is None:
        return [name]
    place = (own.instrument, own.columns, own.from_, measures[name].order)
    return [
        other
        for other, outcome in outcomes.items()
        if outcome.subscale is not None
        and (outcome.instrument, outcome.columns, outcome.from_, measures[other].order) == place
    ]


def _as_printed(grid, measures):
    """(answers in the order of the scale's items, which of the items are reversed) of parts of one scale"""
    columns, turned = {}, set()
    for name, measure in measures.items():
        columns |= dict(zip(measure.items, grid.of(name).T, strict=True))
        turned |= set(measure.reversed)
    items = sorted(columns)
    return np.column_stack([columns[item] for item in items]), np.isin(items, sorted(turned))


def choose_excluded(flags, rows, blocks):
    """Which rows the study leaves out: one of their flags is named in `exclude_flagged` of their wave's source."""
    declared = np.array([set(block.settings.exclude_flagged) for block in blocks], dtype=object)
    block = rows["block"].to_numpy()
    left_out = np.zeros(len(rows), dtype=bool)
    for name, up in flags.items():
        left_out |= up & np.array([kind_of(name) in kinds for kinds in declared], dtype=bool)[block]
    return left_out


def _constant(answers, backwards, middle):
    answered = ~np.isnan(answers)
    low = np.where(answered, answers, np.inf).min(axis=1)
    high = np.where(answered, answers, -np.inf).max(axis=1)
    both = answered[:, backwards].any(axis=1) & answered[:, ~backwards].any(axis=1)
    return both & (answered.sum(axis=1) >= STRAIGHT_ITEMS) & (low == high) & (low != middle)


def _same_in_a_row(answers, backwards):
    """Is there a long row of the same answer, over items of both directions? A missing answer ends a row."""
    long_enough = max(LONG_RUN, answers.shape[1] // 2 + 1)
    run = np.zeros(len(answers), dtype=np.int16)
    of_backwards = run.copy()
    found = np.zeros(len(answers), dtype=bool)
    for place in range(answers.shape[1]):
        here = answers[:, place]
        same = here == answers[:, place - 1] if place else np.zeros(len(answers), dtype=bool)
        run = np.where(np.isnan(here), 0, np.where(same, run + 1, 1)).astype(np.int16)
        of_backwards = np.where(same, of_backwards, 0) + backwards[place]
        found |= (run >= long_enough) & (of_backwards > 0) & (of_backwards < run)
    return found


def _unusual(answers, waves):
    from scipy.special import chdtrc  # only here: the import costs more than the rest of this module

    flagged = np.zeros(len(answers), dtype=bool)
    complete = ~np.isnan(answers).any(axis=1)
    n_items = answers.shape[1]
    for wave in np.unique(waves):
        here = np.flatnonzero(complete & (waves == wave))
        if len(here) < RESPONSES_AN_ITEM * n_items:
            continue
        centred = answers[here] - answers[here].mean(axis=0)
        covariance = centred.T @ centred / (len(here) - 1)
        if np.linalg.matrix_rank(covariance) < n_items:
            continue  # an item that nobody answers differently, or that repeats another: no distance is defined
        skewness = (centred**3).mean(axis=0) / (centred**2).mean(axis=0) ** 1.5
        if np.abs(skewness).mean() > SKEWED:
            continue
        distance = np.einsum("ij,ij->i", centred @ np.linalg.inv(covariance), centred)
        flagged[here] = chdtrc(n_items, distance) < RARE
    return flagged


def _too_fast(rows, blocks):
    fast = np.zeros(len(rows), dtype=bool)
    filled = rows["filled"].to_numpy()
    for number, at in rows.groupby("block", sort=True).indices.items():
        seconds = read_seconds(blocks[number])[rows["place"].to_numpy()[at]]
        # what is not known is not fast; an end before its start is an impossible date, and no sign of haste
        fast[at] = (seconds >= 0) & (seconds < SECONDS_AN_ANSWER * filled[at])
    return fast


def _failed_checks(rows, blocks):
    failed = np.zeros(len(rows), dtype=bool)
    for number, at in rows.groupby("block", sort=True).indices.items():
        block = blocks[number]
        for column, answer in block.settings.attention_checks.items():
            cells = block.cells(f"check:{column}")
            if cells is None:
                continue
            right, missing = TextSet([answer]), TextSet(block.settings.missing)
            wrong = cells.spread(
                lambda text, right=right, missing=missing: (
                    bool(text.strip()) and text not in missing and text not in right
                ),
                bool,
            )
            failed[at] |= wrong[rows["place"].to_numpy()[at]]
    return failed


def join_flags(flags, n):
    """One text a row: the flags that are up, separated by ';'."""
    joined = np.full(n, "", dtype=object)
    for name, up in flags.items():
        joined[up] = [f"{text};{name}" if text else name for text in joined[up]]
    return joined
