"""Tables of a fitted model: coefficients and contrasts (`cells` has those about the cells of a table).

In: a fitted `Model` (this is its first half), a method for the degrees of freedom, an information. Out: data frames.
Fails with RequestError for a term, level or method that the model does not have.
"""

from functools import cached_property, lru_cache

import numpy as np
import pandas as pd
from scipy import stats

from alongside.mixed import inference, means
from alongside.mixed.cells import Cells
from alongside.mixed.failures import RequestError, refuse
from alongside.mixed.robust import KINDS, make_robust

METHODS = (*inference.DF_METHODS, *KINDS)


@lru_cache(maxsize=64)
def _text(names):
    """Names as pandas holds text; making it anew takes as long as the numbers beside it."""
    return pd.Series(names).array


class Estimates(Cells):
    """What a model says about its fixed effects; `Model` supplies the fit."""

    # ---- fixed effects

    @property
    def names(self):
        return list(self.summaries.recipe.names)

    @property
    def beta(self):
        """Fixed effects (k,), in the columns of the formula; missing where the model is not estimable."""
        if self.status == "not-estimable":
            return np.full(len(self.names), np.nan)
        return self.summaries.basis @ self.optimum.evaluation.beta + self.summaries.shift[:, 0]

    def vcov(self, *, df="kenward-roger", information="observed"):
        """Covariance of the fixed effects (k, k): adjusted for kenward-roger, model-based otherwise."""
        if self.status == "not-estimable":
            return np.full((len(self.names),) * 2, np.nan)
        basis = self.summaries.basis
        inner = self._precision(information).adjusted if df == "kenward-roger" else self.optimum.evaluation.phi
        return basis @ inner @ basis.T

    def _precision(self, information):
        if information not in self._made:
            self._made[information] = inference.make_precision(
                self.criterion, self.optimum.evaluation, self.tangent, information
            )
        return self._made[information]

    @cached_property
    def _made(self):
        return {}

    @cached_property
    def _between_within(self):
        return inference.between_within(self.summaries.within, self.summaries.rows, self.summaries.participants)

    def coefficients(self, *, df=None, information="observed", level=0.95):
        """One row a column of the design: term, estimate, se, df, t, p, ci_low, ci_high."""
        names = _text(tuple(self.names)).copy()
        return self._rows_table(np.eye(len(names)), df, information, level, term=names)

    def _method(self, df):
        weighted = self.summaries.weighted
        df = df or ("cr2" if weighted else "kenward-roger")
        if df not in METHODS:
            refuse(RequestError, "df", f"{df!r}", allowed=", ".join(METHODS))
        if weighted and df not in KINDS:
            refuse(
                RequestError,
                "df",
                f"{df!r} is not valid with weights",
                allowed='"cr2" or "cr0" (cluster-robust, with Bell-McCaffrey degrees of freedom)',
            )
        if df in ("kenward-roger", "satterthwaite") and not self.reml:
            refuse(RequestError, "df", f"{df!r} needs REML", remedy="fit with reml=True")
        return df

    def _rows_table(self, matrix, df, information, level, **labels):
        """estimate, se, df, t, p, limits of every row of L, after the columns of `labels`."""
        df = self._method(df)
        estimate, se, freedom = self._moments(np.atleast_2d(matrix), df, information)
        t, p, low, high = inference.t_table(estimate, se, freedom, level)
        numbers = {"estimate": estimate, "se": se, "df": freedom, "t": t, "p": p, "ci_low": low, "ci_high": high}
        return pd.DataFrame(labels | numbers, copy=False)

    def _moments(self, matrix, df, information):
        q = len(matrix)
        if self.status == "not-estimable":
            return np.full(q, np.nan), np.full(q, np.nan), np.full(q, np.nan)
        inner = matrix @ self.summaries.basis
        estimate = inner @ self.optimum.evaluation.beta + matrix @ self.summaries.shift[:, 0]
        if df in KINDS:
            se, freedom = self._robust(df).rows(inner)
            return estimate, se, freedom
        phi = self.optimum.evaluation.phi
        if df == "kenward-roger":
            phi = self._precision(information).adjusted
        se = np.sqrt(np.einsum("qa,qa->q", inner @ phi, inner))
        if df == "z":
            return estimate, se, np.full(q, np.inf)
        if df == "residual":
            return estimate, se, np.full(q, float(self.criterion.data.rows - len(self.names)))
        if df == "between-within":
            return estimate, se, np.array([self._between_within.of(row) for row in matrix])
        return estimate, se, self._precision(information).satterthwaite(inner)

    def _robust(self, kind):
        self._need_rows("robust standard errors")
        if kind not in self._made:
            self._made[kind] = make_robust(self, kind)
        return self._made[kind]

    # ---- contrasts

    def contrasts(self, hypotheses, *, df=None, information="observed", level=0.95, simultaneous=None):
        """Linear hypotheses about the fixed effects, one row each.

        hypotheses: {label: h}; h is a term's name, {term: number}, a vector (k,) such as `row` gives, or a matrix
        (q, k) for an F test. simultaneous: None, "single-step" (multivariate t) or "bonferroni", over all t rows.
        Columns: contrast, estimate, se, df_num, df, statistic, p, ci_low, ci_high (an F test has no estimate).
        """
        method = self._method(df)
        matrices = {label: self.hypothesis(label, h) for label, h in hypotheses.items()}
        single = [label for label, matrix in matrices.items() if len(matrix) == 1]
        out = {}
        if single:
            stacked = np.vstack([matrices[label] for label in single])
            table = self._rows_table(stacked, method, information, level)
            if simultaneous is not None:
                self._adjust(table, stacked, method, information, level, simultaneous)
            for label, row in zip(single, table.itertuples(), strict=True):
                out[label] = (row.estimate, row.se, 1, row.df, row.t, row.p, row.ci_low, row.ci_high)
        for label, matrix in matrices.items():
            if len(matrix) > 1:
                f, q, freedom, p = self._f_test(label, matrix, method, information)
                out[label] = (np.nan, np.nan, q, freedom, f, p, np.nan, np.nan)
        columns = ["estimate", "se", "df_num", "df", "statistic", "p", "ci_low", "ci_high"]
        table = pd.DataFrame([out[label] for label in matrices], columns=columns)
        table.insert(0, "contrast", list(matrices))
        return table

    def hypothesis(self, label, h):
        """The matrix (q, k) of one hypothesis, as `contrasts` takes it."""
        names = self.names
        if isinstance(h, str):
            h = {h: 1.0}
        if isinstance(h, dict):
            unknown = [name for name in h if name not in names]
            if unknown:
                refuse(RequestError, f"contrast {label!r}", f"no term {unknown[0]!r}", allowed=", ".join(names))
            return np.array([[float(h.get(name, 0.0)) for name in names]])
        matrix = np.atleast_2d(np.asarray(h, float))
        if matrix.ndim != 2 or matrix.shape[1] != len(names):
            refuse(RequestError, f"contrast {label!r}", f"shape {matrix.shape}", allowed=f"(q, {len(names)})")
        if not np.all(np.isfinite(matrix)) or np.linalg.matrix_rank(matrix) < len(matrix):
            refuse(RequestError, f"contrast {label!r}", "its rows are zero, not finite or linearly dependent")
        return matrix

    def _f_test(self, label, matrix, method, information):
        if self.status == "not-estimable":
            return np.nan, len(matrix), np.nan, np.nan
        inner = matrix @ self.summaries.basis
        estimate = inner @ self.optimum.evaluation.beta + matrix @ self.summaries.shift[:, 0]
        if method == "kenward-roger":
            f, q, freedom = inference.f_kenward_roger(self._precision(information), inner, estimate)
        elif method == "satterthwaite":
            f, q, freedom = inference.f_satterthwaite(self._precision(information), inner, estimate)
        elif method in KINDS:
            refuse(RequestError, f"contrast {label!r}", "an F test is not available with robust standard errors")
        else:
            phi = self.optimum.evaluation.phi
            f, q = float(estimate @ np.linalg.solve(inner @ phi @ inner.T, estimate)) / len(matrix), len(matrix)
            freedom = float(self._moments(matrix, method, information)[2].min())
        return f, q, freedom, inference.f_p_value(f, q, freedom)

    def _adjust(self, table, matrix, method, information, level, how):
        t, df = table["t"].to_numpy(), table["df"].to_numpy()
        if how == "bonferroni":
            family = int(table["t"].notna().sum())
            p = np.minimum(table["p"] * family, 1.0)
            critical = stats.t.ppf(1 - (1 - level) / (2 * max(family, 1)), df)
        elif how == "single-step":
            covariance = matrix @ self._covariance_for(method, information) @ matrix.T
            scale = 1 / np.sqrt(np.diag(covariance))
            p, critical = means.single_step(t, df, covariance * np.outer(scale, scale), level)
        else:
            refuse(RequestError, "simultaneous", f"{how!r}", allowed="None, single-step, bonferroni")
        # where there is no t (fewer than two degrees of freedom) p and the limits stay missing
        critical = np.where(np.isnan(t), np.nan, critical)
        table["p"] = p
        table["ci_low"] = table["estimate"] - critical * table["se"]
        table["ci_high"] = table["estimate"] + critical * table["se"]

    def _covariance_for(self, method, information):
        if method in KINDS:
            basis = self.summaries.basis
            return basis @ self._robust(method).covariance @ basis.T
        return self.vcov(df=method, information=information)
