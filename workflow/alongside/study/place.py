"""Where in the study file a key stands, for a mistake that only the exports bring to light.

In: the study's folder and the path of a key. Out: "data/x/study.yaml, line 31, outcomes.isolation.columns", as the
reader of the study file says it; the dotted key alone where the file is not there (a run from typed pieces).
"""

from pathlib import Path

from alongside.typed_yaml.explain import Problem
from alongside.typed_yaml.nodes import dotted, read_document


def name_place(folder, *path):
    """A key that nobody wrote has the line of the block in which it would stand."""
    file = Path(folder) / "study.yaml"
    if not file.is_file():
        return dotted(path)
    return read_document(file, what="study file").mistake(Problem(path, "")).where
