import pandas as pd

from alongside.report.ledger import write_ledger
from alongside.tables import LEDGER


def entry(stage, found):
    return pd.DataFrame(
        [dict.fromkeys(LEDGER.names) | {"stage": stage, "rule": "r", "action": "flagged", "found": found}]
    )


NOTES = pd.DataFrame({"text": ["wave after: not yet collected"], "unit": [""], "n": pd.array([None], dtype="Int64")})


def test_the_stages_ledgers_follow_each_other():
    kept = write_ledger(
        {"ledger-read_exports": entry("read_exports", "x"), "ledger-score": entry("score", None)}, NOTES, title="t"
    )
    assert kept.ledger["stage"].tolist() == ["read_exports", "score"]
    assert "never to be shared" in kept.readme
    assert "wave after: not yet collected" in kept.page


def test_a_cell_that_a_spreadsheet_would_run_is_shown_as_text():
    kept = write_ledger({"ledger-read_exports": entry("read_exports", "=HYPERLINK(1)")}, NOTES, title="t")
    assert kept.ledger["found"].tolist() == ["'=HYPERLINK(1)"]
