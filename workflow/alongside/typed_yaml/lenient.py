"""Type what can be typed, and keep every problem of what cannot.

In: a value of plain dicts, lists and text. Out: the typed value without its faulty parts (None if nothing is left),
and the problems. The faulty parts are taken out so that checks across the file can run on the rest: an evaluator
should see all mistakes at once. A result with problems is never used for anything but finding more of them.

Steps: validate; note the errors; take out each faulty key (where a required key is absent, put `placeholders` in, or
take out its block); validate again, until it fits.
"""

import copy

import pydantic

from alongside.typed_yaml.explain import explain_errors


def type_leniently(value, *, annotation, path=(), placeholders=None):
    """(typed value or None, problems).

    annotation: a pydantic type; path: where the value stands in the file
    placeholders: {key: text} for required keys whose absence should not hide the rest of their block
    """
    adapter = pydantic.TypeAdapter(annotation)
    rest = {"": copy.deepcopy(value)}
    problems = []
    while "" in rest:
        try:
            return adapter.validate_python(rest[""]), problems
        except pydantic.ValidationError as error:
            new = explain_errors(error, annotation=annotation, path=path)
        problems += [problem for problem in new if not any(related(problem, known) for known in problems)]
        for problem in new:
            _take_out(rest, ("", *problem.path[len(path) :]), problem.absent, placeholders or {})
    return None, problems


def related(one, other):
    """Does one of two problems stand at, above or below the other? Then the second may only follow from the first."""
    shorter = min(len(one.path), len(other.path))
    return one.path[:shorter] == other.path[:shorter]


def _take_out(rest, path, absent, placeholders):
    """Remove what stands at `path` below `rest`, or the nearest key above it that exists."""
    block, way = rest, []
    for step in path:
        if not isinstance(block, dict) or step not in block:
            break
        way.append((block, step))
        block = block[step]
    if absent and isinstance(block, dict) and path[-1] in placeholders and len(way) == len(path) - 1:
        block[path[-1]] = placeholders[path[-1]]
    elif way:
        holder, key = way[-1]
        del holder[key]
