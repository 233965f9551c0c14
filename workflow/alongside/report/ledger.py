"""restricted/ledger.csv: every row and cell that a stage set aside or changed, for whoever mends the exports.

In: the ledgers of the stages, in their order, and intake's notes. Out: one table for a spreadsheet, the page that shows
the first rows of each problem (`intake.check_page`), and the README that lies beside them.
It holds values that people gave. It is the one table of a run that is made from rows about people and meant to be
read; it never leaves `restricted/`.
"""

from typing import NamedTuple

import pandas as pd

from alongside.intake.check_page import write_check_page
from alongside.report.spreadsheet import neutralise_formulas
from alongside.tables import LEDGER
from alongside.tables.check import check_table

README = """# Restricted: never to be shared

This folder holds rows about people. Names and identifiers are replaced by pseudonyms, but answers together can still
tell who somebody is. Keep it where the exports are kept, and delete it when you delete them.

* `ledger.csv`: every row and cell that was set aside, changed or flagged: file, sheet and row as your spreadsheet
  program shows them, the rule, what was found, what is allowed, what you can do about it.
* `check.html`: the first rows of each problem and what to do about it, to be read in a browser; after a run that
  stopped, what stopped it.
* `to-mend/`: after a run that stopped, the cells it stopped at.
* `faults/`: after a fault in Alongside, its full trace. It may quote a participant: do not send it to anybody.
* `work/`: the tables that the stages hand on to each other. What a public table shows rounded or leaves out stands
  here as it was computed: `judged/estimates.parquet`, `means`, `models`, `components`, `claims`, `reliability`,
  `item_checks`, `inter_item`, `flow`; `public/withheld.parquet` lists what was taken out.

Everything beside this folder may be shared: it went through disclosure control.
"""


class Kept(NamedTuple):
    ledger: pd.DataFrame
    page: str
    readme: str


def write_ledger(ledgers, notes, *, title):
    """ledgers: {name: LEDGER table}, in the order of the stages; notes: NOTES; title: the study's name on the page"""
    joined = check_table(pd.concat(ledgers.values(), ignore_index=True), LEDGER)
    page = write_check_page(joined, title=title, notes=notes)
    return Kept(ledger=neutralise_formulas(joined), page=page, readme=README)
