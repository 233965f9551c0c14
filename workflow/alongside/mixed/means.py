"""Rows of the design for cells of a table: marginal means, pairwise differences, differences in change.

In: a `Recipe`, averages of the covariates, the factors to cross. Out: labels (data frame) and L (cells, k), so that a
mean is L beta; simultaneous p and limits for a family of contrasts.
Steps: cross the levels asked for; numbers at their mean over rows, other factors with equal weight on each level (what
emmeans does), or every participant of the sample in turn; average the design rows of a cell.
Fails with RequestError for a factor the formula does not have, or a number without a value.
"""

from itertools import product

import numpy as np
import pandas as pd
from scipy import optimize, stats

from alongside.mixed.failures import RequestError, refuse


def level_values(recipe, name, at):
    """The values a factor, or a number with values given in `at`, takes in a grid."""
    levels = recipe.variables.get(name)
    if name in at and np.ndim(at[name]) > 0:
        return list(at[name])
    if levels is not None:
        return levels
    if name == recipe.wave:
        return recipe.wave_levels
    refuse(
        RequestError,
        "marginal means",
        f"{name!r} is not a factor of the formula",
        allowed=", ".join(recipe.factors()) or "(the formula has no factor)",
        remedy="for a number, give its values as at={name: [..]}",
    )


def cell_rows(recipe, sums, cells, *, at=None, sample=None):
    """L (cells, k): the average design row of every cell; `cells` is a list of {name: value}."""
    at = at or {}
    grids, owner = [], []
    for number, cell in enumerate(cells):
        grid = _grid(recipe, sums, cell, at) if sample is None else _over_sample(recipe, sample, cell, at)
        grids.append(grid)
        owner.append(np.full(len(grid), number))
    frame = pd.concat(grids, ignore_index=True)
    for name, levels in recipe.factors().items():
        frame[name] = pd.Categorical(frame[name], categories=levels)
    if recipe.wave not in frame:
        frame[recipe.wave] = recipe.wave_levels[0]
    x = recipe.columns(frame)
    owner = np.concatenate(owner)
    counts = np.bincount(owner)
    starts = np.r_[0, np.cumsum(counts)[:-1]]
    return np.add.reduceat(x, starts, axis=0) / counts[:, None]


def check_cell(recipe, cell):
    known = {**recipe.variables, recipe.wave: recipe.wave_levels}
    for name, value in cell.items():
        if name not in known:
            refuse(RequestError, "cell", f"{name!r} is not in the formula", allowed=", ".join(known))
        if known[name] is not None and value not in known[name]:
            refuse(
                RequestError, f"cell {name!r}", f"{value!r} is not a level", allowed=", ".join(map(str, known[name]))
            )


def _grid(recipe, sums, cell, at):
    check_cell(recipe, cell)
    axes = {}
    for name, levels in recipe.variables.items():
        if name in cell:
            axes[name] = [cell[name]]
        elif name in recipe.responses:
            axes[name] = [1.0]
        elif name in at:
            axes[name] = [at[name]]
        elif levels is not None:
            axes[name] = levels
        else:
            axes[name] = [sums[name] / sums["rows"]]
    if recipe.wave in cell and recipe.wave not in axes:
        axes[recipe.wave] = [cell[recipe.wave]]
    return pd.DataFrame(list(product(*axes.values())), columns=list(axes))


def _over_sample(recipe, sample, cell, at):
    check_cell(recipe, cell)
    grid = sample[[name for name in {**recipe.variables, recipe.wave: None} if name in sample]].copy()
    for name, value in {**at, **cell}.items():
        grid[name] = value
    return grid


def cross_levels(recipe, names, at):
    return [dict(zip(names, values, strict=True)) for values in product(*(level_values(recipe, n, at) for n in names))]


def tukey(t, df, family, level):
    """Adjusted p and critical values of pairwise differences among `family` means (studentized range)."""
    p, critical = np.full(len(t), np.nan), np.full(len(t), np.nan)
    for i, (value, freedom) in enumerate(zip(np.abs(t), df, strict=True)):
        if np.isnan(value):
            continue
        if family == 2:
            p[i] = 2 * stats.t.sf(value, freedom)
            critical[i] = stats.t.ppf(0.5 + level / 2, freedom)
            continue
        p[i] = stats.studentized_range.sf(np.sqrt(2) * value, family, freedom)
        low = stats.t.ppf(0.5 + level / 2, freedom)
        high = stats.t.ppf(1 - (1 - level) / (family * (family - 1)), freedom)
        critical[i] = optimize.brentq(
            lambda x, v=freedom: stats.studentized_range.sf(np.sqrt(2) * x, family, v) - (1 - level),
            low,
            high,
            xtol=1e-8,
        )
    return np.clip(p, 0, 1), critical


def single_step(t, df, correlation, level, seed=20261122):
    """Single-step adjustment by the multivariate t with the smallest df of the family.

    The largest |z| of the family is drawn 2^15 times (quasi-random, a fixed seed); given it, the chance that |t| is
    beyond a value is that of a chi-squared, so p is right to about 1e-4 of 1 and 1e-2 of itself. Never outside the
    single p and its Bonferroni multiple. Rows may be linearly dependent (all pairs of means are). A row without a t
    (too few degrees of freedom) is no part of the family and stays missing.
    """
    p, critical = np.full(len(t), np.nan), np.full(len(t), np.nan)
    told = ~np.isnan(t)
    if not told.any():
        return p, critical
    size, freedom = int(told.sum()), float(np.min(df[told]))
    values, vectors = np.linalg.eigh(correlation[np.ix_(told, told)])
    used = values > 1e-10 * values[-1]
    draws = stats.qmc.MultivariateNormalQMC(np.zeros(used.sum()), rng=np.random.default_rng(seed)).random(1 << 15)
    largest = np.abs(draws @ (vectors[:, used] * np.sqrt(values[used])).T).max(axis=1)

    def beyond(x):
        if not np.isfinite(freedom):
            return float((largest > x).mean())
        return float(stats.chi2.cdf(freedom * (largest / x) ** 2, freedom).mean()) if x > 0 else 1.0

    single = 2 * stats.t.sf(np.abs(t[told]), freedom)
    p[told] = np.clip([beyond(x) for x in np.abs(t[told])], single, np.minimum(size * single, 1.0))
    low, high = stats.t.isf((1 - level) / 2, freedom), stats.t.isf((1 - level) / 2 / size, freedom)
    inside = beyond(low) > 1 - level > beyond(high)
    critical[told] = optimize.brentq(lambda x: beyond(x) - (1 - level), low, high) if inside else high
    return p, critical
