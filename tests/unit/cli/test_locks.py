import json
import os
import subprocess
import sys

import psutil
import pytest

from alongside.cli.locks import OWNER, free_dead_lock, record_owner
from alongside.errors import UserError


@pytest.fixture
def locked(tmp_path):
    lock = tmp_path / ".snakemake/locks/0.output.lock"
    lock.parent.mkdir(parents=True)
    lock.write_text("results/x/estimates.csv\n")
    return tmp_path


@pytest.fixture
def sleeper():
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    yield process
    process.kill()
    process.wait()


def locks(project):
    return os.listdir(project / ".snakemake/locks")


def test_no_lock_is_nothing_to_do(tmp_path):
    assert free_dead_lock(tmp_path) is False


def test_the_lock_of_a_living_run_stays(locked, sleeper):
    record_owner(locked, sleeper.pid)
    with pytest.raises(UserError, match=f"process {sleeper.pid}"):
        free_dead_lock(locked)
    assert locks(locked)


def test_the_lock_of_a_killed_run_is_removed(locked, sleeper):
    record_owner(locked, sleeper.pid)
    sleeper.kill()
    sleeper.wait()
    assert free_dead_lock(locked) is True
    assert locks(locked) == []


def test_a_new_process_with_the_old_number_is_not_the_owner(locked, sleeper):
    record_owner(locked, sleeper.pid)
    owner = json.loads((locked / OWNER).read_text())
    (locked / OWNER).write_text(json.dumps(owner | {"started": owner["started"] - 100}))
    assert free_dead_lock(locked) is True


def test_a_lock_from_another_machine_is_left_alone(locked):
    (locked / OWNER).write_text(json.dumps({"host": "elsewhere", "pid": 1, "started": 0.0}))
    with pytest.raises(UserError, match="elsewhere"):
        free_dead_lock(locked)
    assert locks(locked)


def test_an_unrecorded_snakemake_in_the_folder_counts_as_the_owner(locked):
    program = locked / "snakemake"
    program.write_text("input()")
    process = subprocess.Popen([sys.executable, str(program)], cwd=locked, stdin=subprocess.PIPE)
    try:
        psutil.Process(process.pid).cmdline()
        with pytest.raises(UserError, match=f"process {process.pid}"):
            free_dead_lock(locked)
    finally:
        process.kill()
        process.wait()
    assert free_dead_lock(locked) is True
