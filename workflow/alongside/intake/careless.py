"""Signs of answers given without reading. They flag a response; nobody is taken out unless a study declares it.

straight-line: every answer of a scale is the same although some of its items are reversed, so that agreeing and
    disagreeing cannot both be meant (at least 6 items answered)
long-string: at least 8 answers in a row, and more than half of a scale, are the same (our own limits; Curran 2016,
    Journal of Experimental Social Psychology 66, 4-19, advises to set them by the survey at hand)
unusual-pattern: a Mahalanobis distance over the scale's items that one response in a thousand would have under a normal
    distribution (complete responses, each wave by itself, where there are 10 of them for each item)
too-fast: less than 2 seconds for each answer, where the export says how long it took (`timing`; Huang et al. 2012,
    Journal of Business and Psychology 27, 99-114); questions that the study file does not name make this cautious
attention-check: a declared check item was answered otherwise than asked; a blank one is not counted
unfinished: the respondent did not reach the end

Both papers are cited from memory.
"""

import numpy as np

from alongside.instruments import find_measure
from alongside.intake.text import TextSet
from alongside.intake.timing import read_seconds

STRAIGHT_ITEMS = 6
LONG_RUN = 8
SECONDS_AN_ANSWER = 2.0
RARE = 0.001
RESPONSES_AN_ITEM = 10


def flag_responses(grid, rows, blocks, *, plan, instruments):
    """{flag: flags a row}, in a fixed order. rows: kept responses, as for the grid"""
    flags = {"unfinished": ~rows["finished"].to_numpy(dtype=bool)}
    flags["attention-check"] = _failed_checks(rows, blocks)
    flags["too-fast"] = _too_fast(rows, blocks)
    waves = rows["wave"].cat.codes.to_numpy()
    for name, outcome in plan.outcomes.items():
        measure = find_measure(outcome, instruments)
        if measure is None:
            continue
        answers, n_items = grid.of(name), len(measure.items)
        if 0 < len(measure.reversed) < n_items:
            flags[f"straight-line:{name}"] = _constant(answers)
        if n_items >= LONG_RUN:
            flags[f"long-string:{name}"] = _longest_run(answers) >= max(LONG_RUN, n_items // 2 + 1)
        if n_items > 1:
            flags[f"unusual-pattern:{name}"] = _unusual(answers, waves)
    return flags


def _constant(answers):
    answered = ~np.isnan(answers)
    low = np.where(answered, answers, np.inf).min(axis=1)
    high = np.where(answered, answers, -np.inf).max(axis=1)
    return (answered.sum(axis=1) >= STRAIGHT_ITEMS) & (low == high)


def _longest_run(answers):
    """Longest run of the same answer; a missing answer ends a run."""
    run = np.zeros(len(answers), dtype=np.int16)
    longest = run.copy()
    for place in range(answers.shape[1]):
        here = answers[:, place]
        same = here == answers[:, place - 1] if place else np.zeros(len(answers), dtype=bool)
        run = np.where(np.isnan(here), 0, np.where(same, run + 1, 1)).astype(np.int16)
        longest = np.maximum(longest, run)
    return longest


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
