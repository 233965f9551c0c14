"""Walls that import-linter cannot express (docs/decisions/0001-walls.md)."""

import ast
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "workflow" / "alongside"
SCRIPTS = sorted((ROOT / "workflow" / "scripts").glob("*.py"))
RULE_FILES = sorted((ROOT / "workflow" / "rules").glob("*.smk"))

# parts that may touch files; everything else is frame in, frame out
# (mixed/summaries.py keeps the sums of a very large study, so that a second model need not read it again)
TOUCH_FILES = (
    "mixed/summaries.py",
    "study",
    "typed_yaml",
    "instruments",
    "intake/readers",
    "step",
    "cli",
    "report",
    "lineage.py",
)
FILE_CALLS = {
    "open", "read_text", "read_bytes", "write_text", "write_bytes", "read_csv", "read_parquet", "read_excel",
    "to_csv", "to_parquet", "to_excel", "glob", "rglob", "iterdir", "mkdir", "unlink",
}  # fmt: skip
PICKLES_AND_EVAL = {"eval", "exec", "read_pickle", "to_pickle"}


def modules():
    return sorted(PACKAGE.rglob("*.py"))


def calls(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            yield name, node


def reads_a_resource(node):
    """files("alongside") / ... .read_text(): the package's own resources, which an installed wheel carries."""
    return "resources" in ast.unparse(node) or "files(" in ast.unparse(node)


def test_only_the_edges_touch_files():
    found = [
        f"{path.relative_to(PACKAGE)}: {name}"
        for path in modules()
        if not str(path.relative_to(PACKAGE)).startswith(TOUCH_FILES)
        for name, node in calls(path)
        if name in FILE_CALLS and not reads_a_resource(node)
    ]
    assert found == []


def test_nothing_is_pickled_or_evaluated():
    found = [
        f"{path.relative_to(ROOT)}: {name}" for path in modules() for name, _ in calls(path) if name in PICKLES_AND_EVAL
    ]
    assert found == []
    assert not [path for path in modules() if re.search(r"^\s*(import|from) pickle", path.read_text(), re.MULTILINE)]


def test_the_estimator_imports_numerical_libraries_only():
    allowed = {"numpy", "scipy", "pandas", "formulaic", "alongside.errors", "alongside.mixed", *sys.stdlib_module_names}
    found = set()
    for path in (PACKAGE / "mixed").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and not node.level else []
            for name in names:
                parts = name.split(".")
                found.add(".".join(parts[:2]) if parts[0] == "alongside" else parts[0])
    assert found <= allowed


def test_no_star_imports():
    stars = [
        str(path.relative_to(ROOT))
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
    ]
    assert stars == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_is_an_adapter(script):
    """Imports, then `step(snakemake, function)`; the function carries the script's and the rule's name."""
    *imports, last = ast.parse(script.read_text()).body
    assert len(imports) <= 2
    assert all(isinstance(node, ast.ImportFrom) for node in imports)
    assert ast.unparse(last) == f"step(snakemake, {script.stem})"


def test_every_script_has_its_rule_and_every_rule_its_declarations():
    text = "\n".join(path.read_text() for path in RULE_FILES)
    rules = dict(re.findall(r"^rule (\w+):\n((?:    .*\n|\n)+)", text, re.MULTILINE))
    assert sorted(rules) == [script.stem for script in SCRIPTS]
    for name, body in rules.items():
        directives = set(re.findall(r"^    (\w+):", body, re.MULTILINE))
        assert {"input", "output", "params", "log", "message", "script"} <= directives, name
        assert f'code=code("{name}")' in body
        assert f'"../scripts/{name}.py"' in body


def test_rule_files_import_only_the_study_reader():
    imported = {
        (path.name, module)
        for path in [*RULE_FILES, ROOT / "Snakefile"]
        for module in re.findall(r"^\s*(?:from|import) (alongside[\w.]*)", path.read_text(), re.MULTILINE)
    }
    assert imported == {
        ("common.smk", "alongside.study"),
        ("common.smk", "alongside.errors"),
        ("common.smk", "alongside.lineage"),
    }


def test_the_snakefile_is_a_table_of_contents():
    assert len((ROOT / "Snakefile").read_text().splitlines()) <= 40
