"""restricted/check.html: what must be mended and what was set aside, for whoever has the exports in front of them.

In: the mistakes that stopped the reading (none where it went through), the ledger as far as it was written, notes. Out:
one HTML page that needs nothing else, and, for a screen, the same problems as short rows.

A problem is a rule, wherever it acted. The page shows its first rows with the values found, and every wording that was
not understood with its count, by file and column. So it is restricted: it quotes people. Values are shown as text,
whatever they hold; unprintable characters by their number, so that nothing hides.
"""

import csv
import io
import unicodedata
from importlib import resources
from typing import NamedTuple

import jinja2
import pandas as pd

from alongside.intake.suggestions import BETWEEN, NEAR_MISS
from alongside.tables.notes import say_note
from alongside.tables.rulewords import word_rule

FIRST_ROWS = 10
WORDINGS = 500
LONGEST = 160
UNKNOWN = "unknown-text"
CHANGED = "cell changed"
ORDER = ("cell set aside", "row set aside", "score not formed", CHANGED, "flagged")


class Place(NamedTuple):
    """A row of the ledger as a person reads it. about: the column, or the outcome that a flag is about"""

    where: str
    row: str
    about: str
    found: str
    allowed: str
    reason: str


class Problem(NamedTuple):
    """One rule. files: (name, how often), as in the study file's order of reading; places: the first of them"""

    what: str
    action: str
    files: tuple[tuple[str, int], ...]
    count: int
    to_do: str
    places: tuple[Place, ...]


class Wording(NamedTuple):
    """A text that is no known answer, at one column of one file. rows: the first of them, as text"""

    where: str
    column: str
    found: str
    count: int
    allowed: str
    rows: str


def list_problems(ledger):
    """The problems of a LEDGER table: what is lost first, then what was changed, then what is only flagged."""
    told = ledger[ledger["rule"] != UNKNOWN]
    frame = told.assign(
        **{name: told[name].fillna("") for name in ("file", "sheet", "remedy", "found", "allowed")},
        base=[rule.partition(":")[0] for rule in told["rule"]],
        about=[_about(*pair) for pair in zip(told["column"], told["rule"], strict=True)],
    )
    problems = [
        _describe(rule, action, group) for (rule, action), group in frame.groupby(["base", "action"], sort=True)
    ]
    return sorted(problems, key=lambda problem: ORDER.index(problem.action))


def _about(column, rule):
    return column if isinstance(column, str) and column else rule.partition(":")[2]


def _describe(rule, action, group):
    files = group.groupby(["file", "sheet"], sort=False).size()
    changed = action == CHANGED
    first = group.head(FIRST_ROWS)
    return Problem(
        what=word_rule(rule),
        action=action,
        files=tuple((_where(*key), int(n)) for key, n in files.items()),
        count=len(group),
        # beside a correction stands a human's reason, not our advice
        to_do=_NOTHING[action] if changed else group["remedy"].iloc[0] or _NOTHING[action],
        places=tuple(
            Place(
                _where(row.file, row.sheet), "" if pd.isna(row.row) else str(row.row), row.about,
                show_value(row.found), row.allowed, show_value(row.remedy) if changed else "",
            )
            for row in first.itertuples()
        ),
    )  # fmt: skip


_NOTHING = {
    "cell set aside": "look at the original",
    "row set aside": "nothing, where this is as it should be",
    "score not formed": "nothing: the scale's own rule needs more answers; they stay in the data",
    CHANGED: "nothing: it was decided by hand",
    "flagged": "nothing has to be done: a flag alone takes nobody out",
}


def list_rows(rows, most=5):
    """'4, 9 and 12 more'"""
    rows = sorted(int(row) for row in rows)
    more = f" and {len(rows) - most} more" if len(rows) > most else ""
    return ", ".join(map(str, rows[:most])) + more


def list_wordings(ledger):
    """([Wording], how many more there are): every text that was not understood, the most frequent of a column first."""
    unknown = ledger[ledger["rule"] == UNKNOWN]
    keys = ["file", "sheet", "column", "found", "allowed"]
    groups = unknown.assign(**{key: unknown[key].fillna("") for key in keys}).groupby(keys, sort=True)["row"]
    counts = groups.agg(n="size", rows=list_rows).reset_index()
    counts = counts.sort_values(["file", "sheet", "column", "n"], ascending=[True, True, True, False], kind="stable")
    shown = [
        Wording(_where(row.file, row.sheet), row.column, show_value(row.found), row.n, row.allowed, row.rows)
        for row in counts.head(WORDINGS).itertuples()
    ]
    return shown, len(counts) - len(shown)


def write_suggestions(ledger):
    """Lines for id_map.csv: identifiers that look like a slip of another, "" where there are none; no reason yet."""
    slips = ledger[ledger["rule"] == NEAR_MISS]
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    for row in slips.itertuples():
        lines.writerows((row.found, candidate, "") for candidate in row.allowed.split(BETWEEN))
    return f"found,person,reason\n{text.getvalue()}" if len(slips) else ""


def _where(file, sheet):
    return f"{file}, sheet {sheet}" if sheet else file


def show_value(text):
    """A cell's text with its unprintable characters by their number, and cut where it is very long."""
    seen = "".join(char if _is_visible(char) else f"<U+{ord(char):04X}>" for char in text[:LONGEST])
    return f"{seen} ... ({len(text):,} characters)" if len(text) > LONGEST else seen


def _is_visible(char):
    return char == " " or unicodedata.category(char)[0] not in "CZ"


def write_check_page(ledger, *, title, mistakes=(), notes=None):
    """The page as text. mistakes: of a UserError; notes: a NOTES table, or None where the reading did not get so far"""
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = resources.files("alongside").joinpath("resources/templates/check.html").read_text(encoding="utf-8")
    wordings, more = list_wordings(ledger)
    return environment.from_string(template).render(
        title=title, mistakes=mistakes, wordings=wordings, more=more, problems=list_problems(ledger),
        suggestions=write_suggestions(ledger),
        notes=[] if notes is None else [say_note(*note) for note in notes.itertuples(index=False)],
    )  # fmt: skip
