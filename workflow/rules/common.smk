# What the other files share: the study and its folders, the code a script depends on, the surroundings of a job.
import json
import os
import sys
from pathlib import Path

import psutil

from alongside.errors import UserError
from alongside.lineage import list_code
from alongside.study import load_study


def read_study(folder):
    try:
        return load_study(folder / "study.yaml")
    except UserError as error:
        sys.exit(f"\n{error}\n")


def list_exports():
    """Every file that the study names and that is there; a wave without files is not collected yet."""
    people = STUDY.participants
    patterns = [people.roster, people.corrections, people.id_map, people.withdrawn]
    sources = [STUDY.source, *(wave.source for wave in STUDY.waves.values() if wave.source)]
    patterns += [source.dictionary for source in sources]
    patterns += [file for wave in STUDY.waves.values() for source in wave.files.values() for file in source]
    return sorted({str(path) for pattern in patterns if pattern for path in FOLDER.glob(pattern)})


def list_codebooks():
    """The codebook of every scale: the study's own, or the one that comes with the package."""
    folders = [FOLDER / "instruments", PACKAGE / "resources" / "instruments"]
    found = [
        next(folder / f"{name}.yaml" for folder in folders if (folder / f"{name}.yaml").exists())
        for name in STUDY.codebooks
    ]
    return [os.path.relpath(path) for path in found]


def code(rule_name):
    """The modules that a rule's script imports, directly or not (docs/decisions/0002-code-as-input.md)."""
    return [os.path.relpath(path) for path in list_code(SCRIPTS / f"{rule_name}.py", PACKAGE)]


def each(block, *keys):
    """Some keys of every wave or outcome: an edit of another key reruns nothing that takes only these."""
    return [f"{block}.{name}.{key}" for name in getattr(STUDY, block) for key in keys]


def work(*names):
    return [f"{WORK}/{name}.parquet" for name in names]


def tell_about_lock():
    """A killed run leaves its lock behind; Snakemake's advice to unlock does not ask whether it is dead."""
    if any(Path(".snakemake/locks").glob("*")):
        command = f"make report STUDY={STUDY.slug}"
        print(
            f"A run in this folder is going on or was killed: `{command}` finds out and goes on.",
            file=sys.stderr,
        )


def record_owner():
    """Who holds the lock, for `alongside run` after a kill -9."""
    owner = {
        "host": os.uname().nodename,
        "pid": os.getpid(),
        "started": psutil.Process().create_time(),
    }
    Path(".snakemake/alongside-owner.json").write_text(json.dumps(owner))


PACKAGE = Path(workflow.basedir, "workflow", "alongside")
SCRIPTS = Path(workflow.basedir, "workflow", "scripts")
FOLDER = Path(config.get("data", "data"), config["study"])
STUDY = read_study(FOLDER)
RESULTS = Path(config.get("results", "results"), STUDY.slug)
RESTRICTED = RESULTS / "restricted"
WORK = RESTRICTED / "work"
LOGS = RESULTS / "logs"
EVERYTHING = [part for part in type(STUDY).model_fields if part != "folder"]
LEDGERS = ["ledger-read_exports", "ledger-score_answers"]
TALLIES = ["tally-read_exports", "tally-score_answers"]
PUBLIC = "estimates means models components flow claims distributions set_aside tally notes".split()
PUBLIC += "instruments keying reliability item_checks inter_item".split()
PUBLIC += ["rejudged", "flags"]

# one thread a job and no display; a step asks for the process that it works for before it renames its outputs
os.environ |= {name: "1" for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")}
os.environ |= {
    "MPLBACKEND": "Agg",
    "PYTHONHASHSEED": "0",
    "ALONGSIDE_SNAKEMAKE_PID": str(os.getpid()),
}
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # else every job compiles the package anew

tell_about_lock()


onstart:
    record_owner()
