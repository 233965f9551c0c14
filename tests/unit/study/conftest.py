"""Fixtures that write a study file as data/trial/study.yaml, read it, and say where its mistakes are."""

import re
from pathlib import Path

import pytest

from alongside.errors import UserError
from alongside.study import load_study


@pytest.fixture
def example():
    """name -> text of one of the study files beside these tests"""
    return lambda name: (Path(__file__).parent / name).read_text(encoding="utf-8")


@pytest.fixture
def edited(example):
    """{line number: new text} -> small.yaml with these lines; None empties a line, and the others keep their number"""

    def edit(changes):
        lines = example("small.yaml").splitlines()
        for number, text in changes.items():
            lines[number - 1] = text or ""
        return "\n".join(lines) + "\n"

    return edit


@pytest.fixture
def write_study(tmp_path, monkeypatch):
    """Writes data/trial/study.yaml below the current folder and returns its path."""
    monkeypatch.chdir(tmp_path)

    def write(text):
        path = Path("data/trial/study.yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        return path

    return write


@pytest.fixture
def load(write_study):
    """text of a study file -> Study"""
    return lambda text: load_study(write_study(text))


@pytest.fixture
def mistakes(write_study):
    """text of a faulty study file -> [(line, dotted key, all words of the message)]; 0 and '' where it names none"""

    def find(text):
        with pytest.raises(UserError) as caught:
            load_study(write_study(text))
        return [(*_place(one), f"{one.found} | {one.allowed} | {one.remedy}") for one in caught.value.mistakes]

    return find


def _place(mistake):
    match = re.fullmatch(r"data/trial/study\.yaml(?:, line (\d+))?(?:, (.+))?", mistake.where)
    return int(match[1] or 0), match[2] or ""
