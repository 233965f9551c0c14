"""Whatever happens to a few people, the public notes are the same sentences: no count of 1 to 9 gets out of intake."""

import pytest

from alongside.judgement.audit import Audit
from alongside.judgement.books import word_notes

HEAD = "pid,arm,m_1,m_2,m_3\n"


def rows(identifiers, answers="1,1,1"):
    return "".join(f"{one},{at % 2},{answers}\n" for at, one in enumerate(identifiers))


def read_with(study, few):
    """`few` people in every trouble of which a note tells: twice, unknown, silent, a slip, a row of nothing."""
    study.declare(participants="roster: roster.csv\n  consent: {column: ok, is: [yes]}\n", source="  duplicates: last")
    known = [f"BP-{number}" for number in range(200, 240)]
    silent = [f"BP-{number}" for number in range(300, 300 + few)]
    slips = [one.replace("BP-", "BP_") for one in known[:few]]
    return study.read({
        "roster.csv": "pid,arm,ok\n" + "".join(f"{one},{at % 2},yes\n" for at, one in enumerate([*known, *silent])),
        "raw/w1.csv": HEAD + rows(known) + rows(known[:few], "2,2,2") + ",,,,\n" * few,
        "raw/w2.csv": HEAD + rows(known[few:]) + rows(slips),
    })  # fmt: skip


def say_in_public(intake):
    made = word_notes(intake.notes, min_cell=10, round_to=5, audit=Audit(), why={"small": ""})
    return made.to_csv()


@pytest.mark.parametrize("few", [2, 5, 9])
def test_nobody_can_tell_from_the_notes_how_few_they_were(study, few):
    one, several = read_with(study, 1), read_with(study, few)
    assert say_in_public(one) == say_in_public(several)
    counted = several.notes[several.notes["unit"] != ""]
    assert set(counted["unit"]) == {"people", "identifiers", "rows"}
    assert len(counted) == 5


def test_the_evaluators_screen_has_the_exact_counts(study, look):
    said = look.notes(read_with(study, 3))
    assert [note for note in said if ": 3 " in note] == [
        "raw/w1.csv: skipped, for nothing stands in any declared column: 3 rows",
        "wave before: answered more than once, and the order of the rows decided because no date does: 3 people",
        "not in roster.csv, so set aside: 3 identifiers",
        "in roster.csv, but without a response that counts: 3 people",
        "like a slip of another one (the restricted ledger lists them): 3 identifiers",
    ]
