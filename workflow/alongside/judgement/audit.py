"""Taking numbers out of a table, and writing down that it was done.

In: a table and, row by row, why something must go (None: it stays). Out: the table with missing values there, and one
line in the audit for every row that lost something. The audit names places and reasons, never the numbers themselves.
"""

import pandas as pd

from alongside.tables import WITHHELD
from alongside.tables.check import check_table, empty_table


class Audit:
    """What was withheld, line by line."""

    def __init__(self):
        self.lines = []

    def note(self, table, row, column, reason):
        self.lines.append({"table": table, "row": row, "column": column, "reason": reason})

    def take_out(self, table, frame, reasons, *, columns, named_by):
        """`frame` without the numbers of `columns` in the rows that have a reason.

        reasons: one text or None a row; named_by: columns that name a row for a person
        """
        gone = pd.Series([reason is not None for reason in reasons], index=frame.index, dtype=bool)
        taken = frame.copy()
        for column in columns:
            taken.loc[gone, column] = None
        for name, reason in zip(name_rows(frame, named_by), reasons, strict=True):
            if reason is not None:
                self.note(table, name, ", ".join(columns), reason)
        return taken

    def as_table(self):
        return check_table(pd.DataFrame(self.lines), WITHHELD) if self.lines else empty_table(WITHHELD)


def texts(frame, columns):
    """One tuple of texts a row; missing text is ''."""
    return list(zip(*(frame[name].astype("object").fillna("").astype("str") for name in columns), strict=True))


def name_rows(frame, columns):
    """'isolation / after / mentored', one a row."""
    return [" / ".join(part for part in row if part) for row in texts(frame, columns)]
