"""The one seam between the pipeline and whatever fits its models.

In: the `Design` of an outcome. Out: a fit that offers

    estimator, covariance, df_method, status, notes, loglik, participants, observations, components {name: variance}
    columns(frame)    the design matrix of any frame that has the formula's columns, as a DataFrame
    combine(rows)     estimate, se and df of each row of coefficients, missing where the data do not determine it

or `NotEstimable`.
"""

from alongside.effects.crosscheck import fit_random_intercept


def fit_outcome(design, *, plan):
    """Fit the primary model of one outcome by REML."""
    return fit_random_intercept(design.formula, design.frame, participant="participant", clusters=design.clusters)
