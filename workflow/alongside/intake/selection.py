"""Which rows of a table belong to which wave, and what is known about each row before anybody judges it.

In: blocks. Out: `rows`, one row for each response: its block and place, wave, source, identifier, when it was
submitted, whether it is finished, a preview, how many answers are filled in, its consent. A row of a long file that
no wave asks for (`where`, `between`, `months_since`) is kept in the books as `no-wave`.

Fails with UserError where a row would belong to two waves, or where dates decide and cannot be read.
"""

import numpy as np
import pandas as pd

from alongside.errors import Mistake, UserError
from alongside.intake.blocks import columns_of
from alongside.intake.dates import Dates, read_dates
from alongside.intake.identity import clean_columns
from alongside.intake.problems import name_rows
from alongside.intake.text import TextSet

DAYS_A_MONTH = 365.25 / 12
CONSENTS, REFUSES, SILENT, NOT_ASKED = 1, 0, -1, -2


def has_selector(wave):
    return bool(wave.where or wave.between or wave.months_since)


def check_shared_files(blocks, plan, *, problems):
    """A file in two waves needs rows or columns of its own for each of them."""
    for place, block in enumerate(blocks):
        for other in blocks[place + 1 :]:
            if other.table != block.table or other.wave == block.wave:
                continue
            if has_selector(plan.waves[block.wave]) and has_selector(plan.waves[other.wave]):
                continue
            shared = [name for name, items in block.items.items() if items == other.items.get(name)]
            if shared:
                problems.add(
                    Mistake(
                        block.where,
                        f"is listed at the waves {block.wave} and {other.wave} with the same columns of "
                        f"{', '.join(shared)}",
                        allowed="columns that differ by wave, or rows that do",
                        remedy=f"say which columns (outcomes.{shared[0]}.columns: "
                        f"{{{block.wave}: ..., {other.wave}: ...}}) or which rows (waves.{block.wave}.where) are whose",
                    )
                )


def gather_rows(blocks, plan, *, starts, id_map, problems):
    """(rows, notes). `rows.identifier` is the cleaned raw identifier, or the one that `id_map` gives it; "" for nobody.

    id_map: an IdMap, or None
    starts: {column: {cleaned identifier: start date}} from the roster, for months_since; empty where it has none
    """
    notes, parts, texts = [], [], []
    claimed, known = {}, {}
    for number, block in enumerate(blocks):
        # a file of several waves is cleaned once
        places = [place for role, place in block.roles.items() if role.startswith("id:") or role == "submitted"]
        same = (block.table, block.wave if id_map else "", block.settings.id_cleaning, block.settings.dates, *places)
        if same not in known:
            known[same] = _identifiers(block, id_map), _submitted(block, notes)
        ids, submitted = known[same]
        chosen = problems.attempt(_choose, block, plan, ids, submitted, starts)
        if chosen is None:
            continue
        if has_selector(plan.waves[block.wave]):
            _claim(claimed.setdefault(block.table, {}), block, chosen, problems)
        places = np.flatnonzero(chosen)
        parts.append(_describe(block, number, places, submitted, plan))
        texts.append(ids[places])
    parts, texts = _add_unclaimed(blocks, plan, claimed, id_map, parts, texts)
    problems.stop_if_any()
    rows = pd.concat(parts, ignore_index=True)
    rows["identifier"] = np.concatenate(texts)
    return rows, notes


def _identifiers(block, id_map):
    parts = [block.cells(role) for role in block.roles if role.startswith("id:")]
    ids = clean_columns(parts, block.settings.id_cleaning)
    return ids if id_map is None else id_map.apply(block, ids)


def _submitted(block, notes):
    cells = block.cells("submitted")
    if cells is None:
        return Dates.none(len(block.rows))
    dates = read_dates(cells, declared=block.settings.dates, month_first=block.layout.month_first)
    if dates.ambiguous.any():
        notes.append(
            f"{block.where}: the dates in {block.name(block.roles['submitted'])} may be day/month or month/day, so "
            "they decide nothing; declare source.dates, or export them as year-month-day"
        )
    return dates


def _choose(block, plan, ids, submitted, starts):
    """Flag a row: does it belong to the block's wave?"""
    wave = plan.waves[block.wave]
    chosen = np.ones(len(block.rows), dtype=bool)
    for column, values in wave.where.items():
        allowed = TextSet(values)
        chosen &= block.cells(f"where:{column}").spread(lambda text, allowed=allowed: text in allowed, bool)
    if wave.between or wave.months_since:
        _require_dates(submitted, block, "declare source.submitted, or source.dates (day-first, month-first)")
    if wave.between:
        first, last = (np.datetime64(day.isoformat(), "D") for day in wave.between)
        days = submitted.values.astype("datetime64[D]")
        chosen &= (days >= first) & (days <= last)  # a missing date is in no window
    if wave.months_since:
        started = _started(block, wave, ids, starts)
        months = (submitted.values - started) / np.timedelta64(1, "D") / DAYS_A_MONTH
        chosen &= (months >= wave.months_since.from_) & (months <= wave.months_since.to)
    return chosen


