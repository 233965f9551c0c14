"""Run Snakemake for one study, and clear what a run that was killed has left behind.

In: the project's folder and the study's. Out: Snakemake's exit code, and the report's place on the screen.

1. a lock of a dead run is removed, a lock of a living one is respected (`locks`);
2. Snakemake starts with the project's profile: incomplete outputs are made again, progress is readable;
3. its process is recorded as the owner of the lock before it takes it.
"""

import subprocess
import sys
import time

from alongside.cli.locks import free_dead_lock, record_owner
from alongside.study import load_study


def run_workflow(project, folder, *, cores):
    if free_dead_lock(project):
        print("The run before this one was stopped half-way; what it had finished is kept.", file=sys.stderr)
    started = time.monotonic()
    process = subprocess.Popen(snakemake_command(project, folder, cores=cores), cwd=project)
    record_owner(project, process.pid)
    code = _wait(process)
    if code:
        again = f"`make report STUDY={folder.name}` again goes on from here; what was finished is kept."
        print(f"\nNot finished. {again}", file=sys.stderr)
    else:
        print(f"\nReady ({time.monotonic() - started:.0f} s):")
        for audience in load_study(folder / "study.yaml").report.audience:
            print(f"  {project / 'results' / folder.name / 'report' / audience}.html")
    return code


def snakemake_command(project, folder, *, cores):
    command = [sys.executable, "-m", "snakemake", "--cores", cores]
    command += ["--workflow-profile", "workflow/profiles/default", "--config", f"study={folder.name}"]
    return command if folder.parent == project / "data" else [*command, f"data={folder.parent}"]


def _wait(process):
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # the terminal has sent it to Snakemake too, which stops its jobs and frees its lock
