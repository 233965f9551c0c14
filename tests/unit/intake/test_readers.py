import datetime as dt
import re
import subprocess
import sys
import zipfile

import numpy as np
import pandas as pd
import pyreadstat
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from alongside.errors import UserError
from alongside.intake.readers import Reading, list_files, open_table
from alongside.intake.readers.encoding import CODECS
from alongside.study import Source


def read(folder, name, content=None):
    """(row numbers, rows of text below the first record)"""
    if content is not None:
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    table = open_table(folder, name)[0]
    places = list(range(len(table.head[0])))
    rows, cells = table.load(places, 1)
    columns = [cells[place].text().tolist() for place in places]
    return rows.tolist(), [list(row) for row in zip(*columns, strict=True)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_delimiter_and_line_ending(tmp_path, delimiter, end):
    text = end.join(delimiter.join(row) for row in (["pid", "a", "b"], ["01", "x", ""], ["2", "y", "3.10"])) + end
    assert read(tmp_path, "x.csv", text) == ([2, 3], [["01", "x", ""], ["2", "y", "3.10"]])


def test_a_semicolon_file_with_decimal_commas(tmp_path):
    assert read(tmp_path, "x.csv", "pid;a\n1;2,5\n")[1] == [["1", "2,5"]]


def test_excels_own_first_line_names_the_separator(tmp_path):
    assert read(tmp_path, "x.csv", "sep=;\r\npid;a\r\n1;2,5\r\n") == ([3], [["1", "2,5"]])


def test_rows_are_numbered_as_a_spreadsheet_numbers_them(tmp_path):
    # a line break inside a cell does not make a row, a blank line does
    rows, cells = read(tmp_path, "x.csv", 'pid,a\n1,"two\nlines"\n\n2,b\n')
    assert rows == [2, 3, 4]
    assert cells == [["1", "two\nlines"], ["", ""], ["2", "b"]]


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("cp1252", b""),
    ],
)
def test_accents_survive_every_encoding(tmp_path, encoding, mark):
    content = mark + "pid,a\n1,naïve £5\n".encode(encoding)
    assert read(tmp_path, "x.csv", content)[1] == [["1", "naïve £5"]]


def test_windows_1252_is_told(tmp_path):
    (tmp_path / "x.csv").write_bytes("pid,a\n1,naïve\n".encode("cp1252"))
    assert "Windows-1252" in open_table(tmp_path, "x.csv")[0].notes[0]


@pytest.mark.parametrize(
    ("encoding", "codec", "text"),
    [("windows-1251", "cp1251", "Никогда"), ("shift-jis", "shift_jis", "一度もない"), ("utf-16", "utf-16", "naïve"),
     ("utf-16", "utf-16-le", "naïve"), ("mac-roman", "mac-roman", "naïve"), ("utf-8", "utf-8-sig", "naïve")],
)  # fmt: skip
def test_a_declared_encoding_is_the_one_that_is_read(tmp_path, encoding, codec, text):
    (tmp_path / "x.csv").write_bytes(f"pid,a\n1,{text}\n".encode(codec))
    assert open_table(tmp_path, "x.csv", Reading(encoding=encoding))[0].head == [["pid", "a"], ["1", text]]


@pytest.mark.parametrize(
    ("encoding", "content"),
    [("utf-8", b"pid,a\n1,na\xefve\n"), ("utf-16", b"pid,a\n1,xy\n"), ("windows-1252", b"\xef\xbb\xbfpid\n1\n"),
     ("windows-1252", "pid,a\n1,x\n".encode("utf-16-le")), ("euc-kr", b"pid,a\n1,\xff\xff\n")],
)  # fmt: skip
def test_a_file_in_another_encoding_than_declared_is_refused(tmp_path, encoding, content):
    (tmp_path / "x.csv").write_bytes(content)
    with pytest.raises(UserError, match=r"x\.csv: .*" + encoding):
        open_table(tmp_path, "x.csv", Reading(encoding=encoding))


def test_every_encoding_that_a_study_can_name_is_one_that_python_reads():
    named = TypeAdapter(Source.model_fields["encoding"].annotation).json_schema()["anyOf"][0]["enum"]
    assert set(named) == set(CODECS)
    for codec in CODECS.values():
        assert "pid,1".encode(codec).decode(codec) == "pid,1"


