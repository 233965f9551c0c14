"""Answers that may call for somebody are the first thing that check says to look at."""

import pytest

from alongside.cli.checking import check_study
from alongside.errors import UserError

OUTCOMES = """outcomes:
  mood: {instrument: INSTRUMENT, columns: "q{item}", domain: d, role: primary}
"""


@pytest.mark.parametrize(("instrument", "said"), [("phq9", True), ("gad7", False)])
def test_check_says_that_somebody_has_to_read_the_answers(tmp_path, capsys, declare, instrument, said):
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.csv").write_text("id,group\nA1,m\n")  # no answers: it is said before the reading fails
    (tmp_path / "study.yaml").write_text(declare(OUTCOMES.replace("INSTRUMENT", instrument)))
    with pytest.raises(UserError):
        check_study(tmp_path, tmp_path / "restricted")
    printed = capsys.readouterr().out
    assert ("\nLook at these (1)\n  phq9 item 9: an answer of 1 or more may call for" in printed) is said
    assert ("have somebody read them" in printed) is said
