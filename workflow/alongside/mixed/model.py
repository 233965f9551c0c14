"""A fitted model: tables of estimates, means and contrasts, variances, and what a reader should be told about the fit.

In: Summaries, the optimum, the covariance structure that was used. Out: methods that give data frames.
Everything is computed from the compressed statistics; only `predict`, `residuals`, averages over the sample and robust
standard errors look at rows, and say so when a model was fitted without them.
`status`: "ok"; "boundary" (a variance the covariance needs is at zero); "fallback" (an earlier structure of the
declared order was not acceptable); "not-estimable" (numbers are missing, `warnings` says why).
Fails with RequestError for a question that this fit cannot answer.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
from scipy import stats

from alongside.mixed import inference, means
from alongside.mixed.failures import RequestError, refuse

METHODS = (*inference.DF_METHODS, "robust")


@dataclass
class Model:
    """Made by `fit` and `fit_summaries`. rows: the prepared frame, or None if fitted from saved sums."""

    summaries: object
    criterion: object
    optimum: object
    tangent: np.ndarray
    structure: str
    status: str
    warnings: list
    terms: list
    dropped_terms: list
    reml: bool
    rows: object = None
    attempts: list = field(default_factory=list)
    robust: object = None

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
        table = self._rows_table(np.eye(len(self.names)), df, information, level)
        table.insert(0, "term", self.names)
        return table

    def _method(self, df):
        weighted = self.summaries.recipe.weights is not None or self.robust is not None and self.robust.weighted
        df = df or ("robust" if weighted else "kenward-roger")
        if df not in METHODS:
            refuse(RequestError, "df", f"{df!r}", allowed=", ".join(METHODS))
        if weighted and df != "robust":
            refuse(
                RequestError,
                "df",
                f"{df!r} is not valid with weights",
                allowed='"robust" (CR2 with Bell-McCaffrey degrees of freedom)',
            )
        if df in ("kenward-roger", "satterthwaite") and not self.reml:
            refuse(RequestError, "df", f"{df!r} needs REML", remedy="fit with reml=True")
        return df

    def _rows_table(self, l, df, information, level):
        """estimate, se, df, t, p, limits of every row of L."""
        df = self._method(df)
        estimate, se, freedom = self._moments(np.atleast_2d(l), df, information)
        t, p, low, high = inference.t_table(estimate, se, freedom, level)
        return pd.DataFrame(
            {"estimate": estimate, "se": se, "df": freedom, "t": t, "p": p, "ci_low": low, "ci_high": high}
        )

    def _moments(self, l, df, information):
        q = len(l)
        if self.status == "not-estimable":
            return np.full(q, np.nan), np.full(q, np.nan), np.full(q, np.nan)
        inner = l @ self.summaries.basis
        estimate = inner @ self.optimum.evaluation.beta + l @ self.summaries.shift[:, 0]
        if df == "robust":
            se, freedom = self._need_robust().rows(inner)
            return estimate, se, freedom
        phi = self.optimum.evaluation.phi
        if df == "kenward-roger":
            phi = self._precision(information).adjusted
        se = np.sqrt(np.einsum("qa,ab,qb->q", inner, phi, inner))
        if df == "z":
            return estimate, se, np.full(q, np.inf)
        if df == "residual":
            return estimate, se, np.full(q, float(self.criterion.data.rows - len(self.names)))
        if df == "between-within":
            return estimate, se, np.array([self._between_within.of(row) for row in l])
        precision = self._precision(information)
        return estimate, se, np.array([precision.satterthwaite(row) for row in inner])

    def _need_robust(self):
        if self.robust is None:
            refuse(
                RequestError,
                "df robust",
                "this model was fitted without its rows",
                remedy="fit from the data frame: a robust covariance looks at every participant",
            )
        return self.robust

    # ---- contrasts

    def contrasts(self, hypotheses, *, df=None, information="observed", level=0.95, simultaneous=None):
        """Linear hypotheses about the fixed effects, one row each.

        hypotheses: {label: h}; h is a term's name, {term: number}, a vector (k,) such as `row` gives, or a matrix
        (q, k) for an F test. simultaneous: None, "single-step" (multivariate t) or "bonferroni", over all t rows.
        Columns: contrast, estimate, se, df_num, df, statistic, p, ci_low, ci_high (an F test has no estimate).
        """
        method = self._method(df)
        matrices = {label: self._hypothesis(label, h) for label, h in hypotheses.items()}
        single = [label for label, l in matrices.items() if len(l) == 1]
        out = {}
        if single:
            stacked = np.vstack([matrices[label] for label in single])
            table = self._rows_table(stacked, method, information, level)
            if simultaneous is not None:
                self._adjust(table, stacked, method, information, level, simultaneous)
            for label, row in zip(single, table.itertuples(), strict=True):
                out[label] = (row.estimate, row.se, 1, row.df, row.t, row.p, row.ci_low, row.ci_high)
        for label, l in matrices.items():
            if len(l) > 1:
                f, q, freedom, p = self._f_test(label, l, method, information)
                out[label] = (np.nan, np.nan, q, freedom, f, p, np.nan, np.nan)
        columns = ["estimate", "se", "df_num", "df", "statistic", "p", "ci_low", "ci_high"]
        table = pd.DataFrame([out[label] for label in matrices], columns=columns)
        table.insert(0, "contrast", list(matrices))
        return table

    def _hypothesis(self, label, h):
        names = self.names
        if isinstance(h, str):
            h = {h: 1.0}
        if isinstance(h, dict):
            unknown = [name for name in h if name not in names]
            if unknown:
                refuse(RequestError, f"contrast {label!r}", f"no term {unknown[0]!r}", allowed=", ".join(names))
            return np.array([[float(h.get(name, 0.0)) for name in names]])
        l = np.atleast_2d(np.asarray(h, float))
        if l.ndim != 2 or l.shape[1] != len(names):
            refuse(RequestError, f"contrast {label!r}", f"shape {l.shape}", allowed=f"(q, {len(names)})")
        if not np.all(np.isfinite(l)) or np.linalg.matrix_rank(l) < len(l):
            refuse(RequestError, f"contrast {label!r}", "its rows are zero, not finite or linearly dependent")
        return l

    def _f_test(self, label, l, method, information):
        if self.status == "not-estimable":
            return np.nan, len(l), np.nan, np.nan
        inner = l @ self.summaries.basis
        estimate = inner @ self.optimum.evaluation.beta + l @ self.summaries.shift[:, 0]
        if method == "kenward-roger":
            f, q, freedom = inference.f_kenward_roger(self._precision(information), inner, estimate)
        elif method == "satterthwaite":
            f, q, freedom = inference.f_satterthwaite(self._precision(information), inner, estimate)
        elif method == "robust":
            refuse(RequestError, f"contrast {label!r}", "an F test is not available with robust standard errors")
        else:
            phi = self.optimum.evaluation.phi
            f, q = float(estimate @ np.linalg.solve(inner @ phi @ inner.T, estimate)) / len(l), len(l)
            freedom = float(self._moments(l, method, information)[2].min())
        return f, q, freedom, inference.f_p_value(f, q, freedom)

    def _adjust(self, table, l, method, information, level, how):
        t, df = table["t"].to_numpy(), table["df"].to_numpy()
        if how == "bonferroni":
            p = np.minimum(table["p"] * len(table), 1.0)
            critical = stats.t.ppf(1 - (1 - level) / (2 * len(table)), df)
        elif how == "single-step":
            covariance = l @ self._covariance_for(method, information) @ l.T
            scale = 1 / np.sqrt(np.diag(covariance))
            p, critical = means.single_step(t, df, covariance * np.outer(scale, scale), level)
        else:
            refuse(RequestError, "simultaneous", f"{how!r}", allowed="None, single-step, bonferroni")
        table["p"] = p
        table["ci_low"] = table["estimate"] - critical * table["se"]
        table["ci_high"] = table["estimate"] + critical * table["se"]

    def _covariance_for(self, method, information):
        if method == "robust":
            basis = self.summaries.basis
            return basis @ self._need_robust().covariance @ basis.T
        return self.vcov(df=method, information=information)

    # ---- cells of a table

    def row(self, *, at=None, over="means", **cell):
        """The design row (k,) of one cell, e.g. row(cohort="mentored", wave="post"): arithmetic on rows makes contrasts."""
        return self._cells([cell], at, over)[0]

    def _cells(self, cells, at, over):
        if over not in ("means", "sample"):
            refuse(RequestError, "over", f"{over!r}", allowed="means, sample")
        sample = None
        if over == "sample":
            frame = self._need_rows("averages over the sample")
            sample = frame.drop_duplicates(self.summaries.recipe.participant)
        return means.cell_rows(self.summaries.recipe, self.summaries.sums, cells, at=at, sample=sample)

    def marginal_means(
        self, factor, *, by=None, at=None, over="means", df=None, information="observed", level=0.95
    ):
        """Adjusted means of the levels of `factor` within the levels of `by`.

        over="means": numbers at their mean over rows, other factors with equal weights; over="sample": averaged over the
        participants' own covariates. Columns: by, factor, estimate, se, df, t, p, ci_low, ci_high.
        """
        names = ([by] if isinstance(by, str) else list(by or [])) + [factor]
        cells = means.cross_levels(self.summaries.recipe, names, at or {})
        table = self._rows_table(self._cells(cells, at, over), df, information, level)
        return pd.concat([pd.DataFrame(cells), table], axis=1)

    def pairwise(
        self, factor, *, by=None, adjust="tukey", at=None, over="means", df=None, information="observed", level=0.95
    ):
        """All differences between levels of `factor` (later minus earlier) within `by`; adjust: tukey, bonferroni, none."""
        names = [by] if isinstance(by, str) else list(by or [])
        recipe = self.summaries.recipe
        levels = means.level_values(recipe, factor, at or {})
        tables = []
        for outer in means.cross_levels(recipe, names, at or {}):
            l = self._cells([{**outer, factor: value} for value in levels], at, over)
            pairs = [(j, i) for j in range(len(levels)) for i in range(j)]
            table = self._rows_table(np.array([l[j] - l[i] for j, i in pairs]), df, information, level)
            if adjust == "tukey":
                p, critical = means.tukey(table["t"].to_numpy(), table["df"].to_numpy(), len(levels), level)
                table = table.assign(
                    p=p, ci_low=table["estimate"] - critical * table["se"], ci_high=table["estimate"] + critical * table["se"]
                )
            elif adjust == "bonferroni":
                critical = stats.t.ppf(1 - (1 - level) / (2 * len(pairs)), table["df"])
                table = table.assign(
                    p=np.minimum(1.0, table["p"] * len(pairs)),
                    ci_low=table["estimate"] - critical * table["se"],
                    ci_high=table["estimate"] + critical * table["se"],
                )
            elif adjust != "none":
                refuse(RequestError, "adjust", f"{adjust!r}", allowed="tukey, bonferroni, none")
            labels = pd.DataFrame([outer | {"contrast": f"{levels[j]} - {levels[i]}"} for j, i in pairs])
            tables.append(pd.concat([labels, table], axis=1))
        return pd.concat(tables, ignore_index=True)

    def difference_in_change(self, factor, level, reference, *, wave, baseline=None):
        """The row (k,) of: how much more `level` changed from `baseline` to `wave` than `reference` did."""
        recipe = self.summaries.recipe
        baseline = recipe.wave_levels[0] if baseline is None else baseline
        cells = [{factor: f, recipe.wave: w} for f in (level, reference) for w in (wave, baseline)]
        l = self._cells(cells, None, "means")
        return (l[0] - l[1]) - (l[2] - l[3])

    # ---- variances

    @property
    def _wave_labels(self):
        return [str(level) for level in self.summaries.recipe.wave_levels]

    @property
    def covariance(self):
        """Covariance across waves within a participant, clusters apart: a frame, or {group: frame} with covariance_by."""
        sigma = self.optimum.evaluation.sigma
        frames = [pd.DataFrame(part, index=self._wave_labels, columns=self._wave_labels) for part in sigma]
        if self.summaries.recipe.group is None:
            return frames[0]
        return dict(zip(self.summaries.recipe.group_levels, frames, strict=True))

    @property
    def correlation(self):
        """The correlation matrix of `covariance`, in the same form."""

        def scaled(frame):
            deviation = np.sqrt(np.diag(frame))
            return frame / np.outer(deviation, deviation)

        made = self.covariance
        return {name: scaled(frame) for name, frame in made.items()} if isinstance(made, dict) else scaled(made)

    @property
    def variance_components(self):
        """One row a parameter: component, estimate (on the scale of the data), se (from the observed information)."""
        names, theta = self.criterion.names(), self.optimum.evaluation.theta
        se = np.full(len(theta), np.nan)
        if self.status != "not-estimable":
            se = np.sqrt(np.maximum(np.diag(self._information_inverse), 0.0))
        rows = [(name, value, error) for name, value, error in zip(names, theta, se, strict=True)]
        rows += [(f"variance of {label}" + ("" if kind == "intercept" else " by wave"), 0.0, np.nan)
                 for label, kind in self.dropped_terms]
        table = pd.DataFrame(rows, columns=["component", "estimate", "se"])
        logs = table["component"].str.startswith("log ")
        table.loc[logs, "se"] *= np.exp(table.loc[logs, "estimate"])
        table.loc[logs, "estimate"] = np.exp(table.loc[logs, "estimate"])
        table["component"] = table["component"].str.removeprefix("log ")
        return table

    @property
    def _information_inverse(self):
        inner = self.tangent.T @ self.optimum.evaluation.hessian @ self.tangent
        return 2 * self.tangent @ np.linalg.inv(inner) @ self.tangent.T

    @property
    def icc(self):
        """Share of the variance (averaged over waves) that lies between the clusters of each level; intercept only apart."""
        sigma = np.mean([np.trace(part) / len(part) for part in self.optimum.evaluation.sigma])
        theta = self.optimum.evaluation.theta[self.criterion.inner :]
        parts = {}
        for term, value in zip(self.terms, theta, strict=True):
            share = value * np.mean(term.waves)
            parts.setdefault(term.label, {"intercept": 0.0, "by wave": 0.0})[term.kind] = share
        for label, kind in self.dropped_terms:
            parts.setdefault(label, {"intercept": 0.0, "by wave": 0.0}).setdefault(kind, 0.0)
        total = sigma + sum(sum(part.values()) for part in parts.values())
        out = {label: sum(part.values()) / total for label, part in parts.items()}
        out |= {f"{label}, intercept only": part["intercept"] / total for label, part in parts.items()}
        if self.structure == "random_intercept":
            out[self.summaries.recipe.participant] = float(self.optimum.evaluation.theta[1]) / total
        return out

    # ---- likelihood

    @property
    def loglik(self):
        """Restricted log-likelihood (REML) or log-likelihood (ML)."""
        return -0.5 * self.optimum.evaluation.value

    @property
    def parameters(self):
        """Number of parameters that AIC and BIC count: of the covariance, and under ML the fixed effects too."""
        return self.tangent.shape[1] + (0 if self.reml else len(self.names))

    @property
    def aic(self):
        return -2 * self.loglik + 2 * self.parameters

    @property
    def bic(self):
        """With the number of participants, as SAS and mmrm have it."""
        return -2 * self.loglik + np.log(self.summaries.participants) * self.parameters

    def likelihood_ratio_test(self, smaller):
        """Compare with a nested model fitted by ML on the same rows: chi2, df, p."""
        if self.reml or smaller.reml:
            refuse(RequestError, "likelihood ratio test", "REML likelihoods are not comparable", remedy="fit with reml=False")
        if self.summaries.rows != smaller.summaries.rows:
            refuse(RequestError, "likelihood ratio test", "the two models were fitted on different numbers of rows")
        freedom = self.parameters - smaller.parameters
        if freedom <= 0:
            refuse(RequestError, "likelihood ratio test", "the other model has no fewer parameters")
        chi2 = max(0.0, 2 * (self.loglik - smaller.loglik))
        return {"chi2": chi2, "df": freedom, "p": float(stats.chi2.sf(chi2, freedom))}

    # ---- rows

    def _need_rows(self, what):
        if self.rows is None:
            refuse(RequestError, what, "this model was fitted from sums, without rows", remedy="fit from the data frame")
        return self.rows.frame

    def predict(self, frame=None, *, df=None, information="observed", level=0.95):
        """Means of the fixed effects for the rows of `frame` (default: the data): estimate, se, df, t, p, limits."""
        recipe = self.summaries.recipe
        frame = self._need_rows("predict without a frame") if frame is None else frame
        absent = [name for name in recipe.variables if name not in frame and name not in recipe.responses]
        if absent:
            refuse(RequestError, "predict", f"no column named {', '.join(map(repr, absent))}")
        grid = pd.DataFrame(index=range(len(frame)))
        for name, levels in recipe.variables.items():
            if name in recipe.responses:
                continue
            values = frame[name].to_numpy()
            if levels is not None and not set(pd.unique(values)) <= set(levels):
                refuse(RequestError, f"column {name!r}", "has a level that the model has not seen", allowed=", ".join(map(str, levels)))
            grid[name] = values if levels is None else pd.Categorical(values, categories=levels)
        if recipe.wave not in grid:
            grid[recipe.wave] = frame[recipe.wave].to_numpy()
        return self._rows_table(recipe.columns(grid), df, information, level)

    def residuals(self, kind="raw"):
        """raw: y - X beta; standardised: divided by the model's standard deviation at the wave (clusters included)."""
        frame = self._need_rows("residuals")
        recipe = self.summaries.recipe
        raw = recipe.response(frame)[:, 0] - recipe.columns(frame) @ self.beta
        if kind == "standardised":
            raw = raw / np.sqrt(self._row_variances(frame))
        elif kind != "raw":
            refuse(RequestError, "residuals", f"{kind!r}", allowed="raw, standardised")
        return pd.Series(raw, index=frame.index, name="residual")

    def _row_variances(self, frame):
        recipe = self.summaries.recipe
        waves = pd.Categorical(frame[recipe.wave], categories=recipe.wave_levels).codes
        groups = np.zeros(len(frame), int)
        if recipe.group is not None:
            groups = pd.Categorical(frame[recipe.group], categories=recipe.group_levels).codes
        variance = self.optimum.evaluation.sigma[groups, waves, waves]
        for term, value in zip(self.terms, self.optimum.evaluation.theta[self.criterion.inner :], strict=True):
            member = frame[term.label].notna().to_numpy()
            variance = variance + value * member * np.array(term.waves, float)[waves]
        return variance

    # ---- for people

    @property
    def diagnostics(self):
        """Numbers about the data and the optimisation."""
        found, data = self.optimum.evaluation, self.criterion.data
        hessian = self.tangent.T @ found.hessian @ self.tangent if found.hessian is not None else np.full((1, 1), np.nan)
        scale = np.sqrt(np.abs(np.diag(hessian)))
        gradient = self.tangent.T @ found.gradient if found.gradient is not None else np.full(1, np.nan)
        with np.errstate(divide="ignore", invalid="ignore"):
            least = float(np.linalg.eigvalsh(hessian / np.outer(scale, scale))[0]) if np.all(scale > 0) else np.nan
        return {
            "rows": self.summaries.rows,
            "rows_dropped": self.summaries.dropped,
            "participants": self.summaries.participants,
            "patterns": data.patterns,
            "clusters": len(self.summaries.labels),
            "structure": self.structure,
            "attempts": list(self.attempts),
            "dropped_terms": [f"{label}: {kind}" for label, kind in self.dropped_terms],
            "converged": self.optimum.converged,
            "iterations": self.optimum.iterations,
            "method": self.optimum.method,
            "gradient": float(np.max(np.abs(gradient))),
            "newton_decrement": self.optimum.decrement,
            "least_eigenvalue": least,
        }

    def summary(self, *, df=None, information="observed"):
        """The model in plain text."""
        numbers = self.diagnostics
        lines = [
            f"{self.summaries.recipe.formula}   ({'REML' if self.reml else 'ML'}, {self.structure} within participant)",
            f"{numbers['participants']} participants, {numbers['rows']} rows, status: {self.status}, "
            f"log-likelihood {self.loglik:.4f}",
            "",
            self.coefficients(df=df, information=information).to_string(index=False, float_format=lambda v: f"{v:.4g}"),
            "",
            self.variance_components.to_string(index=False, float_format=lambda v: f"{v:.4g}"),
        ]
        return "\n".join(lines + ["", *self.warnings] if self.warnings else lines)
