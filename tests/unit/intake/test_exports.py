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
    with pytest.raises(UserError, match=r"column arm: 1 cells hold no declared cohort \(row 3\)"):
        study.read({"raw/w1.csv": "pid,arm,m_1,m_2,m_3\nA1,1,0,0,0\nA2,Mentord,0,0,0\n"})


# ---- wide, long, mixed -------------------------------------------------------------------------------------------

WIDE_OUTCOMES = """
  mood: {instrument: tiny3, columns: {before: "m_{item}_t1", after: "m_{item}_t2"}, domain: d, role: primary}
  grade: {kind: score, columns: {after: grade}, min: 0, max: 20, higher_is: better, domain: d, role: secondary}
"""
ONE_FILE = """
  before: {label: Before, month: 0, files: raw/all.csv}
  after: {label: After, month: 6, files: raw/all.csv}
"""


def test_waves_as_columns_of_one_file(study, look):
    study.declare(waves=ONE_FILE, outcomes=WIDE_OUTCOMES)
    intake = study.read({
        "raw/all.csv": "pid,arm,m_1_t1,m_2_t1,m_3_t1,m_1_t2,m_2_t2,m_3_t2,grade\n"
        "A1,1,0,1,2,3,3,3,12.5\nA2,0,1,1,1,,,,\n"
    })  # fmt: skip
    assert look.values(intake) == {
        (0, "before"): {1: 0, 2: 1, 3: 2}, (1, "before"): {1: 1, 2: 1, 3: 1}, (0, "after"): {1: 3, 2: 3, 3: 3},
    }  # fmt: skip
    assert look.values(intake, "grade") == {(0, "after"): {0: 12.5}}
    assert look.notes(intake).count("raw/all.csv: read as plain (one row of names)") == 1


def test_the_same_columns_at_two_waves_are_refused(study):
    study.declare(waves=ONE_FILE)
    with pytest.raises(UserError, match="listed at the waves before and after with the same columns of mood"):
        study.read({"raw/all.csv": W1})


LONG = "pid,arm,event,m_1,m_2,m_3\nA1,1,t1,0,0,0\nA1,,t2,1,1,1\nA2,0,t1,2,2,2\nA2,,screening,3,3,3\n"
BY_EVENT = """
  before: {label: Before, month: 0, files: raw/all.csv, where: {event: [t1]}}
  after: {label: After, month: 6, files: raw/all.csv, where: {event: [T2]}}
"""


def test_waves_as_rows_of_one_file(study, look):
    study.declare(waves=BY_EVENT)
    intake = study.read({"raw/all.csv": LONG})
    assert look.values(intake) == {
        (0, "before"): {1: 0, 2: 0, 3: 0}, (0, "after"): {1: 1, 2: 1, 3: 1}, (1, "before"): {1: 2, 2: 2, 3: 2},
    }  # fmt: skip
    assert look.reasons(intake) == {("raw/all.csv", 5, ""): "no-wave"}
    assert intake.responses["row"].tolist() == [2, 4, 3, 5]


def test_a_row_of_two_waves_is_refused(study):
    study.declare(waves=BY_EVENT.replace("[T2]", "[t1, t2]"))
    with pytest.raises(UserError, match="2 rows belong to wave before and to wave after"):
        study.read({"raw/all.csv": LONG})


def test_waves_by_date(study, look):
    study.declare(
        waves="""
  before: {label: Before, month: 0, files: raw/all.csv, between: [2026-01-01, 2026-01-31]}
  after: {label: After, month: 6, files: raw/all.csv, between: [2026-06-01, 2026-06-30]}
""",
        source="  submitted: when",
    )
    intake = study.read({
        "raw/all.csv": "pid,arm,when,m_1,m_2,m_3\nA1,1,2026-01-31 23:59:59,0,0,0\nA1,1,2026-06-01,1,1,1\n"
        "A2,0,2026-01-01,2,2,2\nA2,0,,3,3,3\nA2,0,2026-03-01,3,3,3\n"
    })  # fmt: skip
    assert look.values(intake) == {
        (0, "before"): {1: 0, 2: 0, 3: 0}, (0, "after"): {1: 1, 2: 1, 3: 1}, (1, "before"): {1: 2, 2: 2, 3: 2},
    }  # fmt: skip
    assert look.reasons(intake) == {("raw/all.csv", 5, ""): "no-wave", ("raw/all.csv", 6, ""): "no-wave"}


