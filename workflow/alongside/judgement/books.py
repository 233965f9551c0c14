"""The books in public: how often each rule acted, and what came in and went on at every stage.

In: the ledgers, tallies and notes of all stages, restricted. Out: `set_aside`, `tally` and `notes` without small
counts. A rule's count is hidden where the rows are few or the people behind them are; in the tally in = kept + set
aside, and what one step kept comes into the next; where a step counts responses and their cells, few responses hide
the cells, too. A note says of its count only whether it is small, because notes belong to no sum in which suppression
could see what they give away.
"""

import pandas as pd

from alongside.judgement.suppression import BESIDE, SMALL, find_hidden, round_count
from alongside.tables import LEDGER, NOTES, SET_ASIDE, TALLY
from alongside.tables.check import check_table, empty_table
from alongside.tables.notes import say_note

TALLY_COUNTS = ("n_in", "n_kept", "n_set_aside")


def count_rules(ledgers, *, min_cell, round_to, audit, why):
    """The set_aside table. ledgers: frames; why: {kind of hiding: sentence}"""
    ledger = pd.concat([check_table(frame, LEDGER) for frame in ledgers], ignore_index=True)
    rows, reasons = [], []
    for (stage, rule, action), group in ledger.groupby(["stage", "rule", "action"], sort=False, observed=True):
        rows.append({"stage": str(stage), "rule": str(rule), "action": str(action), "n": len(group)})
        known = group["participant"].notna().all()
        few = min(len(group), group["participant"].nunique()) if known else len(group)
        reasons.append(why[SMALL] if few < min_cell else None)
    if not rows:
        return empty_table(SET_ASIDE)
    counted = check_table(pd.DataFrame(rows), SET_ASIDE)
    public = audit.take_out("set_aside", counted, reasons, columns=["n"], named_by=["stage", "rule", "action"])
    return round_column(public, "n", round_to)


def join_tallies(tallies, *, min_cell, round_to, audit, why):
    """The tally of all stages, in order. tallies: frames"""
    tally = pd.concat([check_table(frame, TALLY) for frame in tallies], ignore_index=True)
    counts = {(at, name): int(tally[name].iloc[at]) for at in tally.index for name in TALLY_COUNTS}
    sums = [((at, "n_in"), [(at, "n_kept"), (at, "n_set_aside")]) for at in tally.index]
    sums += [((at, "n_kept"), [(later, "n_in")]) for at in tally.index for later in _next_steps(tally, at)]
    hidden = find_hidden(counts, sums, min_cell=min_cell, round_to=round_to)
    for at in tally.index:
        if any(hidden.get((other, "n_set_aside")) == SMALL for other in _same_step(tally, at)):
            hidden |= {(at, name): hidden.get((at, name), BESIDE) for name in ("n_kept", "n_set_aside")}
    for name in TALLY_COUNTS:
        reasons = [why[hidden[at, name]] if (at, name) in hidden else None for at in tally.index]
        tally = audit.take_out("tally", tally, reasons, columns=[name], named_by=["stage", "unit"])
        tally = round_column(tally, name, round_to)
    return check_table(tally, TALLY)


def _same_step(tally, at):
    """The same step in other units: 24 cells of 12 questions each are two responses."""
    return tally.index[(tally["stage"] == tally["stage"][at]) & (tally["unit"] != tally["unit"][at])]


def _next_steps(tally, at):
    """The next step of the same unit, if what was kept is what comes in there."""
    later = tally.loc[at + 1 :]
    later = later.index[later["unit"] == tally["unit"][at]]
    return [one for one in later[:1] if tally["n_in"][one] == tally["n_kept"][at]]


def word_notes(notes, *, min_cell, round_to, audit, why):
    """The notes as sentences; `unit` and `n` are empty in public."""
    sentences = []
    for text, unit, n in check_table(notes, NOTES).itertuples(index=False):
        if not unit or (min_cell == 1 and round_to == 1):
            sentences.append(say_note(text, unit, n))
        elif n < min_cell:
            audit.note("notes", text, "n", why[SMALL])
            sentences.append(f"{text}: fewer than {min_cell} {unit}")
        else:
            sentences.append(f"{text}: {min_cell} or more {unit}")
    return check_table(pd.DataFrame({"text": sentences, "unit": "", "n": None}, columns=NOTES.names), NOTES)


def round_column(frame, column, round_to):
    """Counts as multiples of round_to; missing ones stay missing."""
    rounded = frame[column].map(lambda n: n if pd.isna(n) else round_count(int(n), round_to))
    return frame.assign(**{column: rounded.astype("Int64")})
