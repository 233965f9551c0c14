"""The small files beside the exports, spoilt: roster, corrections, id_map, withdrawn, a data dictionary, a workbook.

Each ends in a ledger row or one clear error, and what it does not speak of stays as it is.
"""

import csv
import io
import shutil

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alongside.errors import UserError

from .conftest import Study
from .test_corruption import CELLS

EXPORT = "pid,arm,hobby,m_1,m_2,m_3\n" + "".join(f"A{n},{n % 2},{n % 3},{n % 4},1,2\n" for n in range(1, 9))
GOOD = {
    "roster.csv": [["pid", "arm"], *([f"A{n}", str(n % 2)] for n in range(1, 10))],
    "corrections.csv": [["file", "row", "column", "old", "new", "reason"], ["raw/w1.csv", "2", "m_1", "1", "0", "r"]],
    "id_map.csv": [["found", "person", "reason"], ["A8", "A9", "r"]],
    "gone.csv": [["pid"], ["A3"]],
    "raw/dictionary.csv": [
        ["Variable / Field Name", "Field Type", "Field Label", "Choices, Calculations, OR Slider Labels"],
        ["hobby", "radio", "Hobby", "0, None | 1, Chess | 2, Reading"],
        ["m_1", "radio", "One", "0, Never | 1, Sometimes | 2, Don't often | 3, Always"],
    ],
}
PARTICIPANTS = (
    "roster: roster.csv\ncorrections: corrections.csv\nid_map: id_map.csv\nwithdrawn: gone.csv\n"
    "covariates: {hobby: {kind: category}}"
)
SPOIL = settings(
    max_examples=settings.default.max_examples // 3,
    suppress_health_check=[*settings.default.suppress_health_check, HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("helpers")


def as_csv(rows):
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def says_where_and_what(error):
    return all(mistake.where and mistake.found for mistake in error.mistakes)


def read(folder, spoilt=None):
    shutil.rmtree(folder / "tiny", ignore_errors=True)
    study = Study(folder).declare(participants=PARTICIPANTS, source="  dictionary: raw/dictionary.csv")
    good = {name: as_csv(rows) for name, rows in GOOD.items()}
    try:
        return study.read({"raw/w1.csv": EXPORT} | good | (spoilt or {}))
    except UserError as error:
        return None if says_where_and_what(error) else pytest.fail("says nothing")


def check(intake):
    """Every answer that is there is the one that was given, the corrected cell apart; the books balance."""
    if intake is None:
        return
    row_of = intake.responses[intake.responses["kept"]].set_index("participant")["row"]
    for answer in intake.answers.itertuples():
        row = int(row_of[answer.participant])
        given_there = {1: (row - 1) % 4, 2: 1, 3: 2}[int(answer.item)]
        assert answer.value == given_there or (row in (2, 6) and 0 <= answer.value <= 3)  # where `old` is right
    responses = intake.tally[intake.tally["unit"] == "responses"]
    assert responses["n_in"].iloc[0] == 8 == len(intake.responses)
    assert responses["n_kept"].iloc[-1] == intake.responses["kept"].sum()


def test_the_good_files_do_what_they_say(folder):
    intake = read(folder)
    assert sorted(intake.ledger["rule"]) == [
        "cohort-conflict", "correction", "identifier-mapped", "no-response", "withdrawn",
    ]  # fmt: skip
    assert len(intake.people) == 8  # A1 to A9 without A3; A8's response, which says another cohort, is A9's
    check(intake)


@pytest.mark.parametrize("name", GOOD)
@SPOIL
@given(data=st.data())
def test_anything_in_any_cell(folder, name, data):
    rows = [list(row) for row in GOOD[name]]
    for _ in range(data.draw(st.integers(1, 3))):
        row = rows[data.draw(st.integers(0, len(rows) - 1))]
        row[data.draw(st.integers(0, len(row) - 1))] = data.draw(CELLS)
    try:
        content = as_csv(rows).encode()
    except UnicodeEncodeError:
        return
    check(read(folder, {name: content}))


@pytest.mark.parametrize("name", GOOD)
@SPOIL
@given(data=st.data())
def test_cut_off_doubled_or_changed_in_its_bytes(folder, name, data):
    whole = bytearray(as_csv(GOOD[name]).encode())
    at = data.draw(st.integers(0, len(whole)))
    how = data.draw(st.sampled_from(["cut", "double", "insert"]))
    if how == "cut":
        del whole[at:]
    elif how == "double":
        whole += whole[at:]
    else:
        whole[at:at] = data.draw(st.binary(min_size=1, max_size=4))
    check(read(folder, {name: bytes(whole)}))


@SPOIL
@given(data=st.data())
def test_a_workbook_with_anything_in_its_cells(folder, data):
    shutil.rmtree(folder / "tiny", ignore_errors=True)
    study = Study(folder).declare(waves="\n  before: {label: B, month: 0, files: raw/w1.xlsx}\n"
                                  "  after: {label: A, month: 6, files: raw/none.csv}\n")  # fmt: skip
    rows = [["pid", "arm", "m_1", "m_2", "m_3"], *([f"A{n}", n % 2, 1, 1, 1] for n in range(6))]
    spoilt = data.draw(st.dictionaries(st.tuples(st.integers(1, 6), st.integers(0, 4)), CELLS, max_size=4))
    with xlsxwriter.Workbook(str(study.folder / "raw" / "w1.xlsx"), {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            for place, value in enumerate(row):
                value = spoilt.get((at, place), value)
                if isinstance(value, str):
                    sheet.write_string(at, place, value.encode("utf-8", "ignore").decode())
                else:
                    sheet.write_number(at, place, value)
    try:
        intake = study.read()
    except UserError as error:
        return None if says_where_and_what(error) else pytest.fail("says nothing")
    touched = {(at + 1, place) for at, place in spoilt}
    row_of = intake.responses[intake.responses["kept"]].set_index("participant")["row"]
    for answer in intake.answers.itertuples():
        row = int(row_of[answer.participant])
        assert answer.value == 1 or (row, int(answer.item) + 1) in touched
        assert answer.value in (0, 1, 2, 3)
