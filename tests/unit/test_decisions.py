"""A decision is cited by its number, so no two have the same, and the title says the one in the name."""

from pathlib import Path

DECISIONS = sorted((Path(__file__).resolve().parents[2] / "docs" / "decisions").glob("[0-9]*.md"))


def test_every_decision_has_a_number_of_its_own():
    numbers = [int(path.name.partition("-")[0]) for path in DECISIONS]
    assert len(numbers) > 30
    assert sorted(set(numbers)) == numbers


def test_titles_carry_the_number_of_the_file():
    for path in DECISIONS:
        number = int(path.name.partition("-")[0])
        assert path.read_text(encoding="utf-8").startswith(f"# {number}. "), path.name
