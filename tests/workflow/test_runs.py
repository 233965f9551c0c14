"""What a person who runs the pipeline may rely on: point 8 of the house."""

import json
import os
import re
import shutil
import signal

import psutil
from canaries import ID_STEM, OUT_OF_RANGE, UNDECLARED, find_canaries, unpack
from edits import plan, plan_edits, write_table
from project import ROOT, STAGES, STUDY, run, start, wait_for

PUBLIC = (".json", ".csv", ".html", ".xlsx", ".svg", ".png")


def test_the_screen_says_which_stage_how_many_are_left_and_where_the_report_is(first_run):
    project, shown = first_run
    assert f"{len(STAGES)} stages to do" in shown
    assert re.findall(r"(\d+) of \d+ done", shown) == [str(number) for number in range(1, len(STAGES) + 1)]
    assert re.search(rf"{len(STAGES) - 1} of {len(STAGES)} done, 1 left, \d+ s", shown)
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
    """Scripts are left out: Snakemake goes by their dates, it has no content of theirs to compare with."""
    for path in [*(finished / "workflow" / "alongside").rglob("*.*"), *(finished / "data").rglob("*.csv")]:
        os.utime(path)
    assert plan(finished) == []


def test_the_table_of_reruns_is_true(finished):
    plans = plan_edits(finished)
    assert plans["nothing"] == plans["a comment in the study file"] == []
    assert (ROOT / "docs" / "reruns.md").read_text() == write_table(plans, STAGES)


def test_no_value_of_a_participant_leaves_the_restricted_folder(first_run):
    assert find_canaries(*first_run) == []


def test_the_ledger_holds_what_was_set_aside(finished):
    """The search above would find nothing if nothing had been planted: the values are where they belong."""
    ledger = (finished / "results" / STUDY / "restricted" / "ledger.csv").read_text()
    assert ledger.count(OUT_OF_RANGE) == 2
    assert ID_STEM not in ledger


def test_names_and_free_text_are_dropped_at_intake(finished):
    held = [
        (path.name, canary)
        for path in (finished / "results" / STUDY / "restricted").rglob("*")
        if path.is_file()
        for canary in [*UNDECLARED.values(), ID_STEM]
        if canary.encode() in unpack(path)
    ]
    assert held == []


def test_no_public_text_counts_a_few_people_or_what_they_gave(finished):
    """In notes, sentences, tables, alternative texts: no number below ten before such a word. Logs are not public."""
    few = re.compile(
        r"(?<![\d.,-])[1-9]\s+(?:more\s+|other\s+)?"
        r"(?:people|persons?|participants?|respon\w+|rows?|cells?|identifiers?|answers?|scores?|duplicates?)\b"
    )
    results = finished / "results" / STUDY
    assert few.search("not in raw/roster.csv, so set aside: 2 identifiers")
    looked, found = 0, []
    for path in sorted(results.rglob("*")):
        if path.suffix in PUBLIC and path.suffix != ".png" and not {"restricted", "logs"} & set(path.parts):
            looked += 1
            text = re.sub(r"<style.*?</style>|<script.*?</script>", " ", unpack(path).decode(), flags=re.DOTALL)
            found += [(path.name, hit) for hit in few.findall(text) + few.findall(re.sub(r"<[^>]+>", " ", text))]
    assert looked > 10
    assert found == []


def test_a_bare_snakemake_makes_the_same_bytes(finished, tmp_path):
    """Without the profile and the command line around it; in a copy that has lost everything public."""
    copy = shutil.copytree(finished, tmp_path / "project")
    results = copy / "results" / STUDY
    for path in results.iterdir():
        if path.is_file():
            path.unlink()
        elif path.name in ("figures", "report"):
            shutil.rmtree(path)
    ended = run(copy, "snakemake", "--cores", "2", "--config", f"study={STUDY}")
    assert ended.returncode == 0, ended.stdout
    assert same_results(copy, finished)


def same_results(one, other):
    def read(project):
        results = project / "results" / STUDY
        public = [path for path in sorted(results.rglob("*")) if path.is_file() and path.suffix in PUBLIC]
        return {
            path.relative_to(results): path.read_bytes()
            for path in public
            if "restricted" not in path.parts and "logs" not in path.parts
        }

    made, expected = read(one), read(other)
    assert expected
    return [name for name in expected.keys() | made.keys() if made.get(name) != expected.get(name)] == []


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


def test_after_kill_9_in_the_middle_of_a_stage_the_next_run_finishes_correctly(finished, another):
    """In another clone with another key: rows are in the order of the raw identifiers, nothing sorts by pseudonym."""
    work = another / "results" / STUDY / "restricted" / "work"
    log = another / "results" / STUDY / "logs" / "estimate_primary.log"
    process = start(another, "alongside.cli", "run", STUDY, "--cores", "1")
    wait_for(log.exists)
    owner = json.loads((another / ".snakemake/alongside-owner.json").read_text())
    snakemake = psutil.Process(owner["pid"])
    steps = [child for child in snakemake.children(recursive=True) if "estimate_primary" in " ".join(child.cmdline())]
    assert steps
    os.kill(owner["pid"], signal.SIGKILL)
    process.communicate()
    psutil.wait_procs(steps, timeout=60)
    assert not (work / "estimates.parquet").exists(), "an orphaned stage must not place its outputs"
    assert list((another / ".snakemake/locks").iterdir())

    refused = run(another, "snakemake", "--cores", "1", "--config", f"study={STUDY}")
    assert refused.returncode == 1
    assert f"make report STUDY={STUDY}" in refused.stdout

    ended = run(another)
    assert ended.returncode == 0, ended.stdout
    assert same_results(another, finished)
