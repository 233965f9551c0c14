"""From Summaries to a Model: choose start values, minimise, drop cluster variances at zero, judge acceptability.

In: Summaries, names of covariance structures in the order in which they may be tried. Out: a `Model`.
Steps for each structure: least squares and the residuals' covariance as a start; minimise; drop cluster terms whose
variance is zero (recorded) and fit again; accept if it converged, the information is positive definite, no variance
that the covariance needs is at zero and the covariance leaves every coefficient two degrees of freedom; else try the
next. Coefficients that clusters leave fewer than two are named (another covariance could not help them), and so are
those of the best fit where no covariance is acceptable: the rest of its coefficients stand.
Fails with DesignError or StructureError where no number would mean anything (collinear columns, more parameters than
rows, no residual variation).
"""

import numpy as np

from alongside.mixed import inference
from alongside.mixed.basis import refuse_collinear
from alongside.mixed.boundary import rank_one_optimum
from alongside.mixed.covariance import make_structure
from alongside.mixed.data import data_of, ungrouped
from alongside.mixed.failures import DesignError, StructureError, refuse
from alongside.mixed.model import Model
from alongside.mixed.nesting import Term
from alongside.mixed.optimise import minimise
from alongside.mixed.reml import Criterion
from alongside.mixed.starts import least_squares, start_values

WORST_FIRST = ("not-estimable", "partial", "boundary", "ok")
SHORT = "fewer than two degrees of freedom are left"
ZERO = 1e-9  # a cluster variance below this share of the participants' variance is zero


def fit_summaries(summaries, *, covariance="unstructured", reml=True, response=0, rows=None):
    """Fit a model to sums; `covariance` is a name or a sequence of names, tried in order until one is acceptable."""
    names = [covariance] if isinstance(covariance, str) else list(covariance)
    if not names:
        refuse(StructureError, "covariance", "no structure named")
    recipe = summaries.recipe
    data = data_of(summaries, response)
    check_rank(summaries, data)
    check_variation(summaries, data, response)
    warnings = list(summaries.warnings)
    if summaries.dropped:
        warnings.append(f"{summaries.dropped} rows with a missing value or weight 0 were not used.")
    warnings += _main_effect_only(recipe)
    total = float(summaries.weight.sum())
    if summaries.weighted and abs(total / summaries.participants - 1) > 0.01:
        warnings.append(
            f"The weights add up to {total:.6g} for {summaries.participants} participants; scale them to one each."
        )
    terms, notes = cluster_terms(summaries)
    warnings += notes
    attempts, model = [], None
    for name in names:
        structure = make_structure(name, recipe.wave_levels, times=_times_for(name, summaries))
        groups = max(1, len(recipe.group_levels))
        used = data if name == "random_slope" or not summaries.individual else ungrouped(data)
        optimum, criterion, left, dropped = _minimise(used, [structure] * groups, terms, reml)
        edge = None
        if name == "random_slope" and groups == 1 and not optimum.converged:
            edge = rank_one_optimum(criterion, optimum.evaluation.theta)
        tangent, problems, boundary, thin = _judge(criterion, summaries.basis, *(edge or (optimum,)))
        optimum = optimum if edge is None else edge[0]
        attempts.append({"structure": name, "problems": problems, "boundary": boundary})
        status = _status(problems, boundary)
        candidate = Model(summaries, criterion, optimum, tangent, name, status, [], left, dropped, reml, rows)
        candidate.thin = [term for term, few in zip(recipe.names, thin, strict=True) if few]
        if model is None or WORST_FIRST.index(status) > WORST_FIRST.index(model.status):
            model = candidate
        if status == "ok":
            break
    if model.status == "ok" and len(attempts) > 1:
        model.status = "fallback"
    if model.status == "ok" and model.thin:
        model.status = "partial"
    for attempt in attempts:
        for text in (*attempt["problems"], *attempt["boundary"]):
            warnings.append(f"Covariance {attempt['structure']}: {text}.")
    for label, kind in model.dropped_terms:
        effect = "intercept" if kind == "intercept" else "cluster-by-wave"
        warnings.append(f"The {effect} variance of {label} was estimated as zero; the term was dropped.")
    if model.thin and model.status != "not-estimable":
        warnings.append(f"Fewer than two degrees of freedom, so no p and no interval: {', '.join(model.thin)}.")
    model.warnings, model.attempts = warnings, attempts
    return model


