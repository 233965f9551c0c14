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

from alongside.mixed.acceptance import WORST_FIRST, judge, status_of
from alongside.mixed.boundary import rank_one_optimum
from alongside.mixed.checks import check_rank, check_variation
from alongside.mixed.covariance import make_structure
from alongside.mixed.data import data_of, ungrouped
from alongside.mixed.failures import StructureError, refuse
from alongside.mixed.model import Model
from alongside.mixed.nesting import Term
from alongside.mixed.optimise import minimise
from alongside.mixed.reml import Criterion
from alongside.mixed.starts import start_values

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
        tangent, problems, boundary, thin = judge(criterion, summaries.basis, *(edge or (optimum,)))
        optimum = optimum if edge is None else edge[0]
        attempts.append({"structure": name, "problems": problems, "boundary": boundary})
        status = status_of(problems, boundary)
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
