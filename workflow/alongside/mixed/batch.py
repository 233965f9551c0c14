"""Newton steps for many refits of one design at once, without clusters.

In: packed statistics of B refits (`packing`), the full fit as the start, one covariance structure. Out: `Refits`.
Steps: from the full fit a Fisher step, which for complete data would be the only one needed, then Newton steps, for
all refits that are still moving (`stacks`), halved where the criterion would rise; a refit is done when its next step
is nothing; whatever has no positive definite Hessian or no falling step is fitted by itself with the ordinary
optimiser. The gradient is exact, so is what a refit ends at. In the Hessian, what profiling the fixed effects adds is
taken from the full fit: it is small, and hardly differs between refits.
Contrasts that were asked for are answered refit by refit, at the optimum (`refits.answer`).
"""

from functools import reduce

import numpy as np

from alongside.mixed.data import Data
from alongside.mixed.optimise import minimise
from alongside.mixed.packing import Packing, patterns_of
from alongside.mixed.refits import Refits, answer, join
from alongside.mixed.reml import Criterion
from alongside.mixed.stacks import Stack, sweep

MEMORY = 4e6  # bytes of statistics worked on at a time: they stay in the cache
STEPS = 30
DONE = 1e-14  # Newton decrement of a refit that is done: theta is right to 1e-7 of its standard error
CLOSE = 1e-13  # decrement that a last step leaves if it falls by no more than the root of how it fell before
SLOW = 0.01  # a decrement of more than this share of the one before asks for the exact Hessian


def refit_at_once(full, z, seen, weights, question):
    """All refits, (B, n) weights; z (n, m, K), seen (n, m)."""
    kinds, pattern = patterns_of(seen)
    packing = Packing(kinds, z.shape[-1])
    order = np.argsort(pattern, kind="stable")
    z, weights, pattern = z[order], weights[:, order], pattern[order]
    members = [slice(*np.searchsorted(pattern, [p, p + 1])) for p in range(len(kinds))]
    tables = [packing.tables(z[people], p) for p, people in enumerate(members)]
    columns = np.cumsum([0, *(one[-1].shape[1] for one in tables)])
    chunk = int(np.clip(MEMORY / (8 * max(columns[-1], seen.shape[1] ** 4)), 1, 500))
    extra = _profiling(full)
    parts = []
    for start in range(0, len(weights), chunk):
        part = weights[start : start + chunk].astype(float)
        counts = np.stack([part[:, people].sum(axis=1) for people in members])
        stats = np.empty((len(part), columns[-1]))
        for p, people in enumerate(members):
            stats[:, columns[p] : columns[p + 1]] = reduce(np.matmul, tables[p], part[:, people])
        stack = _stack(full, packing, kinds, counts, stats.reshape(len(part), len(packing.a), -1))
        out = Refits.missing(len(part), packing.size - 1, len(extra), question)
        _descend(stack, full.optimum.evaluation.theta, extra, out)
        _finish(full, stack, out, question)
        parts.append(out)
    return join(parts)


def _stack(full, packing, seen, counts, stats):
    criterion = full.criterion
    known = dict(log_basis=criterion.data.log_basis, reml=full.reml)
    return Stack(criterion.structures[0], packing, seen, counts, stats, **known)


def _profiling(full):
    """What profiling the fixed effects adds to the Hessian of the full fit at its optimum, (R, R, 1)."""
    data, known = full.criterion.data, full.optimum.evaluation
    packing = Packing(data.seen, data.columns + 1)
    stack = _stack(full, packing, data.seen, data.weight[:, None], packing.pack(data.cross)[None])
    _, hessian = stack.slopes(stack.profile(known.theta[:, None]))
    return known.hessian[..., None] - hessian


def _descend(stack, start, extra, out):
    """Put the refits into `out` that reach their optimum from `start` (R,)."""
    active = np.arange(len(stack.stats))
    at = stack.profile(start[:, None])
    gradient, hessian = stack.slopes(at, expected=True)
    at.theta = np.repeat(at.theta, len(active), axis=1)
    extra, before = np.repeat(extra, len(active), axis=2), None
    for _ in range(STEPS):
        direction, decrement, usable = _directions(gradient, hessian)
        usable &= np.isfinite(at.value)
        decrement = np.where(usable, decrement, 0.0)
        done = decrement < DONE
        if not done.all():
            at = _advance(stack, at, np.where(done, 0.0, direction))
        fell = np.ones(len(active)) if before is None else np.minimum(decrement / before, 1.0)
        last = done | (decrement * np.sqrt(fell) < CLOSE)
        usable &= np.isfinite(at.value)
        arrived, more = usable & last, usable & ~last
        out.put_all(active[arrived], at, arrived)
        if not more.any():
            return
        if not more.all():
            stack, at, active, extra = stack.take(more), at.take(more), active[more], extra[..., more]
        slow = fell[more] > SLOW
        gradient, hessian = stack.slopes(at)
        if before is not None and slow.any():
            extra[..., slow] = stack.take(slow).profiling(at.take(slow))
        hessian += extra
        before = decrement[more]


def _directions(gradient, hessian):
    """Newton directions (R, B), their decrements, and where the Hessian is positive definite."""
    r, refits = gradient.shape
    table = np.zeros((r + 1, r + 1, refits))
    table[:r, :r], table[:r, r], table[r, :r] = hessian, gradient, gradient
    _, usable = sweep(table, r)
    return -table[:r, r], -table[r, r], usable


def _advance(stack, at, direction):
    """A full step, halved up to three times where the criterion does not fall; infinite where it never does."""
    new = stack.profile(at.theta + direction)
    bound = at.value + 1e-9 * (1 + np.abs(at.value))
    worse = ~(new.value <= bound)
    for halving in (0.5, 0.25, 0.125):
        if not worse.any():
            break
        index = np.flatnonzero(worse)
        again = stack.take(index).profile(at.theta[:, index] + halving * direction[:, index])
        new.put(index, again)
        worse[index] = ~(again.value <= bound[index])
    new.value[worse] = np.inf
    return new


def _finish(full, stack, out, question):
    """Fit the rest one by one, and answer the question."""
    if len(question.rows):
        for index in np.flatnonzero(out.converged):
            criterion = _criterion(full, stack, index)
            out.told[index] = answer(criterion, criterion.evaluate(out.theta[index]), question)
    alone = np.flatnonzero(~out.converged)
    for index in alone:
        criterion = _criterion(full, stack, index)
        optimum = minimise(criterion, full.optimum.evaluation.theta)
        if optimum.converged:
            out.put(index, criterion, optimum.evaluation, question)
    out.alone = len(alone)


def _criterion(full, stack, index):
    """The ordinary criterion of one refit."""
    seen, known = stack.seen, full.criterion
    cross, counts = stack.packing.cross(stack.stats[index]), stack.counts[:, index]
    return Criterion(
        Data(seen, np.zeros(len(seen), int), counts, cross, known.data.log_basis), known.structures, reml=full.reml
    )
