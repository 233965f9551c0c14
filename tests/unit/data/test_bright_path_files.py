"""The committed files of Bright Path: made by the committed script, and holding exactly the mess that is written down.

The counts are made here from the files alone, by Python's csv module and calamine; no code of the simulation or of the
package is used for them.
"""

import csv
import datetime as dt
import json
import re
import zipfile
from collections import defaultdict
from pathlib import Path

import pytest
import simulate
from python_calamine import CalamineWorkbook

STUDY = Path(__file__).resolve().parents[3] / "data" / "bright-path"
EXPORTS = {
    "before": ("raw/wave1_north.csv", "raw/wave1_south.csv"),
    "after": ("raw/wave2_online.xlsx", "raw/wave2_paper.csv"),
    "followup": ("raw/wave3_all.csv",),
}
HEADER_ROWS = {"raw/wave1_north.csv": 3, "raw/wave1_south.csv": 3}
ITEM = re.compile(r"(ucla|gbs|belong|rses|gad)_0?(\d+)")
N_ITEMS = {"ucla": 20, "gbs": 12, "rses": 10, "gad": 7}
LIMITS = {"ucla": (1, 4), "gbs": (1, 7), "rses": (1, 4), "gad": (0, 3)}
NUMBER_OF = {
    "never": 1, "rarely": 2, "sometimes": 3, "often": 4,
    "strongly disagree": 1, "disagree": 2, "agree": 3, "strongly agree": 4,
    "not at all": 0, "several days": 1, "more than half the days": 2, "nearly every day": 3, "nearly daily": 3,
}  # fmt: skip
UNREADABLE = -1
# Reversed items as printed by the scales' authors; Rosenberg in the order that begins with satisfaction.
REVERSED = {
    "ucla": {1, 5, 6, 9, 10, 15, 16, 19, 20}, "gbs": {3, 4, 6, 7, 9, 11}, "rses": {2, 5, 6, 8, 9}, "gad": set(),
}  # fmt: skip


def read_rows(name):
    """Rows of an export as dictionaries of text, without the header rows that a survey tool adds."""
    if name.endswith(".xlsx"):
        sheet = CalamineWorkbook.from_path(str(STUDY / name)).get_sheet_by_index(0).to_python()
        records = [[_text(cell) for cell in row] for row in sheet]
    else:
        with open(STUDY / name, newline="", encoding="utf-8-sig") as file:
            records = list(csv.reader(file, delimiter=";" if "wave3" in name else ","))
    names = records[0]
    return [dict(zip(names, row, strict=True)) for row in records[HEADER_ROWS.get(name, 1) :]]


def _text(cell):
    return str(int(cell)) if isinstance(cell, float) else str(cell)


def items_of(row):
    """(scale, item) -> text"""
    found = {}
    for column, text in row.items():
        match = ITEM.fullmatch(column)
        if match:
            found[("gbs" if match[1] == "belong" else match[1], int(match[2]))] = text
    return found


def number_of(text):
    """The number of an answer, None where there is none."""
    if text in ("", "-99", "Prefer not to say"):
        return None
    return int(text) if text.isdigit() else NUMBER_OF.get(text.lower(), UNREADABLE)


def is_preview(row):
    return row.get("Status") in ("Survey Preview", "1")


def is_finished(row):
    return row["Finished"] in ("1", "True")


@pytest.fixture(scope="module")
def planted():
    return json.loads((STUDY / "planted.json").read_text())


@pytest.fixture(scope="module")
def roster():
    return read_rows("raw/enrolment.csv")


@pytest.fixture(scope="module")
def known(roster):
    return {row["participant_id"].strip().upper(): row for row in roster}


@pytest.fixture(scope="module")
def responses():
    """wave -> rows that are no previews"""
    rows = {wave: [row for name in names for row in read_rows(name)] for wave, names in EXPORTS.items()}
    return {wave: [row for row in found if not is_preview(row)] for wave, found in rows.items()}


# ---- made by the script ------------------------------------------------------------------------------------------


def test_the_script_makes_the_committed_files_again(tmp_path):
    simulate.make_study(tmp_path)
    names = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    assert names == sorted(
        path.relative_to(STUDY)
        for path in [
            *(STUDY / "raw").iterdir(),
            *(STUDY / name for name in ("planted.json", "withdrawn.csv", "corrections.csv")),
        ]
    )
    for name in names:
        if name.suffix == ".xlsx":
            # the bytes inside: how they are compressed is the system's business
            with zipfile.ZipFile(tmp_path / name) as new, zipfile.ZipFile(STUDY / name) as old:
                assert new.namelist() == old.namelist()
                assert all(new.read(part) == old.read(part) for part in old.namelist())
        else:
            assert (tmp_path / name).read_bytes() == (STUDY / name).read_bytes(), name


def test_another_seed_makes_other_people(tmp_path):
    simulate.make_study(tmp_path, seed=1)
    assert (tmp_path / "raw" / "enrolment.csv").read_bytes() != (STUDY / "raw" / "enrolment.csv").read_bytes()


