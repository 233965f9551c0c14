"""How the exports look, declared in the study file where a file leaves it open: for all waves, or for one."""

import pytest
import xlsxwriter

from alongside.errors import UserError

W1 = "pid,arm,m_1,m_2,m_3\nA1,1,0,1,2\nA2,0,3,3,0\n"
AGE = "covariates: {age: {kind: number, min: 0, max: 2000}}"


def write_sheets(path, sheets):
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)


HEAD = ["pid", "arm", "m_1", "m_2", "m_3"]
SHEET_A_WAVE = """
  before: {label: Before, month: 0, files: raw/all.xlsx, source: {sheet: First}}
  after: {label: After, month: 6, files: raw/all.xlsx, source: {sheet: Second}}
"""


def test_a_workbook_may_hold_a_sheet_for_each_wave(study, look):
    study.declare(waves=SHEET_A_WAVE, participants="corrections: corrections.csv")
    write_sheets(
        study.folder / "raw" / "all.xlsx",
        {"First": [HEAD, ["A1", 1, 0, 1, 2]], "Second": [HEAD, ["A1", 1, 3, 3, 3]], "Notes": [["by", "hand"]]},
    )
    study.write({"corrections.csv": "file,sheet,row,column,old,new,reason\nraw/all.xlsx,Second,2,m_1,3,2,on paper\n"})
    intake = study.read()
    assert look.values(intake) == {(0, "before"): {1: 0, 2: 1, 3: 2}, (0, "after"): {1: 2, 2: 3, 3: 3}}
    assert intake.responses["sheet"].tolist() == ["First", "Second"]
    correction = intake.ledger.iloc[0]
    assert (correction["rule"], correction["sheet"], correction["found"]) == ("correction", "Second", "3")
    assert correction["participant"] == intake.people["participant"][0]


def test_a_correction_of_one_of_several_sheets_must_name_it(study):
    study.declare(waves=SHEET_A_WAVE, participants="corrections: corrections.csv")
    rows = [HEAD, ["A1", 1, 0, 1, 2]]
    write_sheets(study.folder / "raw" / "all.xlsx", {"First": rows, "Second": rows})
    study.write({"corrections.csv": "file,row,column,old,new,reason\nraw/all.xlsx,2,m_1,0,2,on paper\n"})
    with pytest.raises(UserError, match=r"corrections\.csv, row 2: 2 sheets of raw/all\.xlsx are read"):
        study.read()


def test_a_sheet_that_is_not_there_is_refused(study):
    study.declare(waves=SHEET_A_WAVE.replace("First", "Frist"))
    write_sheets(study.folder / "raw" / "all.xlsx", {"First": [HEAD, ["A1", 1, 0, 1, 2]], "Second": [HEAD]})
    with pytest.raises(UserError, match=r"no sheet 'Frist' with anything in it \(it has 'First'\)"):
        study.read()


def test_a_sheet_of_a_text_file_is_refused(study):
    study.declare(source="  sheet: Answers")
    with pytest.raises(UserError, match="no sheet 'Answers' with anything in it: it is no workbook"):
        study.read({"raw/w1.csv": W1})


def test_an_encoding_is_declared_for_the_wave_that_needs_it(study, look):
    waves = """
  before: {label: B, month: 0, files: raw/w1.csv, source: {encoding: Windows-1251}}
  after: {label: A, month: 6, files: raw/w2.csv}
"""
    outcomes = """
  mood: {instrument: tiny3, columns: "m_{item}", labels: {Никогда: 0, Всегда: 3}, domain: d, role: primary}
"""
    study.declare(waves=waves, outcomes=outcomes)
    rows = "pid,arm,m_1,m_2,m_3\nA1,1,Никогда,Всегда,2\n"
    intake = study.read({"raw/w1.csv": rows.encode("cp1251"), "raw/w2.csv": rows})
    assert look.values(intake) == {(0, "before"): {1: 0, 2: 3, 3: 2}, (0, "after"): {1: 0, 2: 3, 3: 2}}


@pytest.mark.parametrize(("delimiter", "word"), [(";", "semicolon"), ("|", "pipe"), ("\t", "tab"), (",", '","')])
def test_a_delimiter_is_a_word_or_the_character(study, look, delimiter, word):
    study.declare(source=f"  delimiter: {word}")
    assert look.values(study.read({"raw/w1.csv": W1.replace(",", delimiter)}))[0, "before"] == {1: 0, 2: 1, 3: 2}


def test_a_delimiter_that_the_file_does_not_have_is_one_clear_error(study):
    study.declare(source="  delimiter: tab")
    with pytest.raises(UserError, match=r"raw/w1\.csv: no column 'pid'"):
        study.read({"raw/w1.csv": W1})


