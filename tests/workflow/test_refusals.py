"""Runs that stop, and what must never be committed."""

import csv
import subprocess

import psutil
import pytest
from canaries import STRAY_TEXT, find_canaries, plant, read, write
from project import ROOT, STUDY, make_project, run, start, wait_for


@pytest.fixture(scope="module")
def stopped(tmp_path_factory):
    """(project, its run): text where a number is expected in an export."""
    project = make_project(tmp_path_factory.mktemp("stopped") / "project")
    plant(project)
    stray(project, "before", 2, "gad_1")
    return project, run(project)


def stray(project, name, at, column):
    path = project / "data" / STUDY / "raw" / f"{name}.csv"
    rows = read(path)
    rows[at][column] = STRAY_TEXT
    write(path, rows)


def test_a_stage_that_stops_quotes_nobody(stopped):
    project, ended = stopped
    assert ended.returncode == 1
    assert find_canaries(project, ended.stdout) == []


def test_a_cohort_that_nobody_declared_is_not_quoted(fresh):
    """Asked before a run: the words are those of the stage."""
    plant(fresh)
    stray(fresh, "roster", 0, "programme")
    ended = run(fresh, "alongside.cli", "check", STUDY)
    assert ended.returncode == 1
    assert "raw/roster.csv" in ended.stdout
    assert find_canaries(fresh, ended.stdout) == []


def test_a_failing_stage_ends_with_the_reason_the_file_and_the_next_thing_to_do(stopped):
    _, ended = stopped
    assert ended.returncode == 1
    assert "raw/before.csv, anxiety: column gad_1" in ended.stdout
    assert "to do:" in ended.stdout
    assert "read_exports stopped after" in ended.stdout
    assert f"results/{STUDY}/logs/read_exports.log" in ended.stdout
    assert "goes on from here" in ended.stdout
    for noise in ("Traceback", "CalledProcessError", "set -euo pipefail", "Error in rule"):
        assert noise not in ended.stdout


def test_a_scale_that_the_data_contradict_stops_before_anything_is_estimated(fresh):
    """The second item of the GAD-7 turned round in every file."""
    for export in (fresh / "data" / STUDY / "raw").glob("*.csv"):
        with export.open(newline="") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            if row.get("gad_2", "").isdigit():
                row["gad_2"] = str(3 - int(row["gad_2"]))
        with export.open("w", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
    ended = run(fresh)
    assert ended.returncode == 1
    said = " ".join(ended.stdout.split())
    assert "outcomes.anxiety (" in said
    assert "item 2, not reversed: -0." in said
    assert "check_keys stopped after" in said
    assert "outcomes.anxiety.keying_acknowledged: {item 2: why}" in said
    work = fresh / "results" / STUDY / "restricted" / "work"
    assert not (work / "panel.parquet").exists()
    assert not (work / "estimates.parquet").exists()


def test_a_run_that_is_alive_is_respected(fresh):
    process = start(fresh, "alongside.cli", "run", STUDY, "--cores", "1")
    try:
        wait_for(lambda: any((fresh / ".snakemake/locks").glob("*")))
        ended = run(fresh)
        assert ended.returncode == 1
        assert "a run is going on in this folder" in ended.stdout
    finally:
        for one in [*psutil.Process(process.pid).children(recursive=True), process]:
            one.kill()
        process.communicate()


def test_shipped_data_and_nothing_else_can_be_committed(tmp_path):
    (tmp_path / ".gitignore").write_text((ROOT / ".gitignore").read_text())
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    ignored = [
        "data/mystudy/study.yaml", "data/mystudy/raw/wave1.csv", "data/notes.txt", "data/bright-path/pseudonym.key",
        "results/mystudy/restricted/ledger.csv", "results/mystudy/report/funder.html", ".snakemake/log/x",
    ]  # fmt: skip
    kept = ["data/README.md", "data/bright-path/study.yaml", "data/beat-the-blues/raw/x.csv", "results/README.md"]
    shown = subprocess.run(
        ["git", "-C", str(tmp_path), "check-ignore", *ignored, *kept], capture_output=True, text=True, check=True
    )
    assert shown.stdout.split() == ignored
