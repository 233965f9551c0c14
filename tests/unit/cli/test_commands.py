import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from alongside.cli import app, find_project, find_study
from alongside.cli.running import snakemake_command
from alongside.errors import UserError

STUDY = """
study: {title: A, design: self-selected, question: "B?"}
participants:
  id: id
  roster: raw/roster.csv
  cohort: {column: group, levels: {mentored: [m], waiting: [w]}, comparison: waiting}
waves:
  before: {label: Before, month: 0, files: raw/a.csv}
  after: {label: After, month: 6, files: raw/b.csv}
outcomes:
  wellbeing: {kind: score, column: w, min: 0, max: 10, higher_is: better, domain: d, role: primary}
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "Snakefile").write_text("")
    (tmp_path / "workflow").mkdir()
    (tmp_path / "data" / "forty").mkdir(parents=True)
    (tmp_path / "data" / "forty" / "study.yaml").write_text(STUDY)
    monkeypatch.chdir(tmp_path / "data")
    return tmp_path


def test_the_project_is_found_from_any_folder_inside_it(project):
    assert find_project(Path.cwd()) == project


def test_elsewhere_the_message_says_where_to_go(tmp_path):
    with pytest.raises(UserError, match="Makefile"):
        find_project(tmp_path)


@pytest.mark.parametrize("name", ["forty", "data/forty", "forty/"])
def test_a_study_is_named_by_its_folder_or_its_path(project, monkeypatch, name):
    monkeypatch.chdir(project)
    assert find_study(name, project) == project / "data" / "forty"


def test_a_study_elsewhere_brings_its_folder_along(project, tmp_path):
    elsewhere = tmp_path / "elsewhere" / "mine"
    command = snakemake_command(project, elsewhere, cores="2")
    assert command[-3:] == ["--config", "study=mine", f"data={tmp_path / 'elsewhere'}"]
    assert snakemake_command(project, project / "data" / "forty", cores="2")[-1] == "study=forty"


def test_an_unknown_study_is_told_apart_from_the_known_ones(project):
    ended = CliRunner().invoke(app, ["run", "fourty"])
    assert ended.exit_code == 1
    assert "allowed: forty" in ended.output
    assert "Traceback" not in ended.output


@pytest.fixture
def exports(project):
    raw = project / "data" / "forty" / "raw"
    raw.mkdir()
    (raw / "roster.csv").write_text("id,group\nA1,m\nA2,w\nA3,w\n")
    (raw / "a.csv").write_text("id,w\nA1,4\nA2,5\nA3,41\n")
    return raw


def test_check_reads_the_study_and_its_exports_and_computes_nothing(project, exports):
    ended = CliRunner(env={"COLUMNS": "160"}).invoke(app, ["check", "forty"])
    assert ended.exit_code == 0, ended.output
    assert "(outcomes: 1, waves: 2)" in ended.output
    assert "(people: 3, answers: 2)" in ended.output
    assert "wave after: not yet collected" in ended.output
    problem = r"answer outside the scale: cell set aside +raw/a\.csv +1 +look at the original"
    assert re.search(rf"What +Where +How many +What to do *\n *{problem}", ended.output)
    assert "41" not in ended.output
    assert "\nLook at these (1)\n" in ended.output
    assert "\n  file,row,column,old,new,reason\n  raw/a.csv,4,w,,,\n" in ended.output
    assert "\nFor information (" in ended.output
    assert ended.output.splitlines()[-1] == "Nothing stops the run. Next: make report STUDY=forty"
    page = project / "results" / "forty" / "restricted" / "check.html"
    assert str(page) in ended.output
    assert "<bdi>41</bdi>" in page.read_text()
    assert list((project / "results").rglob("*.*")) == [page]


def test_check_says_what_is_wrong_with_the_exports(project, exports):
    (exports / "a.csv").write_text("id,w\nA1,four\n")
    ended = CliRunner().invoke(app, ["check", "forty"])
    assert ended.exit_code == 1
    assert "raw/a.csv, wellbeing: column w" in ended.output
    assert ended.output.splitlines()[-1] == "1 thing stops the run."
    assert "four" not in ended.output
    page = (project / "results" / "forty" / "restricted" / "check.html").read_text()
    assert "<bdi>four</bdi>" in page
    assert "1 thing stops the reading" in page


def test_check_names_a_table_of_decisions_that_nobody_uses(project, exports):
    folder = project / "data" / "forty"
    (folder / "corrections.csv").write_text("file,row,column,old,new,reason\n")
    ended = CliRunner().invoke(app, ["check", "forty"])
    said = "corrections.csv is in the study's folder and is not used: add `corrections: corrections.csv`"
    assert f"{said} (forty/study.yaml, line 3, participants)" in ended.output
    text = STUDY.replace("  id: id\n", "  id: id\n  corrections: corrections.csv\n")
    (folder / "study.yaml").write_text(text)
    assert said not in CliRunner().invoke(app, ["check", "forty"]).output


def test_check_names_a_file_beside_the_exports_that_is_read_at_no_wave(project, exports):
    raw = project / "data" / "forty" / "raw"
    said = "raw/12 months.csv is read at no wave"
    assert said not in CliRunner().invoke(app, ["check", "forty"]).output
    (raw / "12 months.csv").write_text("id,w\nA1,3\n")
    (raw / "notes.docx").write_bytes(b"of no interest")
    ended = CliRunner().invoke(app, ["check", "forty"])
    assert said in ended.output
    assert "notes.docx" not in ended.output


def test_a_row_of_corrections_that_check_proposes_is_taken(project, exports):
    folder = project / "data" / "forty"
    proposed = [line.strip() for line in CliRunner().invoke(app, ["check", "forty"]).output.splitlines()]
    start = proposed.index("file,row,column,old,new,reason")
    row = proposed[start + 1].removesuffix(",,,") + ",41,4,a slip"
    (folder / "corrections.csv").write_text(f"{proposed[start]}\n{row}\n")
    (folder / "study.yaml").write_text(STUDY.replace("  id: id\n", "  id: id\n  corrections: corrections.csv\n"))
    ended = CliRunner().invoke(app, ["check", "forty"])
    assert ended.exit_code == 0, ended.output
    assert "(people: 3, answers: 3)" in ended.output


def test_check_lists_every_mistake_with_its_line(project):
    path = project / "data" / "forty" / "study.yaml"
    path.write_text(STUDY.replace("month: 0", "month: zero").replace("domain: d", "domian: d"))
    ended = CliRunner().invoke(app, ["check", "forty"])
    assert ended.exit_code == 1
    assert "line 8, waves.before.month" in ended.output
    assert "line 11, outcomes.wellbeing.domian" in ended.output
    assert ended.output.splitlines()[-1] == "3 things stop the run."
