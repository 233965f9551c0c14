"""Time a cold run of a study: `make bench`, or `python benchmarks/time_run.py bright-path`.

In: the name of a study. Out, on the screen: the wall time of the run in a fresh folder, the time that its processors
worked (which other programs on the machine hardly change), the same for its stages from the slowest to the fastest,
and how much of it is the start of Python and its imports.

The project is copied into a temporary folder first, so that nothing of an earlier run is there, and the environment of
this Python is used. A module that every Python imports as it starts writes down, at its end, what it has used.
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
COPIED = ("Snakefile", "workflow", "data")
RECORDING = """
import atexit, os, resource, sys, time

def write_down(began=time.time()):
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    worked = sum(one.ru_utime + one.ru_stime for one in used)
    with open(os.environ["TIMES"], "a") as file:
        file.write(f"{os.path.basename(sys.argv[0])} {worked} {time.time() - began}\\n")

atexit.register(write_down)
"""


def main(study):
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "project"
        project.mkdir()
        for name in COPIED:
            copy = shutil.copytree if (PROJECT / name).is_dir() else shutil.copy
            copy(PROJECT / name, project / name)
        recording = project / "recording"
        recording.mkdir()
        (recording / "sitecustomize.py").write_text(RECORDING)
        paths = os.pathsep.join([str(recording), str(project / "workflow")])
        environment = os.environ | {"PYTHONPATH": paths, "TIMES": str(recording / "times")}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        command = [sys.executable, "-m", "alongside.cli", "run", study]
        load = os.getloadavg()[0]
        whole = time_command(command, project, environment)
        stages = read_stage_times(project)
        bare = time_command(command, project, environment)
        imports = {name: time_imports(project, name, environment) for name in stages}
    report(study, load, whole, bare, stages, imports)


def time_command(command, project, environment):
    """(seconds that the processors worked, seconds on the clock)"""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(command, cwd=project, env=environment, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return worked, time.monotonic() - started


def read_stage_times(project):
    """{stage: (worked, clock)}; Snakemake copies a script as tmp1a2b3c.score_answers.py"""
    times = {}
    for line in (project / "recording" / "times").read_text().splitlines():
        name, worked, clock = line.split(" ")
        if name.count(".") == 2:
            times[name.split(".")[1]] = float(worked), float(clock)
    return times


def time_imports(project, stage, environment):
    """Seconds that it takes to start Python and import what a stage's script imports."""
    script = (project / "workflow" / "scripts" / f"{stage}.py").read_text()
    imports = "\n".join(line for line in script.splitlines() if line.startswith("from "))
    return time_command([sys.executable, "-c", imports], project, environment)[0]


def report(study, load, whole, bare, stages, imports):
    print(f"\n{study}, beside {load:.1f} other processes; seconds that processors worked, and on the clock:")
    print(f"from nothing to the report {whole[0]:.1f}, {whole[1]:.1f}")
    print(f"a run with nothing to do   {bare[0]:.1f}, {bare[1]:.1f}\n")
    print("| stage | worked | of which start-up and imports | clock |\n|---|---|---|---|")
    for name, (worked, clock) in sorted(stages.items(), key=lambda item: -item[1][0]):
        print(f"| {name} | {worked:.1f} | {imports[name]:.1f} | {clock:.1f} |")
    total, start = sum(worked for worked, _ in stages.values()), sum(imports.values())
    print(f"| all stages | {total:.1f} | {start:.1f} | |")
    print(f"\nstart-up of Python and imports: {100 * start / total:.0f} % of the stages' work")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "bright-path")