def test_a_declared_delimiter_cuts_the_cells_where_another_would_cut_more(tmp_path):
    (tmp_path / "x.csv").write_text("pid;a,b,c\n1;2,3,4\n")
    assert open_table(tmp_path, "x.csv")[0].head == [["pid;a", "b", "c"], ["1;2", "3", "4"]]
    assert open_table(tmp_path, "x.csv", Reading(delimiter=";"))[0].head == [["pid", "a,b,c"], ["1", "2,3,4"]]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"  \n \n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"\npid,a\n1,2\n", "first row is blank"),
        (b"pid,a\n1,2,3\n", r"row 2 \(3 cells\)"),
        (b"pid,a,b\n1,2,3\n4,5", r"row 3 \(2 cells\)"),
        (b'pid,a\n1,"cut off\n2,3\n', "never ends"),
        (b'pid,a\n1,x\n2,"cut', "row 3: a quotation mark opens a cell that never ends"),
        (b"sep=;\npid;a\n1;2;3\n", r"row 3 \(3 cells\)"),
        ("pid,a\n1,né\n".encode() + "2,né\n".encode("cp1252"), "mixes UTF-8 with another encoding"),
        (b"pid,a\n1,\x81\n", "neither UTF-8 nor Windows-1252"),
        ("pid,a\n1,2\n".encode("utf-16-le"), "no text has"),
        (b"\xff\xfep\x00i", "cut off or damaged"),
        (b"PK\x03\x04rest", "name says a delimited text file, the content is a workbook"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (b"$FL2@(#) SPSS", "an SPSS file"),
    ],
)
def test_a_file_that_is_not_right_is_one_clear_error(tmp_path, content, said):
    with pytest.raises(UserError, match=said):
        read(tmp_path, "x.csv", content)


@pytest.mark.parametrize("name", ["x.xlsx", "x.ods", "x.sav", "x.dta"])
def test_a_text_file_under_another_name_is_refused(tmp_path, name):
    with pytest.raises(UserError, match="the name says"):
        read(tmp_path, name, "pid,a\n1,2\n")


def test_an_unknown_kind_of_file_is_refused(tmp_path):
    with pytest.raises(UserError, match=r"files named \*\.docx are not read"):
        read(tmp_path, "x.docx", "pid,a\n")


def test_a_very_long_cell_and_very_many_columns(tmp_path):
    text = "x" * 20_000_000
    assert read(tmp_path, "x.csv", f"pid,a\n1,{text}\n2,b\n")[1][0][1] == text
    header = ",".join(f"c{place}" for place in range(10_000))
    assert len(read(tmp_path, "y.csv", header + "\n" + "," * 9_999 + "\n")[1][0]) == 10_000


@given(
    st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=8), min_size=3, max_size=3
        ),
        max_size=6,
    )
)
def test_what_a_csv_writer_wrote_is_what_is_read(tmp_path_factory, cells):
    folder = tmp_path_factory.mktemp("csv")
    import csv

    with open(folder / "x.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([["pid", "second", "third"], *cells])
    assert read(folder, "x.csv")[1] == cells


# ---- workbooks -----------------------------------------------------------------------------------------------


def write_workbook(path, sheets):
    with xlsxwriter.Workbook(str(path)) as book:
        date = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                for place, value in enumerate(row):
                    if isinstance(value, dt.datetime):
                        sheet.write_datetime(at, place, value, date)
                    elif isinstance(value, str) and value.startswith("="):
                        sheet.write_formula(at, place, value, None, 3)
                    elif isinstance(value, str):
                        sheet.write_string(at, place, value)
                    elif value is not None:
                        sheet.write(at, place, value)


def test_cells_of_a_workbook_are_what_a_person_sees(tmp_path):
    moment = dt.datetime(2026, 4, 10, 14, 9, 22)
    write_workbook(tmp_path / "x.xlsx", {"S": [
        ["pid", "a"], ["007", 1.0], ["1e5", 2.5], [3, True], [None, moment], ["x", dt.datetime(2026, 4, 10)],
        ["y", "=1+2"],
    ]})  # fmt: skip
    rows, cells = read(tmp_path, "x.xlsx")
    assert rows == [2, 3, 4, 5, 6, 7]
    assert cells == [
        ["007", "1"], ["1e5", "2.5"], ["3", "True"], ["", "2026-04-10 14:09:22"], ["x", "2026-04-10"], ["y", "3"],
    ]  # fmt: skip


def test_a_sheet_that_starts_further_down_keeps_its_row_numbers(tmp_path):
    write_workbook(tmp_path / "x.xlsx", {"S": [[None], [None], ["pid", "a"], ["1", "2"]]})
    assert read(tmp_path, "x.xlsx") == ([4], [["1", "2"]])


def test_sheets_without_anything_are_no_tables(tmp_path):
    write_workbook(tmp_path / "x.xlsx", {"Empty": [], "S": [["pid"], ["1"]]})
    assert [table.sheet for table in open_table(tmp_path, "x.xlsx")] == ["S"]
    write_workbook(tmp_path / "y.xlsx", {"Empty": []})
    with pytest.raises(UserError, match="no sheet holds anything"):
        open_table(tmp_path, "y.xlsx")


@pytest.mark.parametrize(("row", "column", "last"), [(1_048_575, 16_383, "XFD1048576"), (99_999, 9_999, "NTP100000")])
def test_something_in_the_last_corner_of_a_sheet_is_one_clear_error(tmp_path, row, column, last):
    with xlsxwriter.Workbook(str(tmp_path / "x.xlsx")) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["pid", "a"])
        sheet.write_row(1, 0, ["1", "2"])
        sheet.write_string(row, column, " ")
    with pytest.raises(UserError, match=f"reaches as far as cell {last}"):
        open_table(tmp_path, "x.xlsx")


