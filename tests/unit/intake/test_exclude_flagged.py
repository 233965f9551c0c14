"""Leaving flagged responses out happens only where it is declared, and the books say so."""

import pytest

from alongside.errors import UserError

HEAD = "pid,arm,check,done,m_1,m_2,m_3\n"
ROWS = "A1,1,yes,1,0,1,2\nA2,0,no,1,3,3,3\nA3,1,no,,1,1,1\nA4,0,yes,,2,2,2\n"
SOURCE = "  attention_checks: {check: yes}\n  complete: {column: done, is: [1]}\n"
LATER = "pid,arm,check,done,m_1,m_2,m_3\nA1,1,no,1,0,0,0\nA2,0,yes,1,1,1,1\n"


def read(study, exclude, **declared):
    study.declare(source=SOURCE + exclude, **declared)
    return study.read({"raw/w1.csv": HEAD + ROWS})


def kept(intake):
    table = intake.responses
    return table.loc[table["kept"], "row"].tolist()


def test_without_a_declaration_flags_take_nothing_away(study):
    intake = read(study, "")
    assert kept(intake) == [2, 3, 4, 5]
    assert intake.flagged.empty
    assert intake.responses["flags"].tolist() == ["", "attention-check", "unfinished;attention-check", "unfinished"]
    assert "read_exports: flagged" not in set(intake.tally["stage"])


@pytest.mark.parametrize(
    ("declared", "rows"),
    [
        ("[attention-check]", [2, 5]),
        ("unfinished", [2, 3]),
        ("[unfinished, attention-check]", [2]),
        ("[too-fast]", [2, 3, 4, 5]),
    ],
)
def test_a_declared_flag_sets_the_response_aside_with_its_answers(study, declared, rows):
    intake = read(study, f"  exclude_flagged: {declared}\n")
    assert kept(intake) == rows
    aside = intake.responses[~intake.responses["kept"]]
    assert set(aside["reason"]) <= {"flagged"}
    assert (aside["flags"] != "").all()  # the flags stay readable
    assert len(intake.answers) == 3 * len(rows)
    assert len(intake.flagged) == 3 * (4 - len(rows))
    assert len(intake.people) == 4  # nobody leaves the study for it


def test_the_ledger_and_the_books_name_the_rule(study):
    intake = read(study, "  exclude_flagged: [attention-check]\n")
    told = intake.ledger[intake.ledger["rule"] == "flagged"]
    assert told["row"].tolist() == [3, 4]
    assert set(told["action"]) == {"row set aside"}
    assert told["participant"].notna().all()
    books = intake.tally[intake.tally["stage"] == "read_exports: flagged"].set_index("unit")
    assert books.loc["responses", ["n_in", "n_kept", "n_set_aside"]].tolist() == [4, 2, 2]
    assert books.loc["cells", ["n_in", "n_kept", "n_set_aside"]].tolist() == [12, 6, 6]


def test_a_wave_may_declare_it_for_itself(study):
    waves = (
        "  before: {label: Before, month: 0, files: raw/w1*}\n"
        "  after: {label: After, month: 6, files: raw/w2*, source: {exclude_flagged: [attention-check]}}\n"
    )
    study.declare(source=SOURCE, waves=waves)
    intake = study.read({"raw/w1.csv": HEAD + ROWS, "raw/w2.csv": LATER})
    aside = intake.responses[~intake.responses["kept"]]
    assert list(zip(aside["wave"], aside["row"], strict=True)) == [("after", 2)]


def test_failed_checks_cannot_be_left_out_where_none_is_declared(study):
    study.declare(source="  exclude_flagged: [attention-check]")
    with pytest.raises(UserError, match="no attention check is declared"):
        study.plan()
