"""From a formula and a data frame to complete, checked rows and the recipe of a model's columns.

In: formula, frame with one row per participant and wave, names of the columns that say who, when and where.
Out: `Prepared`: the complete rows, their weights, a `Recipe`, how many rows were dropped, warnings.
Steps: convert text to categories (with a warning); drop rows with a missing value (counted); check levels, numbers and
names; find the factor that a constrained baseline is about.
Fails with DesignError, naming columns and row positions, never values.

Category order decides wave order and the reference level.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from alongside.mixed.columns import formula_variables, parse_formula
from alongside.mixed.failures import DesignError, refuse
from alongside.mixed.recipe import Cluster, Recipe

VISIT = "visit number"


@dataclass
class Prepared:
    """Rows ready to be turned into columns. table: the complete rows, {column: array}; the rest is aligned with it."""

    table: dict
    recipe: Recipe
    weights: np.ndarray | None
    dropped: int
    warnings: list

    @cached_property
    def frame(self):
        """The complete rows as a frame, which takes longer to make than a small fit."""
        return pd.DataFrame(self.table)


def prepare(
    formula,
    frame,
    *,
    participant,
    wave,
    group=None,
    clusters=(),
    baseline=None,
    cohort=None,
    time=None,
    weights=None,
    extra=(),
    keep_levels=False,
):
    """Check columns, convert text, drop incomplete rows. `keep_levels`: levels unseen here may come in other chunks."""
    warnings = []
    clusters = tuple(level if isinstance(level, Cluster) else Cluster(level) for level in clusters)
    used = formula_variables(formula, frame.columns)
    extras = [name for name in (wave, group, time, *extra) if name]
    numeric_weights = weights if isinstance(weights, str) else None
    needed = list(dict.fromkeys([*used, *extras, participant, *(c.column for c in clusters)]))
    needed += [numeric_weights] if numeric_weights and numeric_weights not in needed else []
    absent = [name for name in needed if name not in frame.columns]
    if absent:
        refuse(
            DesignError,
            "data",
            f"no column named {', '.join(map(repr, absent))}",
            allowed=", ".join(map(str, list(frame.columns)[:40])),
        )
    if len(frame) == 0:
        refuse(DesignError, "data", "has no rows")
    # Arrays from here on: for a small study pandas' indexing takes longer than the fit.
    columns = {name: frame[name].values for name in needed}
    _check_identity(columns, participant, wave)
    values = _weights_of(frame, weights)

    may_miss = {participant, *(c.column for c in clusters)}
    chosen = list(dict.fromkeys([*used, *extras]))
    missing = [_missing(columns[name]) for name in chosen if name not in may_miss or name in used]
    if values is not None:
        missing.append(values <= 0)
    missing = [one for one in missing if one is not None and one.any()]
    dropped = 0
    if missing:
        complete = ~np.logical_or.reduce(missing)
        dropped = int(len(complete) - complete.sum())
        columns = {name: column[complete] for name, column in columns.items()}
        values = None if values is None else values[complete]
    if dropped == len(frame):
        refuse(DesignError, "data", "no row is complete", remedy="look for a covariate that is missing everywhere")
    for name in chosen:
        columns[name] = _convert(columns[name], name, warnings, keep_levels=keep_levels)
    levels = _wave_levels(columns[wave], wave)
    variables = {name: _levels_of(columns[name]) for name in used}
    for name, seen in variables.items():
        if seen is not None and len(seen) < 2:
            refuse(
                DesignError,
                f"column {name!r}",
                "has only one level in the complete rows",
                remedy="take it out of the formula",
            )
    recipe = Recipe(
        formula=formula,
        participant=participant,
        wave=wave,
        wave_levels=levels,
        variables=variables,
        group=group,
        group_levels=[] if group is None else _levels_of_group(columns[group]),
        clusters=clusters,
        time=time,
        weights=numeric_weights,
        responses=list(extra),
    )
    if baseline is not None:
        recipe.baseline, recipe.cohort = baseline, _find_cohort(recipe, baseline, cohort)
    return Prepared(columns, recipe, values, dropped, warnings)


def number_visits(frame, participant, time):
    """A copy with the number of each participant's visit in order of `time`, and that column's name."""
    absent = [name for name in (participant, time) if name is None or name not in frame.columns]
    if absent:
        refuse(DesignError, "wave", "is not given", remedy="name the wave column, or time= for unscheduled visits")
    return frame.assign(**{VISIT: frame.groupby(participant)[time].rank(method="first")}), VISIT


def _missing(column):
    """Which entries are missing, None where the kind of column has no missing entries."""
    if isinstance(column, pd.Categorical):
        return column.codes < 0
    if isinstance(column, np.ndarray) and column.dtype.kind in "biuf":
        return np.isnan(column) if column.dtype.kind == "f" else None
    return pd.isna(column)


def _check_identity(columns, participant, wave):
    for name in (participant, wave):
        missing = _missing(columns[name])
        if missing is not None and missing.any():
            refuse(
                DesignError,
                f"column {name!r}",
                f"missing in {int(missing.sum())} rows, the first at position {int(np.argmax(missing)) + 1}",
                remedy="every row needs a participant and a wave",
            )


def _weights_of(table, weights):
    if weights is None:
        return None
    values = table[weights].to_numpy(float) if isinstance(weights, str) else np.asarray(weights, float)
    if values.shape != (len(table),):
        refuse(DesignError, "weights", f"{values.size} weights for {len(table)} rows")
    if not np.all(np.isfinite(values)) or np.any(values < 0):
        refuse(DesignError, "weights", "a weight is negative, missing or infinite", allowed="0 or more")
    if not np.any(values > 0):
        refuse(DesignError, "weights", "every weight is zero")
    return values


def _convert(column, name, warnings, *, keep_levels):
    """Numbers as floats, anything else as a Categorical."""
    if isinstance(column, pd.Categorical):
        used = keep_levels or np.bincount(column.codes + 1, minlength=len(column.categories) + 1)[1:].all()
        return column if used else column.remove_unused_categories()
    if isinstance(column, np.ndarray) and column.dtype == float and np.isfinite(column.sum()):
        return column
    if pd.api.types.is_numeric_dtype(column.dtype):  # truth values are numbers too
        values = np.asarray(column, float)
        bad = ~np.isfinite(values)
        if bad.any():
            refuse(
                DesignError,
                f"column {name!r}",
                f"infinite in {int(bad.sum())} rows, the first at position {int(np.argmax(bad)) + 1}",
                allowed="finite numbers, or missing",
            )
        return values
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        refuse(DesignError, f"column {name!r}", "is a date", remedy="turn it into a number of months since the start")
    warnings.append(
        f"Column {name!r} is plain text: its categories were put in alphabetical order, which decides the reference "
        "level and the order of waves. Pass a pandas Categorical."
    )
    return pd.Series(column).astype(str).astype("category").values


def _levels_of(column):
    return list(column.categories) if isinstance(column, pd.Categorical) else None


def _levels_of_group(column):
    return _levels_of(column) if _levels_of(column) is not None else sorted(pd.unique(column).tolist())


def _wave_levels(column, name):
    levels = _levels_of_group(column)
    if len(levels) > 62:
        refuse(
            DesignError,
            f"column {name!r}",
            f"has {len(levels)} different waves",
            allowed="at most 62",
            remedy='visits at unscheduled times need covariance="random_slope" with time=',
        )
    return levels


def _find_cohort(recipe, baseline, cohort):
    """The factor that is constrained at baseline: named, or the first factor that interacts with wave."""
    if baseline not in recipe.wave_levels:
        refuse(
            DesignError,
            "baseline",
            "is not a wave of the data",
            allowed=", ".join(map(str, recipe.wave_levels)),
        )
    if recipe.wave_levels[0] != baseline:
        refuse(DesignError, "baseline", "is not the first wave", remedy="order the categories of the wave column")
    factors = recipe.factors()
    if cohort is not None:
        if cohort not in factors or cohort == recipe.wave:
            refuse(DesignError, "cohort", f"{cohort!r} is not a factor of the formula")
        return cohort
    found = []
    for term in parse_formula(recipe.formula).rhs:
        parts = [str(factor) for factor in term.factors]
        if recipe.wave in parts:
            found += [name for name in parts if name in factors and name != recipe.wave]
    if not found:
        refuse(
            DesignError,
            "baseline",
            "no factor of the formula interacts with wave, so nothing can be constrained",
            remedy="name the factor as cohort=",
        )
    return found[0]
