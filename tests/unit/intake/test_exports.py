"""From files to answers, by hand: small exports, every expected value worked out beside them."""

import pandas as pd
import pytest

from alongside.errors import UserError

W1 = "pid,arm,m_1,m_2,m_3\nA1,Mentored,0,1,2\nA2,Wait list,3,3,0\nA3,1,Never,dont often,ALWAYS\n"
W2 = "pid,m_1,m_2,m_3\nA1,1,1,1\nA3,0,0,\n"
TWO = {"raw/w1.csv": W1, "raw/w2.csv": W2}


def test_answers_are_numbers_in_the_codebooks_coding(study, look):
    intake = study.read(TWO)
    assert look.values(intake) == {
        (0, "before"): {1: 0, 2: 1, 3: 2},
        (1, "before"): {1: 3, 2: 3, 3: 0},
        (2, "before"): {1: 0, 2: 2, 3: 3},
        (0, "after"): {1: 1, 2: 1, 3: 1},
        (2, "after"): {1: 0, 2: 0},  # a blank cell is no answer and never a zero
    }
    assert intake.people["cohort"].tolist() == ["mentored", "alone", "mentored"]
    assert intake.people["cohort"].cat.categories.tolist() == ["alone", "mentored"]
    assert intake.ledger.empty
    assert intake.responses["kept"].all()


def test_people_are_in_the_order_of_their_raw_identifiers_whatever_the_key(study):
    rows = "".join(f"P{number},1,0,0,0\n" for number in (10, 9, 2, 100))
    study.write({"raw/w1.csv": f"pid,arm,m_1,m_2,m_3\n{rows}"})
    one, other = study.read(key=b"one key"), study.read(key=b"another")
    # 2, 9, 10, 100 stood in rows 4, 3, 2, 5
    for intake in (one, other):
        row_of = intake.responses.set_index("participant")["row"]
        assert [row_of[person] for person in intake.people["participant"]] == [4, 3, 2, 5]
    assert set(one.people["participant"]).isdisjoint(other.people["participant"])


def test_a_wave_without_files_is_not_collected_yet_and_a_baseline_without_files_is_an_error(study, look):
    intake = study.read({"raw/w1.csv": W1})
    assert "wave after: not yet collected" in look.notes(intake)
    (study.folder / "raw" / "w1.csv").unlink()
    with pytest.raises(UserError, match="no file matches raw/w1"):
        study.read()


def test_numbers_in_another_base_are_moved(study, look):
    study.declare(
        outcomes='  mood: {instrument: tiny3, columns: "m_{item}", recorded: [1, 4], domain: d, role: primary}'
    )
    intake = study.read({"raw/w1.csv": "pid,arm,m_1,m_2,m_3\nA1,1,1,4,never\n"})
    assert look.values(intake) == {(0, "before"): {1: 0, 2: 3, 3: 0}}


TOTAL = "  self: {kind: score, column: total, min: 0, max: 30, higher_is: better, domain: d, role: primary}"


def test_a_total_on_another_base_stops_the_run(study):
    """Totals of ten items counted from 1 go from 10 to 40; what lies above 30 is not quietly cut off."""
    study.declare(outcomes=TOTAL)
    totals = "".join(f"A{one},1,{20 + one % 20}\n" for one in range(60))
    with pytest.raises(UserError, match="27 of 60 values lie outside what is declared: 0 below, 27 above"):
        study.read({"raw/w1.csv": f"pid,arm,total\n{totals}"})


def test_a_slip_in_a_total_is_set_aside(study):
    study.declare(outcomes=TOTAL)
    totals = "".join(f"A{one},1,{one % 20}\n" for one in range(60))
    intake = study.read({"raw/w1.csv": f"pid,arm,total\n{totals}B1,1,300\n"})
    assert intake.ledger["rule"].tolist() == ["out-of-range"]
    assert len(intake.answers) == 60


def test_numbers_that_are_one_base_off_stop_the_run(study):
    rows = "".join(f"A{n},1,{n % 4 + 1},{n % 4 + 1},{n % 4 + 1}\n" for n in range(40))
    with pytest.raises(UserError, match=r"the numbers go from 1 to 4.*\n.*\n.*recorded: \[1, 4\]"):
        study.read({"raw/w1.csv": f"pid,arm,m_1,m_2,m_3\n{rows}"})


def test_impossible_numbers_are_set_aside_one_by_one(study, look):
    intake = study.read({"raw/w1.csv": "pid,arm,m_1,m_2,m_3\nA1,1,7,1.5,2\n"})
    assert look.values(intake) == {(0, "before"): {3: 2}}
    ledger = intake.ledger.set_index("column")
    assert ledger.loc["m_1", ["rule", "found", "row", "allowed", "action"]].tolist() == [
        "out-of-range", "7", 2, "a whole number from 0 to 3", "cell set aside",
    ]  # fmt: skip
    assert ledger.loc["m_2", "rule"] == "not-an-answer"
    cells = intake.tally.set_index("unit").loc["cells"]
    assert cells[["n_in", "n_kept", "n_set_aside"]].tolist() == [3, 1, 2]