def _status(problems, boundary):
    if problems == [SHORT]:
        return "partial"
    return "not-estimable" if problems else "boundary" if boundary else "ok"


def _times_for(name, summaries):
    if name != "random_slope":
        return None
    if summaries.times is None and summaries.recipe.time is not None:
        refuse(
            StructureError,
            "covariance random_slope",
            "the times of a wave differ between participants, which these sums do not carry",
            remedy="fit from the data frame",
        )
    return summaries.times


def check_rank(summaries, data):
    """Refuse collinear columns, too few rows and a response that the columns fit perfectly."""
    k = data.columns
    if data.rows <= k:
        refuse(
            DesignError, "data", f"{data.rows:g} complete rows for {k} columns of the design", remedy="use fewer terms"
        )
    gram = data.total[:k, :k]
    scale = np.sqrt(np.diag(gram))
    names = summaries.recipe.names
    if np.any(scale == 0):
        refuse_collinear([names[j] for j in np.flatnonzero(scale == 0)], "is zero in every row")
    values, vectors = np.linalg.eigh(gram / np.outer(scale, scale))
    if values[0] < 1e-11 * values[-1]:
        null = summaries.basis @ (vectors[:, values < 1e-11 * values[-1]] / scale[:, None])
        size = np.abs(null) * _column_sizes(summaries, gram)[:, None]
        hit = (size > 1e-6 * size.max(axis=0)).any(axis=1)
        refuse_collinear([name for name, yes in zip(names, hit, strict=True) if yes])


def check_variation(summaries, data, response):
    """Refuse a response that the columns fit to the last digit."""
    k = data.columns
    total = data.total
    left = total[k] @ least_squares(data)
    raw = np.r_[np.linalg.solve(summaries.basis, summaries.shift[:, response]), 1.0]
    if left <= 1e-22 * (raw @ total @ raw):
        refuse(DesignError, "response", "has no variation left after the fixed effects", remedy="look at the formula")


def _column_sizes(summaries, gram):
    inverse = np.linalg.inv(summaries.basis)
    return np.sqrt(np.maximum(np.diag(inverse.T @ gram @ inverse), 0.0))


def _main_effect_only(recipe):
    """A covariate that does not interact with wave cannot adjust a change."""
    terms = [set(term.split(":")) for term in recipe.terms]
    with_wave = set().union(*(parts for parts in terms if recipe.wave in parts)) if terms else set()
    if recipe.wave not in with_wave or len(with_wave) == 1:
        return []
    alone = [next(iter(parts)) for parts in terms if len(parts) == 1 and not parts & with_wave and parts != {"1"}]
    return [f"{name} does not interact with {recipe.wave}: it cannot adjust a change." for name in alone]


def cluster_terms(summaries):
    """The variances to estimate, and notes about those that the data cannot tell from something else."""
    recipe, notes, out = summaries.recipe, [], []
    m = len(recipe.wave_levels)
    labels = summaries.labels
    if recipe.clusters and summaries.weighted:
        return [], ["With weights, clusters enter the robust standard errors and not the model as random effects."]
    for number, level in enumerate(recipe.clusters):
        waves = (level.baseline, *([True] * (m - 1)))
        members = _cluster_sizes(summaries, labels, number)
        if len(members) < 2:
            notes.append(f"{level.column}: only {len(members)} cluster, so it cannot have a variance; it was left out.")
            continue
        if max(members.values()) <= 1:
            notes.append(f"{level.column}: every cluster has one participant, so it was left out.")
            continue
        outer_labels = {}
        for label in labels:
            if label[number] is not None:
                outer_labels.setdefault(label[number], set()).add(label[:number])
        if any(len(found) > 1 for found in outer_labels.values()):
            notes.append(f"{level.column}: the same label under several outer clusters was read as different clusters.")
        if level.intercept:
            out.append(Term(number, level.column, "intercept", waves))
        if level.by_wave and summaries.individual:
            notes.append(
                f"{level.column}: cluster-by-wave effects need scheduled waves; only the intercept was fitted."
            )
        elif level.by_wave:
            if sum(waves) < 2 and level.intercept:
                notes.append(
                    f"{level.column}: it acts at one wave, so intercept and cluster-by-wave are one; it was kept once."
                )
            else:
                out.append(Term(number, level.column, "by wave", waves))
    return out, notes


