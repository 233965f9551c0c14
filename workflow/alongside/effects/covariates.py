"""The covariates of a model as columns that can carry it.

In: the values of each `adjust_for` at the rows of one outcome. Out: columns, their names in the formula, notes.

* A number is centred at the participants' mean. Where somebody did not state it, the mean stands in and an indicator is
  added (missing-indicator method).
* A category takes its levels in the study's order; "not stated" is a level of its own. Levels that nobody has at some
  wave cannot have an effect there: they are taken together, or joined to the most frequent level.
* A covariate that does not differ between people, or that the other columns determine, is left out.

Every step is noted without counts, because the notes are public.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

NOT_STATED = "not stated"
TOGETHER = "other"
AFFIRMATION = {0.0: "no", 1.0: "yes"}


@dataclass(frozen=True)
class Covariate:
    """columns: {name in the formula: values}; notes: sentences"""

    name: str
    columns: dict
    notes: tuple

    def dummies(self):
        """{name: numbers}: the same information in numeric columns, the first level of a category left out."""
        made = {}
        for name, values in self.columns.items():
            if isinstance(values, pd.Categorical):
                levels = values.categories[1:]
                made |= {
                    f"_{name}_{at}": np.asarray(values == level, float) for at, level in enumerate(levels, start=1)
                }
            else:
                made[name] = values
        return made


def make_covariate(name, values, *, kind, first, wave):
    """values: Series at the rows of the model; kind: number, category or yes-no; first: each participant's first row

    wave: Categorical (rows,)
    """
    if kind == "number":
        return _number(name, values.astype(float), first, wave)
    return _category(name, values, wave)


def _number(name, values, first, wave):
    if values.nunique() < 2:
        return Covariate(name, {}, (f"{name} is left out: it does not differ between people",))
    missing = values.isna()
    columns = {name: (values - values[first].mean()).fillna(0.0).to_numpy()}
    if not missing.any():
        return Covariate(name, columns, ())
    if _everywhere(missing, wave):
        columns[f"{name}_not_stated"] = missing.to_numpy(float)
        return Covariate(name, columns, (f"{name} was not stated by everybody: the mean stands in, with an indicator",))
    return Covariate(name, columns, (f"{name} was not stated by everybody: the mean stands in",))


def _category(name, values, wave):
    labels = values.map(AFFIRMATION) if pd.api.types.is_numeric_dtype(values) else values.astype("object")
    levels = [level for level in _levels(values, labels) if (labels == level).any()]
    notes = []
    if labels.isna().any():
        labels = labels.where(labels.notna(), NOT_STATED)
        levels.append(NOT_STATED)
        notes.append(f"{name} was not stated by everybody: a category of its own")
    sparse = [level for level in levels if not _everywhere(labels == level, wave)]
    if sparse:
        together = labels.isin(sparse)
        into = TOGETHER if _everywhere(together, wave) else labels[~together].mode().get(0, TOGETHER)
        labels = labels.mask(together, into)
        levels = [level for level in levels if level not in sparse]
        levels += [] if into in levels else [into]
        notes.append(f"{name}: categories that were not seen at every wave are taken together")
    if len(levels) < 2:
        return Covariate(name, {}, (*notes, f"{name} is left out: it does not differ between people"))
    return Covariate(name, {name: pd.Categorical(labels, categories=levels)}, tuple(notes))


def _levels(values, labels):
    """In the panel's own order where it has one, else sorted: labels are the study's words, not people."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        return list(values.cat.categories)
    return sorted(labels.dropna().unique())


def _everywhere(mask, wave):
    """Is there somebody with this at every wave?"""
    return bool(mask.groupby(wave, observed=False).any().all())


def choose_independent(covariates, *, cell, wave):
    """Leave out the covariates that the columns before them determine. cell, wave: Categoricals (rows,)"""
    design = _one_hot(cell)
    at_wave = _one_hot(wave)
    kept = []
    for covariate in covariates:
        columns = [values[:, None] * at_wave for values in covariate.dummies().values()]
        wider = np.column_stack([design, *columns])
        scale = np.linalg.norm(wider, axis=0)
        if (scale > 0).all() and np.linalg.matrix_rank(wider / scale) == wider.shape[1]:
            design = wider
            kept.append(covariate)
        else:
            note = f"{covariate.name} is left out: other columns of the model determine it"
            kept.append(Covariate(covariate.name, {}, (*covariate.notes, note)))
    return kept


def _one_hot(values):
    return (values.codes[:, None] == np.arange(len(values.categories))).astype(float)
