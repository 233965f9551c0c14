"""The evaluator's first hour: a folder of exports, `alongside new`, the open places filled in, `alongside check`."""

import os
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from alongside.cli import app
from alongside.errors import UserError
from alongside.study import load_study
from alongside.study.left_open import FOUND

TESTS = Path(__file__).resolve().parents[2]
FIXTURES = TESTS / "fixtures" / "exports"
TOOLS = sorted(path.parent.name for path in FIXTURES.glob("*/study.yaml"))

ALWAYS = {"design": "self-selected", "question": "Does it help", "domain": "wellbeing", "role": "primary",
          "smallest_worthwhile": "0.2 sd", "month": "6"}  # fmt: skip
DECISIONS = {
    "google-forms": {"comparison": "waiting_list", "instrument": "swls5"},
    "kobo": {"comparison": "control"},
    "limesurvey": {"comparison": "c", "A1": "0", "A2": "1", "A3": "2", "A4": "3", "A5": "4"},
    "plain": {"comparison": "warteliste", "order": "hays-dimatteo"},
    "qualtrics": {"comparison": "waitlist"},
    "redcap": {"comparison": "waiting_list"},  # what the data dictionary says that 0 means
    "spss": {"comparison": "waiting_list", "instrument": "ucla3"},
    "stata": {"comparison": "control"},
    "surveymonkey": {"comparison": "no", "instrument": "pss4"},
    "workbook": {"comparison": "not_mentored", "instrument": "stai6"},
}
"""What the evaluator of each fixture knows and no export says."""


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "Snakefile").write_text("")
    (tmp_path / "workflow").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def begin(*arguments):
    return CliRunner().invoke(app, ["new", *map(str, arguments)])


def open_places(path):
    """{dotted key: line} of what the study reader still asks for; it must ask for nothing else"""
    with pytest.raises(UserError) as caught:
        load_study(path)
    assert {mistake.found for mistake in caught.value.mistakes} == {FOUND}, str(caught.value)
    found = {}
    for mistake in caught.value.mistakes:
        line, key = re.fullmatch(r".+, line (\d+), (.+)", mistake.where).groups()
        found[key] = int(line)
    return found


def fill_in(path, decisions):
    lines = path.read_text(encoding="utf-8").splitlines()
    for key, line in open_places(path).items():
        lines[line - 1] = lines[line - 1].replace("TODO", decisions[key.rpartition(".")[2]], 1)
    path.write_text("\n".join(lines), encoding="utf-8")


@pytest.mark.parametrize("tool", TOOLS)
def test_once_its_open_places_are_filled_in_a_draft_passes_the_check(project, tool):
    ended = begin("mine", "--from", FIXTURES / tool / "raw")
    assert ended.exit_code == 0, ended.output
    draft = project / "data" / "mine" / "study.yaml"
    todos = sum("TODO" in line.partition("#")[0] for line in draft.read_text(encoding="utf-8").splitlines())
    assert todos == len(open_places(draft))
    fill_in(draft, ALWAYS | DECISIONS[tool])
    checked = CliRunner().invoke(app, ["check", "mine"])
    assert checked.exit_code == 0, checked.output


@pytest.mark.parametrize("tool", TOOLS)
def test_the_exports_are_copied_and_never_changed(project, tool):
    source = FIXTURES / tool / "raw"
    before = {path.name: path.read_bytes() for path in source.iterdir()}
    begin("mine", "--from", source)
    copied = {path.name: path.read_bytes() for path in (project / "data" / "mine" / "raw").iterdir()}
    assert copied == before == {path.name: path.read_bytes() for path in source.iterdir()}


CANARIES = (
    "N-101",
    "n-105",
    "SM02",
    "GF-4",
    "KB-37",
    "LS004",
    "GR05",
    "0103",
    "Fine,",
    "It was ok",
    "192.0.2.",
    "R_2abc",
)


@pytest.mark.parametrize("tool", TOOLS)
def test_nothing_that_a_person_entered_is_on_the_screen_or_in_the_draft(project, tool):
    ended = begin("mine", "--from", FIXTURES / tool / "raw")
    draft = (project / "data" / "mine" / "study.yaml").read_text(encoding="utf-8")
    raw = b"".join(path.read_bytes() for path in (FIXTURES / tool / "raw").iterdir()).decode("utf-8", errors="ignore")
    for canary in CANARIES:
        assert canary not in ended.output + draft
    assert tool in ("spss", "stata", "redcap", "workbook") or any(canary in raw for canary in CANARIES)


def exports(folder, files):
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


ROWS = "".join(f"A{n},{'yes' if n % 2 else 'no'},{n % 4},{(n + 1) % 4},2,3,0,1,1\n" for n in range(12))
HEAD = "participant_id,mentored,gad_1,gad_2,gad_3,gad_4,gad_5,gad_6,gad_7\n"
GOOD = {"wave1.csv": HEAD + ROWS, "wave2.csv": HEAD + ROWS}


def test_a_file_that_cannot_be_read_is_told_and_the_others_are_used(project):
    folder = exports(
        project / "in", GOOD | {"wave3.xlsx": b"PK\x03\x04cut off", "questionnaire.docx": b"x", "e.csv": ""}
    )
    ended = begin("mine", "--from", folder)
    assert ended.exit_code == 0
    assert "wave3.xlsx: the workbook cannot be read" in ended.output
    assert "questionnaire.docx: files named *.docx are not read" in ended.output
    assert "e.csv: the file is empty" in ended.output
    assert "waves: wave1, wave2" in ended.output
    draft = (project / "data" / "mine" / "study.yaml").read_text()
    assert "#   raw/wave3.xlsx: the workbook cannot be read" in draft


