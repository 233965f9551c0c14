"""When responses were given, and how long they took.

In: blocks and judged responses. Out: seconds a row, NaN where nobody can know; in the ledger the dates that cannot be:
unreadable, readable in two ways, later than those of a later wave, before their own start.

A column of seconds decides how long it took (Qualtrics, LimeSurvey); otherwise the time between the column in which the
tool writes the start (SurveyMonkey, KoboToolbox, ODK, LimeSurvey; or the study file's `source.started`) and the one in
which it writes the end. Days without a time of day say nothing, and neither do dates that cannot be read.
"""

import numpy as np

from alongside.intake.dates import read_dates
from alongside.intake.ledger import CELL, FLAGGED
from alongside.intake.rules import SILENT_RULES, named
from alongside.intake.text import read_number


def read_seconds(block):
    cells = block.cells("seconds")
    if cells is not None:
        return cells.spread(_as_seconds, float)
    return read_span(block)


def read_span(block):
    """Seconds from the start to the end, as the clock of the export has them."""
    started, ended = (block.cells(role) for role in ("started", "ended"))
    if started is None or ended is None:
        return np.full(len(block.rows), np.nan)
    first, last = (
        read_dates(cells, declared=block.settings.dates, month_first=block.layout.month_first).values
        for cells in (started, ended)
    )
    # NaT where one of the two is missing; two midnights are days written without a time
    seconds = (last - first) / np.timedelta64(1, "s")
    return np.where(_is_midnight(first) & _is_midnight(last), np.nan, seconds)


def _is_midnight(moments):
    return moments == moments.astype("datetime64[D]")


def _as_seconds(text):
    number = read_number(text)
    return np.nan if number is None else number


def list_impossible_dates(rows, kept, blocks, *, names, ledger):
    """rows: all judged responses; kept: those that count; names: pseudonyms by person number"""
    spoken_of = ~rows["reason"].isin(SILENT_RULES)
    for rule, remedy in _UNREAD.items():
        _list(
            rows[rows[rule] & spoken_of], f"{rule}-date", CELL, names, ledger, remedy=remedy,
            allowed="a date written year-month-day",
        )  # fmt: skip
    dated = kept[kept["submitted"].notna()].sort_values(["person", "wave"], kind="stable")
    latest = dated.groupby("person")["submitted"].cummax()
    _list(
        dated[dated["submitted"] < latest], "waves-out-of-order", FLAGGED, names, ledger,
        remedy="check the date, and to which wave the row belongs",
    )  # fmt: skip
    backwards = np.zeros(len(kept), dtype=bool)
    for number, at in kept.groupby("block", sort=True).indices.items():
        backwards[at] = read_span(blocks[number])[kept["place"].to_numpy()[at]] < 0
    _list(
        kept[backwards], "ended-before-started", FLAGGED, names, ledger,
        remedy="look at both dates, and at source.dates; how long it took is taken as unknown",
    )  # fmt: skip


def _list(rows, rule, action, names, ledger, **words):
    ledger.add(
        rule=rule, action=action, file=rows["file"].astype(str).to_numpy(), sheet=rows["sheet"].astype(str).to_numpy(),
        row=rows["row"].to_numpy(), participant=named(rows["person"], names), **words,
    )  # fmt: skip


_UNREAD = {
    "unreadable": "mend it in corrections.csv",
    "ambiguous": "say what comes first in source.dates: day-first or month-first",
}
