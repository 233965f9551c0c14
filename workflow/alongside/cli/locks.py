"""Whose lock is it? Remove a lock only when the run that holds it is dead.

Snakemake locks the folder while it runs and leaves the lock behind when it is killed. Two witnesses must agree before
it is removed: the recorded owner (`.snakemake/alongside-owner.json`: host, process number, start time, written
by `alongside run` and by the workflow's `onstart`) is no longer running on this host, and no other Snakemake works in
this folder. A lock taken on another host cannot be judged from here and is left alone.
"""

import json
import os
from pathlib import Path

import psutil

from alongside.errors import Mistake, UserError

OWNER = ".snakemake/alongside-owner.json"


def record_owner(project, pid):
    """The same record that `onstart` in workflow/rules/common.smk makes for a bare Snakemake."""
    try:
        started = psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        return
    path = Path(project) / OWNER
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"host": os.uname().nodename, "pid": pid, "started": started}))


def free_dead_lock(project):
    """True where a lock was removed, False where there was none; UserError where somebody still holds it."""
    locks = [path for path in (Path(project) / ".snakemake" / "locks").glob("*") if path.is_file()]
    if not locks:
        return False
    owner = read_owner(project)
    if owner and owner["host"] != os.uname().nodename:
        raise _held(project, f"a run on {owner['host']} holds this folder", f"look there; if it has ended: {UNLOCK}")
    pid = owner["pid"] if owner and is_running(owner) else find_snakemake(project)
    if pid:
        raise _held(project, f"a run is going on in this folder (process {pid})", "wait for it, or stop it with Ctrl-C")
    for lock in locks:
        lock.unlink(missing_ok=True)
    return True


UNLOCK = "snakemake --unlock"


def read_owner(project):
    path = Path(project) / OWNER
    try:
        return json.loads(path.read_text())
    except (FileNotFoundError, json.JSONDecodeError):  # none, or killed while it was written
        return None


def is_running(owner):
    """A process with this number and this start time; a zombie has ended."""
    try:
        process = psutil.Process(owner["pid"])
        return process.create_time() == owner["started"] and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def find_snakemake(project):
    """The number of a Snakemake process that works in this folder, None where there is none."""
    home = Path(project).resolve()
    for process in psutil.process_iter(["pid", "cmdline", "cwd", "status"]):
        facts = process.info
        if facts["cwd"] and Path(facts["cwd"]) == home and facts["status"] != psutil.STATUS_ZOMBIE:
            words = facts["cmdline"] or []
            if any(Path(word).name == "snakemake" for word in words[:3]):
                return facts["pid"]
    return None


def _held(project, found, remedy):
    return UserError(Mistake(str(project), found, remedy=remedy))
