"""Which stages an edit reruns: made by dry-runs after a complete run of the 40-person study.

    python tests/workflow/edits.py        writes docs/reruns.md anew

In: a finished project in a temporary folder. Out: for each kind of edit the stages that Snakemake would run. Each edit
is made, planned and taken back; taking it back writes the file anew with the old content, so every later plan also
shows that Snakemake compares content, not dates.
"""

import contextlib
import io
import os
import re
import sys
from pathlib import Path

STUDY = "data/forty/study.yaml"
PACKAGE = "workflow/alongside"

# what is edited, in words; the file; the text that is replaced; what it becomes (None: the text is put at the end)
EDITS = [
    ("nothing", STUDY, "", ""),
    ("a comment in the study file", STUDY, None, "# a comment\n"),
    ("the study's title", STUDY, "title: Forty people", "title: Forty young people"),
    ("the seed", STUDY, "seed: 7", "seed: 8"),
    ("the label of a wave", STUDY, "label: Before", "label: At the start"),
    ("a covariate to adjust for", STUDY, "adjust_for: [age]", "adjust_for: []"),
    ("what a claim says", STUDY, "Mentoring reduces anxiety", "Mentoring lessens anxiety"),
    ("the smallest group that may be shown", STUDY, "  seed: 7", "  seed: 7\n  disclosure: {min_cell: 8, round_to: 5}"),
    ("one outcome: its smallest worthwhile difference", STUDY, "worthwhile: 0.2 sd", "worthwhile: 0.3 sd"),
    ("one outcome: its columns", STUDY, "column: wellbeing", "column: wellbeing_total"),
    ("one instrument (gad7.yaml)", f"{PACKAGE}/resources/instruments/gad7.yaml", None, "# a comment\n"),
    ("one raw file: a cell", "data/forty/raw/after.csv", ",19\n", ",20\n"),
    ("one raw file more", "data/forty/raw/followup_paper.csv", None, "id,gad_1\n"),
    ("one module: scoring.py", f"{PACKAGE}/scoring.py", None, "\n# a comment\n"),
    ("one module: effects/primary.py", f"{PACKAGE}/effects/primary.py", None, "\n# a comment\n"),
    ("one module: figures/forest.py", f"{PACKAGE}/figures/forest.py", None, "\n# a comment\n"),
    ("one module: tables/schema.py", f"{PACKAGE}/tables/schema.py", None, "\n# a comment\n"),
    ("the words of a verdict (wording.yaml)", f"{PACKAGE}/resources/wording.yaml", None, "# a comment\n"),
]

HEADER = """# What an edit reruns

For each kind of edit, the stages that run again; everything else is kept. The table is made by dry-runs on the
40-person study of the tests (`make rerun-table`), and a test holds it true. Contents are compared, not dates: a
file that is written again unchanged reruns nothing. (The three-line scripts in `workflow/scripts/` are the exception:
Snakemake goes by their dates.)

| edit | stages that run again |
|---|---|
"""


def plan_edits(project):
    """{edit: stages in the order of the pipeline}"""
    return {name: plan_edit(project, *edit) for name, *edit in EDITS}


def plan_edit(project, file, old, new):
    path = Path(project) / file
    before = path.read_text() if path.exists() else None
    assert not old or old in before, f"{file} has no {old!r}"
    path.write_text((before or "") + new if old is None else before.replace(old, new, 1))
    try:
        return plan(project)
    finally:
        if before is None:
            path.unlink()
        else:
            path.write_text(before)


def plan(project):
    """The stages of a dry-run. In this process: a Snakemake of its own for every edit would take three seconds each."""
    from snakemake.cli import main

    screen = io.StringIO()
    here = os.getcwd()
    with contextlib.redirect_stderr(screen), contextlib.redirect_stdout(screen):
        try:
            os.chdir(project)
            main(["--dry-run", "--cores", "1", "--config", "study=forty"])
        except SystemExit as ended:
            code = ended.code
        finally:
            os.chdir(here)
    assert not code, screen.getvalue()
    stats = screen.getvalue().rpartition("Job stats:")[2].partition("total")[0]
    return [name for name, _ in re.findall(r"^(\w+) +(\d+)$", stats, re.MULTILINE) if name != "all"]


def write_table(plans, everything):
    rows = [f"| {edit} | {describe(stages, everything)} |" for edit, stages in plans.items()]
    return HEADER + "\n".join(rows) + "\n"


def describe(stages, everything):
    if not stages:
        return "none"
    if set(stages) == set(everything):
        return "all of them"
    return ", ".join(stage for stage in everything if stage in stages)


if __name__ == "__main__":
    import tempfile

    sys.path.insert(0, str(Path(__file__).parent))
    from project import ROOT, STAGES, make_project, run

    with tempfile.TemporaryDirectory() as folder:
        project = make_project(Path(folder) / "project")
        assert run(project).returncode == 0
        table = write_table(plan_edits(project), STAGES)
    (ROOT / "docs" / "reruns.md").write_text(table)
    print(table)
