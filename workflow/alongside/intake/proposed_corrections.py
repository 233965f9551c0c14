"""Rows for corrections.csv, as far as they can be written without showing what a person answered.

In: a LEDGER table. Out: the header and a row for each single cell that was set aside: file, row and column. What stands
there is left for the evaluator to fill in from restricted/check.html, and so are the new value and the reason.

What stops the reading comes first. Only cells of which a column has few are proposed: many of one kind are a matter of
the study file, not of slips.
"""

import csv
import io

from alongside.intake.check_page import UNKNOWN
from alongside.intake.ledger import CELL

FEW = 3  # cells of one rule in one column of one file
MOST = 10


def propose_corrections(ledger):
    """Lines of CSV, the header first; none where there is no single cell."""
    cells = ledger[(ledger["action"] == CELL) & ledger["row"].notna() & ledger["column"].fillna("").ne("")]
    cells = cells.assign(sheet=cells["sheet"].fillna(""))
    number = cells.groupby(["rule", "file", "sheet", "column"])["row"].transform("size")
    single = cells[number <= FEW].drop_duplicates(["file", "sheet", "row", "column"])
    single = single.sort_values("rule", key=lambda rules: rules != UNKNOWN, kind="stable").head(MOST)
    if not len(single):
        return ()
    place = ["file", "sheet"] if single["sheet"].ne("").any() else ["file"]
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow([*place, "row", "column", "old", "new", "reason"])
    for row in single.to_dict("records"):
        lines.writerow([*(row[key] for key in place), row["row"], row["column"], "", "", ""])
    return tuple(text.getvalue().splitlines())
