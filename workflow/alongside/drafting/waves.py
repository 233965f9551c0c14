"""When people were asked: waves as events of a long table, as columns of a wide one, as files, or as bursts of dates.

In: the tables that hold items, when each row was submitted. Out: `Wave`s in order, each with the reason. Tried in this
order: a column of events; occasions in the names of the columns; occasions in the names of the files; dates.
Months are those that names say, or the distance of the middle dates; where neither is known they stay open.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import PurePosixPath

import numpy as np

from alongside.drafting.lines import many
from alongside.drafting.occasions import Occasion, read_occasion
from alongside.drafting.placing import FIRST, name_the_first
from alongside.drafting.profile import words_of

_EVENTS = {"event", "wave", "visit", "time", "timepoint", "occasion", "session", "phase", "round", "welle"}
_MOST_EVENTS = 12
_DAYS_A_MONTH = 365.25 / 12
_GAP = np.timedelta64(30, "D")


@dataclass
class Wave:
    """where: (column, values); between: (first, last) day; in_names: the names of its columns say which wave it is

    month: None where not known
    """

    key: str
    label: str
    why: str
    tables: list
    where: tuple | None = None
    between: tuple | None = None
    in_names: bool = False
    occasion: Occasion | None = None
    month: float | None = None
    why_month: str = ""
    days: list = field(default_factory=list)


def recognise_waves(tables, days):
    """(waves, notes). days: {where: dates of the rows, or None}"""
    for attempt in (_by_event, _by_columns, _by_files, _by_dates):
        waves = attempt(tables, days)
        if waves:
            return _with_months(waves)
    return []


def _by_event(tables, days):
    columns = Counter(column.name for table in tables for column in table.columns if _is_event(table, column))
    if not columns:
        return []
    name = max(columns, key=columns.get)
    holding = [table for table in tables if table.column(name) is not None]
    if len(holding) < len(tables):
        return []
    levels = {}
    for table in holding:
        texts = table.column(name).cells.text()
        answered = _answered(table)
        for level in table.column(name).counts:
            rows = np.array([text.strip() == level for text in texts])
            if (rows & answered).any():
                levels.setdefault(level, []).append((table, rows))
    labels = holding[0].column(name).labels
    ordered = sorted(levels, key=lambda level: _order_of(level, labels, levels, days))
    if len(ordered) < 2:
        return []
    waves = []
    for number, level in enumerate(ordered, start=1):
        occasion = read_occasion(labels.get(level, level)) or read_occasion(level)
        key = occasion.key if occasion and not level.isdigit() else f"wave{number}"
        label = labels.get(level) or (occasion.label if occasion else f"Wave {number}")
        wave = Wave(key, label, f"column {name} has {len(ordered)} values with answers, and people repeat by it",
                    [table for table, _ in levels[level]], where=(name, [level]), occasion=occasion)  # fmt: skip
        wave.days = [days[t.where][rows] for t, rows in levels[level] if days.get(t.where) is not None]
        waves.append(wave)
    return _with_different_keys(waves)


def _is_event(table, column):
    if table.id_column is None or not set(words_of(column.name)) & _EVENTS or column.is_dated:
        return False
    if not 2 <= len(column.counts) <= _MOST_EVENTS:
        return False
    pairs = Counter(zip(table.ids, column.cells.codes.tolist(), strict=True))
    repeated = Counter(one for one in table.ids if one)
    return max(repeated.values(), default=0) > 1 and len(pairs) >= 0.9 * table.n_rows


def _answered(table):
    """Rows in which any item is answered: an event of screening has none."""
    filled = np.zeros(table.n_rows, dtype=bool)
    for group in table.groups:
        for column in group.columns:
            filled |= column.cells.spread(lambda text: bool(text.strip()), bool)
    return filled


def _order_of(level, labels, levels, days):
    if level.lstrip("-").isdigit():
        return (0, float(level), level)
    occasion = read_occasion(labels.get(level, level)) or read_occasion(level)
    if occasion is not None:
        return (1, occasion.order, level)
    dates = [days[table.where][rows] for table, rows in levels[level] if days.get(table.where) is not None]
    middle = _middle(dates)
    return (2, float(middle.astype("int64")) if middle is not None else 0.0, level)


def _by_columns(tables, days):
    if len(tables) != 1:
        return []
    table = tables[0]
    name_the_first(table.groups)
    found = {}
    for group in table.groups:
        if group.occasion is not None:
            found.setdefault(group.occasion, []).append(group)
    if len(found) < 2:
        return []
    waves = []
    for one in sorted(found):
        columns = many(sum(group.n_items for group in found[one]), "column")
        unsaid = f"{columns} without a word for the wave, of scales that others ask with one: the first?"
        why = unsaid if one is FIRST else f"in the names of {columns}"
        waves.append(Wave(one.key, one.label, why, [table], in_names=True, occasion=one))
    return _with_different_keys(waves)


def _by_files(tables, days):
    found = {}
    for table in tables:
        occasion = _occasion_of(table)
        if occasion is None:
            return []
        found.setdefault(occasion, []).append(table)
    waves = [
        Wave(one.key, one.label, _say_whose_name(found[one]), found[one], occasion=one, days=_days(found[one], days))
        for one in sorted(found)
    ]
    return _with_different_keys(waves) if len(waves) > 1 or not _all_dated(tables, days) else []


def _say_whose_name(tables):
    what = "sheet" if all(table.several_sheets for table in tables) else "file"
    return f"the names of the {what}s say so" if len(tables) > 1 else f"the name of the {what} says so"


def _occasion_of(table):
    path = PurePosixPath(table.file)
    names = [table.sheet if table.several_sheets else "", path.stem.replace("+", " "), *reversed(path.parent.parts)]
    return next((occasion for name in names if (occasion := read_occasion(name)) is not None), None)


def _days(tables, days):
    return [days[table.where] for table in tables if days.get(table.where) is not None]


def _all_dated(tables, days):
    return all(days.get(table.where) is not None for table in tables)


def _by_dates(tables, days):
    if not tables or not _all_dated(tables, days):
        return []
    if len(tables) == 1:
        return _by_bursts(tables[0], days[tables[0].where])
    spans = sorted(((np.nanquantile(_real(days[t.where]).astype("int64"), [0.05, 0.5, 0.95]), t) for t in tables),
                   key=lambda pair: pair[0][1])  # fmt: skip
    parts = [[spans[0]]]
    for span in spans[1:]:
        if span[0][0] > max(one[0][2] for one in parts[-1]):
            parts.append([span])
        else:
            parts[-1].append(span)
    if len(parts) < 2:
        return []
    return [
        Wave(f"wave{number}", f"Wave {number}", "files whose dates do not overlap with the others'",
             [table for _, table in part], days=_days([table for _, table in part], days))
        for number, part in enumerate(parts, start=1)
    ]  # fmt: skip


def _by_bursts(table, dates):
    """One file of people who answered several times, weeks apart."""
    if table.id_column is None or len(table.people) > 0.8 * table.n_rows:
        return []
    ordered = np.sort(_real(dates))
    cuts = np.flatnonzero(np.diff(ordered) > _GAP)
    bursts = np.split(ordered, cuts + 1)
    if not 2 <= len(bursts) <= _MOST_EVENTS or min(map(len, bursts)) < 2:
        return []
    # windows end in the middle of the gaps: the first and last day of a burst are somebody's own
    middles = [one[-1] + (other[0] - one[-1]) / 2 for one, other in pairwise(bursts)]
    day = np.timedelta64(1, "D")
    first, last = ordered[0].astype("datetime64[M]"), ordered[-1].astype("datetime64[M]") + 1
    starts = [first.astype("datetime64[D]"), *[middle.astype("datetime64[D]") + day for middle in middles]]
    ends = [*[middle.astype("datetime64[D]") for middle in middles], last.astype("datetime64[D]") - day]
    return [
        Wave(f"wave{n}", f"Wave {n}", f"{len(bursts)} bursts of answers, at least a month apart", [table],
             between=(str(start), str(end)), days=[burst])
        for n, (start, end, burst) in enumerate(zip(starts, ends, bursts, strict=True), start=1)
    ]  # fmt: skip


def _real(dates):
    return dates[~np.isnat(dates)]


def _middle(dates):
    real = [_real(one) for one in dates]
    real = np.concatenate(real) if real else np.array([], dtype="datetime64[s]")
    return np.sort(real)[len(real) // 2] if len(real) else None


def _with_different_keys(waves):
    """Two occasions may be called the same: pre and pretest."""
    seen = Counter()
    for wave in waves:
        seen[wave.key] += 1
        if seen[wave.key] > 1:
            wave.key = f"{wave.key}_{seen[wave.key]}"
    return waves


def _with_months(waves):
    first = _middle(waves[0].days)
    said = [wave.occasion.month if wave.occasion else None for wave in waves]
    waves[0].month, waves[0].why_month = 0.0, "the baseline"
    for wave, month in zip(waves[1:], said[1:], strict=True):
        middle = _middle(wave.days)
        if month is not None:
            wave.month, wave.why_month = month, "its name says so"
        elif first is not None and middle is not None:
            days = (middle - first) / np.timedelta64(1, "D")
            wave.month, wave.why_month = float(round(days / _DAYS_A_MONTH)), f"{days:.0f} days between the middle dates"
    rising = [wave.month for wave in waves if wave.month is not None]
    if any(later <= earlier for earlier, later in pairwise(rising)):
        for wave in waves[1:]:
            wave.month, wave.why_month = None, "the dates and the order of the waves do not agree"
    _label_by_months(waves)
    return waves


def _label_by_months(waves):
    """Readers know "6 months"; "Wave 2" says nothing. What the exports themselves call a wave stays."""
    if len(waves) > 1 and all(wave.month is not None for wave in waves):
        for wave in waves:
            if re.fullmatch(r"Wave \d+", wave.label):
                wave.label = "Before" if wave.month == 0 else many(int(wave.month), "month")
