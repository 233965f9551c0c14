"""Thousands of fits of one design: bootstrap weights, permuted labels, imputed responses, row subsets.

In: the formula and frame of `fit`, and one of: weights (B, n) per participant, labels (B, n) of a permuted factor, or a
list of responses. Out: `Many`: estimates, their model-based covariance, log-likelihoods, theta, which converged, and
for contrasts that were named the standard errors and degrees of freedom of every refit.
Steps: fit once; per participant, the packed cross-products of its block; one matrix product gives the statistics of all
refits, because they are linear in the weights (a permutation is a 0/1 weight on copies of the participant with another
label); Newton steps for all refits at once, from the full fit (`batch`); with clusters, or for other responses, one
refit after the other, on reweighted sums (`refits`).
Weights count participants (2 = twice). A refit whose design is collinear is missing, and `converged` says so.
Fails like `fit`.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from alongside.mixed import inference
from alongside.mixed.basis import to_basis
from alongside.mixed.batch import refit_at_once
from alongside.mixed.design import prepare
from alongside.mixed.failures import DesignError, RequestError, refuse
from alongside.mixed.fitting import fit_summaries
from alongside.mixed.patterns import compress
from alongside.mixed.refits import Question, refit_responses, refit_with_clusters
from alongside.mixed.rows import number_rows, scatter

SMALL_SAMPLE = ("kenward-roger", "satterthwaite")


@dataclass
class Many:
    """Results of B refits, in the columns of the formula. full: the model of the data as they are.

    contrasts: one row a refit and named contrast: refit, contrast, estimate, se, df, t, p, ci_low, ci_high.
    alone: how many refits were done one at a time.
    """

    full: object
    estimates: np.ndarray
    phi: np.ndarray
    theta: np.ndarray
    loglik: np.ndarray
    converged: np.ndarray
    alone: int
    contrasts: pd.DataFrame

    @property
    def names(self):
        return self.full.names

    @property
    def se(self):
        """Model-based standard errors, (B, k)."""
        return np.sqrt(np.einsum("bkk->bk", self.phi))

    def contrast(self, row):
        """Estimates and model-based standard errors of one contrast (k,) in every refit."""
        row = np.asarray(row, float)
        return self.estimates @ row, np.sqrt(np.einsum("bkl,k,l->b", self.phi, row, row))

    def table(self):
        """One row a refit: estimates by name, loglik, converged."""
        return pd.DataFrame(self.estimates, columns=self.names).assign(loglik=self.loglik, converged=self.converged)


def fit_many(
    formula,
    data,
    *,
    participant,
    wave,
    weights=None,
    permute=None,
    labels=None,
    responses=None,
    covariance="unstructured",
    clusters=(),
    baseline=None,
    cohort=None,
    time=None,
    reml=True,
    contrasts=None,
    df="kenward-roger",
    information="observed",
    level=0.95,
):
    """Refit one design many times. Give exactly one of

    weights: (B, n) counts of participants, in the order in which they first appear in `data` (0 leaves one out);
    permute and labels: a factor that is constant within participant, and its levels (B, n) in every refit;
    responses: names of columns that take the place of the response, one refit each.

    contrasts: {label: one row}, as in `Model.contrasts`; each refit then gives them with the degrees of freedom of
    `df` (kenward-roger or satterthwaite). That is one more evaluation a refit, never batched.
    """
    given = [weights is not None, permute is not None, responses is not None]
    if sum(given) != 1:
        refuse(DesignError, "fit_many", "needs exactly one of weights, permute and labels, responses")
    options = dict(clusters=clusters, baseline=baseline, cohort=cohort, time=time)
    extra = [] if responses is None else list(responses)
    if responses is not None and not extra:
        refuse(DesignError, "responses", "no column", allowed="one or more")
    prepared = prepare(formula, data, participant=participant, wave=wave, extra=tuple(extra), **options)
    summaries = compress(prepared)
    full = fit_summaries(summaries, covariance=covariance, reml=reml, rows=prepared)
    hypotheses = _hypotheses(full, contrasts or {}, df)
    question = Question(hypotheses @ summaries.basis, df, information)
    people = pd.unique(data[participant])
    kept = pd.Index(people).get_indexer(pd.unique(prepared.frame[participant]))
    if weights is not None:
        weights = _check(np.asarray(weights, float), len(people))[:, kept]
        stack = [prepared.frame]
    elif permute is not None:
        codes = _label_codes(labels, permute, prepared, len(people))[:, kept]
        levels = prepared.recipe.variables[permute]
        stack = [
            prepared.frame.assign(
                **{permute: pd.Categorical.from_codes(np.full(len(prepared.frame), code), categories=levels)}
            )
            for code in range(len(levels))
        ]
        weights = np.concatenate([codes == code for code in range(len(levels))], axis=1)
    else:
        # the formula's own response stands first
        numbers = range(summaries.cross.shape[-1] - summaries.columns - len(extra), len(extra) + 1)
        found = refit_responses(full, summaries, numbers, question)
        return _collect(full, found, hypotheses, list(contrasts or {}), level, summaries.shift[:, list(numbers)].T)
    blocks = [_blocks(frame, prepared.recipe, summaries) for frame in stack]
    z = np.concatenate([block[0] for block in blocks])
    seen = np.concatenate([block[1] for block in blocks])
    if clusters:
        found = refit_with_clusters(full, z, seen, _paths(prepared, summaries, len(stack)), weights, question)
    else:
        found = refit_at_once(full, z, seen, weights, question)
    return _collect(full, found, hypotheses, list(contrasts or {}), level, summaries.shift[:, 0])


def _hypotheses(full, contrasts, df):
    """Rows (q, k) of the contrasts, in the columns of the formula."""
    if not contrasts:
        return np.empty((0, len(full.names)))
    if df not in SMALL_SAMPLE:
        refuse(RequestError, "df", f"{df!r}", allowed=", ".join(SMALL_SAMPLE))
    if not full.reml:
        refuse(RequestError, "df", f"{df!r} needs REML", remedy="fit with reml=True")
    rows = [full.hypothesis(label, contrast) for label, contrast in contrasts.items()]
    for label, row in zip(contrasts, rows, strict=True):
        if len(row) > 1:
            refuse(RequestError, f"contrast {label!r}", "has several rows", allowed="one row")
    return np.concatenate(rows)


def _check(weights, n):
    _check_shape("weights", weights, n)
    if not np.all(np.isfinite(weights)) or np.any(weights < 0):
        refuse(DesignError, "weights", "a weight is negative, missing or infinite", allowed="0 or more")
    return weights


def _check_shape(name, values, n):
    if values.ndim != 2 or values.shape[1] != n or not len(values):
        refuse(DesignError, name, f"shape {values.shape}", allowed=f"(one refit or more, {n} participants)")


def _label_codes(labels, permute, prepared, n):
    levels = prepared.recipe.variables.get(permute)
    if levels is None:
        refuse(DesignError, "permute", f"{permute!r} is not a factor of the formula")
    labels = np.asarray(labels)
    _check_shape("labels", labels, n)
    # as objects: millions of strings are looked up, never converted
    codes = pd.Index(levels, dtype=object).get_indexer(pd.Index(labels.reshape(-1), dtype=object)).reshape(labels.shape)
    if np.any(codes < 0):
        refuse(DesignError, "labels", "a label is not a level of the factor", allowed=", ".join(map(str, levels)))
    return codes


def _blocks(frame, recipe, summaries):
    """z (n, m, K) in the basis of the Summaries and seen (n, m), participants in order of appearance."""
    codes = number_rows(frame, recipe)
    if codes.order is not None:
        frame = frame.iloc[codes.order].reset_index(drop=True)
    whole = slice(0, len(frame))
    x, y = recipe.columns(frame), recipe.response(frame)[:, :1]
    dense, seen = scatter(x, y, codes, whole, 0, len(codes.first), len(recipe.wave_levels))
    return to_basis(dense, summaries.basis, summaries.shift[:, :1]), seen


def _paths(prepared, summaries, copies):
    """The cluster path number of every participant."""
    frame, recipe = prepared.frame, summaries.recipe
    first = frame.drop_duplicates(recipe.participant)
    place = {label: number for number, label in enumerate(summaries.labels)}
    columns = [first[level.column].astype(object).where(first[level.column].notna(), None) for level in recipe.clusters]
    path = np.array([place[tuple(row)] for row in zip(*columns, strict=True)])
    return np.tile(path, copies)


def _collect(full, found, hypotheses, labels, level, shift):
    """`Many` in the columns of the formula; shift (k,), or (B, k) where every refit has its own response."""
    basis = full.summaries.basis
    estimates = found.beta @ basis.T + shift
    numbers = (estimates @ hypotheses.T, found.told[..., 0], found.told[..., 1])
    estimate, se, freedom = (values.ravel() for values in numbers)
    t, p, low, high = inference.t_table(estimate, se, freedom, level)
    table = {
        "refit": np.repeat(np.arange(len(estimates)), len(labels)),
        "contrast": np.tile(np.array(labels, dtype=object), len(estimates)),
    }
    table |= {"estimate": estimate, "se": se, "df": freedom, "t": t, "p": p, "ci_low": low, "ci_high": high}
    return Many(
        full=full,
        estimates=estimates,
        phi=basis @ found.phi @ basis.T,
        theta=found.theta,
        loglik=-0.5 * found.value,
        converged=found.converged,
        alone=found.alone,
        contrasts=pd.DataFrame(table),
    )
