"""Good exports, spoilt in every way we could think of: a ledger row or one clear error, never a traceback, never a
silently different number."""

import csv
import io
import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alongside.errors import UserError

from .conftest import Study

PEOPLE = [f"A{number}" for number in range(1, 7)]
ITEMS = ["m_1", "m_2", "m_3"]
TRUE = {(person, item): (place * 2 + item) % 4 for place, person in enumerate(PEOPLE) for item in (1, 2, 3)}
QUALTRICS = ["StartDate", "EndDate", "Status", "Finished", "RecordedDate"]


def plain_rows():
    head = ["pid", "arm", "comment", *ITEMS]
    return [head] + [
        [person, str(place % 2), f"comment, of {person}", *(str(TRUE[person, item]) for item in (1, 2, 3))]
        for place, person in enumerate(PEOPLE)
    ]


def qualtrics_rows():
    head, *body = plain_rows()
    front = ["2026-01-01", "2026-01-01", "IP Address", "True", "2026-01-02"]
    return [
        [*QUALTRICS, *head],
        [*QUALTRICS, *(f"Question\n{name}" for name in head)],
        ['{"ImportId":"x"}'] * (len(QUALTRICS) + len(head)),
        *([*front, *row] for row in body),
    ]


def as_csv(rows, delimiter=","):
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return file.getvalue()


SHAPES = {"plain": plain_rows, "qualtrics": qualtrics_rows}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("spoilt")


def read(folder, content):
    """The Intake of one file as baseline, or None where it was refused; anything else is a failure."""
    shutil.rmtree(folder / "tiny", ignore_errors=True)
    study = Study(folder)
    try:
        return study.read({"raw/w1.csv": content})
    except UserError as error:
        return (
            None if all(mistake.where and mistake.found for mistake in error.mistakes) else pytest.fail("says nothing")
        )


def check(intake, *, rows=None):
    """Books that balance, answers inside the scale; with `rows`: every answer is the one that was given there."""
    if intake is None:
        return
    responses = intake.tally[intake.tally["unit"] == "responses"]
    assert responses["n_in"].iloc[0] == len(intake.responses)
    assert responses["n_kept"].iloc[-1] == intake.responses["kept"].sum()
    assert intake.answers["value"].isin([0, 1, 2, 3]).all()
    if rows is not None:
        row_of = intake.responses[intake.responses["kept"]].set_index("participant")["row"]
        for answer in intake.answers.itertuples():
            person = rows[int(row_of[answer.participant])]
            assert answer.value == TRUE[person, int(answer.item)]


SPOIL = settings(
    max_examples=settings.default.max_examples // 2,
    suppress_health_check=[*settings.default.suppress_health_check, HealthCheck.function_scoped_fixture],
)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_good_export_is_read_as_it_is(folder, shape):
    rows = SHAPES[shape]()
    intake = read(folder, as_csv(rows))
    assert len(intake.answers) == len(TRUE)
    first = 2 if shape == "plain" else 4
    check(intake, rows={first + place: person for place, person in enumerate(PEOPLE)})


@pytest.mark.parametrize("shape", SHAPES)
@SPOIL
@given(data=st.data())
def test_cut_off_anywhere(folder, shape, data):
    whole = as_csv(SHAPES[shape]()).encode()
    intake = read(folder, whole[: data.draw(st.integers(0, len(whole)))])
    first = 2 if shape == "plain" else 4
    check(intake, rows={first + place: person for place, person in enumerate(PEOPLE)})


@pytest.mark.parametrize("shape", SHAPES)
@SPOIL
@given(data=st.data())
def test_bytes_put_in_taken_out_or_changed(folder, shape, data):
    spoilt = bytearray(as_csv(SHAPES[shape]()).encode())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(spoilt)))
        how = data.draw(st.sampled_from(["insert", "delete", "change"]))
        if how == "insert":
            spoilt[at:at] = data.draw(st.binary(min_size=1, max_size=5))
        elif how == "delete":
            del spoilt[at : at + data.draw(st.integers(1, 40))]
        else:
            spoilt[at : at + 1] = data.draw(
                st.sampled_from([b'"', b",", b";", b"\n", b"\x00", b"\xff", b"\xc3", b"'", b"="])
            )
    check(read(folder, bytes(spoilt)))


CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["=1+1", '=HYPERLINK("http://x","2")', "<b>Never</b>", "Never<script>", "nan", "NaN", "inf", "1e400", "-0",
         "0x1", "1_0", "٣", "½", "²", "None", "TRUE", "NA", "#REF!", "1;2", "1,0", "\u202e1", "\x1f", "9" * 400]
    ),
)  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
@SPOIL
@given(data=st.data())
def test_anything_in_any_cell(folder, shape, data):
    rows = SHAPES[shape]()
    for _ in range(data.draw(st.integers(1, 4))):
        rows[data.draw(st.integers(0, len(rows) - 1))][data.draw(st.integers(0, len(rows[0]) - 1))] = data.draw(CELLS)
    try:
        content = as_csv(rows).encode()
    except UnicodeEncodeError:
        return
    check(read(folder, content))


@pytest.mark.parametrize("shape", SHAPES)
@SPOIL
@given(data=st.data())
def test_columns_and_rows_moved_doubled_and_dropped(folder, shape, data):
    rows = SHAPES[shape]()
    first = 1 if shape == "plain" else 3
    order = data.draw(st.permutations(range(len(rows[0]))))
    keep = (
        data.draw(st.lists(st.sampled_from(order), min_size=1, max_size=len(order) + 2))
        if data.draw(st.booleans())
        else order
    )
    body = data.draw(st.lists(st.sampled_from(range(first, len(rows))), max_size=10))
    content = [[row[place] for place in keep] for row in [*rows[:first], *(rows[at] for at in body)]]
    intake = read(folder, as_csv(content, delimiter=data.draw(st.sampled_from(",;\t|"))))
    people = {first + 1 + place: PEOPLE[at - first] for place, at in enumerate(body)}
    check(intake, rows=people)


@pytest.mark.parametrize(
    "encoding", ["utf-8-sig", "utf-16", "utf-32", "cp1252", "latin-1", "mac-roman", "shift-jis", "utf-7"]
)
@pytest.mark.parametrize("text", ["naïve", "日本", "plain"])
def test_other_encodings(folder, encoding, text):
    rows = plain_rows()
    rows[3][2] = text
    content = as_csv(rows).encode(encoding, errors="replace")
    check(read(folder, content), rows={2 + place: person for place, person in enumerate(PEOPLE)})


def test_a_million_characters_in_one_cell(folder):
    rows = plain_rows()
    rows[2][2] = 'x" ,\n' * 200_000
    assert len(read(folder, as_csv(rows)).answers) == len(TRUE)
    rows[2][4] = "9" * 1_000_000
    intake = read(folder, as_csv(rows))
    assert intake is None or intake.ledger["rule"].tolist() == ["out-of-range"]


def test_ten_thousand_columns(folder):
    rows = [row + [f"x{place}" if not at else "1" for place in range(10_000)] for at, row in enumerate(plain_rows())]
    assert len(read(folder, as_csv(rows)).answers) == len(TRUE)