def test_decimals_are_read_by_the_declaration_of_their_wave(study):
    waves = """
  before: {label: B, month: 0, files: raw/w1.csv, source: {decimal: comma}}
  after: {label: A, month: 6, files: raw/w2.csv, source: {decimal: point}}
"""
    study.declare(waves=waves, participants=AGE)
    head = "pid;arm;age;m_1;m_2;m_3\n"
    intake = study.read({
        "raw/w1.csv": head + "A1;1;12,5;0;0;0\nA2;0;;0;0;0\n", "raw/w2.csv": head + "A1;1;;1;1;1\nA2;0;13.25;1;1;1\n",
    })  # fmt: skip
    assert intake.people["age"].tolist() == [12.5, 13.25]


@pytest.mark.parametrize(("decimal", "found"), [("comma", "1.234"), ("point", "1,234")])
def test_a_thousands_mark_is_never_taken_for_a_decimal_where_the_other_is_declared(study, decimal, found):
    study.declare(source=f"  decimal: {decimal}", participants=AGE)
    with pytest.raises(UserError, match="column age: 1 cell holds text that is no answer"):
        study.read({"raw/w1.csv": f"pid;arm;age;m_1;m_2;m_3\nA1;1;{found};0;0;0\n"})


def test_a_mark_of_no_answer_counts_where_its_wave_declares_it(study):
    waves = """
  before: {label: B, month: 0, files: raw/w1.csv, source: {missing: [-77]}}
  after: {label: A, month: 6, files: raw/w2.csv}
"""
    study.declare(waves=waves, participants="covariates: {school: {kind: category}}")
    head = "pid,arm,school,m_1,m_2,m_3\n"
    intake = study.read({"raw/w1.csv": head + "A1,-77,-77,0,0,0\n", "raw/w2.csv": head + "A1,1,Hill,1,1,1\n"})
    assert intake.people[["cohort", "school"]].to_numpy().tolist() == [["mentored", "Hill"]]


# ---- dates -------------------------------------------------------------------------------------------------------

TWICE = "pid,arm,when,m_1,m_2,m_3\nA1,1,03/04/2026,0,0,0\nA1,1,04/03/2026,1,1,1\nA2,0,05/05/2026,2,2,2\n"


@pytest.mark.parametrize(("dates", "kept"), [("day-first", 2), ("month-first", 3)])
def test_the_declared_order_of_day_and_month_decides_between_retakes(study, dates, kept):
    study.declare(source=f"  submitted: when\n  dates: {dates}")
    intake = study.read({"raw/w1.csv": TWICE})  # 3 April and 4 March, or 4 March and 3 April
    assert intake.responses.loc[intake.responses["kept"], "row"].tolist() == [kept, 4]


def test_dates_that_may_be_either_are_ledger_rows_and_decide_nothing(study, look):
    study.declare(source="  submitted: when")
    intake = study.read({"raw/w1.csv": TWICE})
    assert look.rules(intake)["ambiguous-date"] == [("raw/w1.csv", row) for row in (2, 3, 4)]
    assert intake.responses["submitted"].isna().all()
    assert intake.ledger["remedy"].str.contains("source.dates").any()


def test_a_date_that_contradicts_the_declared_order_is_a_ledger_row(study, look):
    study.declare(source="  submitted: when\n  dates: day-first")
    intake = study.read({"raw/w1.csv": "pid,arm,when,m_1,m_2,m_3\nA1,1,03/25/2026,0,0,0\nA2,0,3/4/2026,1,1,1\n"})
    assert look.rules(intake) == {"unreadable-date": [("raw/w1.csv", 2)]}
    assert intake.responses["submitted"].dt.strftime("%d %b").tolist()[1] == "03 Apr"


BY_START = """
  before: {label: B, month: 0, files: raw/all.csv, months_since: {column: began, from: -1, to: 1}}
  after: {label: A, month: 6, files: raw/all.csv, months_since: {column: began, from: 5, to: 7}}
"""


@pytest.mark.parametrize("in_roster", [True, False])
def test_a_start_date_that_may_be_either_never_decides_a_wave(study, in_roster):
    study.declare(waves=BY_START, source="  submitted: when", participants="roster: roster.csv" if in_roster else "")
    if in_roster:
        study.write({"roster.csv": "pid,arm,began\nA1,1,03/04/2026\n"})
    head, row = ("pid,when", "A1,2026-03-04") if in_roster else ("pid,when,began,arm", "A1,2026-03-04,03/04/2026,1")
    with pytest.raises(UserError, match=r"day/month or month/day") as caught:
        study.read({"raw/all.csv": f"{head},m_1,m_2,m_3\n{row},0,0,0\n"})
    assert "source.dates" in str(caught.value)


def test_a_few_doubtful_dates_stop_a_wave_that_dates_decide(study):
    study.declare(
        waves=BY_START.replace("months_since: {column: began, from: -1, to: 1}", "between: [2026-01-01, 2026-01-31]"),
        source="  submitted: when",
    )
    with pytest.raises(UserError, match=r"which rows belong to wave before \(day/month or month/day\?\)"):
        study.read({
            "raw/all.csv": "pid,arm,began,when,m_1,m_2,m_3\nA1,1,2026-01-01,2026-01-05,0,0,0\n"
            "A2,1,2026-01-01,01/02/2026,1,1,1\n"
        })  # fmt: skip
