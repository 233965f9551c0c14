"""One refit of `fit_many` at a time: its optimum by the ordinary optimiser, and what it says about contrasts.

In: the sums of one refit, the full fit (structure, cluster terms, start), the contrasts that were asked for. Out:
`Refits`, the results of B refits side by side, missing where a refit has none.
Steps for clusters: the sums of a refit are those of its weighted participants, by pattern and by cluster and pattern;
Newton from the full fit, where a variance that the full fit dropped starts small, because a refit may need it; a
variance that ends at zero is held there, which is the model without it.
Contrasts (Kenward-Roger or Satterthwaite) take one more evaluation a refit, batched or not: `answer`.
"""

from dataclasses import dataclass

import numpy as np

from alongside.mixed.data import Data
from alongside.mixed.fitting import cluster_terms, fit_summaries
from alongside.mixed.inference import make_precision
from alongside.mixed.optimise import minimise
from alongside.mixed.packing import patterns_of
from alongside.mixed.reml import Criterion


@dataclass
class Question:
    """rows (q, k): contrasts in the basis of the Summaries; df: kenward-roger or satterthwaite."""

    rows: np.ndarray
    df: str
    information: str


@dataclass
class Refits:
    """beta (B, k), phi (B, k, k), theta (B, R), value, converged (B,), in the basis of the Summaries.

    told (B, q, 2): se and df of the contrasts; alone: how many refits were done one at a time.
    """

    beta: np.ndarray
    phi: np.ndarray
    theta: np.ndarray
    value: np.ndarray
    converged: np.ndarray
    told: np.ndarray
    alone: int = 0

    @classmethod
    def missing(cls, refits, columns, parameters, question):
        """All missing, to be filled."""
        arrays = (np.full((refits, *shape), np.nan) for shape in ((columns,), (columns, columns), (parameters,), ()))
        return cls(*arrays, np.zeros(refits, bool), np.full((refits, len(question.rows), 2), np.nan))

    def put(self, index, criterion, evaluation, question):
        """Fill one refit from the evaluation at its optimum."""
        self.beta[index], self.phi[index], self.value[index] = evaluation.beta, evaluation.phi, evaluation.value
        self.theta[index, : len(evaluation.theta)] = evaluation.theta
        self.theta[index, len(evaluation.theta) :] = 0.0  # cluster variances that were dropped
        self.converged[index] = True
        self.told[index] = answer(criterion, evaluation, question)

    def put_all(self, index, at, which):
        """Fill the refits `index` from those of a `stacks.Profile` that `which` marks."""
        self.beta[index], self.theta[index], self.value[index] = at.beta.T[which], at.theta.T[which], at.value[which]
        self.phi[index] = np.moveaxis(at.phi, 2, 0)[which]
        self.converged[index] = True


def join(parts):
    """Refits of several chunks, one after the other."""
    names = ("beta", "phi", "theta", "value", "converged", "told")
    arrays = (np.concatenate([getattr(part, name) for part in parts]) for name in names)
    return Refits(*arrays, alone=sum(part.alone for part in parts))


def answer(criterion, evaluation, question):
    """se and df of every row of the question, (q, 2); missing where the information is not positive definite."""
    if len(question.rows) == 0:
        return np.empty((0, 2))
    free = ~(criterion.nonnegative & (evaluation.theta <= 0))
    tangent = np.eye(criterion.size)[:, free]
    inner = tangent.T @ evaluation.hessian @ tangent
    diagonal = np.diag(inner)
    if not np.all(diagonal > 0) or np.linalg.eigvalsh(inner / np.sqrt(np.outer(diagonal, diagonal)))[0] < 1e-8:
        return np.full((len(question.rows), 2), np.nan)
    precision = make_precision(criterion, evaluation, tangent, question.information)
    phi = precision.adjusted if question.df == "kenward-roger" else precision.phi
    se = np.sqrt(np.einsum("qa,ab,qb->q", question.rows, phi, question.rows))
    return np.column_stack([se, precision.satterthwaite(question.rows)])


def refit_with_clusters(full, z, seen, paths, weights, question):
    """All refits, (B, n) weights; z (n, m, K), seen (n, m), paths (n,): cluster path of every participant."""
    kinds, pattern = patterns_of(seen)
    n, m = seen.shape
    size = z.shape[-1]
    terms, _ = cluster_terms(full.summaries)
    flat = z.reshape(n, -1)
    orders = [np.flatnonzero(pattern == p) for p in range(len(kinds))]
    pair, place = np.unique(paths * len(kinds) + pattern, return_inverse=True)
    membership = np.zeros((len(pair), n))
    membership[place, np.arange(n)] = 1.0
    start = _start(full, terms)
    out = Refits.missing(len(weights), size - 1, len(start), question)
    for number, w in enumerate(weights.astype(float)):
        products = [(flat[members] * w[members, None]).T @ flat[members] for members in orders]
        cross = np.stack([one.reshape(m, size, m, size).transpose(0, 2, 1, 3) for one in products])
        counts = np.array([w[members].sum() for members in orders])
        weighted = membership * w
        sums = (weighted @ flat).reshape(-1, m, size)
        pairs = (full.summaries.labels, pair // len(kinds), pair % len(kinds), weighted.sum(axis=1), sums)
        data = Data(kinds, np.zeros(len(kinds), int), counts, cross, full.criterion.data.log_basis, pairs)
        criterion = Criterion(data, full.criterion.structures, levels=terms, reml=full.reml)
        optimum = minimise(criterion, start)
        if optimum.converged:
            out.put(number, criterion, optimum.evaluation, question)
    out.alone = len(weights)
    return out


def _start(full, terms):
    """The full fit, with a small variance for the terms that it dropped."""
    theta = full.optimum.evaluation.theta
    inner, names = full.criterion.inner, full.criterion.names()
    small = 0.02 * float(np.mean(np.diagonal(full.optimum.evaluation.sigma, axis1=1, axis2=2)))
    known = dict(zip(names, theta, strict=True))
    return np.r_[theta[:inner], [known.get(term.name, small) for term in terms]]


def refit_responses(full, summaries, responses, question):
    """One refit a response column, numbered from `responses[0]` among those of the Summaries, on the same design."""
    terms, _ = cluster_terms(summaries)
    out = Refits.missing(len(responses), summaries.columns, full.criterion.inner + len(terms), question)
    for index, number in enumerate(responses):
        model = fit_summaries(summaries, covariance=full.structure, reml=full.reml, response=number)
        if model.status != "not-estimable":
            kept = np.r_[np.ones(model.criterion.inner, bool), [term in model.terms for term in terms]].astype(bool)
            out.put(index, model.criterion, model.optimum.evaluation, question)
            out.theta[index] = 0.0
            out.theta[index, kept] = model.optimum.evaluation.theta
    out.alone = len(responses)
    return out
