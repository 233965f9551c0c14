"""Names that become columns of the panel: outcomes, covariates, dose, clusters and the mentor must all differ.

Reserved are the columns of every table that crosses a stage: an outcome called "wave" would overwrite the wave.
"""

from alongside.tables import SCHEMAS
from alongside.typed_yaml.explain import Problem

RESERVED = frozenset(column.name for schema in SCHEMAS.values() for column in schema.columns) | {"score", "otherwise"}


def check_names(draft):
    """Reserved names, and names used for two things."""
    owner = {}
    for path, name, what in _names(draft):
        if name in RESERVED:
            yield Problem(path, f"the name '{name}' is taken by a column of the results", "another name")
            continue
        other = owner.setdefault(name.casefold(), (path, what))
        if other[0] != path:
            found = f"the name '{name}' is also that of {other[1]}"
            yield Problem(path, found, "a name of its own (capitals make no difference)")


def _names(draft):
    """(path, name, what it names), the order of the file."""
    for position, name in enumerate(draft.listed("participants", "clusters")):
        yield ("participants", "clusters", position), name, "a cluster"
    for name in draft.listed("participants", "mentor"):
        yield ("participants", "mentor"), name, "the mentor's column"
    for name in draft.names("participants", "covariates"):
        yield ("participants", "covariates", name), name, "a covariate"
    for name in draft.names("participants", "dose"):
        yield ("participants", "dose", name), name, "a dose"
    for name in draft.names("outcomes"):
        yield ("outcomes", name), name, "an outcome"
