"""One study, exports of several layouts: waves as columns, waves as rows, and a form with whole questions."""

WAVES = """
  before: {label: Before, month: 0, files: raw/wide.csv}
  after: {label: After, month: 6, files: {survey: raw/wide.csv, records: raw/school.csv}}
  later: {label: Later, month: 12, files: raw/long.csv, where: {event: [t3]}}
  last: {label: Last, month: 18, files: raw/form.csv}
"""
OUTCOMES = """
  mood:
    instrument: tiny3
    columns:
      before: "t1_m{item}"
      after: "t2_m{item}"
      last: [feel low, sleep badly, see friends]
      otherwise: "m{item}"
    from: survey
    domain: d
    role: primary
  grade: {kind: score, columns: {after: grade}, from: records, min: 0, max: 20, higher_is: better, domain: d,
    role: secondary}
"""
FILES = {
    "raw/wide.csv": "pid,arm,t1_m1,t1_m2,t1_m3,t2_m1,t2_m2,t2_m3\nA1,1,0,1,2,3,2,1\nA2,0,1,1,1,,,\n",
    "raw/school.csv": "pid,grade\nA2,9\nA1,11.5\n",
    "raw/long.csv": "pid,event,m1,m2,m3\nA1,t3,2,2,2\nA1,t4,3,3,3\nA2,t3,0,0,0\n",
    "raw/form.csv": "Timestamp,pid,How often do you feel low?,Do you sleep badly?,Did you see friends?\n"
    "2027/06/01 10:00:00,A2,Never,Sometimes,Always\n",
}


def test_waves_as_columns_as_rows_and_as_whole_questions_in_one_study(study, look):
    intake = study.declare(waves=WAVES, outcomes=OUTCOMES).read(FILES)
    assert look.values(intake) == {
        (0, "before"): {1: 0, 2: 1, 3: 2}, (0, "after"): {1: 3, 2: 2, 3: 1}, (0, "later"): {1: 2, 2: 2, 3: 2},
        (1, "before"): {1: 1, 2: 1, 3: 1}, (1, "later"): {1: 0, 2: 0, 3: 0}, (1, "last"): {1: 0, 2: 1, 3: 3},
    }  # fmt: skip
    assert look.values(intake, "grade") == {(0, "after"): {0: 11.5}, (1, "after"): {0: 9}}
    assert look.reasons(intake) == {("raw/long.csv", 3, ""): "no-wave"}
