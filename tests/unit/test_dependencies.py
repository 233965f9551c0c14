"""environment.yml, pyproject.toml and both locks name the same direct dependencies, and what is installed is locked."""

import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
RUN = [Requirement(text) for text in PROJECT["dependencies"]]
DEV = [Requirement(text) for text in PROJECT["optional-dependencies"]["dev"]]


def read_lock(name):
    """{package: (version, hashes)}"""
    entries = re.findall(
        r"^([\w.-]+)==(\S+) \\\n((?:    --hash=sha256:\w{64}(?: \\)?\n)+)", (ROOT / name).read_text(), re.M
    )
    return {name: (pin, frozenset(re.findall(r"sha256:\w{64}", hashes))) for name, pin, hashes in entries}


RUN_LOCK, DEV_LOCK = read_lock("requirements.txt"), read_lock("requirements-dev.txt")


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_a_lock_holds_pins_with_hashes_and_nothing_else(name):
    text = (ROOT / name).read_text()
    assert text.count("==") == len(read_lock(name))
    assert not re.search(r"https?:|file:|--index|--find-links|--extra|\s@\s", text)


@pytest.mark.parametrize(
    ("requirement", "lock"),
    [(item, RUN_LOCK) for item in RUN] + [(item, DEV_LOCK) for item in [*RUN, *DEV]],
    ids=lambda value: value.name if isinstance(value, Requirement) else "",
)
def test_every_direct_dependency_is_locked_at_a_version_that_fits(requirement, lock):
    pin, _ = lock[canonicalize_name(requirement.name)]
    assert requirement.specifier.contains(pin, prereleases=True)


def test_the_lock_for_development_only_adds():
    assert {name: DEV_LOCK.get(name) for name in RUN_LOCK} == RUN_LOCK


def test_what_builds_the_package_is_locked_too():
    build = tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]["requires"]
    assert {Requirement(text).name for text in build} <= set(RUN_LOCK)


def test_conda_makes_the_environment_of_the_lock():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    *conda, pip = environment["dependencies"]
    assert [re.sub(r"[<>=].*", "", item).strip() for item in conda] == ["python", "pip"]
    assert conda[0].removeprefix("python").strip() == PROJECT["requires-python"]
    assert pip == {"pip": ["-r requirements.txt", "-e ."]}


@pytest.mark.parametrize("requirement", RUN, ids=lambda item: item.name)
def test_what_is_installed_is_what_is_locked(requirement):
    """Installing another package can quietly downgrade one of these."""
    assert version(requirement.name) == RUN_LOCK[canonicalize_name(requirement.name)][0]
