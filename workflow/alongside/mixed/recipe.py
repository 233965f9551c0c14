"""How the columns of a model are made, as an object that makes the same columns again.

In: the formula and what `design.prepare` found out about its variables. Out: a `Recipe`. It turns any frame with the
same columns into X (rows, k) and Y (rows, responses), also a later chunk of the same study, a grid of marginal means or
new data for a prediction, and it can be written as JSON.
Steps: let formulaic make the columns (or `columns.Plan`, which gives the same ones faster); at a constrained baseline
remove everything that distinguishes the cohorts there.
Fails with DesignError where the formula cannot be read with these columns, or cannot be written down.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from formulaic import ModelSpec, model_matrix
from formulaic.errors import FormulaicError

from alongside.mixed.columns import Plan, make_plan, parse_formula, read_layout
from alongside.mixed.failures import DesignError, refuse
from alongside.mixed.rows import column_of


@dataclass(frozen=True)
class Cluster:
    """A nested cluster level. `baseline=False`: its effects start after the first wave (mentors).

    A participant whose cell in `column` is missing belongs to no cluster of this level.
    """

    column: str
    intercept: bool = True
    by_wave: bool = True
    baseline: bool = True


@dataclass
class Recipe:
    """How columns are made. variables: name -> list of levels, or None for a number."""

    formula: str
    participant: str
    wave: str
    wave_levels: list
    variables: dict
    responses: list = field(default_factory=list)
    group: str | None = None
    group_levels: list = field(default_factory=list)
    clusters: tuple[Cluster, ...] = ()
    baseline: object = None
    cohort: str | None = None
    time: str | None = None
    weights: str | None = None
    names: list = field(default_factory=list)
    terms: dict = field(default_factory=dict)
    _keep: np.ndarray | None = None
    _masked: np.ndarray | None = None
    _spec: ModelSpec | None = None
    _left: ModelSpec | None = None
    _plan: Plan | None = None
    stateful: bool = False

    def columns(self, table):
        """The design matrix (rows, k) for rows that have the formula's variables and, if constrained, the wave.

        table: a data frame or {column: array}.
        """
        return self._finish(self._raw_columns(table), table)

    def _raw_columns(self, table):
        if self._plan is not None:
            return self._plan.matrix(table)
        return np.array(self._spec.get_model_matrix(_as_frame(table), na_action="ignore"), dtype=float)

    def response(self, table):
        """Responses (rows, r): the formula's left side, then the extra response columns."""
        if self._plan is not None:
            left = np.asarray(column_of(table, self._plan.response), float)[:, None]
        else:
            left = np.asarray(self._left.get_model_matrix(_as_frame(table), na_action="ignore"), dtype=float)
        more = [np.asarray(column_of(table, name), float) for name in self.responses[left.shape[1] :]]
        return np.column_stack([left, *more]) if more else left

    def _finish(self, x, table):
        if self.baseline is not None:
            at_baseline = np.asarray(column_of(table, self.wave) == self.baseline)
            x[np.ix_(at_baseline, np.flatnonzero(self._masked))] = 0.0
            x = x[:, self._keep]
        return x

    def numbers(self):
        return [name for name, levels in self.variables.items() if levels is None]

    def factors(self):
        return {name: levels for name, levels in self.variables.items() if levels is not None}

    def to_json(self):
        """Plain values from which `from_json` makes an equal recipe. Stateful transforms cannot be saved."""
        if self.stateful:
            refuse(
                DesignError,
                f"formula {self.formula!r}",
                "a transform in it depends on all the data (center, scale, poly, splines, C() of a number)",
                remedy="compute that column before, and name it in the formula",
            )
        plain = ("formula", "participant", "wave", "wave_levels", "variables", "responses", "group", "group_levels")
        out = {key: getattr(self, key) for key in (*plain, "baseline", "cohort", "time", "weights")}
        return out | {"clusters": [vars(level) for level in self.clusters]}

    @classmethod
    def from_json(cls, plain):
        recipe = cls(**{**plain, "clusters": tuple(Cluster(**level) for level in plain["clusters"])})
        recipe.build(recipe.template())
        return recipe

    def template(self):
        """A small frame with every level and some number for each variable: enough to name the columns."""
        length = max([2, *(len(levels) for levels in self.factors().values())])
        frame = {}
        for name, levels in self.variables.items():
            steps = np.arange(length)
            frame[name] = (
                np.linspace(1.0, 2.0, length)
                if levels is None
                else pd.Categorical.from_codes(steps % len(levels), categories=levels)
            )
        frame[self.wave] = frame.get(self.wave, np.full(length, self.wave_levels[0]))
        return pd.DataFrame(frame)

    def build(self, table):
        """Fix the columns on `table`; return X and Y for it."""
        known = ((name, None if seen is None else tuple(seen)) for name, seen in self.variables.items())
        self._plan = make_plan(
            self.formula, tuple((name, seen, tuple(type(level) for level in seen or ())) for name, seen in known)
        )
        if self._plan is not None:
            self._spec, self._left = self._plan.right, self._plan.left
        else:
            self._fix_specs(_as_frame(table))
        found = read_layout(self._spec, self._left) if self._plan is None else self._plan.layout
        names, left = list(found[0]), found[2]
        self.terms = {term: list(where) for term, where in found[1].items()}
        if len(names) == 0:
            refuse(DesignError, f"formula {self.formula!r}", "has no columns on its right side")
        if self.responses[: len(left)] != left:
            self.responses = left + self.responses
        self.names = names
        if self.baseline is not None:
            self._constrain(names)
        return self.columns(table), self.response(table)

    def _fix_specs(self, frame):
        """Let formulaic read the formula on `frame`, for transforms that need the data."""
        try:
            made = model_matrix(parse_formula(self.formula), frame, context={}, na_action="ignore")
        except FormulaicError as error:
            refuse(
                DesignError,
                f"formula {self.formula!r}",
                f"{type(error).__name__}: it cannot be read with these columns",
                remedy='write it like "score ~ cohort * wave + age * wave" and check the names',
            )
        if not hasattr(made, "lhs"):
            refuse(DesignError, f"formula {self.formula!r}", "has no response", allowed='"score ~ ..."')
        self._spec, self._left = made.rhs.model_spec, made.lhs.model_spec

    def _constrain(self, names):
        """Zero the cohort's columns at baseline; drop cohort terms that the interaction with wave makes redundant."""
        variables = {str(term): {str(v) for v in used} for term, used in self._spec.term_variables.items()}
        cohort_terms = {term for term, used in variables.items() if self.cohort in used}
        self._masked = np.zeros(len(names), bool)
        for term in cohort_terms:
            self._masked[self.terms[term]] = True
        drop = set()
        for term in cohort_terms:
            if self.wave not in variables[term] and any(
                variables[other] >= variables[term] | {self.wave} for other in cohort_terms
            ):
                drop |= set(self.terms[term])
        self._keep = np.array([j for j in range(len(names)) if j not in drop], int)
        place = {old: new for new, old in enumerate(self._keep)}
        self.names = [names[j] for j in self._keep]
        self.terms = {term: [place[j] for j in where if j in place] for term, where in self.terms.items()}


def _as_frame(table):
    return table if isinstance(table, pd.DataFrame) else pd.DataFrame(table)
