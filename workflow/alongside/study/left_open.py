"""What somebody still has to fill in: every value TODO, as `alongside new` writes it.

In: the document and the problems found in it. Out: the problems, with one for each TODO that says what is allowed
there; whatever else is wrong at or around such a place may only follow from it and waits.
"""

from dataclasses import replace

from alongside.typed_yaml.explain import Problem, model_at
from alongside.typed_yaml.lenient import related

OPEN = "TODO"
FOUND = "TODO: nobody has filled this in yet"


def mark_open(document, problems, *, model):
    """model: what the whole file should be; its descriptions say what is allowed where no problem does"""
    places = list(_places(document.tree, ()))
    known = {problem.path: problem for problem in problems}
    opened = [
        replace(known[path], found=FOUND, remedy="")
        if path in known and not known[path].absent
        else Problem(path, FOUND, _description(model, path))
        for path in places
    ]
    return [problem for problem in problems if not any(related(problem, one) for one in opened)] + opened


def _places(value, path):
    if value == OPEN:
        yield path
    elif isinstance(value, dict | list):
        for key, held in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _places(held, (*path, key))


def _description(model, path):
    block = model_at(model, path[:-1])
    fields = block.model_fields.items() if block is not None else ()
    return next((field.description or "" for name, field in fields if path[-1] in (name, field.alias)), "")
