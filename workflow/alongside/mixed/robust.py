"""Cluster-robust standard errors: CR0, CR2 and Bell-McCaffrey degrees of freedom.

In: the prepared rows, the fitted model, which column clusters. Out: a covariance of the fixed effects, and se and df of
contrasts. Working variance of a participant: Sigma_p / weight, plus the model's cluster effects if it has any.
Steps: for every cluster, residuals r = y - X b; D with V = D'D; B = D (V - X Phi X') D'; A = D'B^(-1/2) D, so that
A r has variance V if V is right; meat = sum of X'V^-1 A r r'A'V^-1 X; df of l from the eigenvalue moments of
P'V P, in closed form diag(s) - g Phi g' (no matrix of clusters by clusters is made).
Sources: Bell & McCaffrey (2002); Pustejovsky & Tipton (2018, JBES 36:672), with the same V in A and in the df.
Looks at every row, so its cost grows with the number of participants.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from alongside.mixed.basis import to_basis
from alongside.mixed.rows import number_rows, time_sets

KINDS = ("cr0", "cr2")
TOLERANCE = 1e-12  # an eigenvalue of B below this share of the largest is zero: its direction is fitted exactly


@dataclass
class Robust:
    """One kind of robust covariance, in the basis of the Summaries. spread, pull: (clusters, k, k) for the df."""

    covariance: np.ndarray
    clusters: int
    phi: np.ndarray
    spread: np.ndarray
    pull: np.ndarray

    def rows(self, contrasts):
        """se and Bell-McCaffrey df of every row of (q, k) contrasts."""
        se = np.sqrt(np.maximum(np.einsum("qa,ab,qb->q", contrasts, self.covariance, contrasts), 0.0))
        return se, np.array([self._freedom(row) for row in contrasts])

    def _freedom(self, row):
        s = self.spread @ row @ row
        g = self.pull @ row
        quadratic = np.einsum("ca,ab,cb->c", g, self.phi, g)
        product = self.phi @ (g.T @ g)
        trace = s.sum() - quadratic.sum()
        square = np.sum(s**2) - 2 * np.sum(s * quadratic) + np.sum(product * product.T)
        return float(trace**2 / square) if square > 0 else np.nan


def make_robust(model, kind="cr2"):
    """Robust covariance at the outermost declared cluster (participants where none is declared)."""
    prepared, summaries = model.rows, model.summaries
    recipe = summaries.recipe
    frame, weights = prepared.frame, prepared.weights
    codes = number_rows(frame, recipe)
    if codes.order is not None:
        frame = frame.iloc[codes.order].reset_index(drop=True)
        weights = None if weights is None else weights[codes.order]
    k = summaries.columns
    z = np.column_stack([recipe.columns(frame), recipe.response(frame)[:, :1]])
    z = to_basis(z, summaries.basis, summaries.shift[:, :1])
    x = z[:, :k]
    found = model.optimum.evaluation
    residual = z[:, k] - x @ found.beta
    weights = np.ones(len(frame)) if weights is None else weights
    group = np.zeros(len(frame), int)
    if recipe.group is not None:
        group = pd.Categorical(frame[recipe.group], categories=recipe.group_levels).codes.astype(int)
    if summaries.individual:
        group = time_sets(frame, codes, recipe)[1][codes.person]
    rows = _Rows(x, residual, weights, group, codes.wave, codes.person, found.sigma)
    labels = _cluster_of(frame, recipe, codes)
    if len(np.unique(labels)) == len(codes.first) and not model.terms:
        parts = _by_pattern(rows, codes, found.phi, kind, summaries.seen.shape[1])
    else:
        parts = _by_cluster(rows, frame, model, labels, found.phi, kind)
    score, spread, pull = parts
    covariance = found.phi @ (score.T @ score) @ found.phi
    return Robust(covariance, len(score), found.phi, spread, pull)


@dataclass
class _Rows:
    x: np.ndarray
    residual: np.ndarray
    weight: np.ndarray
    group: np.ndarray
    wave: np.ndarray
    person: np.ndarray
    sigma: np.ndarray


def _cluster_of(frame, recipe, codes):
    """A cluster number for every row; somebody in no cluster is a cluster of one."""
    if not recipe.clusters:
        return codes.person
    code, _ = pd.factorize(frame[recipe.clusters[0].column])
    return np.where(code < 0, code.max() + 1 + codes.person, code)


def _by_pattern(rows, codes, phi, kind, m):
    """Participants as clusters: all those of a wave pattern at once."""
    people = len(codes.first)
    seen = np.zeros((people, m), bool)
    seen[rows.person, rows.wave] = True
    key = seen @ (1 << np.arange(m)) + (rows.group[codes.first].astype(np.int64) << m)
    _, pattern = np.unique(key, return_inverse=True)
    k = rows.x.shape[1]
    score, spread, pull = np.empty((people, k)), np.empty((people, k, k)), np.empty((people, k, k))
    for p in range(pattern.max() + 1):
        members = np.flatnonzero(pattern == p)
        waves = np.flatnonzero(seen[members[0]])
        index = codes.first[members][:, None] + np.arange(len(waves))
        # Rows of a participant need not stand in wave order.
        index = np.take_along_axis(index, np.argsort(rows.wave[index], axis=1), axis=1)
        sigma = rows.sigma[rows.group[index[0, 0]]][np.ix_(waves, waves)]
        v = sigma / rows.weight[index[:, 0]][:, None, None]
        score[members], spread[members], pull[members] = _adjust(rows.x[index], rows.residual[index], v, phi, kind)
    return score, spread, pull


def _by_cluster(rows, frame, model, labels, phi, kind):
    order = np.argsort(labels, kind="stable")
    cuts = np.flatnonzero(np.r_[True, np.diff(labels[order]) != 0, True])
    codes = _path_codes(frame, model.summaries.recipe)
    out = []
    for start, stop in pairwise(cuts):
        index = order[start:stop]
        v = _cluster_variance(rows, model, codes, index)
        parts = _adjust(rows.x[index][None], rows.residual[index][None], v[None], phi, kind)
        out.append([part[0] for part in parts])
    return tuple(np.stack(part) for part in zip(*out, strict=True))


def _path_codes(frame, recipe):
    """Cluster numbers of every row by level; equal labels under different outer clusters are different clusters."""
    out, path = {}, np.zeros(len(frame), np.int64)
    for level in recipe.clusters:
        code, _ = pd.factorize(frame[level.column])
        _, path = np.unique(np.column_stack([path, code]), axis=0, return_inverse=True)
        path = path.reshape(-1)
        out[level.column] = np.where(code < 0, -1, path)
    return out


def _cluster_variance(rows, model, codes, index):
    """The model's covariance of the rows of one outermost cluster."""
    wave, person = rows.wave[index], rows.person[index]
    same = person[:, None] == person[None, :]
    v = same * rows.sigma[rows.group[index][:, None], wave[:, None], wave[None, :]] / rows.weight[index][:, None]
    theta = model.optimum.evaluation.theta[model.criterion.inner :]
    for term, value in zip(model.terms, theta, strict=True):
        code = codes[term.label][index]
        together = (code[:, None] == code[None, :]) & (code >= 0)[:, None]
        v = v + value * together * term.matrix[np.ix_(wave, wave)]
    return v