def test_the_first_line_of_the_readme_says_that_nobody_is_real():
    first = (STUDY / "README.md").read_text().splitlines()[0]
    assert "simulated" in first.lower()


# ---- nothing real ------------------------------------------------------------------------------------------------


def test_contact_details_are_of_the_kinds_that_can_belong_to_nobody():
    text = "".join(path.read_text(encoding="utf-8-sig") for path in (STUDY / "raw").glob("*.csv"))
    mails = re.findall(r"\S+@(\S+?\.\w+)", text)
    addresses = re.findall(r"(?<![\d.])(\d+\.\d+\.\d+)\.\d+(?![\d.])", text)
    phones = re.findall(r";(0\d{4} \d{6})\n", text)
    assert min(len(mails), len(addresses), len(phones)) > 200
    assert set(mails) == {"example.org"}
    assert set(addresses) <= {"192.0.2", "198.51.100", "203.0.113"}
    assert all(phone.startswith("01632 960") for phone in phones)


@pytest.mark.parametrize("name", HEADER_ROWS)
def test_no_question_is_quoted(name):
    with open(STUDY / name, newline="") as file:
        names, questions, imports = (next_row for next_row, _ in zip(csv.reader(file), range(3), strict=False))
    for column, question, identity in zip(names, questions, imports, strict=True):
        assert set(json.loads(identity)) <= {"ImportId", "timeZone"}
        if ITEM.fullmatch(column):
            pattern = r"Question \d+ of the (isolation|belonging|self-esteem|anxiety) scale"
            assert re.fullmatch(pattern, question.removesuffix("\n(please choose one answer)"))


# ---- the roster --------------------------------------------------------------------------------------------------


def test_the_roster_holds_what_is_written_down(roster, known, planted):
    asked = planted["roster"]
    assert len(roster) == len(known) == planted["people"] == asked["rows"]
    assert [row["programme"] for row in roster].count("Mentored") == asked["mentored"]
    assert [row["consent"] for row in roster].count("No") == asked["consent_no"]
    assert [row["consent"] for row in roster].count("") == asked["consent_blank"]
    assert [row["age"] for row in roster].count("") == asked["age_blank"]
    assert [row["gender"] for row in roster].count("Prefer not to say") == asked["gender_not_said"]
    ages = [int(row["age"]) for row in roster if row["age"]]
    assert sum(not 10 <= age <= 25 for age in ages) == asked["age_impossible"]
    assert sum(row["participant_id"] not in known for row in roster) == asked["identifiers_to_clean"]
    meetings = [int(row["meetings"]) for row in roster if row["meetings"]]
    assert len(meetings) == asked["mentored"]
    assert sum(number < 0 for number in meetings) == asked["meetings_impossible"]


def test_late_enrolments_have_no_baseline(known, responses, planted):
    winter = dt.date(2025, 11, 1)
    late = {identifier for identifier, row in known.items() if dt.date.fromisoformat(row["enrolled_on"]) > winter}
    assert len(late) == planted["late_enrolments"] == 12
    assert not late & {row["participant_id"].strip().upper() for row in responses["before"]}


def test_withdrawn_people_are_on_the_roster(known, planted):
    withdrawn = [row["participant_id"] for row in read_rows("withdrawn.csv")]
    assert len(withdrawn) == planted["withdrawn"]["people"]
    assert set(withdrawn) <= set(known)


def test_the_school_knows_most_people(known, planted):
    records = read_rows("raw/school_records.csv")
    assert len(records) == planted["records"]["rows"] > 0.9 * len(known)
    assert {row["participant_id"] for row in records} <= set(known)
    assert [row["enrolled"] for row in records].count("Yes") == planted["records"]["enrolled"]


# ---- the waves ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wave", EXPORTS)
def test_every_file_has_as_many_rows_as_written_down(wave, planted):
    rows = {name: read_rows(name) for name in EXPORTS[wave]}
    assert {name: len(found) for name, found in rows.items()} == planted[wave]["rows"]
    previews = sum(is_preview(row) for found in rows.values() for row in found)
    assert previews == planted[wave].get("previews", 0)
    for row in (row for found in rows.values() for row in found):
        cells = items_of(row)
        assert {scale: sum(key[0] == scale for key in cells) for scale in N_ITEMS} == N_ITEMS


@pytest.mark.parametrize("wave", EXPORTS)
def test_identifiers_are_as_untidy_as_written_down(wave, responses, known, planted):
    written = [row["participant_id"] for row in responses[wave]]
    cleaned = [text.strip().upper() for text in written]
    assert cleaned.count("") == planted[wave]["nobody"]
    assert sum(a != b for a, b in zip(written, cleaned, strict=True)) == planted[wave]["identifiers_to_clean"]
    unknown = {text for text in cleaned if text and text not in known}
    assert len(unknown) == planted[wave]["identifiers_unknown"]
    assert len(set(cleaned) - {""}) == planted[wave]["people"]


