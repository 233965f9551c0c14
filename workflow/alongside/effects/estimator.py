"""The one seam between the pipeline and what fits its models: alongside.mixed.

In: the `Design` of an outcome. Out: a fit that offers

    estimator, covariance, df_method, status, notes, loglik, participants, observations, components {name: variance}
    columns(frame)    the design matrix of any frame that has the design's columns, as a DataFrame
    combine(rows)     estimate, se and df of each row of coefficients

or `NotEstimable`. `crosscheck.fit_random_intercept` gives the same things, so that any of the two can stand here.

The primary model (methods 2): all waves are outcomes, one baseline mean where chance formed the cohorts, the declared
covariances tried in their order, an intercept and wave effects for each cluster level, mentors' effects in the mentored
from the first follow-up on, Kenward-Roger or Satterthwaite.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from alongside.effects.design import NotEstimable
from alongside.mixed import Cluster, MixedError, fit

SMALLEST_DF = 2.0
ROBUST = "cr2"


@dataclass(frozen=True)
class MixedFit:
    """A model of alongside.mixed as the pipeline reads it. df: kenward-roger, satterthwaite or cr2"""

    model: object
    df: str
    estimator: str = "alongside.mixed"

    @property
    def df_method(self):
        return "bell-mccaffrey, cluster-robust" if self.df == ROBUST else self.df

    @property
    def status(self):
        """Of the fit. Where it is partial, `combine` leaves out the rows that it does not carry; the others are ok."""
        return "ok" if self.model.status == "partial" else self.model.status

    @property
    def notes(self):
        return tuple(_as_note(warning) for warning in self.model.warnings)

    @property
    def loglik(self):
        return self.model.loglik

    @property
    def participants(self):
        return int(self.model.summaries.participants)

    @property
    def observations(self):
        return int(self.model.summaries.rows)

    @property
    def covariance(self):
        """'unstructured; site (intercept, by wave)'"""
        levels = {}
        for term in self.model.terms:
            levels.setdefault(term.label, []).append(term.kind)
        return "; ".join([self.model.structure, *(f"{name} ({', '.join(kinds)})" for name, kinds in levels.items())])

    @property
    def components(self):
        """{'covariance[before, after]' or 'site' or 'site by wave': variance or covariance}"""
        sigma = self.model.covariance
        made = {
            f"covariance[{first}, {second}]": float(sigma.loc[first, second])
            for at, first in enumerate(sigma.index)
            for second in sigma.columns[at:]
        }
        table = self.model.variance_components
        clusters = table[table["component"].str.startswith("variance of ")]
        names = clusters["component"].str.removeprefix("variance of ")
        own = {term.label for term in self.model.terms} | {label for label, _ in self.model.dropped_terms}
        allowed = own | {f"{name} by wave" for name in own}
        found = zip(names, clusters["estimate"], strict=True)
        return made | {name: float(value) for name, value in found if name in allowed}

    def columns(self, frame):
        recipe = self.model.summaries.recipe
        return pd.DataFrame(recipe.columns(frame), columns=recipe.names, index=frame.index)

    def combine(self, rows):
        """rows: DataFrame (q, k) with one column a coefficient; missing below two degrees of freedom, row by row"""
        hypotheses = {at: row for at, row in enumerate(rows[list(self.model.names)].to_numpy(float))}
        made = self.model.contrasts(hypotheses, df=self.df)[["estimate", "se", "df"]].set_axis(rows.index)
        made.loc[~(made["df"] >= SMALLEST_DF)] = np.nan
        return made

    def with_robust_errors(self):
        """The same fit with cluster-robust (CR2) errors and Bell-McCaffrey degrees of freedom."""
        return MixedFit(self.model, ROBUST)


def fit_outcome(design, *, plan, covariance_by=None):
    """Fit the primary model of one outcome by REML. covariance_by: a column whose levels have their own covariance"""
    clusters = [*design.clusters, *([Cluster(design.mentor, baseline=False)] if design.mentor else [])]
    formula, shared = (design.formula, design.randomised) if design.complete else (design.explicit, False)
    return fit_mixed(
        formula,
        design,
        covariance=plan.analysis.covariance,
        clusters=clusters,
        df=plan.analysis.df,
        baseline=design.baseline if shared else None,
        covariance_by=covariance_by,
    )


def fit_mixed(formula, design, *, covariance, clusters, df, baseline=None, covariance_by=None):
    """Fit `formula` to the rows of a design by alongside.mixed; raises `NotEstimable` with its reasons."""
    try:
        model = fit(
            formula,
            design.frame,
            participant="participant",
            wave="wave",
            covariance=list(covariance),
            covariance_by=covariance_by,
            clusters=list(clusters),
            baseline=baseline,
            cohort=None if baseline is None else "cohort",
            time="month" if "random_slope" in covariance else None,
        )
    except MixedError as error:
        raise NotEstimable("; ".join(f"{one.where}: {one.found}" for one in error.mistakes)) from error
    if model.status == "not-estimable":
        raise NotEstimable("; ".join(_as_note(warning) for warning in model.warnings))
    return MixedFit(model, df)


def _as_note(warning):
    """'The term was dropped.' as a part of a longer note."""
    return warning[:1].lower() + warning[1:].rstrip(".")
