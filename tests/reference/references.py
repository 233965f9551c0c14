"""Read the reference files, and turn each of their models into a dense problem. Shared by the tests of this folder."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from dense.dense import Problem, add_terms, over_waves, random_slope, same, start_over_waves, waves_within
from formulaic import model_matrix

FOLDER = Path(__file__).parent / "r"


def read_json(name):
    return json.loads((FOLDER / f"{name}.json").read_text())


def read_csv(name):
    """The CSV with cohort and wave as Categoricals in the order of the R scripts."""
    d = pd.read_csv(FOLDER / f"{name}.csv", keep_default_na=False)
    for column, order in (("cohort", ["comparison", "mentored"]), ("wave", None)):
        if column in d:
            values = d[column].astype(str)
            d[column] = pd.Categorical(values, categories=order or sorted(values.unique()))
    return d


def r_name(term):
    """`cohort[T.mentored]:wave[T.1]` as R writes it: `cohortmentored:wave1`, and `age:wave[T.1]` as `wave1:age`."""
    parts = term.replace("Intercept", "(Intercept)").replace("[T.", "").replace("]", "").split(":")
    return ":".join(sorted(parts, key=lambda p: (p == "age", not p.startswith("cohort"))))


@dataclass(frozen=True)
class Model:
    problem: Problem
    start: np.ndarray
    terms: list
    data: pd.DataFrame

    def row(self, term):
        return np.eye(len(self.terms))[self.terms.index(term)]

    def rows(self, terms):
        return np.array([self.row(t) for t in terms])


def dense_model(d, formula, structure, *, extra=(), person="id", time=None, reml=True, weights=None, drop=(), by=None):
    """`structure` is a covariance over waves, `independent`, `random_intercept` or `random_slope`;
    `extra` are N x N indicator matrices, each with a variance of its own; `by` gives every level its own covariance."""
    y, X = model_matrix(formula, d)
    terms = [r_name(c) for c in X.columns]
    keep = [i for i, t in enumerate(terms) if t not in drop]
    y, X, terms = np.asarray(y, float).ravel(), np.asarray(X, float)[:, keep], [terms[i] for i in keep]
    total = np.var(y - X @ np.linalg.lstsq(X, y, rcond=None)[0])
    if structure == "random_slope":
        base, start = random_slope(d[time].to_numpy(float), d[person]), [total / 2, 0, total / 50, total / 2]
    elif structure == "random_intercept":
        person_same, eye = same(d[person]) + 0.0, np.eye(len(y))
        base, start = (lambda t: t[0] * person_same + t[1] * eye), [total / 2, total / 2]
    elif structure == "independent":
        rows = np.eye(len(y))
        base, start = (lambda t: t[0] * rows), [total]
    else:
        wave = d["wave"].cat.codes.to_numpy()
        base, _ = waves_within(structure, wave, d[person])
        start = start_over_waves(structure, wave.max() + 1, total)
    if by is not None:
        base, start = own_covariances(base, len(start), d[by]), np.tile(start, d[by].nunique())
    covariance = add_terms(base, len(start), *extra) if extra else base
    start = np.concatenate([start, np.full(len(extra), total / 10)])
    w = None if weights is None else d[weights].to_numpy(float)
    linear = structure in ("unstructured", "independent", "random_intercept", "random_slope")
    return Model(Problem(y, X, covariance, reml, w, d[person].to_numpy(), linear), start, terms, d)


def own_covariances(base, size, labels):
    members = [(labels == level).to_numpy() for level in labels.cat.categories]
    groups = [np.outer(m, m) for m in members]
    return lambda t: sum(np.where(g, base(t[i * size : (i + 1) * size]), 0) for i, g in enumerate(groups))


def sigma(structure, theta, n_waves):
    return over_waves(structure, n_waves)[0](theta)


def theta_of(structure, Sigma):
    """The parameters of a covariance over waves, for structures whose parameters can be read off it."""
    Sigma = np.array(Sigma)
    if structure == "unstructured":
        return Sigma[np.tril_indices(len(Sigma))]
    sd = np.sqrt(np.diag(Sigma))
    R = Sigma / np.outer(sd, sd)
    n_rho = len(Sigma) - 1 if structure.endswith("toeplitz") else 1
    return np.concatenate([np.log(sd if structure.startswith("heterogeneous_") else sd[:1]), R[1 : n_rho + 1, 0]])
