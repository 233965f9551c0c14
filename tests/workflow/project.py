"""A copy of the project with the 40-person study, to run and to break."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STUDY = "forty"
STAGES = [
    "read_exports", "score_answers", "check_keys", "build_panel", "count_flow", "measure_scales", "vary_flagged",
    "estimate_primary", "estimate_sensitivity", "judge_claims", "bin_scores", "control_disclosure",
    "write_ledger", "publish", "draw_figures", "write_report",
]  # fmt: skip


def make_project(folder):
    """Snakefile, workflow and the study, as a clone has them; the package of the copy is the one that is imported."""
    shutil.copytree(ROOT / "workflow", folder / "workflow", ignore=shutil.ignore_patterns("*.egg-info"))
    shutil.copy(ROOT / "Snakefile", folder)
    shutil.copytree(ROOT / "tests" / "workflow" / "study", folder / "data" / STUDY)
    return folder


def environment(project):
    # without bytecode every process of every run would compile the package anew
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPATH": str(project / "workflow")}


def start(project, *command):
    return subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=project,
        env=environment(project),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def run(project, *command):
    """`alongside run forty`, or another module; its returncode, and all that it printed as `stdout`."""
    command = command or ("alongside.cli", "run", STUDY, "--cores", "2")
    process = start(project, *command)
    shown, _ = process.communicate(timeout=300)
    return subprocess.CompletedProcess(command, process.returncode, shown)


def wait_for(condition, seconds=280):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.01)
