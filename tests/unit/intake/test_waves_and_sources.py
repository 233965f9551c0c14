"""Which rows and columns belong to which wave and source: wide, long, one file a wave, and all of them mixed."""

import pytest

from alongside.errors import UserError

W1 = "pid,arm,m_1,m_2,m_3\nA1,Mentored,0,1,2\nA2,Wait list,3,3,0\nA3,1,Never,dont often,ALWAYS\n"
W2 = "pid,m_1,m_2,m_3\nA1,1,1,1\nA3,0,0,\n"

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


def test_where_holds_in_every_source_of_its_wave(study):
    waves = """
  before: {label: B, month: 0, files: {survey: raw/long.csv, records: raw/records.csv}, where: {event: [a]}}
  after: {label: A, month: 6, files: {survey: raw/long.csv}, where: {event: [b]}}
"""
    study.declare(
        waves=waves,
        outcomes="""
  mood: {instrument: tiny3, columns: "m_{item}", from: survey, domain: d, role: primary}
  grade: {kind: score, column: grade, from: records, waves: [before], higher_is: better, domain: e, role: exploratory}
""",
    )
    with pytest.raises(UserError, match=r"raw/records.csv: no column 'event'") as caught:
        study.read({
            "raw/long.csv": "pid,event,arm,m_1,m_2,m_3\nA,a,1,1,1,1\nA,b,1,2,2,2\n",
            "raw/records.csv": "pid,grade\nA,3\n",
        })  # fmt: skip
    assert "in every source of the wave" in str(caught.value)
