"""A random-intercept model by statsmodels' MixedLM, believed only where several witnesses agree.

In: formula, frame, the columns that name participants and clusters. Out: a `RandomInterceptFit` with status ok,
boundary (a variance at zero was left out) or fallback (no acceptable mixed model: least squares with CR2 errors), or
`NotEstimable`.

statsmodels can be silently wrong: near zero variance `lbfgs` reports convergence with fixed effects that are exactly
0.0 (its issue #10239), or at a point whose likelihood is units below the optimum. So nothing that it says about itself
decides. A fit is accepted where

1. two optimisers reach the same likelihood (1e-4) and the same fixed effects (1e-3 of a standard error), at least one
   of them without a convergence warning;
2. the generalised least squares solution at its variances, computed here, has its fixed effects (1e-3 of a standard
   error) and its log-likelihood (1e-4): an effect of exactly 0.0 cannot pass;
3. here, too, the likelihood is flat and curved the right way at its variances: no step gains more than 1e-4;
4. no variance is at zero: a term whose removal costs less than 1e-4 of log-likelihood is left out, and this is noted.

Standard errors are (X'V^-1 X)^-1 at the fitted variances, degrees of freedom between-within. The least squares solution
on the same design comes along, so that whoever asks a question of the fit can see how far the two are apart.
"""

import warnings
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from formulaic import model_matrix
from scipy import stats

from alongside.effects.between_within import between_within, contrast_df
from alongside.effects.design import NotEstimable, nested_codes
from alongside.effects.nested import nest, solve
from alongside.effects.robust import fit_cluster_robust

SAME_LIKELIHOOD = 1e-4
SAME_EFFECT = 1e-3  # of a standard error
NEAR_ZERO = 0.01  # of the residual variance: only such a term can be free to remove
SMALLEST_DF = 2.0
# the last three only where the first two disagree: they are slow
OPTIMISERS = (("lbfgs", {}), ("bfgs", {"gtol": 1e-9}), ("powell", {}), ("cg", {"gtol": 1e-9}), ("nm", {}))
AT_FIRST = 2


@dataclass(frozen=True)
class RandomInterceptFit:
    """terms: names of all columns; beta, least_squares, vcov: zero where a column is left out: others determine it.

    df: per column; nothing: (k, m) combinations of columns that the data say nothing about; components: variances by
    name, residual last; participants, observations: how many
    """

    terms: tuple
    beta: np.ndarray
    least_squares: np.ndarray
    vcov: np.ndarray
    df: np.ndarray
    nothing: np.ndarray
    components: dict
    loglik: float
    participants: int
    observations: int
    status: str
    estimator: str
    covariance: str
    df_method: str
    notes: tuple
    columns: object = field(repr=False)
    robust: object = field(default=None, repr=False)

    def combine(self, rows):
        """estimate, se and df of each row of coefficients; missing where the data do not determine the row.

        rows: DataFrame with one column a term, or an array in the order of `terms`
        """
        index = rows.index if isinstance(rows, pd.DataFrame) else None
        weights = rows[list(self.terms)].to_numpy(float) if isinstance(rows, pd.DataFrame) else np.atleast_2d(rows)
        se = np.sqrt(np.einsum("qk,kl,ql->q", weights, self.vcov, weights))
        df = contrast_df(weights, self.df) if self.robust is None else self._robust_df(weights)
        made = pd.DataFrame({"estimate": weights @ self.beta, "se": se, "df": df}, index=index)
        unknown = np.abs(weights @ self.nothing).max(axis=1, initial=0.0) > 1e-8
        made.loc[unknown | ~(df >= SMALLEST_DF) | (se == 0)] = np.nan
        return made

    def coefficients(self):
        """term, estimate, se, df, statistic, p of every column of the design."""
        made = self.combine(np.eye(len(self.terms)))
        made["statistic"] = made["estimate"] / made["se"]
        made["p"] = 2 * stats.t.sf(made["statistic"].abs(), made["df"])
        return made.set_axis(pd.Index(self.terms, name="term")).reset_index()

    def _robust_df(self, weights):
        kept = np.flatnonzero(np.diag(self.vcov) > 0)
        return np.array([self.robust.df(row[kept]) for row in weights])


