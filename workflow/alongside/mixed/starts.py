"""Where a search starts: moments of the least-squares residuals.

In: a `Criterion`. Out: theta, and the scale of the participants' variance.
Steps: least squares; products of a cluster's residual sums, less those of its members alone, estimate the covariance of
two people who share the cluster (a method of moments, unbiased but for the estimated means); what is left of the
residuals' covariance across waves is the participants' own. A better start saves evaluations and decides nothing.
"""

import numpy as np

from alongside.mixed.definite import least_eigenvalue_exceeds

SMALLEST, LARGEST = 0.01, 2.0  # start of a cluster variance, in units of the participants' variance
OWN = 0.1  # share of a wave's variance that is left to the participants whatever the clusters seem to take


def start_values(criterion):
    """theta (R,) near the optimum, and the mean over waves of the residuals' variance."""
    data, structures = criterion.data, criterion.structures
    side = data.least_squares
    products = data.over_columns(np.outer(side, side))
    counts = data.weight[:, None, None] * data.layout.both
    parts = [(products, counts)]
    if len(structures) > 1:
        mine = [data.group == number for number in range(len(structures))]
        parts = [(products[one], counts[one]) for one in mine]
    parts = [(found.sum(axis=0), number.sum(axis=0)) for found, number in parts]
    own, own_counts = parts[0] if len(parts) == 1 else (products.sum(axis=0), counts.sum(axis=0))
    overall = float(own.trace()) / data.rows
    samples = [_filled(found / np.maximum(number, 1.0), overall) for found, number in parts]
    scale = sum(float(sample.trace()) for sample in samples) / (len(samples) * data.waves)
    variances = np.zeros(0)
    if criterion.clusters is not None:
        moments = _shared_covariances(criterion.clusters, side, own, own_counts)
        variances = np.clip(_variances(criterion.clusters, moments), SMALLEST * scale, LARGEST * scale)
        shared = sum(v * term.matrix for v, term in zip(variances, criterion.clusters.terms, strict=True))
        samples = [_without(sample, shared) for sample in samples]
    start = [s.start(_positive_definite(sample)) for s, sample in zip(structures, samples, strict=True)]
    return np.concatenate([*start, variances]), scale


def _filled(sample, overall):
    """With a variance also at waves where the residuals have none."""
    flawed = sample.diagonal() < 1e-3 * overall
    sample[flawed, flawed] = overall
    return sample


def _without(sample, shared):
    """The participants' part of a covariance, with something left at every wave."""
    out = sample - shared
    least = OWN * sample.diagonal()
    short = out.diagonal() < least
    out[short, short] = least[short]
    return out


def _positive_definite(sample):
    """Correlations drawn towards zero until the matrix is safely positive definite."""
    root = np.sqrt(sample.diagonal())
    scale = root[:, None] * root
    correlation = sample / scale
    while not least_eigenvalue_exceeds(correlation, 0.05):
        correlation = 0.8 * correlation + 0.2 * np.eye(len(root))
    return correlation * scale


def _shared_covariances(clusters, side, own, own_counts):
    """By level, innermost first: products of residuals of two people who share no cluster further in, and pairs."""
    sums, people = clusters.pairs.by_wave(side)
    inner, inner_counts = own, own_counts
    out = []
    for level in clusters.levels:
        mine, count = sums[level.active], people[level.active]
        # People outside the clusters of this level share nothing here, so their own products are taken out.
        inside = np.sqrt(count.sum(axis=0) / np.maximum(people.sum(axis=0), 1.0))
        outside = 1 - np.outer(inside, inside)
        total, total_counts = mine.T @ mine + outside * own, count.T @ count + outside * own_counts
        out.append((total - inner, total_counts - inner_counts))
        inner, inner_counts = total, total_counts
        if level.starts is not None:
            sums, people = (np.add.reduceat(values, level.starts, axis=0) for values in (sums, people))
    return out


def _variances(clusters, moments):
    """Start of every cluster variance (T,): outer levels first, each level beyond what the outer ones explain."""
    out = np.zeros(clusters.size)
    explained = np.zeros_like(moments[0][0])
    for level, (products, pairs) in zip(reversed(clusters.levels), reversed(moments), strict=True):
        left = products - pairs * explained
        # Intercepts stand before effects by wave, which the covariances between waves know nothing of.
        for t in level.terms:
            matrix = clusters.terms[t].matrix
            if clusters.terms[t].kind == "intercept" and len(level.terms) > 1:
                matrix = matrix - np.diag(np.diag(matrix))
            weight = float(np.sum(matrix * pairs))
            out[t] = max(float(np.sum(matrix * left)) / weight, 0.0) if weight > 0 else 0.0
            explained = explained + out[t] * clusters.terms[t].matrix
            left = left - pairs * out[t] * clusters.terms[t].matrix
    return out