def _adjust(x, residual, v, phi, kind):
    """Scores X'V^-1 A r (c, k) and what the df needs, for a stack of clusters of equal size."""
    upper = np.swapaxes(np.linalg.cholesky(v), 1, 2)
    half = np.linalg.solve(np.swapaxes(upper, 1, 2), x)  # D'^-1 X, so that X'V^-1 X = half'half
    if kind == "cr0":
        whitened = np.linalg.solve(np.swapaxes(upper, 1, 2), residual[..., None])
        score = (np.swapaxes(half, 1, 2) @ whitened)[..., 0]
        e = np.linalg.solve(upper, half) @ phi
    else:
        inside = upper @ (v - x @ phi @ np.swapaxes(x, 1, 2)) @ np.swapaxes(upper, 1, 2)
        values, vectors = np.linalg.eigh(0.5 * (inside + np.swapaxes(inside, 1, 2)))
        usable = values > TOLERANCE * values[:, -1:]
        power = np.where(usable, 1 / np.sqrt(np.where(usable, values, 1.0)), 0.0)
        root = (vectors * power[:, None, :]) @ np.swapaxes(vectors, 1, 2)
        e = np.swapaxes(upper, 1, 2) @ root @ half  # A V^-1 X
        score = (np.swapaxes(e, 1, 2) @ residual[..., None])[..., 0]
        e = e @ phi
    spread = np.swapaxes(e, 1, 2) @ v @ e
    return score, spread, np.swapaxes(x, 1, 2) @ e
