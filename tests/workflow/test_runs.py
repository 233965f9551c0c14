"""What a person who runs the pipeline may rely on: point 8 of the house."""

import json
import os
import re
import shutil
import signal
import time

import psutil
import pytest
from edits import plan, plan_edits, write_table
from project import ROOT, STAGES, STUDY, make_project, run, start

pytestmark = pytest.mark.xdist_group("workflow")


def test_the_screen_says_which_stage_how_many_are_left_and_where_the_report_is(first_run):
    project, shown = first_run
    assert f"{len(STAGES)} stages to do" in shown
    assert re.findall(r"(\d+) of \d+ done", shown) == [str(number) for number in range(1, len(STAGES) + 1)]
    assert re.search(r"9 of 10 done, 1 left, \d+ s", shown)
    assert str(project / "results" / STUDY / "report" / "funder.html") in shown
    for dumped in ("rule read_exports:", "jobid:", "resources:", "Traceback"):
        assert dumped not in shown


def test_every_stage_keeps_a_log(finished):
    logs = finished / "results" / STUDY / "logs"
    assert sorted(log.stem for log in logs.iterdir()) == sorted(STAGES)
    assert all(log.read_text().strip() for log in logs.iterdir())


def test_a_second_run_does_nothing(finished):
    before = {path: path.stat().st_mtime_ns for path in (finished / "results").rglob("*") if path.is_file()}
    ended = run(finished)
    assert ended.returncode == 0
    assert "Nothing to do" in ended.stdout
    assert {path: path.stat().st_mtime_ns for path in (finished / "results").rglob("*") if path.is_file()} == before


def test_files_that_are_touched_rerun_nothing(finished):
    for path in [*finished.rglob("workflow/**/*.py"), *(finished / "data").rglob("*.csv")]:
        os.utime(path)
    assert plan(finished) == []


def test_the_table_of_reruns_is_true(finished):
    plans = plan_edits(finished)
    assert plans["nothing"] == plans["a comment in the study file"] == []
    assert (ROOT / "docs" / "reruns.md").read_text() == write_table(plans, STAGES)


def test_a_bare_snakemake_does_the_same_work(finished, fresh):
    ended = run(fresh, "snakemake", "--cores", "2", "--config", f"study={STUDY}")
    assert ended.returncode == 0, ended.stdout
    for name in ("results.json", "estimates.csv", "report/funder.html"):
        made, expected = (project / "results" / STUDY / name for project in (fresh, finished))
        assert made.read_bytes() == expected.read_bytes(), name


def test_no_draft_is_left_behind(finished):
    assert [path for path in (finished / "results").rglob("*.draft*")] == []


def test_a_mistake_in_the_study_file_ends_with_the_message_alone(finished):
    study = finished / "data" / STUDY / "study.yaml"
    before = study.read_text()
    study.write_text(before.replace("instrument: gad7", "instrument: gad_7"))
    try:
        ended = run(finished, "snakemake", "--cores", "1", "--config", f"study={STUDY}")
    finally:
        study.write_text(before)
    assert ended.returncode == 1
    assert f"data/{STUDY}/study.yaml, line" in ended.stdout
    assert "gad7" in ended.stdout
    assert "Traceback" not in ended.stdout
    assert "Error" not in ended.stdout


def test_a_study_that_is_not_there(finished):
    ended = run(finished, "alongside.cli", "run", "fourty")
    assert ended.returncode == 1
    assert STUDY in ended.stdout
    assert "Traceback" not in ended.stdout


def test_a_failing_stage_ends_with_the_reason_the_file_and_the_next_thing_to_do(fresh):
    export = fresh / "data" / STUDY / "raw" / "before.csv"
    export.write_text(export.read_text().replace("T12,1,", "T12,often,"))
    ended = run(fresh)
    assert ended.returncode == 1
    assert "raw/before.csv, anxiety: column gad_1" in ended.stdout
    assert "to do:" in ended.stdout
    assert "read_exports stopped after" in ended.stdout
    assert f"results/{STUDY}/logs/read_exports.log" in ended.stdout
    assert "goes on from here" in ended.stdout
    for noise in ("Traceback", "CalledProcessError", "set -euo pipefail", "Error in rule"):
        assert noise not in ended.stdout


def wait_for(condition, seconds=120):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.01)


def test_after_kill_9_in_the_middle_of_a_stage_the_next_run_finishes_correctly(finished, fresh):
    work = fresh / "results" / STUDY / "restricted" / "work"
    log = fresh / "results" / STUDY / "logs" / "estimate_primary.log"
    process = start(fresh, "alongside.cli", "run", STUDY, "--cores", "1")
    wait_for(log.exists)
    owner = json.loads((fresh / ".snakemake/alongside-owner.json").read_text())
    snakemake = psutil.Process(owner["pid"])
    steps = [child for child in snakemake.children(recursive=True) if "estimate_primary" in " ".join(child.cmdline())]
    assert steps
    os.kill(owner["pid"], signal.SIGKILL)
    process.communicate()
    psutil.wait_procs(steps, timeout=60)
    assert not (work / "estimates.parquet").exists(), "an orphaned stage must not place its outputs"
    assert list((fresh / ".snakemake/locks").iterdir())

    refused = run(fresh, "snakemake", "--cores", "1", "--config", f"study={STUDY}")
    assert refused.returncode == 1
    assert f"make report STUDY={STUDY}" in refused.stdout

    ended = run(fresh)
    assert ended.returncode == 0, ended.stdout
    for name in ("results.json", "report/funder.html"):
        made, expected = (project / "results" / STUDY / name for project in (fresh, finished))
        assert made.read_bytes() == expected.read_bytes(), name


def test_a_run_that_is_alive_is_respected(fresh):
    process = start(fresh, "alongside.cli", "run", STUDY, "--cores", "1")
    try:
        wait_for(lambda: any((fresh / ".snakemake/locks").glob("*")))
        ended = run(fresh)
        assert ended.returncode == 1
        assert "a run is going on in this folder" in ended.stdout
    finally:
        process.send_signal(signal.SIGINT)
        for child in psutil.Process(process.pid).children():
            child.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


def test_another_key_changes_no_result(finished, tmp_path):
    """Pseudonyms differ, nothing else: rows are in the order of the raw identifiers, and nothing sorts by pseudonym."""
    other = make_project(tmp_path / "project")
    (other / "data" / STUDY / "pseudonym.key").write_text("0f" * 32 + "\n")
    ended = run(other)
    assert ended.returncode == 0, ended.stdout
    made, expected = (project / "results" / STUDY / "results.json" for project in (other, finished))
    assert made.read_bytes() == expected.read_bytes()


def test_shipped_data_and_nothing_else_can_be_committed(tmp_path):
    import subprocess

    shutil.copy(ROOT / ".gitignore", tmp_path)
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
