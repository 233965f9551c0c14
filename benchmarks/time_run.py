"""Time a cold run of a study: `make bench`, or `python benchmarks/time_run.py bright-path`.

In: the name of a study. Out, on the screen: the wall time of the run in a fresh folder, its stages from the slowest to
the fastest, and how much of the time is the start of Python and its imports.

The project is copied into a temporary folder first, so that nothing of an earlier run is there, and the environment of
this Python is used. The times of the stages come from Snakemake's own records.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
COPIED = ("Snakefile", "workflow", "data")


def main(study):
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "project"
        project.mkdir()
        for name in COPIED:
            copy = shutil.copytree if (PROJECT / name).is_dir() else shutil.copy
            copy(PROJECT / name, project / name)
        environment = os.environ | {"PYTHONPATH": str(project / "workflow")}
        started = time.monotonic()
        command = [sys.executable, "-m", "alongside.cli", "run", study]
        subprocess.run(command, cwd=project, env=environment, check=True)
        wall = time.monotonic() - started
        stages = read_stage_times(project)
        bare = time_empty_run(project, environment, study)
        imports = {name: time_imports(project, name, environment) for name in stages}
    report(study, wall, bare, stages, imports)


def read_stage_times(project):
    """Seconds of each stage, from the start and end times in Snakemake's metadata; the name is its log's."""
    times = {}
    for path in (project / ".snakemake" / "metadata").rglob("*"):
        if path.is_file():
            record = json.loads(path.read_text())
            times[record["rule"]] = record["endtime"] - record["starttime"]
    return times


def time_empty_run(project, environment, study):
    """Seconds that Snakemake needs to find that nothing is to be done."""
    started = time.monotonic()
    command = [sys.executable, "-m", "alongside.cli", "run", study]
    subprocess.run(command, cwd=project, env=environment, check=True, capture_output=True)
    return time.monotonic() - started


def time_imports(project, stage, environment):
    """Seconds to start Python and import what a stage's script imports."""
    script = (project / "workflow" / "scripts" / f"{stage}.py").read_text()
    imports = "\n".join(line for line in script.splitlines() if line.startswith("from "))
    started = time.monotonic()
    subprocess.run([sys.executable, "-c", imports], cwd=project, env=environment, check=True)
    return time.monotonic() - started


def report(study, wall, bare, stages, imports):
    print(f"\n{study}: {wall:.1f} s from nothing to the report; a run with nothing to do {bare:.1f} s\n")
    print(f"{'stage':<22}{'seconds':>9}{'of which imports':>18}")
    for name, seconds in sorted(stages.items(), key=lambda item: -item[1]):
        print(f"{name:<22}{seconds:>9.1f}{imports[name]:>18.1f}")
    total, start = sum(stages.values()), sum(imports.values())
    print(f"{'all stages':<22}{total:>9.1f}{start:>18.1f}")
    print(f"\nstart-up of Python and imports: {100 * start / total:.0f} % of the stages' time")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "bright-path")
