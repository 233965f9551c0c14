"""id_map.csv: a human says who is who; applied as written, refused where it does not fit, never silent."""

import pytest

from alongside.errors import UserError

HEAD = "pid,arm,m_1,m_2,m_3\n"
W1 = HEAD + "BP-10,1,0,0,0\nBP-20,0,1,1,1\nBP-30,0,2,2,2\n"
W2 = HEAD + "BP-10,,0,0,0\nbp-2O ,,3,3,3\n"
CLEAN = "  id_cleaning: [trim, uppercase]"
TITLE = "found,person,reason\n"


def read(study, decisions, *, participants="", files=None, **declared):
    study.declare(participants=f"id_map: id_map.csv\n{participants}", source=CLEAN, **declared)
    return study.read({"raw/w1.csv": W1, "raw/w2.csv": W2, "id_map.csv": decisions} | (files or {}))


def test_a_decision_joins_what_was_found_to_the_person(study, look):
    apart = study.declare(source=CLEAN).read({"raw/w1.csv": W1, "raw/w2.csv": W2})
    assert (1, "after") not in look.values(apart)
    intake = read(study, TITLE + "bp-2O,bp-20,zero and O mixed up (Ana)\n")
    assert look.values(intake)[1, "after"] == {1: 3, 2: 3, 3: 3}
    assert len(intake.people) == 3
    row = intake.ledger.iloc[0]
    assert row[["rule", "action", "file", "row", "found", "remedy"]].tolist() == [
        "identifier-mapped", "cell changed", "raw/w2.csv", 3, "bp-2O", "zero and O mixed up (Ana)",
    ]  # fmt: skip
    assert row["participant"] == intake.people["participant"][1]
    assert "joined to a person as id_map.csv says: 1 identifier" in look.notes(intake)
    assert "identifier-near-miss" not in look.rules(intake)


def test_a_decision_may_hold_at_one_wave_or_in_one_file_only(study, look):
    files = {"raw/w2.csv": HEAD + "BP-10,,0,0,0\nBP-20,,3,3,3\n"}
    for decision in (
        "file,found,person,reason\nraw/w2.csv,BP-20,BP-30,r\n",
        "wave,found,person,reason\nafter,BP-20,BP-30,r\n",
    ):
        intake = read(study, decision, files=files)
        assert look.values(intake)[1, "before"] == {1: 1, 2: 1, 3: 1}  # BP-20 as ever
        assert look.values(intake)[2, "after"] == {1: 3, 2: 3, 3: 3}
        assert (1, "after") not in look.values(intake)


def test_a_decision_may_hold_at_one_wave_of_a_long_file(study, look):
    waves = """
  before: {label: B, month: 0, files: raw/all.csv, where: {event: [t1]}}
  after: {label: A, month: 6, files: raw/all.csv, where: {event: [t2]}}
"""
    long = "pid,arm,event,m_1,m_2,m_3\nA1,1,t1,0,0,0\nA2,0,t1,1,1,1\nA1,1,t2,3,3,3\nA9,,t3,3,3,3\n"
    intake = read(study, "wave,found,person,reason\nafter,A1,A2,r\n", files={"raw/all.csv": long}, waves=waves)
    assert look.values(intake) == {
        (0, "before"): {1: 0, 2: 0, 3: 0}, (1, "before"): {1: 1, 2: 1, 3: 1}, (1, "after"): {1: 3, 2: 3, 3: 3},
    }  # fmt: skip


def test_an_identifier_of_several_columns_is_written_as_it_is_shown(study, look):
    intake = read(
        study, TITLE + "AB / 02,ab / 01,day of birth mended\n", id="[initials, day]",
        files={
            "raw/w1.csv": "initials,day,arm,m_1,m_2,m_3\nAB,01,1,0,0,0\nCD,05,0,1,1,1\n",
            "raw/w2.csv": "initials,day,m_1,m_2,m_3\nab,02,2,2,2\n",
        },
    )  # fmt: skip
    assert look.values(intake)[0, "after"] == {1: 2, 2: 2, 3: 2}


@pytest.mark.parametrize(
    ("decisions", "said"),
    [
        (TITLE + "BP-99,BP-20,r\n", "row 2: nobody has the identifier in `found`\n"),
        ("file,found,person,reason\nraw/w1.csv,BP-2O,BP-20,r\n", "`found` in file raw/w1.csv"),
        (TITLE + "BP-2O,BP-99,r\n", "row 2: nobody has the identifier in `person`"),
        (TITLE + "BP-2O,BP-20,r\nbp-2o,BP-30,r\n", "row 3: row 2 says it is somebody else"),
        (TITLE + "BP-2O,BP-20,r\nBP-2O,BP-20,r\n", "row 3: row 2 says the same"),
        (TITLE + "BP-2O,BP-20,r\nBP-20,BP-30,r\n", "row 3: `found` is the `person` of row 2"),
        (TITLE + "BP-20,bp-20,r\n", "`found` and `person` are the same"),
        (TITLE + "BP-2O,BP-20,\n", "row 2: no reason"),
        (TITLE + "BP-2O,,r\n", "row 2: `person` is empty"),
        ("wave,found,person,reason\nlater,BP-2O,BP-20,r\n", "no such wave"),
        ("file,found,person,reason\nw2.csv,BP-2O,BP-20,r\n", "no wave of the study has this file"),
        ("found,person\nBP-2O,BP-20\n", "no column reason"),
    ],
)
def test_a_decision_that_does_not_fit_is_refused_without_naming_anybody(study, decisions, said):
    with pytest.raises(UserError) as caught:
        read(study, decisions)
    assert said in str(caught.value) + "\n"
    assert "BP-" not in str(caught.value).replace("raw/", "").upper()


def test_an_identifier_that_was_withdrawn_under_its_slip_is_withdrawn(study, look):
    intake = read(
        study, TITLE + "BP-2O,BP-20,r\n", participants="withdrawn: gone.csv", files={"gone.csv": "pid\nBP-2O\n"}
    )
    assert set(look.reasons(intake)) == {("raw/w1.csv", 3, "before"), ("raw/w2.csv", 3, "after")}
    mapped = intake.ledger[intake.ledger["rule"] == "identifier-mapped"].iloc[0]
    assert mapped[["participant", "found"]].isna().all()
    assert mapped["remedy"] == ""


def test_a_person_of_the_roster_who_never_answered_otherwise_can_be_meant(study, look):
    intake = read(
        study, TITLE + "BP-2O,BP-40,r\n", participants="roster: roster.csv",
        files={"roster.csv": "pid,arm\nBP-10,1\nBP-20,0\nBP-30,0\nBP-40,1\n"},
    )  # fmt: skip
    assert look.values(intake)[3, "after"] == {1: 3, 2: 3, 3: 3}


def test_an_empty_map_decides_nothing(study, look):
    intake = read(study, TITLE)
    assert len(intake.people) == 3
    assert "identifier-mapped" not in look.rules(intake)
    assert not any("id_map.csv" in note for note in look.notes(intake))
