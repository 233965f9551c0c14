"""restricted/ledger.csv: every row and cell that a stage set aside or changed, for whoever mends the exports.

In: the ledgers of the stages, in their order. Out: one table for a spreadsheet, and the README that lies beside it.
It holds values that people gave. It is the one table of a run that is made from rows about people and meant to be
read; it never leaves `restricted/`.
"""

from typing import NamedTuple

import pandas as pd

from alongside.report.spreadsheet import neutralise_formulas
from alongside.tables import LEDGER
from alongside.tables.check import check_table

README = """# Restricted: never to be shared

This folder holds rows about people. Names and identifiers are replaced by pseudonyms, but answers together can still
tell who somebody is. Keep it where the exports are kept, and delete it when you delete them.

* `ledger.csv`: every row and cell that was set aside, changed or flagged: file, sheet and row as your spreadsheet
  program shows them, the rule, what was found, what is allowed, what you can do about it.
* `to-mend/`: after a run that stopped, the cells it stopped at.
* `faults/`: after a fault in Alongside, its full trace. It may quote a participant: do not send it to anybody.
* `work/`: the tables that the stages hand on to each other.

Everything beside this folder may be shared: it went through disclosure control.
"""


class Kept(NamedTuple):
    ledger: pd.DataFrame
    readme: str


def write_ledger(ledgers):
    """ledgers: {name: LEDGER table}, in the order of the stages"""
    joined = check_table(pd.concat(ledgers.values(), ignore_index=True), LEDGER)
    return Kept(ledger=neutralise_formulas(joined), readme=README)
