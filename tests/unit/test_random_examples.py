"""A verdict does not depend on luck, and the random search reaches every property test."""

import ast
from pathlib import Path

from hypothesis import settings

TESTS = Path(__file__).resolve().parents[1]
DECIDED_BY_THE_PROFILE = {"derandomize", "deadline", "database"}


def test_the_default_draws_the_same_examples_every_time():
    assert settings.get_profile("verdict").derandomize
    explore = settings.get_profile("explore")
    assert not explore.derandomize
    assert explore.max_examples >= 10 * settings.get_profile("verdict").max_examples


def test_no_test_has_a_number_of_examples_of_its_own():
    found = []
    for path in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("settings"):
                own = {keyword.arg for keyword in node.keywords} & DECIDED_BY_THE_PROFILE
                numbers = [keyword.value for keyword in node.keywords if keyword.arg == "max_examples"]
                own |= {"max_examples" for value in numbers if "settings.default" not in ast.unparse(value)}
                found += [f"{path.name}, line {node.lineno}: {name}" for name in sorted(own)]
    assert found == []
