"""Linear mixed models for repeated measures, with small-sample inference, from sums that do not grow with the data.

    from alongside.mixed import fit
    model = fit("score ~ cohort * wave + age * wave", data, participant="id", wave="wave")
    model.coefficients()

A small numerical library that has never heard of surveys. It needs numpy, scipy, pandas and formulaic.
"""

from alongside.mixed.covariance import FALLBACK_ORDER, STRUCTURES
from alongside.mixed.design import number_visits, prepare
from alongside.mixed.failures import DesignError, MixedError, RequestError, StructureError
from alongside.mixed.fitting import fit_summaries
from alongside.mixed.many import Many, fit_many
from alongside.mixed.model import Model
from alongside.mixed.patterns import compress, summarise
from alongside.mixed.recipe import Cluster
from alongside.mixed.summaries import Summaries

__all__ = [
    "FALLBACK_ORDER",
    "STRUCTURES",
    "Cluster",
    "DesignError",
    "Many",
    "MixedError",
    "Model",
    "RequestError",
    "StructureError",
    "Summaries",
    "fit",
    "fit_many",
    "fit_summaries",
    "summarise",
]


def fit(
    formula,
    data,
    *,
    participant,
    wave=None,
    covariance="unstructured",
    covariance_by=None,
    clusters=(),
    baseline=None,
    cohort=None,
    time=None,
    weights=None,
    reml=True,
):
    """Fit a linear mixed model for repeated measures by REML or ML.

    data: one row per participant and wave; Categorical columns decide the order of waves and the reference levels.
    covariance: a name of `STRUCTURES`, or several, tried in order until one is acceptable (status "fallback").
    covariance_by: a column; each of its levels gets a covariance of its own.
    clusters: columns or `Cluster`s, nested, outermost first; each with an intercept and a cluster-by-wave variance.
    baseline: a wave at which the levels of `cohort` (default: the first factor that interacts with wave) share a mean.
    time: a number per row, for random_slope; it may differ between participants, and then `wave` may be left out.
    weights: a column or one number per row, constant within participant; then standard errors are cluster-robust.
    Raises DesignError or StructureError where the data cannot carry the model.
    """
    structures = [covariance] if isinstance(covariance, str) else list(covariance)
    if wave is None:
        data, wave = number_visits(data, participant, time)
    prepared = prepare(
        formula,
        data,
        participant=participant,
        wave=wave,
        group=covariance_by,
        clusters=clusters,
        baseline=baseline,
        cohort=cohort,
        time=time,
        weights=weights,
    )
    sums = compress(prepared, individual="random_slope" in structures)
    return fit_summaries(sums, covariance=structures, reml=reml, rows=prepared)