@dataclass(frozen=True)
class _Problem:
    """x: full rank (n, k); groups: {name: whole numbers}, outermost first, the participant last."""

    x: np.ndarray
    y: np.ndarray
    groups: dict
    reml: bool

    def without(self, name):
        return _Problem(self.x, self.y, {key: codes for key, codes in self.groups.items() if key != name}, self.reml)

    def without_groups(self):
        return _Problem(self.x, self.y, {}, self.reml)

    def solve(self, components):
        """components: {name: variance} with the groups' names and 'residual'"""
        inside_out = list(reversed(self.groups))
        parents = nest([self.groups[name] for name in inside_out])
        variances = [components[name] for name in inside_out]
        return solve(self.x, self.y, parents, variances, components["residual"], reml=self.reml)


@dataclass(frozen=True)
class _Candidate:
    """What one optimiser says: beta, components, loglik are statsmodels'; solved is ours at its variances."""

    optimiser: str
    beta: np.ndarray
    components: dict
    loglik: float
    solved: object
    warned: bool


@dataclass(frozen=True)
class _Settled:
    """The problem without its zero variances, the accepted candidate or None, and sentences about both."""

    problem: _Problem
    best: object
    notes: list


def fit_random_intercept(formula, data, *, participant, clusters=(), reml=True):
    """Fit `formula` with an intercept per participant and per nested cluster (outermost first).

    data: one row per observation; Categoricals decide the reference levels; rows with a missing value in the formula
    are an error of the caller's
    """
    made = model_matrix(formula, data, na_action="raise")
    y, x = made.lhs.to_numpy(float).ravel(), made.rhs
    labels = data.rename(columns={participant: "participant"}) if participant != "participant" else data
    groups = nested_codes(labels, clusters) | {"participant": pd.factorize(data[participant])[0]}
    kept, nothing = _independent_columns(x.to_numpy(float))
    problem = _Problem(x.to_numpy(float)[:, kept], y, groups, reml)
    if len(y) - len(kept) < SMALLEST_DF or problem.groups["participant"].max() + 1 == len(y):
        raise NotEstimable("too few repeated scores for a model of change within people")
    notes = [f"{name} left out: other columns determine it" for name in x.columns.delete(kept)]
    settled = _settle(problem)
    notes += settled.notes
    least_squares = np.zeros(x.shape[1])
    least_squares[kept] = np.linalg.lstsq(problem.x, y)[0]
    shared = {
        "terms": tuple(x.columns),
        "least_squares": least_squares,
        "nothing": nothing,
        "participants": int(groups["participant"].max() + 1),
        "observations": len(y),
        "columns": x.model_spec.get_model_matrix,
    }
    if settled.best is None:
        return _report_least_squares(problem, kept, notes, shared)
    return _report_mixed(settled, kept, notes, shared, status="ok" if settled.problem is problem else "boundary")


def _independent_columns(x):
    """Indices of columns kept from the left (as R does), and a basis of what the data say nothing about."""
    kept, basis = [], np.empty((len(x), 0))
    for at in range(x.shape[1]):
        column = x[:, at]
        rest = column - basis @ (basis.T @ column)
        rest = rest - basis @ (basis.T @ rest)
        length = np.linalg.norm(rest)
        if length > 1e-8 * max(np.linalg.norm(column), 1e-300):
            kept.append(at)
            basis = np.column_stack([basis, rest / length])
    scale = np.linalg.norm(x, axis=0)
    scale[scale == 0] = 1.0
    values, vectors = np.linalg.eigh((x / scale).T @ (x / scale))
    nothing = vectors[:, values < 1e-10 * values.max()] / scale[:, None]
    return np.array(kept), nothing


