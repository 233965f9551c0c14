"""A random-intercept model by statsmodels' MixedLM, believed only where several witnesses agree (agreement.py).

In: formula, frame, the columns that name participants and clusters. Out: a `RandomInterceptFit` with status ok,
boundary (a variance at zero was left out) or fallback (no acceptable mixed model: least squares with CR2 errors), or
`NotEstimable`.

Standard errors are (X'V^-1 X)^-1 at the fitted variances, degrees of freedom between-within. The least squares solution
on the same design comes along, so that whoever asks a question of the fit can see how far the two are apart.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from formulaic import model_matrix
from scipy import stats

from alongside.effects.agreement import Problem, residual_variance, settle
from alongside.effects.between_within import between_within, contrast_df
from alongside.effects.design import NotEstimable, nested_codes
from alongside.effects.robust import fit_cluster_robust

SMALLEST_DF = 2.0


@dataclass(frozen=True)
class RandomInterceptFit:
    """terms: names of all columns; beta, least_squares, vcov: zero where a column is left out: others determine it.

    df: per column; nothing: (k, m) combinations of columns that the data say nothing about; components: variances by
    name, residual last; participants, observations: how many
    """

    terms: tuple
    beta: np.ndarray
    least_squares: np.ndarray
    vcov: np.ndarray
    df: np.ndarray
    nothing: np.ndarray
    components: dict
    loglik: float
    participants: int
    observations: int
    status: str
    estimator: str
    covariance: str
    df_method: str
    notes: tuple
    columns: object = field(repr=False)
    robust: object = field(default=None, repr=False)

    def combine(self, rows):
        """estimate, se and df of each row of coefficients; missing where the data do not determine the row.

        rows: DataFrame with one column a term, or an array in the order of `terms`
        """
        index = rows.index if isinstance(rows, pd.DataFrame) else None
        weights = rows[list(self.terms)].to_numpy(float) if isinstance(rows, pd.DataFrame) else np.atleast_2d(rows)
        se = np.sqrt(np.einsum("qk,kl,ql->q", weights, self.vcov, weights))
        df = contrast_df(weights, self.df) if self.robust is None else self._robust_df(weights)
        made = pd.DataFrame({"estimate": weights @ self.beta, "se": se, "df": df}, index=index)
        unknown = np.abs(weights @ self.nothing).max(axis=1, initial=0.0) > 1e-8
        made.loc[unknown | ~(df >= SMALLEST_DF) | (se == 0)] = np.nan
        return made

    def coefficients(self):
        """term, estimate, se, df, statistic, p of every column of the design."""
        made = self.combine(np.eye(len(self.terms)))
        made["statistic"] = made["estimate"] / made["se"]
        made["p"] = 2 * stats.t.sf(made["statistic"].abs(), made["df"])
        return made.set_axis(pd.Index(self.terms, name="term")).reset_index()

    def _robust_df(self, weights):
        kept = np.flatnonzero(np.diag(self.vcov) > 0)
        return np.array([self.robust.df(row[kept]) for row in weights])


def fit_random_intercept(formula, data, *, participant, clusters=(), reml=True):
    """Fit `formula` with an intercept per participant and per nested cluster (outermost first).

    data: one row per observation; Categoricals decide the reference levels; rows with a missing value in the formula
    are an error of the caller's
    """
    made = model_matrix(formula, data, na_action="raise")
    y, x = made.lhs.to_numpy(float).ravel(), made.rhs
    labels = data.rename(columns={participant: "participant"}) if participant != "participant" else data
    groups = nested_codes(labels, clusters) | {"participant": pd.factorize(data[participant])[0]}
    kept, nothing = _independent_columns(x.to_numpy(float))
    problem = Problem(x.to_numpy(float)[:, kept], y, groups, reml)
    if len(y) - len(kept) < SMALLEST_DF or problem.groups["participant"].max() + 1 == len(y):
        raise NotEstimable("too few repeated scores for a model of change within people")
    notes = [f"{name} left out: other columns determine it" for name in x.columns.delete(kept)]
    settled = settle(problem)
    notes += settled.notes
    least_squares = np.zeros(x.shape[1])
    least_squares[kept] = np.linalg.lstsq(problem.x, y)[0]
    shared = {
        "terms": tuple(x.columns),
        "least_squares": least_squares,
        "nothing": nothing,
        "participants": int(groups["participant"].max() + 1),
        "observations": len(y),
        "columns": x.model_spec.get_model_matrix,
    }
    if settled.best is None:
        return _report_least_squares(problem, kept, notes, shared)
    return _report_mixed(settled, kept, notes, shared, status="ok" if settled.problem is problem else "boundary")


def _independent_columns(x):
    """Indices of columns kept from the left (as R does), and a basis of what the data say nothing about."""
    kept, basis = [], np.empty((len(x), 0))
    for at in range(x.shape[1]):
        column = x[:, at]
        rest = column - basis @ (basis.T @ column)
        rest = rest - basis @ (basis.T @ rest)
        length = np.linalg.norm(rest)
        if length > 1e-8 * max(np.linalg.norm(column), 1e-300):
            kept.append(at)
            basis = np.column_stack([basis, rest / length])
    scale = np.linalg.norm(x, axis=0)
    scale[scale == 0] = 1.0
    values, vectors = np.linalg.eigh((x / scale).T @ (x / scale))
    nothing = vectors[:, values < 1e-10 * values.max()] / scale[:, None]
    return np.array(kept), nothing


def _report_mixed(settled, kept, notes, shared, *, status):
    problem, best = settled.problem, settled.best
    k = len(shared["terms"])
    beta, vcov, df = np.zeros(k), np.zeros((k, k)), np.full(k, np.inf)
    beta[kept], vcov[np.ix_(kept, kept)] = best.beta, best.solved.phi
    df[kept] = between_within(problem.x, list(problem.groups.values()))
    return RandomInterceptFit(
        beta=beta,
        vcov=vcov,
        df=df,
        components=best.components,
        loglik=best.loglik,
        status=status,
        estimator="statsmodels MixedLM",
        covariance=f"random intercepts: {', '.join(problem.groups)}",
        df_method="between-within",
        notes=tuple(notes),
        **shared,
    )


def _report_least_squares(problem, kept, notes, shared):
    outer, codes = next(iter(problem.groups.items()))
    robust = fit_cluster_robust(problem.x, problem.y, codes)
    k = len(shared["terms"])
    beta, vcov = np.zeros(k), np.zeros((k, k))
    beta[kept], vcov[np.ix_(kept, kept)] = robust.beta, robust.vcov
    residual = residual_variance(problem)
    return RandomInterceptFit(
        beta=beta,
        vcov=vcov,
        df=np.full(k, np.nan),
        components={"residual": residual},
        loglik=problem.without_groups().solve({"residual": residual}).loglik,
        status="fallback",
        estimator="least squares",
        covariance=f"independent, robust by {outer} (CR2)",
        df_method="bell-mccaffrey",
        notes=("no mixed model was acceptable: least squares with cluster-robust errors", *notes),
        robust=robust,
        **shared,
    )
