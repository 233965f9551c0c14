"""How long a response took, from whatever the survey tool writes about it; expected values by hand."""

import pytest

from alongside.errors import UserError

# three answers a response: fewer than 6 seconds are too fast
KOBO = "start,end,_submission_time,_uuid,pid,arm,m_1,m_2,m_3\n"
MONKEY = "Respondent ID,Collector ID,Start Date,End Date,pid,arm,m_1,m_2,m_3\n"
LIME = "id,submitdate,lastpage,startlanguage,startdate,pid,arm,m_1,m_2,m_3\n"
ANSWERS = ",0,1,2\n"


def flags(intake):
    return intake.responses["flags"].tolist()


def test_kobotoolbox_by_the_telephones_own_clock(study):
    intake = study.read({
        "raw/w1.csv": KOBO
        + "2026-01-05T10:00:00.000+01:00,2026-01-05T10:00:05.900+01:00,2026-01-06T08:00:00,u1,A1,1" + ANSWERS
        + "2026-01-05T10:00:00.000+01:00,2026-01-05T10:00:06.000+01:00,2026-01-05T10:00:01,u2,A2,0" + ANSWERS
        + "2026-01-05T10:00:00.000+01:00,,2026-01-05T10:00:01,u3,A3,0" + ANSWERS
    })  # fmt: skip
    assert flags(intake) == ["too-fast", "", ""]
    assert str(intake.responses["submitted"][0]) == "2026-01-06 08:00:00"


def test_surveymonkey_by_its_start_and_end_date(study):
    intake = study.read({
        "raw/w1.csv": MONKEY
        + "1,9,01/05/2026 10:59:57 PM,01/05/2026 11:00:02 PM,A1,1" + ANSWERS
        + "2,9,01/05/2026 10:59:57 PM,01/05/2026 11:10:02 PM,A2,0" + ANSWERS
    })  # fmt: skip
    assert flags(intake) == ["too-fast", ""]


def test_limesurvey_by_its_dates_where_it_has_no_seconds(study):
    intake = study.read({
        "raw/w1.csv": LIME
        + "1,2026-01-05 10:00:03,3,en,2026-01-05 10:00:00,A1,1" + ANSWERS
        + "2,2026-01-05 10:05:00,3,en,2026-01-05 10:00:00,A2,0" + ANSWERS
    })  # fmt: skip
    assert flags(intake) == ["too-fast", ""]


DECLARED = "  submitted: done\n  started: began"
HEAD = "pid,arm,began,done,m_1,m_2,m_3\n"


def test_a_declared_start_and_each_wave_by_itself(study):
    study.declare(source=DECLARED)
    intake = study.read({
        "raw/w1.csv": HEAD
        + "A1,1,2026-01-05 10:00:00,2026-01-05 10:00:04" + ANSWERS + "A2,0,2026-01-05 10:00,2026-01-05 10:01" + ANSWERS,
        "raw/w2.csv": HEAD
        + "A1,1,2026-06-05 10:00:00,2026-06-05 10:09:00" + ANSWERS + "A2,0,2026-06-05 10:00,2026-06-05 10:00" + ANSWERS,
    })  # fmt: skip
    assert flags(intake) == ["too-fast", "", "", "too-fast"]


def test_days_without_a_time_of_day_say_nothing(study):
    study.declare(source=DECLARED)
    intake = study.read({
        "raw/w1.csv": HEAD + "A1,1,2026-01-05,2026-01-05" + ANSWERS + "A2,0,,2026-01-05 10:00:00" + ANSWERS
        + "A3,0,soon,2026-01-05 10:00:00" + ANSWERS
    })  # fmt: skip
    assert flags(intake) == ["", "", ""]


def test_an_end_before_its_start_is_an_impossible_date_and_no_haste(study, look):
    study.declare(source=DECLARED)
    intake = study.read({
        "raw/w1.csv": HEAD + "A1,1,2026-01-05 10:00:00,2026-01-05 09:59:00" + ANSWERS + "A2,0,2026-01-05 10:00:00,"
        "2026-01-05 10:20:00" + ANSWERS
    })  # fmt: skip
    assert look.rules(intake) == {"ended-before-started": [("raw/w1.csv", 2)]}
    assert flags(intake) == ["", ""]


def test_a_declared_start_that_no_file_has_is_refused(study):
    study.declare(source="  submitted: done\n  started: begann")
    with pytest.raises(UserError, match=r"source\.started: no file has a column 'begann'"):
        study.read({"raw/w1.csv": HEAD + "A1,1,2026-01-05,2026-01-05" + ANSWERS})


def test_qualtrics_own_seconds_come_before_its_dates(study):
    study.declare(source="  format: qualtrics")
    names = "StartDate,EndDate,Status,Finished,RecordedDate,Duration (in seconds),pid,arm,m_1,m_2,m_3"
    imports = ",".join(['"{""ImportId"":""x""}"'] * 11)
    rows = "".join(
        f"2026-01-01 10:00:00,2026-01-01 10:00:01,0,1,2026-01-01 10:00:01,{seconds},{pid},1{ANSWERS}"
        for pid, seconds in (("A1", 5), ("A2", 500))
    )
    intake = study.read({"raw/w1.csv": f"{names}\n{names}\n{imports}\n{rows}"})
    assert flags(intake) == ["too-fast", ""]
