"""data/<study>/study.yaml -> `Study`, or every mistake in it at once.

Steps: read the file as text with lines (`typed_yaml.nodes`); type each block by its models; check across blocks
(`checks`); fill in what follows from elsewhere (`resolve`): the codebook's direction and item order, the baseline's
contrasts, all waves where an outcome names none. A value TODO is a place that is still open (`left_open`).
Fails with one `UserError` that holds every mistake, in the order of the file.
"""

from pathlib import Path

from alongside.errors import Mistake, UserError
from alongside.study.checks import check_across
from alongside.study.draft import Draft
from alongside.study.left_open import mark_open
from alongside.study.resolve import resolve
from alongside.study.whole import StudyFile
from alongside.typed_yaml import did_you_mean, read_document, type_leniently
from alongside.typed_yaml.explain import Problem, key_names
from alongside.typed_yaml.lenient import related

# stand in for required keys that are absent, so that the rest of their block is still checked; never in a `Study`
PLACEHOLDERS = {
    "title": "?",
    "question": "?",
    "design": "self-selected",
    "id": "?",
    "label": "?",
    "files": "?",
    "domain": "?",
    "role": "exploratory",
    "higher_is": "better",
    "text": "?",
    "direction": "increase",
}


def load_study(path):
    """Read and check a study file.

    path: data/<study>/study.yaml; the folder's name is the study's name
    Raises `UserError` with every mistake: where = "data/x/study.yaml, line 12, outcomes.isolation.instrument".
    """
    path = Path(path)
    if not path.is_file():
        raise UserError(_no_such_study(path))
    document = read_document(path, what="study file")
    draft, problems = _type_blocks(document)
    draft = draft.with_folder(path.resolve().parent)
    known = [*document.problems, *problems]
    for problem in check_across(draft):
        if not any(related(problem, earlier) for earlier in known):
            problems.append(problem)
    problems = mark_open(document, [*document.problems, *problems], model=StudyFile)
    if problems:
        raise UserError(*document.mistakes(problems))
    return resolve(draft)


def _type_blocks(document):
    """Each block by itself: a fault in one must not hide the faults of another."""
    blocks, problems = {}, list(_unknown_blocks(document.tree))
    for name, field in StudyFile.model_fields.items():
        if document.tree.get(name) is None:
            if field.is_required():
                problems.append(Problem((name,), "missing", field.description or "", absent=True))
            continue
        blocks[name], new = type_leniently(
            document.tree[name], annotation=field.annotation, path=(name,), placeholders=PLACEHOLDERS
        )
        problems += [one for one in new if not any(related(one, other) for other in document.problems)]
    return Draft(tree=document.tree, **blocks), problems


def _unknown_blocks(tree):
    known = key_names(StudyFile)
    for name in tree:
        if name not in known:
            yield Problem((name,), f"unknown key '{name}'", ", ".join(known), did_you_mean(name, known))


def _no_such_study(path):
    studies = sorted(found.parent.name for found in path.parent.parent.glob("*/study.yaml"))
    return Mistake(
        path.as_posix(),
        "there is no such study file",
        allowed=", ".join(studies),
        remedy=did_you_mean(path.parent.name, studies) or "make the folder and its study.yaml, or check the name",
    )
