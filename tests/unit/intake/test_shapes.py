"""One small fixture, shaped like the real thing, for each survey tool."""

import pytest

from alongside.errors import UserError
from alongside.intake.columns import Headers
from alongside.intake.readers import open_table
from alongside.intake.shapes import recognise

EXPORTS = {
    "qualtrics": (
        "StartDate,EndDate,Status,IPAddress,Finished,RecordedDate,ResponseId,pid,m_1\n"
        'Start Date,End Date,Response Type,IP,Finished,Recorded Date,ID,Code,"How often\nlately?"\n'
        '"{""ImportId"":""startDate""}","{""ImportId"":""endDate""}",x,x,x,x,x,x,"{""ImportId"":""QID1""}"\n'
        "2026-01-01,2026-01-01,IP Address,1.2.3.4,True,2026-01-01,R_1,A1,2\n"
    ),
    "surveymonkey": (
        "Respondent ID,Collector ID,Start Date,End Date,IP Address,pid,How often?,\n"
        ",,,,,Open-Ended Response,lately,at work\n"
        "11,22,01/05/2026 10:00:00 AM,01/05/2026 10:05:00 AM,1.2.3.4,A1,2,3\n"
    ),
    "redcap": ("record_id,redcap_event_name,pid,m_1,race___1,race___2,survey_complete\n1,baseline_arm_1,A1,2,1,0,2\n"),
    "google-forms": "Timestamp,Your code,How often do you feel low?\n2026/01/05 10:00:00 AM GMT,A1,2\n",
    "kobo": "start,end,group_a/pid,group_a/mood/m_1,_uuid,_submission_time\n1,2,A1,2,u-1,2026-01-05T10:00:00\n",
    "limesurvey": "id,submitdate,lastpage,startlanguage,pid,m[SQ001],m[SQ002]\n1,2026-01-05 10:00:00,3,en,A1,2,3\n",
    "plain": "pid,m_1\nA1,2\n",
}


def open_export(folder, text, name="x.csv"):
    (folder / name).write_bytes(text.encode("utf-8"))
    return open_table(folder, name)[0]


@pytest.mark.parametrize("format", EXPORTS)
def test_auto_recognises_it_and_says_by_what(tmp_path, format):
    layout = recognise(open_export(tmp_path, EXPORTS[format]), "auto")
    assert layout.format == format
    assert layout.why


@pytest.mark.parametrize("format", EXPORTS)
def test_the_first_answer_is_where_the_header_ends(tmp_path, format):
    table = open_export(tmp_path, EXPORTS[format])
    layout = recognise(table, format)
    column = next(
        Headers(layout, "x").find(name)
        for name in ("pid", "Your code")
        if name in layout.names or name in layout.aliases
    )
    rows, cells = table.load([column], layout.first)
    assert cells[column].text().tolist() == ["A1"]
    assert rows.tolist() == [EXPORTS[format].count("\n") - (format == "qualtrics")]


@pytest.mark.parametrize("format", [name for name in EXPORTS if name != "plain"])
def test_a_file_that_is_something_else_is_refused(tmp_path, format):
    with pytest.raises(UserError, match=f"does not look like an export of {format}"):
        recognise(open_export(tmp_path, EXPORTS["plain"]), format)


def test_qualtrics_without_its_import_row_loses_nobody(tmp_path):
    lines = EXPORTS["qualtrics"].replace("often\nlately", "often lately").splitlines()
    layout = recognise(open_export(tmp_path, "\n".join([lines[0], lines[1], lines[3]])), "auto")
    assert (layout.format, layout.first) == ("qualtrics", 2)
    layout = recognise(open_export(tmp_path, "\n".join([lines[0], lines[3]])), "auto")
    assert (layout.format, layout.first) == ("qualtrics", 1)


def test_qualtrics_tells_previews_and_finished_responses(tmp_path):
    layout = recognise(open_export(tmp_path, EXPORTS["qualtrics"]), "auto")
    assert layout.preview[0] == "Status"
    assert layout.complete == ("Finished", ("1", "True"))
    assert layout.submitted == "RecordedDate"


def test_surveymonkey_names_are_the_question_and_its_part(tmp_path):
    layout = recognise(open_export(tmp_path, EXPORTS["surveymonkey"]), "auto")
    headers = Headers(layout, "x")
    assert layout.names[5:] == ["pid", "How often? / lately", "How often? / at work"]
    assert headers.find("at work") == 7
    assert layout.month_first


def test_kobo_columns_are_found_by_the_end_of_their_path(tmp_path):
    headers = Headers(recognise(open_export(tmp_path, EXPORTS["kobo"]), "auto"), "x")
    assert headers.find("m_1") == headers.find("group_a/mood/m_1") == 3


def test_limesurvey_items_are_found_in_their_brackets(tmp_path):
    headers = Headers(recognise(open_export(tmp_path, EXPORTS["limesurvey"]), "auto"), "x")
    assert headers.find_items("m[SQ{item}]", 2) == {1: 5, 2: 6}


def test_redcap_checkboxes_are_columns_of_their_own(tmp_path):
    headers = Headers(recognise(open_export(tmp_path, EXPORTS["redcap"]), "auto"), "x")
    assert headers.find_items("race___{item}", 2) == {1: 4, 2: 5}


def test_a_question_is_found_by_words_of_its_own(tmp_path):
    headers = Headers(recognise(open_export(tmp_path, EXPORTS["google-forms"]), "auto"), "x")
    assert headers.find("feel low") == 2
    assert headers.find("low") is None  # one word alone is a name, and no column has it


def test_words_of_two_questions_are_an_error(tmp_path):
    layout = recognise(open_export(tmp_path, "Timestamp,Do you feel low today?,Did you feel low then?\n"), "auto")
    with pytest.raises(UserError, match="2 columns fit 'feel low'"):
        Headers(layout, "x").find("feel low")


def test_a_pattern_finds_items_with_and_without_zeros(tmp_path):
    headers = Headers(recognise(open_export(tmp_path, "pid,m_02,m_1,m_10,m_x\n"), "auto"), "x")
    assert headers.find_items("m_{item}", 3) == {1: 2, 2: 1}
    assert headers.find_items("m_{item}", 10) == {1: 2, 2: 1, 10: 3}


def test_an_item_that_is_there_twice_is_an_error(tmp_path):
    headers = Headers(recognise(open_export(tmp_path, "pid,m_1,m_01\n"), "auto"), "x")
    with pytest.raises(UserError, match="2 columns fit 'm_1'"):
        headers.find_items("m_{item}", 3)


def test_only_headers_that_resemble_what_was_declared_are_quoted(tmp_path):
    headers = Headers(recognise(open_export(tmp_path, "participant_ID,jane.doe@example.org\n"), "auto"), "x")
    assert headers.resembling("participant_id") == ["participant_ID"]
    assert headers.resembling("mood") == []
