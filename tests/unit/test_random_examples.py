"""A verdict does not depend on luck, and the random search reaches every property test."""

import ast
from pathlib import Path

from hypothesis import settings

TESTS = Path(__file__).resolve().parents[1]
DECIDED_BY_THE_PROFILE = {"derandomize", "deadline", "database"}
# health checks: a list of one's own would bring back those that ask how fast the machine is
ADDED_TO_THE_PROFILE = {"max_examples", "suppress_health_check"}


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
                given = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
                own |= {name for name in ADDED_TO_THE_PROFILE & set(given) if "settings.default" not in given[name]}
                found += [f"{path.name}, line {node.lineno}: {name}" for name in sorted(own)]
    assert found == []
