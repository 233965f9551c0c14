"""Which files of this package a script depends on, read from the source without importing anything.

In: a Python file and the folder the package is installed from. Out: every module of the package that the file imports,
directly or through another module, and every file under `resources/` that one of them names. Snakemake gets the
list as the input `code`: it reruns a rule when a module that its script imports has changed, which it would not
notice by itself (docs/decisions/0002-code-as-input.md).

Steps: parse with `ast`, resolve absolute and relative imports to files, follow them; a module brings the
`__init__.py` of the packages around it, because importing it runs them. A resource counts as named where a string
literal is its path, or its folder's, with or without `resources/` before it. Codebooks and JSON schemas are left
out: codebooks are inputs of their own in each rule, and nothing in a run reads the schemas.

Fails with SyntaxError where a module cannot be parsed.
"""

import ast
import functools
import re
from pathlib import Path

PATHLIKE = re.compile(r"\w[\w./-]*")
BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
DECLARED_ELSEWHERE = ("instruments", "schemas")


def list_code(script, package):
    """Paths of the modules and resources that `script` depends on, sorted; `script` itself is not among them.

    package: the folder `alongside/`
    """
    script, package = Path(script), Path(package)
    found, waiting, resources = set(), [script], set()
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.add(path)
        modules, named = _read(path, package)
        waiting += modules
        resources |= named if path != script else set()
    return sorted((found | resources) - {script})


@functools.cache  # the rules of one workflow share most of their modules
def _read(path, package):
    """The modules that one file imports, and the resources that it names."""
    modules, named = set(), set()
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text, filename=str(path))
    for node in _statements(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            for name in _names(node, path, package):
                modules |= _files(name, package)
    if any(name in text for name in _list_names(package / "resources")):
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                named |= _resources(node.value, package / "resources")
    return modules, named


def _statements(tree):
    """Every statement, however deep; imports are statements, and there are thirty times as many expressions."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        for block in BLOCKS:
            waiting += getattr(node, block, ())


def _names(node, path, package):
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    base = _absolute(node, path, package)
    return [base, *(f"{base}.{alias.name}" for alias in node.names)]


def _absolute(node, path, package):
    if not node.level:
        return node.module
    parts = [package.name, *path.relative_to(package).parts]
    return ".".join([*parts[: -node.level], *([node.module] if node.module else [])])


@functools.cache
def _files(name, package):
    """The module `name` and the packages around it; nothing where it is not part of this package."""
    first, *rest = name.split(".")
    if first != package.name:
        return set()
    files, folder = {package / "__init__.py"}, package
    for part in rest:
        if (folder / f"{part}.py").is_file():
            return files | {folder / f"{part}.py"}
        folder = folder / part
        if not (folder / "__init__.py").is_file():
            return files  # `part` is a name inside the module found last
        files.add(folder / "__init__.py")
    return files


@functools.cache
def _list_names(resources):
    """What stands in `resources/`: a path that begins with none of these names no file there."""
    names = [path.name for path in resources.iterdir()] if resources.is_dir() else []
    return [name for name in names if name not in DECLARED_ELSEWHERE]


@functools.cache
def _resources(text, resources):
    """The files that a string literal names below `resources/`."""
    words = text.removeprefix("resources").strip("/")
    if not words or not PATHLIKE.fullmatch(words) or words.split("/")[0] in DECLARED_ELSEWHERE:
        return frozenset()
    path = resources / words
    if path.is_dir():
        return frozenset(file for file in path.rglob("*") if file.is_file() and "__pycache__" not in file.parts)
    return frozenset([path] if path.is_file() else [])