def _cluster_sizes(summaries, labels, number):
    sizes = {}
    people = np.bincount(summaries.pair_cluster, weights=summaries.pair_weight, minlength=len(labels))
    for label, count in zip(labels, people, strict=True):
        if label[number] is not None:
            sizes[label[: number + 1]] = sizes.get(label[: number + 1], 0) + count
    return sizes


def _minimise(data, structures, terms, reml):
    """Minimise, then again without the cluster variances that ended at zero."""
    criterion = Criterion(data, structures, levels=terms, reml=reml)
    theta, scale = start_values(criterion)
    optimum = minimise(criterion, theta)
    dropped = []
    inner = criterion.inner
    while terms:
        variances = optimum.evaluation.theta[inner:]
        keep = variances > ZERO * scale
        if keep.all():
            break
        dropped += [(term.label, term.kind) for term, kept in zip(terms, keep, strict=True) if not kept]
        terms = [term for term, kept in zip(terms, keep, strict=True) if kept]
        criterion = Criterion(data, structures, levels=terms, reml=reml)
        optimum = minimise(criterion, np.r_[optimum.evaluation.theta[:inner], variances[keep]])
    return optimum, criterion, terms, dropped


def _judge(criterion, coefficients, optimum, edge=None):
    """Directions in which theta is free, reasons why the fit is not usable, variances at their boundary, and which of
    the `coefficients` (rows) have fewer than two degrees of freedom."""
    found = optimum.evaluation
    thin = np.zeros(len(coefficients), bool)
    identity = np.eye(criterion.size)
    boundary = [
        f"the {name} is zero"
        for name, theta, mark in zip(criterion.names(), found.theta, criterion.nonnegative, strict=True)
        if mark and theta <= 0
    ]
    tangent = identity[:, ~(criterion.nonnegative & (found.theta <= 0))]
    if edge is not None:
        tangent, boundary = edge, ["random intercept and slope are perfectly correlated, or one of them does not vary"]
    if not optimum.converged:
        return tangent, [f"did not converge ({'; '.join(optimum.problems) or 'unknown reason'})"], boundary, thin
    hessian = tangent.T @ found.hessian @ tangent
    scale = np.sqrt(np.abs(np.diag(hessian)))
    if np.any(scale == 0) or np.linalg.eigvalsh(hessian / np.outer(scale, scale))[0] < 1e-8:
        return tangent, ["the information about its parameters is not positive definite"], boundary, thin
    deviation = np.sqrt(np.diagonal(found.sigma, axis1=1, axis2=2))
    correlation = found.sigma / (deviation[:, :, None] * deviation[:, None, :])
    if np.linalg.eigvalsh(correlation)[:, 0].min() < 1e-8:
        return tangent, ["the covariance across waves is singular"], boundary, thin
    if not criterion.reml:
        return tangent, [], boundary, thin
    thin = _few_degrees(found, tangent, coefficients)
    # With the cluster variances taken as known, what is left is what the covariance within participants costs.
    within = tangent[:, ~tangent[criterion.inner :].any(axis=0)]
    if thin.all():
        return tangent, ["fewer than two degrees of freedom are left for every coefficient"], boundary, thin
    if thin.any() and _few_degrees(found, within, coefficients).any():
        return tangent, [SHORT], boundary, thin
    return tangent, [], boundary, thin


def _few_degrees(found, tangent, coefficients):
    """Which rows have fewer than two degrees of freedom where theta can move along `tangent` only.

    coefficients: rows of the basis, so the formula's own coefficients; the basis' directions are nobody's question.
    """
    c = 2 * tangent @ np.linalg.inv(tangent.T @ found.hessian @ tangent) @ tangent.T
    bare = inference.Precision(c, found.phi, found.phi, found.p)
    return bare.satterthwaite(coefficients) < inference.SMALLEST_DF
