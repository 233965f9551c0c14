"""restricted/check.html: what must be mended and what was set aside, for whoever has the exports in front of them.

In: the mistakes that stopped the reading (none where it went through), the ledger as far as it was written, notes. Out:
one HTML page that needs nothing else, and, for a screen, the same problems as short rows.

A problem is a rule at one place: rule, file, sheet and column. The page shows its first rows with the values found,
and every wording that was not understood with its count, by file and column. So it is restricted: it quotes people.
Values are shown as text, whatever they hold; unprintable characters by their number, so that nothing hides.
"""

import unicodedata
from importlib import resources
from typing import NamedTuple

import jinja2
import pandas as pd

from alongside.tables.notes import say_note
from alongside.tables.rulewords import word_rule

FIRST_ROWS = 10
WORDINGS = 500
LONGEST = 160
UNKNOWN = "unknown-text"
ORDER = ("cell set aside", "row set aside", "cell changed", "flagged")


class Problem(NamedTuple):
    """One rule at one place. rows: the first of its ledger rows, as dictionaries; count: all of them"""

    what: str
    action: str
    where: str
    column: str
    count: int
    remedy: str
    rows: tuple


class Wording(NamedTuple):
    """A text that is no known answer, at one column of one file."""

    where: str
    column: str
    found: str
    count: int
    allowed: str


def list_problems(ledger):
    """The problems of a LEDGER table: what is lost first, then what was changed, then what is only flagged."""
    frame = ledger.assign(**{name: ledger[name].fillna("") for name in ("file", "sheet", "column", "remedy")})
    groups = frame.groupby(["rule", "action", "file", "sheet", "column"], sort=True, observed=True)
    problems = [
        Problem(
            what=word_rule(rule), action=action, where=_where(file, sheet), column=column, count=len(group),
            remedy=group["remedy"].iloc[0], rows=tuple(_plain(row) for row in group.head(FIRST_ROWS).itertuples()),
        )
        for (rule, action, file, sheet, column), group in groups
        if rule != UNKNOWN
    ]  # fmt: skip
    return sorted(problems, key=lambda problem: ORDER.index(problem.action))


def list_wordings(ledger):
    """([Wording], how many more there are): every text that was not understood, the most frequent of a column first."""
    unknown = ledger[ledger["rule"] == UNKNOWN]
    keys = ["file", "sheet", "column", "found", "allowed"]
    counts = unknown[keys].fillna("").groupby(keys, sort=True).size().reset_index(name="n")
    counts = counts.sort_values(["file", "sheet", "column", "n"], ascending=[True, True, True, False], kind="stable")
    shown = [
        Wording(_where(row.file, row.sheet), row.column, show_value(row.found), row.n, row.allowed)
        for row in counts.head(WORDINGS).itertuples()
    ]
    return shown, len(counts) - len(shown)


def _where(file, sheet):
    return f"{file}, sheet {sheet}" if sheet else file


def _plain(row):
    cells = {name: getattr(row, name) for name in ("row", "found", "allowed", "remedy")}
    return {name: "" if pd.isna(value) else show_value(str(value)) for name, value in cells.items()}


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
        notes=[] if notes is None else [say_note(*note) for note in notes.itertuples(index=False)],
    )  # fmt: skip