def test_dates_that_cannot_be_read_do_not_decide_a_wave(study):
    study.declare(
        waves=BY_EVENT.replace("where: {event: [t1]}", "between: [2026-01-01, 2026-01-31]"), source="  submitted: event"
    )
    with pytest.raises(UserError, match="no date can be read that says which rows belong to wave before"):
        study.read({"raw/all.csv": "pid,arm,event,m_1,m_2,m_3\nA1,1,03/04/2026,0,0,0\n"})


@pytest.mark.parametrize("in_roster", [True, False])
def test_waves_by_months_since_each_persons_own_start(study, look, in_roster):
    study.declare(
        participants="roster: roster.csv" if in_roster else "",
        waves="""
  before: {label: Before, month: 0, files: raw/all.csv, months_since: {column: began, from: -1, to: 1}}
  after: {label: After, month: 6, files: raw/all.csv, months_since: {column: began, from: 5, to: 7}}
""",
        source="  submitted: when",
    )
    began = {"A1": "2026-01-01", "A2": "2026-03-01"}
    rows = [("A1", "2026-01-10", 0), ("A1", "2026-07-05", 1), ("A2", "2026-02-20", 2), ("A2", "2026-07-05", 3)]
    # A2's second row came 4.1 months after the start: of no wave
    if in_roster:
        study.write({"roster.csv": "pid,arm,began\nA1,1,2026-01-01\nA2,0,2026-03-01\n"})
        text = "pid,when,m_1,m_2,m_3\n" + "".join(f"{pid},{when},{v},{v},{v}\n" for pid, when, v in rows)
    else:
        text = "pid,arm,began,when,m_1,m_2,m_3\n" + "".join(
            f"{pid},1,{began[pid]},{when},{v},{v},{v}\n" for pid, when, v in rows
        )
    intake = study.read({"raw/all.csv": text})
    assert look.values(intake) == {
        (0, "before"): {1: 0, 2: 0, 3: 0}, (0, "after"): {1: 1, 2: 1, 3: 1}, (1, "before"): {1: 2, 2: 2, 3: 2},
    }  # fmt: skip


def test_several_sources_a_wave_and_another_informant(study, look):
    study.declare(
        waves="""
  before:
    label: Before
    month: 0
    files: {child: raw/child.csv, parent: [raw/parent.csv]}
  after: {label: After, month: 6, files: {child: raw/later.csv, parent: raw/later_parent.csv}}
""",
        outcomes="""
  mood: {instrument: tiny3, columns: "m_{item}", from: child, domain: d, role: primary}
  seen: {instrument: tiny3, columns: "m_{item}", from: parent, domain: d, role: secondary}
  there: {kind: yes-no, column: there, higher_is: better, domain: d, role: secondary}
""",
    )
    intake = study.read({
        "raw/child.csv": "pid,arm,m_1,m_2,m_3,there\nA1,1,0,0,0,yes\nA2,0,1,1,1,FALSE\n",
        "raw/parent.csv": "pid,m_1,m_2,m_3\nA1,3,3,3\n",
    })  # fmt: skip
    assert look.values(intake) == {(0, "before"): {1: 0, 2: 0, 3: 0}, (1, "before"): {1: 1, 2: 1, 3: 1}}
    assert look.values(intake, "seen") == {(0, "before"): {1: 3, 2: 3, 3: 3}}
    assert look.values(intake, "there") == {(0, "before"): {0: 1}, (1, "before"): {0: 0}}


def test_an_outcome_in_two_sources_needs_a_decision(study):
    study.declare(
        waves="""
  before: {label: Before, month: 0, files: {child: raw/child.csv, parent: raw/parent.csv}}
  after: {label: After, month: 6, files: raw/later.csv}
"""
    )
    with pytest.raises(UserError, match="its columns are in 2 sources: child, parent"):
        study.read({"raw/child.csv": W1, "raw/parent.csv": W2})