def _settle(problem):
    """Fit; leave out variances at zero; say why nothing is accepted where nothing is."""
    candidates, doubts = _run_optimisers(problem)
    if not candidates:
        return _Settled(problem, None, doubts)
    top = max(candidates, key=lambda one: one.solved.loglik)
    for name in problem.groups:
        if top.components[name] < NEAR_ZERO * top.components["residual"]:
            reduced = _settle_without(problem, name, top)
            if reduced is not None:
                return reduced
    best, doubts = _find_agreement(candidates, doubts)
    if best is not None:
        doubts = _check_curvature(problem, best)
    return _Settled(problem, None if doubts else best, doubts)


def _settle_without(problem, name, top):
    """The fit without a variance, where leaving it out costs nothing; else None."""
    note = f"the variance between {name}s was estimated at zero and left out"
    problem = problem.without(name)
    if problem.groups:
        reduced = _settle(problem)
        loglik = reduced.best.solved.loglik if reduced.best is not None else -np.inf
    else:
        reduced = _Settled(problem, None, [])
        loglik = problem.solve({"residual": _residual_variance(problem)}).loglik
    if top.solved.loglik - loglik > SAME_LIKELIHOOD:
        return None
    return _Settled(reduced.problem, reduced.best, [note, *reduced.notes])


def _run_optimisers(problem):
    """(candidates, doubts); the slow optimisers run only where the first ones do not agree."""
    candidates, doubts = [], []
    for number, (optimiser, options) in enumerate(OPTIMISERS):
        if number == AT_FIRST and _find_agreement(candidates, [])[0] is not None:
            break
        try:
            candidates.append(_run_statsmodels(problem, optimiser, options))
        except (np.linalg.LinAlgError, ValueError) as error:
            doubts.append(f"statsmodels' {optimiser} ended with {type(error).__name__}")
    return candidates, doubts


def _run_statsmodels(problem, optimiser, options):
    # imported here: it takes two seconds that other parts of the package do not need
    from statsmodels.regression.mixed_linear_model import MixedLM
    from statsmodels.tools.sm_exceptions import ConvergenceWarning

    outer, *inner = problem.groups
    model = MixedLM(
        problem.y,
        problem.x,
        groups=problem.groups[outer],
        exog_re=np.ones((len(problem.y), 1)),
        exog_vc=_inner_groups(problem, outer, inner),
    )
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        fit = model.fit(reml=problem.reml, method=[optimiser], maxiter=2000, **options)
    variances = [float(fit.cov_re[0, 0]), *map(float, fit.vcomp)]
    components = dict(zip(problem.groups, variances, strict=True)) | {"residual": float(fit.scale)}
    return _Candidate(
        optimiser=optimiser,
        beta=np.asarray(fit.fe_params),
        components=components,
        loglik=float(fit.llf),
        solved=problem.solve(components),
        warned=any(issubclass(one.category, ConvergenceWarning) for one in caught),
    )


def _inner_groups(problem, outer, inner):
    """statsmodels' variance components: indicator columns of each inner group, per outer group."""
    from statsmodels.regression.mixed_linear_model import VCSpec

    if not inner:
        return None
    names, matrices = [], []
    for level in inner:
        names.append([])
        matrices.append([])
        for group in range(problem.groups[outer].max() + 1):
            codes = problem.groups[level][problem.groups[outer] == group]
            members = np.unique(codes)
            names[-1].append([str(member) for member in members])
            matrices[-1].append((codes[:, None] == members).astype(float))
    return VCSpec(list(inner), names, matrices)


