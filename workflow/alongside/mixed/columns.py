"""Design columns of plain formulas as products of indicators and numbers, without asking formulaic each time.

In: a formula whose factors are columns by name, and the levels of each column. Out: a `Plan` that formulaic made once
(and that is remembered), or None for any other formula: transforms, C(), contrasts, quoted expressions.
Steps: let formulaic decide which columns there are and how each factor is coded; name every product of indicators and
numbers; keep the plan only if it gives formulaic's own columns, value for value, on a trial frame.
Why: for a small study formulaic takes longer than the fit, and for a large one it makes several copies of each column.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product

import numpy as np
import pandas as pd
from formulaic import Formula, ModelSpec, model_matrix
from formulaic.errors import FormulaicError
from formulaic.parser.types import Factor
from formulaic.utils.variables import get_expression_variables

from alongside.mixed.failures import DesignError, refuse
from alongside.mixed.rows import column_of, count_rows

TRIAL_ROWS = 64


@lru_cache(maxsize=64)
def parse_formula(formula):
    """The formula as formulaic's object; parsing costs as much as a small fit, so it is done once."""
    return Formula(formula)


def formula_variables(formula, columns):
    """Names of the data columns that a formula uses."""
    try:
        named, possible = _named_in(formula)
    except FormulaicError:
        refuse(
            DesignError,
            f"formula {formula!r}",
            "cannot be read",
            allowed='for example "score ~ cohort * wave + age * wave"',
        )
    return sorted(named | (possible & set(columns)) if possible else named)


@lru_cache(maxsize=64)
def _named_in(formula):
    """Names that a formula uses, and those in its expressions that are columns or functions."""
    parsed = parse_formula(formula)
    named, possible = {str(name) for name in parsed.required_variables}, set()
    # formulaic's own list leaves out the variables of stateful transforms such as center(age).
    for term in (*getattr(parsed, "lhs", ()), *getattr(parsed, "rhs", ())):
        for factor in term.factors:
            if factor.eval_method is Factor.EvalMethod.PYTHON:
                possible |= {str(name) for name in get_expression_variables(factor.expr, {})}
    return frozenset(named), frozenset(possible)


@dataclass(frozen=True)
class Plan:
    """right, left: formulaic's specs; parts: for every column its factors, (name, level number or None: a number)."""

    right: ModelSpec
    left: ModelSpec
    parts: tuple
    response: str

    @cached_property
    def layout(self):
        return read_layout(self.right, self.left)

    def matrix(self, table):
        """The columns for the rows of `table`, (rows, columns), numbers as they are and factors Categorical."""
        made = {}
        for name, level in dict.fromkeys(part for factors in self.parts for part in factors):
            column = column_of(table, name)
            made[name, level] = np.asarray(column, float) if level is None else column.codes == level
        out = np.ones((len(self.parts), count_rows(table)))
        for column, factors in zip(out, self.parts, strict=True):
            if len(factors) == 1:
                column[:] = made[factors[0]]
            elif factors:
                np.multiply(made[factors[0]], made[factors[1]], out=column)
                for factor in factors[2:]:
                    column *= made[factor]
        return out.T


def read_layout(right, left):
    """Names of the columns, {term: places of its columns}, names of the response's columns, by formulaic's specs."""
    terms = {str(term): list(where) for term, where in right.term_indices.items()}
    return [str(name) for name in right.column_names], terms, [str(name) for name in left.column_names]


@lru_cache(maxsize=64)
def make_plan(formula, variables):
    """The plan for a formula and its variables, or None where formulaic has to make the columns.

    variables: ((name, levels or None, their types), ...); the types because 1 and True are equal, and remembered as
    one, but give their names to different columns
    """
    parsed = parse_formula(formula)
    if not hasattr(parsed, "rhs") or not hasattr(parsed, "lhs") or len(parsed.lhs) != 1:
        return None
    factors = [factor for term in (*parsed.lhs, *parsed.rhs) for factor in term.factors]
    if any(factor.eval_method is Factor.EvalMethod.PYTHON for factor in factors):
        return None
    levels = {name: known for name, known, _ in variables}
    response = str(parsed.lhs[0])
    if levels.get(response, ()) is not None:
        return None
    trial = _trial_frame(levels)
    try:
        made = model_matrix(parsed, trial, context={}, na_action="ignore")
    except FormulaicError:
        return None
    parts = _parts(made.rhs.model_spec, levels)
    if parts is None:
        return None
    plan = Plan(made.rhs.model_spec, made.lhs.model_spec, parts, response)
    return plan if np.array_equal(plan.matrix(trial), np.asarray(made.rhs, float)) else None


def _trial_frame(levels):
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            name: rng.normal(size=TRIAL_ROWS)
            if known is None
            else pd.Categorical.from_codes(rng.integers(0, len(known), TRIAL_ROWS), categories=list(known))
            for name, known in levels.items()
        }
    )


def _parts(spec, levels):
    """The factors of every column, by its name; None if a name is not that of a plain product."""
    named = {}
    for term in spec.structure:
        for scoped in term.scoped_terms:
            choices = []
            for factor in scoped.factors:
                name = str(factor.factor.expr)
                if name not in levels:
                    return None
                known = levels[name]
                if known is None:
                    choices.append([(name, (name, None))])
                else:
                    mark = "T." if factor.reduced else ""
                    codes = range(1 if factor.reduced else 0, len(known))
                    choices.append([(f"{name}[{mark}{known[code]}]", (name, code)) for code in codes])
            for combination in product(*choices):
                label = ":".join(text for text, _ in combination) or "Intercept"
                named[label] = tuple(part for _, part in combination)
    names = [str(name) for name in spec.column_names]
    return tuple(named[name] for name in names) if all(name in named for name in names) else None