def test_an_unknown_wording_stops_the_run_and_says_where_how_often_and_what_is_allowed(study):
    with pytest.raises(UserError) as caught:
        study.read({"raw/w1.csv": "pid,arm,m_1,m_2,m_3\nA1,1,Rarely,1,2\nA2,0,RARELY,1,Rarely\n"})
    said = str(caught.value)
    assert "raw/w1.csv, mood: column m_1 (2), m_3 (1): 3 cells" in said
    assert "rows 2, 3" in said
    assert "never, sometimes, dont often, always" in said
    for way_out in ("labels", "missing", "corrections.csv"):
        assert way_out in said
    assert "arely" not in said
    assert caught.value.restricted["found"].tolist() == ["Rarely", "RARELY", "Rarely"]


def test_an_unknown_wording_has_three_ways_out(study, look):
    study.write({"raw/w1.csv": "pid,arm,m_1,m_2,m_3\nA1,1,Rarely,no idea,2?\n"})
    study.write({"corrections.csv": "file,row,column,old,new,reason\nraw/w1.csv,2,m_3,2?,2,read on paper\n"})
    study.declare(
        participants="corrections: corrections.csv",
        source="  missing: [No idea]",
        outcomes='  mood: {instrument: tiny3, columns: "m_{item}", labels: {rarely: 1}, domain: d, role: primary}',
    )
    intake = study.read()
    assert look.values(intake) == {(0, "before"): {1: 1, 3: 2}}
    assert look.rules(intake) == {"correction": [("raw/w1.csv", 2)]}


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("pidd,arm,m_1,m_2,m_3", r"no column 'pid' \(it has 'pidd'\)"),
        ("pid,arm,m_1,m_2", "2 of the 3 items of mood are there; missing: 3"),
        ("pid,arm,x,y,z", "no column fits m_{item} in raw/w1.csv"),
        ("pid,arms,m_1,m_2,m_3", r"no file has a column 'arm' \(it has 'arms'\)"),
        ("pid,arm,m_1,m_2,m_3,m_3", "2 columns fit 'm_3'"),
        ("pid,pid,arm,m_1,m_2,m_3", "2 columns fit 'pid'"),
    ],
)
def test_a_header_that_does_not_fit_is_one_clear_error(study, header, said):
    with pytest.raises(UserError, match=said):
        study.read({"raw/w1.csv": header + "\n" + ",".join("1" * (header.count(",") + 1)) + "\n"})


def test_all_mistakes_come_at_once(study):
    with pytest.raises(UserError) as caught:
        study.read({"raw/w1a.csv": "pid,arm,m_1,m_2\n1,1,1,1\n", "raw/w1b.csv": "", "raw/w2.csv": "x,m_1,m_2,m_3\n"})
    where = [mistake.where for mistake in caught.value.mistakes]
    assert {"raw/w1a.csv", "raw/w1b.csv", "raw/w2.csv"} <= set(where)


def test_an_unknown_cohort_stops_the_run(study):
    with pytest.raises(UserError, match=r"column arm: 1 cell holds no declared cohort \(row 3\)"):
        study.read({"raw/w1.csv": "pid,arm,m_1,m_2,m_3\nA1,1,0,0,0\nA2,Mentord,0,0,0\n"})


def test_every_row_of_every_export_is_in_the_books(study):
    study.declare(source="  submitted: when")
    intake = study.read({
        "raw/w1.csv": "pid,arm,when,m_1,m_2,m_3\nA1,1,2026-01-01,0,0,0\n,1,2026-01-01,0,0,0\nA1,1,2026-01-02,1,1,1\n",
    })  # fmt: skip
    tally = intake.tally[intake.tally["unit"] == "responses"]
    assert tally["n_in"].iloc[0] == 3
    assert tally["n_kept"].iloc[-1] == 1
    assert tally["n_set_aside"].sum() == 2
    assert intake.responses["kept"].sum() == 1
    assert pd.Series(intake.responses["reason"]).value_counts().to_dict() == {"": 1, "no-id": 1, "duplicate": 1}


def test_a_wording_is_no_way_out_where_an_outcome_has_none(study):
    study.declare(outcomes="  weight: {kind: score, column: w, higher_is: worse, domain: d, role: primary}")
    with pytest.raises(UserError, match="column w") as stopped:
        study.read({"raw/w1.csv": "pid,arm,w\nA1,1,60\nA2,0,heavy\n"})
    assert "source.missing" in str(stopped.value)
    assert "labels" not in str(stopped.value)  # the study reader refuses labels of a score
    assert "heavy" not in str(stopped.value)