def test_one_file_of_a_source_may_lack_what_another_has(study, look):
    intake = study.read({"raw/w1a.csv": W1, "raw/w1b.csv": "pid,arm\nA9,0\n"})
    assert len(intake.people) == 4
    assert (3, "before") not in look.values(intake)


def test_a_roster_brings_facts_and_people_who_never_answered(study, look):
    study.declare(
        participants="""
roster: roster.csv
clusters: [site]
covariates: {age: {kind: number, min: 10, max: 25}, girl: {kind: yes-no}, town: {kind: category}}
mentor: mentor
dose: {meetings: {kind: number, min: 0}}
""",
        source="  id_cleaning: [trim, uppercase]",
    )
    intake = study.read({
        "roster.csv": "pid,arm,site,age,girl,town,mentor,meetings\n"
        " a1 ,1,North,14,Yes,Leeds,M1,12\nA2,0,South,171,no,  leeds,,\nA3,1,North,,,,M1,-1\n",
        "raw/w1.csv": "pid,arm,m_1,m_2,m_3\nA1,0,0,0,0\nA4,0,1,1,1\n",
    })  # fmt: skip
    people = intake.people
    assert people["cohort"].tolist() == ["mentored", "alone", "mentored", "alone"]
    assert people["site"].tolist()[:3] == ["North", "South", "North"]
    assert people["age"].tolist()[0] == 14
    assert people["age"].isna().tolist() == [False, True, True, True]
    assert people["girl"].tolist()[:2] == [1, 0]
    assert people["town"].tolist()[:2] == ["Leeds", "Leeds"]
    assert people["mentor"].isna().tolist() == [False, True, False, True]
    assert people["mentor"][0] == people["mentor"][2] != "M1"
    assert people["meetings"].tolist()[0] == 12
    rules = look.rules(intake)
    assert rules["cohort-conflict"] == [("raw/w1.csv", 2)]
    assert rules["no-response"] == [("roster.csv", 3), ("roster.csv", 4)]
    assert sorted(rules["out-of-range"]) == [("roster.csv", 3), ("roster.csv", 4)]  # an age of 171, -1 meetings
    assert "answered, but not in roster.csv: 1 person" in look.notes(intake)
    assert "in roster.csv, but without a response that counts: 2 people" in look.notes(intake)


def test_a_person_twice_in_the_roster_is_refused(study):
    study.declare(participants="roster: roster.csv", source="  id_cleaning: [trim]")
    with pytest.raises(UserError, match=r"1 person in it more than once \(rows 2, 3\)"):
        study.read({"roster.csv": "pid,arm\nA1,1\nA1 ,0\n", "raw/w1.csv": W1})


def test_identifiers_of_several_columns(study, look):
    study.declare(id="[initials, day]", source="  id_cleaning: [trim, lowercase]")
    intake = study.read({
        "raw/w1.csv": "initials,day,arm,m_1,m_2,m_3\nAB,01,1,0,0,0\nAB,02,0,1,1,1\nAB,,0,3,3,3\n",
        "raw/w2.csv": "initials,day,m_1,m_2,m_3\nab ,02,2,2,2\n",
    })  # fmt: skip
    assert look.values(intake) == {
        (0, "before"): {1: 0, 2: 0, 3: 0}, (1, "before"): {1: 1, 2: 1, 3: 1}, (1, "after"): {1: 2, 2: 2, 3: 2},
    }  # fmt: skip
    assert look.reasons(intake) == {("raw/w1.csv", 4, "before"): "no-id"}


def test_the_identifiers_column_may_differ_by_wave(study, look):
    study.declare(id="{after: code, otherwise: pid}")
    intake = study.read({"raw/w1.csv": W1, "raw/w2.csv": W2.replace("pid", "code")})
    assert (0, "after") in look.values(intake)


def test_waves_without_anybody_in_common_are_refused(study):
    many = "".join(f"A{n},1,0,0,0\n" for n in range(12))
    with pytest.raises(UserError, match="none of its 12 people was there at wave before"):
        study.read({
            "raw/w1.csv": "pid,arm,m_1,m_2,m_3\n" + many,
            "raw/w2.csv": "pid,arm,m_1,m_2,m_3\n" + many.replace("A", "B"),
        })  # fmt: skip