def _find_agreement(candidates, doubts):
    """(the most likely candidate that a second one confirms, doubts)."""
    sound = [one for one in candidates if _confirmed_here(one)]
    best = max(sound, key=lambda one: one.solved.loglik, default=None)
    if best is None:
        return None, [*doubts, "statsmodels' solution does not solve its own equations"]
    agreeing = [one for one in sound if _same(one, best)]
    calm = [one for one in agreeing if not one.warned]
    if len(agreeing) < 2:
        return None, [*doubts, "statsmodels' optimisers reach different solutions"]
    if not calm:
        return None, [*doubts, "statsmodels warns of convergence whatever the optimiser"]
    return max(calm, key=lambda one: one.solved.loglik), doubts


def _confirmed_here(one):
    se = np.sqrt(np.diag(one.solved.phi))
    return (
        np.isfinite(se).all()
        and abs(one.loglik - one.solved.loglik) < SAME_LIKELIHOOD
        and bool((np.abs(one.beta - one.solved.beta) < SAME_EFFECT * se).all())
    )


def _same(one, other):
    se = np.sqrt(np.diag(other.solved.phi))
    return abs(one.solved.loglik - other.solved.loglik) < SAME_LIKELIHOOD and bool(
        (np.abs(one.solved.beta - other.solved.beta) < SAME_EFFECT * se).all()
    )


def _check_curvature(problem, best):
    """Doubts about the optimum: in the logarithms of the variances the likelihood must be curved and flat."""
    names = list(best.components)
    centre = np.log([best.components[name] for name in names])
    step = 0.03

    def deviance(shift):
        return -problem.solve(dict(zip(names, np.exp(centre + shift), strict=True))).loglik

    unit = step * np.eye(len(names))
    gradient = np.array([deviance(a) - deviance(-a) for a in unit]) / (2 * step)
    information = np.array(
        [[deviance(a + b) - deviance(a - b) - deviance(b - a) + deviance(-a - b) for b in unit] for a in unit]
    ) / (4 * step**2)
    if np.linalg.eigvalsh(information).min() <= 0:
        return ["the information about the variances is not positive definite"]
    if gradient @ np.linalg.solve(information, gradient) / 2 > SAME_LIKELIHOOD:
        return ["the likelihood still rises at statsmodels' solution"]
    return []


def _residual_variance(problem):
    residual = problem.y - problem.x @ np.linalg.lstsq(problem.x, problem.y)[0]
    return residual @ residual / (len(problem.y) - (problem.x.shape[1] if problem.reml else 0))


def _report_mixed(settled, kept, notes, shared, *, status):
    problem, best = settled.problem, settled.best
    k = len(shared["terms"])
    beta, vcov, df = np.zeros(k), np.zeros((k, k)), np.full(k, np.inf)
    beta[kept], vcov[np.ix_(kept, kept)] = best.beta, best.solved.phi
    df[kept] = between_within(problem.x, list(problem.groups.values()))
    return RandomInterceptFit(
        beta=beta,
        vcov=vcov,
        df=df,
        components=best.components,
        loglik=best.loglik,
        status=status,
        estimator="statsmodels MixedLM",
        covariance=f"random intercepts: {', '.join(problem.groups)}",
        df_method="between-within",
        notes=tuple(notes),
        **shared,
    )


def _report_least_squares(problem, kept, notes, shared):
    outer, codes = next(iter(problem.groups.items()))
    robust = fit_cluster_robust(problem.x, problem.y, codes)
    k = len(shared["terms"])
    beta, vcov = np.zeros(k), np.zeros((k, k))
    beta[kept], vcov[np.ix_(kept, kept)] = robust.beta, robust.vcov
    residual = _residual_variance(problem)
    return RandomInterceptFit(
        beta=beta,
        vcov=vcov,
        df=np.full(k, np.nan),
        components={"residual": residual},
        loglik=problem.without_groups().solve({"residual": residual}).loglik,
        status="fallback",
        estimator="least squares",
        covariance=f"independent, robust by {outer} (CR2)",
        df_method="bell-mccaffrey",
        notes=("no mixed model was acceptable: least squares with cluster-robust errors", *notes),
        robust=robust,
        **shared,
    )