def _require_dates(dates, block, remedy):
    """Where dates say whose wave a row is, a date that may be either of two is one too many."""
    if np.isnat(dates.values).all() or dates.ambiguous.any():
        raise UserError(
            Mistake(
                block.where,
                f"no date can be read that says which rows belong to wave {block.wave}"
                + (" (day/month or month/day?)" if dates.ambiguous.any() else ""),
                allowed="a column of dates, written year-month-day",
                remedy=f"{remedy}, or export the dates as year-month-day",
            )
        )


def _started(block, wave, ids, starts):
    cells = block.cells("start")
    if cells is not None:
        dates = read_dates(cells, declared=block.settings.dates)
        _require_dates(dates, block, f"mend {wave.months_since.column}: declare source.dates (day-first, month-first)")
        return dates.values
    column = wave.months_since.column
    if column not in starts:
        raise UserError(
            Mistake(
                block.where,
                f"no column of start dates for waves.{block.wave}.months_since",
                allowed="the column in the export or in the roster",
                remedy="mend months_since.column in the study file",
            )
        )
    return np.array([starts[column].get(one, np.datetime64("NaT")) for one in ids], dtype="datetime64[s]")


def _claim(waves, block, chosen, problems):
    """A row may answer for one wave only, where rows are shared out among waves."""
    for wave, other in waves.items():
        if wave != block.wave and (other & chosen).any():
            problems.add(
                Mistake(
                    f"{block.where}, {name_rows(block.rows[other & chosen])}",
                    f"{int((other & chosen).sum())} rows belong to wave {wave} and to wave {block.wave}",
                    allowed="each row at one wave",
                    remedy="make where, between or months_since of these waves exclude each other",
                )
            )
    waves[block.wave] = chosen | waves.get(block.wave, False)


def _describe(block, number, places, submitted, plan):
    n = len(places)
    consent = plan.participants.consent
    return pd.DataFrame(
        {
            "block": np.full(n, number, dtype=np.int32),
            "place": places,
            "file": pd.Categorical.from_codes(np.zeros(n, dtype=np.int8), [block.file]),
            "sheet": pd.Categorical.from_codes(np.zeros(n, dtype=np.int8), [block.sheet]),
            "row": block.rows[places],
            "wave": pd.Categorical.from_codes(
                np.full(n, list(plan.waves).index(block.wave), dtype=np.int8), list(plan.waves)
            ),
            "source": pd.Categorical.from_codes(
                np.full(n, sources_of(plan).index(block.source), dtype=np.int8), sources_of(plan)
            ),
            "submitted": submitted.values[places],
            "unreadable": submitted.unreadable[places],
            "ambiguous": submitted.ambiguous[places],
            "finished": _flag(block, "complete", _finished_values(block), default=True)[places],
            "preview": _flag(block, "preview", (block.layout.preview or (None, ()))[1], default=False)[places],
            "consent": _consent(block, consent)[places],
            "filled": _count_filled(block, plan)[places],
        }
    )


def sources_of(plan):
    """Names of all sources, in the order of the study file."""
    return list(dict.fromkeys(source for wave in plan.waves.values() for source in wave.files))


def _finished_values(block):
    return block.settings.complete.is_ if block.settings.complete else (block.layout.complete or (None, ()))[1]


def _flag(block, role, values, *, default):
    cells = block.cells(role)
    if cells is None:
        return np.full(len(block.rows), default)
    allowed = TextSet(values)
    return cells.spread(lambda text: text in allowed if values else bool(text.strip()), bool)


def _consent(block, consent):
    """A state a row. A table without the column, or with nothing in it, asked nobody."""
    cells = block.cells("consent")
    nobody = np.full(len(block.rows), NOT_ASKED, dtype=np.int8)
    if consent is None or cells is None:
        return nobody
    states = read_consents(cells, consent)
    return nobody if (states == SILENT).all() else states


def read_consents(cells, consent):
    """CONSENTS, REFUSES or SILENT, one a cell."""
    allowed = TextSet(consent.is_)
    return cells.spread(lambda t: SILENT if not t.strip() else CONSENTS if t in allowed else REFUSES, np.int8)


def _count_filled(block, plan):
    """How many answers a row holds at this wave, blank and declared-missing ones not counted."""
    missing = TextSet(block.settings.missing)
    count = np.zeros(len(block.rows), dtype=np.int32)
    for name, items in block.items.items():
        if columns_of(plan.outcomes[name], block.wave) is None:
            continue
        for place in items.values():
            count += block.columns[place].spread(lambda text: bool(text.strip()) and text not in missing, bool)
    return count


def _add_unclaimed(blocks, plan, claimed, id_map, parts, texts):
    """Rows of a shared-out file that no wave asks for: in the books, under no wave."""
    for table, waves in claimed.items():
        mentions = [block for block in blocks if block.table == table]
        if not all(has_selector(plan.waves[block.wave]) for block in mentions):
            continue
        block = mentions[0]
        places = np.flatnonzero(~np.logical_or.reduce(list(waves.values())))
        if len(places):
            ids = _identifiers(block, id_map)
            part = _describe(block, blocks.index(block), places, _submitted(block, []), plan)
            part["wave"] = pd.Categorical.from_codes(np.full(len(places), -1, dtype=np.int8), list(plan.waves))
            parts.append(part)
            texts.append(ids[places])
    return parts, texts
