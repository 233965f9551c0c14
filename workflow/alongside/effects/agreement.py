"""statsmodels' MixedLM, accepted only where several witnesses agree, with its zero variances left out.

In: a `Problem`: columns of full rank, response, nested groups. Out: `Settled`: the problem without the variances that
were at zero, the accepted candidate or None, and sentences about both.

statsmodels can be silently wrong: near zero variance `lbfgs` reports convergence with fixed effects that are exactly
0.0 (its issue #10239), or at a point whose likelihood is units below the optimum. So nothing that it says about itself
decides. A fit is accepted where

1. two optimisers reach the same likelihood (1e-4) and the same fixed effects (1e-3 of a standard error), at least one
   of them without a convergence warning;
2. the generalised least squares solution at its variances, computed here, has its fixed effects (1e-3 of a standard
   error) and its log-likelihood (1e-4): an effect of exactly 0.0 cannot pass;
3. here, too, the likelihood is flat and curved the right way at its variances: no step gains more than 1e-4;
4. no variance is at zero: a term whose removal costs less than 1e-4 of log-likelihood, and whose return would gain no
   more, is left out, and this is noted.
"""

import warnings
from dataclasses import dataclass

import numpy as np

from alongside.effects.nested import nest, solve

SAME_LIKELIHOOD = 1e-4
SAME_EFFECT = 1e-3  # of a standard error
NEAR_ZERO = 0.01  # of the residual variance: only such a term can be free to remove
RETURNS = (0.001, 0.01, 0.1)  # of the residual variance: what a term that was removed is offered again
# the last three only where the first two disagree and no variance is at zero: they are slow
OPTIMISERS = (("lbfgs", {}), ("bfgs", {"gtol": 1e-9}), ("powell", {}), ("cg", {"gtol": 1e-9}), ("nm", {}))
AT_FIRST = 2


@dataclass(frozen=True)
class Problem:
    """x: full rank (n, k); groups: {name: whole numbers}, outermost first, the participant last."""

    x: np.ndarray
    y: np.ndarray
    groups: dict
    reml: bool

    def without(self, name):
        return Problem(self.x, self.y, {key: codes for key, codes in self.groups.items() if key != name}, self.reml)

    def only(self, names):
        return Problem(self.x, self.y, {key: codes for key, codes in self.groups.items() if key in names}, self.reml)

    def without_groups(self):
        return Problem(self.x, self.y, {}, self.reml)

    def solve(self, components):
        """components: {name: variance} with the groups' names and 'residual'"""
        inside_out = list(reversed(self.groups))
        parents = nest([self.groups[name] for name in inside_out])
        variances = [components[name] for name in inside_out]
        return solve(self.x, self.y, parents, variances, components["residual"], reml=self.reml)


@dataclass(frozen=True)
class Candidate:
    """What one optimiser says: beta, components, loglik are statsmodels'; solved is ours at its variances."""

    optimiser: str
    beta: np.ndarray
    components: dict
    loglik: float
    solved: object
    warned: bool


@dataclass(frozen=True)
class Settled:
    """The problem without its zero variances, the accepted candidate or None, and sentences about both."""

    problem: Problem
    best: object
    notes: list


def settle(problem):
    """Fit; leave out variances at zero; say why nothing is accepted where nothing is."""
    candidates, failed = [], []
    for optimisers in (OPTIMISERS[:AT_FIRST], OPTIMISERS[AT_FIRST:]):
        # Before the slow ones: they take longest where a variance is at zero, and then their work is thrown away.
        _run_optimisers(problem, optimisers, candidates, failed)
        reduced = _settle_reduced(problem, candidates)
        if reduced is not None:
            return reduced
        best, doubts = _find_agreement(candidates, failed)
        if best is not None:
            doubts = _check_curvature(problem, best)
            return Settled(problem, None if doubts else best, doubts)
    return Settled(problem, None, doubts if candidates else failed)


def _settle_reduced(problem, candidates):
    """The fit without a variance that is at zero; None where none is."""
    if not candidates:
        return None
    top = max(candidates, key=lambda one: one.solved.loglik)
    for name in problem.groups:
        if top.components[name] < NEAR_ZERO * top.components["residual"]:
            reduced = _settle_without(problem, name, top)
            if reduced is not None:
                return reduced
    return None


def _settle_without(problem, name, top):
    """The fit without a variance, where leaving it out costs nothing and its return gains nothing; else None."""
    whole = problem
    note = f"the variance between {name}s was estimated at zero and left out"
    problem = problem.without(name)
    if problem.groups:
        reduced = settle(problem)
        components = {} if reduced.best is None else reduced.best.components
    else:
        reduced = Settled(problem, None, [])
        components = {"residual": residual_variance(problem)}
    if not components:
        return None
    loglik = reduced.problem.solve(components).loglik
    again = whole.only([*reduced.problem.groups, name])
    offered = [again.solve(components | {name: share * components["residual"]}).loglik for share in RETURNS]
    if max(top.solved.loglik, *offered) - loglik > SAME_LIKELIHOOD:
        return None
    return Settled(reduced.problem, reduced.best, [note, *reduced.notes])


def _run_optimisers(problem, optimisers, candidates, failed):
    """What each optimiser says, added to `candidates`, or to `failed` in words."""
    for optimiser, options in optimisers:
        try:
            candidates.append(run_statsmodels(problem, optimiser, options))
        except (np.linalg.LinAlgError, ValueError) as error:
            failed.append(f"statsmodels' {optimiser} ended with {type(error).__name__}")


def run_statsmodels(problem, optimiser, options):
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
    return Candidate(
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


def residual_variance(problem):
    residual = problem.y - problem.x @ np.linalg.lstsq(problem.x, problem.y)[0]
    return residual @ residual / (len(problem.y) - (problem.x.shape[1] if problem.reml else 0))
