import pandas as pd

from alongside.report.ledger import write_ledger
from alongside.tables import LEDGER


def entry(stage, found):
    return pd.DataFrame(
        [dict.fromkeys(LEDGER.names) | {"stage": stage, "rule": "r", "action": "flagged", "found": found}]
    )


def test_the_stages_ledgers_follow_each_other():
    kept = write_ledger({"ledger-read_exports": entry("read_exports", "x"), "ledger-score": entry("score", None)})
    assert kept.ledger["stage"].tolist() == ["read_exports", "score"]
    assert "never to be shared" in kept.readme


def test_a_cell_that_a_spreadsheet_would_run_is_shown_as_text():
    kept = write_ledger({"ledger-read_exports": entry("read_exports", "=HYPERLINK(1)")})
    assert kept.ledger["found"].tolist() == ["'=HYPERLINK(1)"]
