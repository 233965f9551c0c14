"""A fitted model: tables of estimates, means and contrasts, variances, and what a reader should be told about the fit.

In: Summaries, the optimum, the covariance structure that was used. Out: methods that give data frames.
Everything is computed from the compressed statistics; only `predict`, `residuals`, averages over the sample and robust
standard errors look at rows, and say so when a model was fitted without them.
`status`: "ok"; "partial" (ok, but the coefficients in `thin` have fewer than two degrees of freedom, so no p and no
interval); "boundary" (a variance the covariance needs is at zero); "fallback" (an earlier structure of the declared
order was not acceptable); "not-estimable" (numbers are missing, `warnings` says why).
Fails with RequestError for a question that this fit cannot answer.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import stats

from alongside.mixed.estimates import Estimates
from alongside.mixed.failures import RequestError, refuse
from alongside.mixed.row_answers import RowAnswers


@dataclass
class Model(Estimates, RowAnswers):
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
    thin: list = field(default_factory=list)

    # ---- variances

    @property
    def _wave_labels(self):
        return [str(level) for level in self.summaries.recipe.wave_levels]

    @property
    def _own_times(self):
        return self.summaries.individual and self.structure == "random_slope"

    @property
    def covariance(self):
        """Covariance across waves within a participant, clusters apart; {group: frame} with covariance_by.

        Where participants have times of their own: the covariance of random intercept and slope.
        """
        if self._own_times:
            slope = self.optimum.evaluation.theta[[1, 2, 2, 3]].reshape(2, 2)
            return pd.DataFrame(slope, index=["intercept", "slope"], columns=["intercept", "slope"])
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
        rows += [
            (f"variance of {label}" + ("" if kind == "intercept" else " by wave"), 0.0, np.nan)
            for label, kind in self.dropped_terms
        ]
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
        """Share of the variance, averaged over waves, between clusters of each level; also by the intercept alone."""
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
            refuse(
                RequestError,
                "likelihood ratio test",
                "REML likelihoods are not comparable",
                remedy="fit with reml=False",
            )
        if self.summaries.rows != smaller.summaries.rows:
            refuse(RequestError, "likelihood ratio test", "the two models were fitted on different numbers of rows")
        freedom = self.parameters - smaller.parameters
        if freedom <= 0:
            refuse(RequestError, "likelihood ratio test", "the other model has no fewer parameters")
        chi2 = max(0.0, 2 * (self.loglik - smaller.loglik))
        return {"chi2": chi2, "df": freedom, "p": float(stats.chi2.sf(chi2, freedom))}

    # ---- for people

    @property
    def diagnostics(self):
        """Numbers about the data and the optimisation."""
        found, data = self.optimum.evaluation, self.criterion.data
        hessian = (
            self.tangent.T @ found.hessian @ self.tangent if found.hessian is not None else np.full((1, 1), np.nan)
        )
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
        return "\n".join([*lines, "", *self.warnings] if self.warnings else lines)
