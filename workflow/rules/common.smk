# What every rule file uses: the study, the folders, the code a script depends on, the surroundings of a job.
import json
import os
import sys
from pathlib import Path

import psutil

from alongside.errors import UserError
from alongside.lineage import list_code
from alongside.study import load_study


def read_study(name):
    try:
        return load_study(Path(config.get("data", "data"), name, "study.yaml"))
    except UserError as error:
        sys.exit(f"\n{error}\n")


def code(rule_name):
    """The modules that a rule's script imports, directly or not (docs/decisions/0002-code-as-input.md)."""
    home = Path(workflow.basedir, "workflow")
    modules = list_code(home / "scripts" / f"{rule_name}.py", home / "alongside")
    return [os.path.relpath(module) for module in modules]


def work(*names):
    return [f"{RESTRICTED}/work/{name}.parquet" for name in names]


def tell_about_lock():
    """A run that was killed leaves its lock behind; Snakemake's own advice does not know that the rest is handled."""
    if any(Path(".snakemake/locks").glob("*")):
        advice = f"`make report STUDY={STUDY.slug}` (or `alongside run {STUDY.slug}`)"
        print(f"Another run is going on in this folder, or was stopped half-way: {advice} finds out and continues.", file=sys.stderr)


def record_owner():
    """Who holds the lock, for `alongside run` after a kill -9."""
    owner = {"host": os.uname().nodename, "pid": os.getpid(), "started": psutil.Process().create_time()}
    Path(".snakemake/alongside-owner.json").write_text(json.dumps(owner))


STUDY = read_study(config["study"])
RESULTS = f"{config.get('results', 'results')}/{STUDY.slug}"
RESTRICTED = f"{RESULTS}/restricted"
LOGS = f"{RESULTS}/logs"

# one thread a job and no display; a step asks for the process that it works for before it renames its outputs
os.environ |= {name: "1" for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")}
os.environ |= {"MPLBACKEND": "Agg", "PYTHONHASHSEED": "0", "ALONGSIDE_SNAKEMAKE_PID": str(os.getpid())}
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # else every job compiles the package anew

tell_about_lock()


onstart:
    record_owner()
