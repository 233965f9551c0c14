"""A human's decisions about single values or people."""

import pytest

from alongside.errors import UserError

W1 = "pid,arm,m_1,m_2,m_3\nA1,Mentored,0,1,2\nA2,Wait list,3,3,0\nA3,1,Never,dont often,ALWAYS\n"
W2 = "pid,m_1,m_2,m_3\nA1,1,1,1\nA3,0,0,\n"
TWO = {"raw/w1.csv": W1, "raw/w2.csv": W2}


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