# ---- clusters, cohorts -------------------------------------------------------------------------------------------


def test_a_person_in_two_sites_at_once_is_refused(study):
    study.declare(participants="clusters: [site]")
    with pytest.raises(UserError, match=r"1 person in two places of 'site' at the same wave \(rows 2, 3\)"):
        study.read({"raw/w1.csv": "pid,arm,site,m_1,m_2,m_3\nA1,1,North,0,0,0\nA1,1,South,1,1,1\n"})


def test_somebody_who_moves_or_changes_cohort_stays_where_they_began(study, look):
    study.declare(participants="clusters: [site]")
    intake = study.read({
        "raw/w1.csv": "pid,arm,site,m_1,m_2,m_3\nA1,1,North,0,0,0\nA2,0,South,1,1,1\n",
        "raw/w2.csv": "pid,arm,site,m_1,m_2,m_3\nA1,0,south,0,0,0\nA2,0,South,1,1,1\n",
    })  # fmt: skip
    assert intake.people[["cohort", "site"]].to_numpy().tolist() == [["mentored", "North"], ["alone", "South"]]
    assert look.rules(intake) == {"cohort-conflict": [("raw/w2.csv", 2)], "cluster-moved": [("raw/w2.csv", 2)]}
    assert len(look.values(intake)) == 4


def test_a_person_without_a_cohort_is_set_aside(study, look):
    intake = study.read({"raw/w1.csv": "pid,arm,m_1,m_2,m_3\nA1,1,0,0,0\nA2,,1,1,1\n", "raw/w2.csv": W2})
    # A3 answered only the second wave, whose file has no cohorts
    assert len(intake.people) == 1
    assert look.reasons(intake) == {("raw/w1.csv", 3, "before"): "no-cohort", ("raw/w2.csv", 3, "after"): "no-cohort"}
    assert look.rules(intake)["no-cohort"] == [("raw/w1.csv", 3), ("raw/w2.csv", 3)]
    people = intake.tally.set_index("unit").loc["people"]
    assert people[["n_in", "n_kept", "n_set_aside"]].tolist() == [3, 1, 2]


# ---- corrections -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("raw/w1.csv,2,m_1,5,2,why", "`old` is not what stands in raw/w1.csv, row 2"),
        ("raw/w1.csv,99,m_1,0,2,why", "has no answers in row 99"),
        ("raw/w1.csv,2,name,0,2,why", "has no such column, or the study file does not use it"),
        ("raw/w9.csv,2,m_1,0,2,why", "no wave of the study has this file"),
        ("raw/w1.csv,2,m_1,0,2,", "no reason"),
        ("raw/w1.csv,two,m_1,0,2,why", "`row` is no whole number"),
    ],
)
def test_a_correction_that_does_not_fit_is_refused(study, row, said):
    study.declare(participants="corrections: corrections.csv")
    study.write({"corrections.csv": f"file,row,column,old,new,reason\n{row}\n"})
    with pytest.raises(UserError, match=said):
        study.read(TWO)


def test_corrections_come_before_every_check(study, look):
    study.declare(participants="corrections: corrections.csv")
    study.write({
        "corrections.csv": "file,row,column,old,new,reason\n"
        "raw/w1.csv,2,arm,Mentored,0,assigned to the other arm\n"
        "raw/w2.csv,3,pid,A3,A2,the site's list says so\n"
        "raw/w1.csv,3,m_3,0,,two boxes ticked\n"
    })  # fmt: skip
    intake = study.read(TWO)
    assert intake.people["cohort"].tolist() == ["alone", "alone", "mentored"]
    values = look.values(intake)
    assert values[1, "before"] == {1: 3, 2: 3}
    assert values[1, "after"] == {1: 0, 2: 0}
    ledger = intake.ledger
    assert ledger["rule"].unique().tolist() == ["correction"]
    assert ledger["remedy"].tolist() == ["assigned to the other arm", "two boxes ticked", "the site's list says so"]
    assert ledger["participant"].tolist() == intake.people["participant"].iloc[[0, 1, 1]].tolist()


# ---- the books ---------------------------------------------------------------------------------------------------


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