@pytest.mark.parametrize("wave", EXPORTS)
def test_repeated_and_unfinished_responses_are_as_written_down(wave, responses, planted):
    by_person = defaultdict(list)
    for row in responses[wave]:
        if row["participant_id"]:
            by_person[row["participant_id"].strip().upper()].append(row)
    counts = defaultdict(int)
    for rows in by_person.values():
        rows.sort(key=lambda row: row["RecordedDate"])
        finished = [is_finished(row) for row in rows]
        if finished == [False]:
            counts["gave_up"] += 1
        elif finished == [False, True]:
            counts["began_before"] += 1
        elif finished == [True, False]:
            counts["opened_again"] += 1
        elif finished == [True, True]:
            same = [number_of(text) for text in items_of(rows[0]).values()] == [
                number_of(text) for text in items_of(rows[1]).values()
            ]
            counts["sent_twice" if same else "taken_twice"] += 1
        else:
            assert finished == [True]
    kinds = ("gave_up", "began_before", "opened_again", "sent_twice", "taken_twice")
    assert dict(counts) == {kind: planted[wave][kind] for kind in kinds}


@pytest.mark.parametrize("wave", EXPORTS)
def test_careless_people_are_as_many_as_written_down(wave, responses, planted):
    failed = sum(row.get("attn_1", "") not in ("", "Strongly agree") for row in responses[wave])
    assert failed == planted[wave]["attention_failed"]
    straight = sum({number_of(text) for text in items_of(row).values()} == {3} for row in responses[wave])
    assert straight == planted[wave]["straight_lined"]


@pytest.mark.parametrize("wave", EXPORTS)
def test_numbers_that_no_scale_has_are_as_many_as_written_down(wave, responses, planted):
    outside = 0
    for row in responses[wave]:
        for (scale, _), text in items_of(row).items():
            number = number_of(text)
            outside += number not in (None, UNREADABLE) and not LIMITS[scale][0] <= number <= LIMITS[scale][1]
    assert outside == planted[wave]["out_of_range"]


@pytest.mark.parametrize("wave", EXPORTS)
def test_text_that_is_no_answer_is_as_frequent_as_written_down(wave, responses, planted):
    unreadable = sum(number_of(text) == UNREADABLE for row in responses[wave] for text in items_of(row).values())
    assert unreadable == planted[wave].get("unreadable", 0)


def test_corrections_name_the_cells_that_they_correct(known, planted):
    decisions = read_rows("corrections.csv")
    assert len(decisions) == planted["corrections"]["rows"] == 2
    for decision in decisions:
        row = read_rows(decision["file"])[int(decision["row"]) - HEADER_ROWS.get(decision["file"], 1) - 1]
        assert row[decision["column"]] == decision["old"] != decision["new"]
        assert decision["reason"]
    identifiers = [decision for decision in decisions if decision["column"] == "participant_id"]
    assert [(d["new"] in known, d["old"] in known) for d in identifiers] == [(True, False)]


def test_one_person_changes_cohort(responses, known, planted):
    numbers = {"Mentored": "1", "Wait list": "0"}
    changed = {
        row["participant_id"].strip().upper()
        for row in responses["followup"]
        if row["participant_id"].strip().upper() in known
        and row["programme"] != numbers[known[row["participant_id"].strip().upper()]["programme"]]
    }
    assert len(changed) == planted["followup"]["changed_cohort"] == 1


def test_text_and_numbers_stand_side_by_side():
    north = read_rows("raw/wave1_north.csv")
    texts = {text for row in north if not is_preview(row) for text in items_of(row).values()}
    assert {"Never", "Often", "Agree", "Not at all", "4", "Prefer not to say"} <= texts
    assert "Nearly daily" in {text for row in read_rows("raw/wave2_online.xlsx") for text in items_of(row).values()}
    assert "-99" in {text for row in read_rows("raw/wave2_paper.csv") for text in items_of(row).values()}


# ---- realistic answers -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wave", EXPORTS)
@pytest.mark.parametrize("scale", N_ITEMS)
def test_scales_are_as_reliable_as_real_ones(wave, scale, responses):
    """Cronbach's alpha of complete, finished responses, by its definition."""
    low, high = LIMITS[scale]
    people = []
    for row in responses[wave]:
        if is_finished(row) and row.get("attn_1", "Strongly agree") == "Strongly agree":
            answers = [(item, number_of(text)) for (name, item), text in items_of(row).items() if name == scale]
            if all(number is not None and low <= number <= high for _, number in answers):
                people.append([low + high - n if item in REVERSED[scale] else n for item, n in answers])
    assert len(people) > 250
    items = sum(variance(column) for column in zip(*people, strict=True))
    alpha = N_ITEMS[scale] / (N_ITEMS[scale] - 1) * (1 - items / variance([sum(person) for person in people]))
    assert 0.85 <= alpha <= 0.93


def variance(values):
    mean = sum(values) / len(values)
    return sum((value - mean) ** 2 for value in values) / (len(values) - 1)


def test_more_people_are_lost_with_time_and_not_too_many(responses, known):
    seen = {
        wave: len({row["participant_id"].strip().upper() for row in rows} & set(known)) / len(known)
        for wave, rows in responses.items()
    }
    assert seen["before"] > 0.93
    assert 0.70 <= seen["followup"] < seen["after"] <= 0.85