def test_a_file_without_a_header_is_not_quoted(project):
    folder = exports(project / "in", GOOD | {"more.csv": "jane.doe@example.org,3,2\njohn@example.org,1,1\n"})
    ended = begin("mine", "--from", folder)
    assert "more.csv: its first row looks like answers, not like names of columns" in ended.output
    assert "jane" not in ended.output + (project / "data" / "mine" / "study.yaml").read_text()


@pytest.mark.parametrize(
    ("prepare", "name", "said"),
    [
        (lambda p: p / "nowhere", "mine", "there is no such folder"),
        (lambda p: exports(p / "in", {}), "mine", "holds no files"),
        (lambda p: exports(p / "in", {".hidden.csv": HEAD, "~$a.xlsx": "x"}), "mine", "holds no files"),
        (lambda p: exports(p / "in", {"a.pdf": b"%PDF-1.7", "b.csv": ""}), "mine", "b.csv: the file is empty"),
        (lambda p: exports(p / "in", GOOD), "my study", "no name for a folder"),
        (lambda p: exports(p / "in", GOOD), "../mine", "no name for a folder"),
        (lambda p: exports(p / "in", {f"{n}.csv": "x" for n in range(1001)}), "mine", "holds 1,001 files"),
    ],
)  # fmt: skip
def test_what_cannot_be_begun_is_refused_in_one_clear_sentence(project, prepare, name, said):
    ended = begin(name, "--from", prepare(project))
    assert ended.exit_code == 1
    assert said in ended.output
    assert "Traceback" not in ended.output
    assert not (project / "data").exists()


def test_a_study_that_exists_is_never_overwritten(project):
    folder = exports(project / "in", GOOD)
    begin("mine", "--from", folder)
    draft = project / "data" / "mine" / "study.yaml"
    draft.write_text("mine")
    ended = begin("mine", "--from", folder)
    assert ended.exit_code == 1
    assert "there is such a study already" in ended.output
    assert draft.read_text() == "mine"


def test_a_folder_that_holds_something_else_is_left_alone(project):
    exports(project / "data" / "mine", {"notes.txt": "precious"})
    ended = begin("mine", "--from", exports(project / "in", GOOD))
    assert ended.exit_code == 1
    assert "--from data/mine/raw" in ended.output
    assert [path.name for path in (project / "data" / "mine").iterdir()] == ["notes.txt"]


def test_exports_that_lie_in_the_study_already_stay_where_they_are(project):
    raw = exports(project / "data" / "mine" / "raw", GOOD)
    ended = begin("mine", "--from", raw)
    assert ended.exit_code == 0, ended.output
    fill_in(project / "data" / "mine" / "study.yaml", ALWAYS | {"comparison": "no"})
    assert CliRunner().invoke(app, ["check", "mine"]).exit_code == 0
    assert sorted(path.name for path in raw.iterdir()) == ["wave1.csv", "wave2.csv"]


def test_a_link_refers_to_the_exports_where_they_are(project):
    folder = exports(project / "in", GOOD)
    ended = begin("mine", "--from", folder, "--link")
    assert "holds a link to the exports" in ended.output
    assert (project / "data" / "mine" / "raw").resolve() == folder.resolve()
    fill_in(project / "data" / "mine" / "study.yaml", ALWAYS | {"comparison": "no"})
    assert CliRunner().invoke(app, ["check", "mine"]).exit_code == 0


def test_folders_in_the_folder_and_strange_names_keep_their_place(project):
    folder = exports(
        project / "in", {"wave1/north [new].csv": GOOD["wave1.csv"], "wave2/north [new].csv": GOOD["wave2.csv"]}
    )
    begin("mine", "--from", folder)
    draft = project / "data" / "mine" / "study.yaml"
    fill_in(draft, ALWAYS | {"comparison": "no"})
    checked = CliRunner().invoke(app, ["check", "mine"])
    assert checked.exit_code == 0, checked.output
    assert "(people: 12, answers: 168)" in checked.output  # 12 people, 7 items, 2 waves


def test_one_file_may_be_named(project):
    folder = exports(project / "in", {"all.csv": HEAD.replace("mentored", "mentored,wave") + "".join(
        f"A{n},{'yes' if n % 2 else 'no'},{wave},1,2,3,0,1,2,3\n" for n in range(8) for wave in (1, 2))})  # fmt: skip
    ended = begin("mine", "--from", folder / "all.csv")
    assert ended.exit_code == 0, ended.output
    assert "waves: wave1, wave2" in ended.output


def test_a_folder_that_may_not_be_read_is_refused(project, monkeypatch):
    folder = exports(project / "in", GOOD)
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # permissions do not hold for a superuser
    assert "may not be read by you" in begin("mine", "--from", folder).output


def test_nothing_is_left_where_the_copy_fails(project, monkeypatch):
    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copy2", refuse)
    ended = begin("mine", "--from", exports(project / "in", GOOD))
    assert ended.exit_code == 1
    assert "could not be made: No space left on device" in ended.output
    assert list((project / "data").iterdir()) == []


def test_outside_a_project_the_message_says_where_to_go(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ended = begin("mine", "--from", tmp_path)
    assert ended.exit_code == 1
    assert "Makefile" in ended.output


def test_the_page_about_ones_own_study_shows_what_happens(project):
    page = (TESTS.parent / "docs" / "your-own-study.md").read_text(encoding="utf-8")
    shown = page.split("```\n")[1].partition("\n")[2]
    ended = begin("my-study", "--from", FIXTURES / "qualtrics" / "raw")
    assert ended.output == shown
    draft = (project / "data" / "my-study" / "study.yaml").read_text(encoding="utf-8")
    for line in page.split("```\n")[3].splitlines():
        assert line in draft.splitlines()
    for key in open_places(project / "data" / "my-study" / "study.yaml"):
        assert f"| `{key}` |" in page
