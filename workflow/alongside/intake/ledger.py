"""The ledger and the books of a stage.

`Ledger` collects one row for each row or cell that was set aside, changed or flagged. `Books` count, at every step,
what came in, what went on and what was set aside; they must balance, and they must agree with each other from one
step to the next. Books that do not balance are our bug, so they end in an AssertionError and never in a result.
"""

import re

import numpy as np
import pandas as pd

from alongside.tables import LEDGER, TALLY
from alongside.tables.check import check_table, empty_table

ROW, CELL, CHANGED, FLAGGED = "row set aside", "cell set aside", "cell changed", "flagged"
NOT_FOUND = "consent-not-found"  # a rule that several modules ask for


class Ledger:
    def __init__(self, stage):
        self.stage = stage
        self._parts = []

    def add(self, *, rule, action, file="", sheet="", row=None, column="", participant=None, found=None, allowed="",
            remedy=""):  # fmt: skip
        """Adds as many rows as the longest of the arguments; single values are repeated."""
        values = {
            "file": file, "sheet": sheet, "row": row, "column": column, "participant": participant,
            "rule": rule, "found": found, "allowed": allowed, "action": action, "remedy": remedy,
        }  # fmt: skip
        lengths = {len(value) for value in values.values() if isinstance(value, (np.ndarray, pd.Series, list))}
        assert len(lengths) <= 1, "ledger rows of different lengths"
        length = lengths.pop() if lengths else 1
        values |= {name: _as_text_only(values[name]) for name in ("column", "found", "allowed", "remedy")}
        if length:
            self._parts.append(pd.DataFrame({"stage": self.stage, **values}, index=pd.RangeIndex(length)))

    def table(self):
        if not self._parts:
            return empty_table(LEDGER)
        parts = [part.astype({"row": "Int64"} | dict.fromkeys(_TEXT, "str")) for part in self._parts]
        return check_table(pd.concat(parts, ignore_index=True), LEDGER)


_TEXT = ("file", "sheet", "column", "participant", "rule", "found", "allowed", "action", "remedy")


# with the signs of full width, which some spreadsheets take for the usual ones (OWASP, "CSV injection")
_FORMULA = re.compile("[=@\t\r\n\uff1d\uff20\uff0b\uff0d]|[+-](?![\\d.,]+$)")


def _as_text_only(texts):
    """A text that a spreadsheet would run as a formula gets an apostrophe in front."""
    if texts is None or isinstance(texts, str):
        return _disarm(texts)
    return np.array([_disarm(value) for value in texts], dtype=object)


def _disarm(value):
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


class Books:
    def __init__(self, stage):
        self._stage = stage
        self._entries = []

    def enter(self, step, *, unit, n_in, n_kept, n_set_aside):
        name = f"{self._stage}: {step}" if step else self._stage
        assert min(n_in, n_kept, n_set_aside) >= 0, f"{name}: negative count of {unit}"
        assert n_in == n_kept + n_set_aside, f"{name}: {n_in} {unit} in, {n_kept} kept, {n_set_aside} set aside"
        before = [entry for entry in self._entries if entry["unit"] == unit]
        assert not before or before[-1]["n_kept"] == n_in, f"{name}: {unit} lost between two steps"
        self._entries.append(
            {"stage": name, "unit": unit, "n_in": int(n_in), "n_kept": int(n_kept), "n_set_aside": int(n_set_aside)}
        )

    def table(self):
        return check_table(pd.DataFrame(self._entries, columns=TALLY.names), TALLY)