@pytest.mark.parametrize("dimension", [None, "A1", "A1:XFD1048576"])
def test_cells_without_anything_in_them_do_not_make_a_sheet_large(tmp_path, dimension):
    """Whole rows and columns are coloured down to the end; and what a sheet says of its own size may be wrong."""
    with xlsxwriter.Workbook(str(tmp_path / "x.xlsx")) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["pid", "a"])
        sheet.write_row(1, 0, ["1", "2"])
        sheet.write_blank(1_048_575, 16_383, None, book.add_format({"bg_color": "red"}))
    if dimension is not None:
        parts = {}
        with zipfile.ZipFile(tmp_path / "x.xlsx") as book:
            parts = {name: book.read(name) for name in book.namelist()}
        sheet = parts["xl/worksheets/sheet1.xml"]
        parts["xl/worksheets/sheet1.xml"] = re.sub(rb'ref="[^"]*"', b'ref="%s"' % dimension.encode(), sheet, count=1)
        with zipfile.ZipFile(tmp_path / "x.xlsx", "w") as book:
            for name, content in parts.items():
                book.writestr(name, content)
    assert read(tmp_path, "x.xlsx")[1] == [["1", "2"]]


def test_a_workbook_that_was_cut_off_is_one_clear_error(tmp_path):
    write_workbook(tmp_path / "x.xlsx", {"S": [["pid", "a"], ["1", "2"]]})
    whole = (tmp_path / "x.xlsx").read_bytes()
    (tmp_path / "x.xlsx").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UserError, match="cannot be read"):
        open_table(tmp_path, "x.xlsx")


# ---- SPSS, Stata ---------------------------------------------------------------------------------------------


@pytest.fixture
def spss(tmp_path):
    frame = pd.DataFrame({"pid": ["01", "02", "03"], "m_1": [1.0, 9.0, np.nan], "score": [1.5, 2.0, 3.0]})
    pyreadstat.write_sav(
        frame, str(tmp_path / "x.sav"), variable_value_labels={"m_1": {1: "Never", 2: "Always", 9: "Refused"}},
        missing_ranges={"m_1": [{"lo": 9, "hi": 9}]},
    )  # fmt: skip
    return tmp_path


def test_spss_gives_codes_with_their_labels_and_its_own_missing_values(spss):
    table = open_table(spss, "x.sav")[0]
    assert table.head[0] == ["pid", "m_1", "score"]
    assert read(spss, "x.sav") == ([1, 2, 3], [["01", "1", "1.5"], ["02", "", "2"], ["03", "", "3"]])
    assert table.value_labels["m_1"] == {"1": "Never", "2": "Always", "9": "Refused"}


def test_a_spss_file_that_was_cut_off_is_one_clear_error(spss):
    whole = (spss / "x.sav").read_bytes()
    (spss / "x.sav").write_bytes(whole[: len(whole) // 3])
    with pytest.raises(UserError, match="cannot be read"):
        open_table(spss, "x.sav")


def test_stata(tmp_path):
    frame = pd.DataFrame({"pid": ["a", "b"], "m_1": [1, 2], "day": pd.to_datetime(["2026-01-05", "2026-02-06"])})
    frame.to_stata(tmp_path / "x.dta", write_index=False, value_labels={"m_1": {1: "Never", 2: "Always"}}, version=118)
    assert read(tmp_path, "x.dta")[1] == [["a", "1", "2026-01-05"], ["b", "2", "2026-02-06"]]
    assert open_table(tmp_path, "x.dta")[0].value_labels["m_1"] == {"1": "Never", "2": "Always"}


def test_a_stata_file_that_was_cut_off_is_not_read_without_its_labels(tmp_path):
    frame = pd.DataFrame({"m_1": [1, 2]})
    frame.to_stata(tmp_path / "x.dta", write_index=False, value_labels={"m_1": {1: "Never", 2: "Always"}}, version=118)
    whole = (tmp_path / "x.dta").read_bytes()
    assert open_table(tmp_path, "x.dta")[0].value_labels
    for cut in range(1, len(whole), 7):
        (tmp_path / "x.dta").write_bytes(whole[:cut])
        with pytest.raises(UserError, match=r"cut off|cannot be read|the name says|fits"):
            open_table(tmp_path, "x.dta")


# ---- which files ---------------------------------------------------------------------------------------------


def test_a_pattern_means_files_in_order_of_name_without_a_spreadsheets_lock(tmp_path):
    for name in ("w1_b.csv", "w1_a.csv", "~$w1_c.csv", ".w1_d.csv", "w2.csv"):
        (tmp_path / name).touch()
    assert list_files(tmp_path, "w1*.csv") == ["w1_a.csv", "w1_b.csv"]


@pytest.mark.parametrize("pattern", ["/etc/passwd", "../other/x.csv", "raw/../../x.csv"])
def test_files_outside_the_study_are_refused(tmp_path, pattern):
    with pytest.raises(UserError, match="outside the study folder"):
        list_files(tmp_path, pattern)


def test_reading_needs_none_of_the_heavy_libraries():
    code = (
        "import sys, alongside.intake; print([m for m in ('scipy', 'statsmodels', 'matplotlib') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
