"""Signs of answers given without reading. They flag a response; nobody is taken out unless a study declares it.

straight-line: every answer of a scale is the same although some of its items are reversed, so that agreeing and
    disagreeing cannot both be meant (at least 6 items answered)
long-string: at least 8 answers in a row, and more than half of a scale, are the same (our own limits; Curran 2016,
    Journal of Experimental Social Psychology 66, 4-19, advises to set them by the survey at hand)
attention-check: a declared check item was answered otherwise than asked; a blank one is not counted
unfinished: the respondent did not reach the end
"""

import numpy as np

from alongside.intake.text import TextSet

STRAIGHT_ITEMS = 6
LONG_RUN = 8


def flag_responses(grid, rows, blocks, *, plan, instruments):
    """{flag: flags a row}, in a fixed order. rows: kept responses, as for the grid"""
    flags = {"unfinished": ~rows["finished"].to_numpy(dtype=bool)}
    flags["attention-check"] = _failed_checks(rows, blocks)
    for name, outcome in plan.outcomes.items():
        if outcome.instrument is None:
            continue
        scale = instruments[outcome.instrument]
        answers = grid.of(name)
        if scale.orders[outcome.order or next(iter(scale.orders))]:
            flags[f"straight-line:{name}"] = _constant(answers)
        if scale.n_items >= LONG_RUN:
            flags[f"long-string:{name}"] = _longest_run(answers) >= max(LONG_RUN, scale.n_items // 2 + 1)
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
