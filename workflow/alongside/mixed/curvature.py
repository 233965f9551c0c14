"""Second derivatives of a criterion with clusters, beyond those that pass through W of a pattern (`directions`).

In: a `Sweep` after `down` and `first_forms`. Out: `second_forms`, <M, Q_rs> for M = columns columns' and
Q_rs = Z'V^-1 V_r V^-1 V_s V^-1 Z, and `log_curvature`, -d2 log|V|: each (R, R), covariance parameters first, cluster
variances after, without the part in which W_p is differentiated twice: sum_p tr(D_r W_p D_s W_p (..) W_p).
Steps: Z'V^-1 V_r V^-1 V_s V^-1 Z = w_r'V^-1 w_s is the recursion of `clusters` applied to the columns w_r = V_r V^-1 Z,
so it is a Gram matrix, less one term a level; log|V| is the sum over levels of log|I + G H|, whose second derivatives
need tr(K d2H), the same Gram matrix for columns that indicate the clusters of that level.
"""

import numpy as np

from alongside.mixed.clusters import flat, times


def second_forms(sweep, columns):
    """<M, Q_rs> for M = columns columns', W_p differentiated once: (R, R)."""
    x = (flat(sweep.x) @ columns).reshape(*sweep.x.shape[:-1], -1)
    scores = [(flat(score) @ columns).reshape(*score.shape[:-1], -1) for score in sweep.score]
    return _forms(sweep, x, scores, len(sweep.model.levels))


def _forms(sweep, x, scores, upto):
    """<columns, w_r'V^-1 w_s> with the levels below `upto`."""
    model, inner = sweep.model, len(x)
    # A variance of a level that is switched off moves nothing.
    moved = [sweep.pushed(t, scores) if model.level_of[t] < upto else None for t in range(model.size)]
    still = np.zeros(x.shape[1:]) if upto < len(model.levels) else None
    pushed = np.stack([still if one is None else one for one in moved])
    x = np.concatenate([x, times(sweep.h[0], pushed)])
    out = np.zeros((len(x), len(x)))
    mixed = _products(x, pushed)
    out[:, inner:] = mixed
    out[inner:, :inner] = mixed[:inner].T
    for number in range(upto):
        kx = times(sweep.k[number], x)
        out -= _products(x, kx)
        if number + 1 < upto:
            x = np.add.reduceat(x - times(sweep.h[number], kx), model.levels[number].starts, axis=1)
    return out


def _products(a, b):
    return a.reshape(len(a), -1) @ b.reshape(len(b), -1).T


def log_curvature(sweep):
    """-d2 log|V| as the sum over levels of -d2 log|I + G H|, W_p differentiated once: (R, R)."""
    model = sweep.model
    inner, r = len(sweep.x), model.loading.shape[1]
    size = inner + model.size
    out = np.zeros((size, size))
    dh = -sweep.minus_dh
    if model.size:
        dh = np.concatenate([dh, np.zeros((model.size, *dh.shape[1:]))])
    eye = np.eye(r)
    for number, level in enumerate(model.levels):
        h, k = sweep.h[number], sweep.k[number]
        kdh = times(k, dh)
        out += _products(kdh, kdh.swapaxes(2, 3))
        if number:
            out -= 2 * _curvature(sweep, number)
        if not level.terms and level.starts is None:
            continue
        f = eye - times(h, k)
        df = times(times(f, dh), f.swapaxes(1, 2))
        reduced = times(f, h)
        if level.terms:
            b = model.b[level.terms]
            terms = slice(inner + level.terms[0], inner + level.terms[-1] + 1)
            total, within = (df, reduced) if level.whole else (df[:, level.active], reduced[level.active])
            across = -_products(total.sum(axis=1), b)
            out[:, terms] += across
            out[terms] += across.T
            pair = times(b[:, None], within)
            out[terms, terms] += _products(pair, pair.swapaxes(2, 3))
        if level.starts is not None:
            for t in level.terms:
                df[inner + t] = -times(reduced, times(model.b[t], reduced)) * level.active[:, None, None]
            dh = np.add.reduceat(df, level.starts, axis=1)
    return out


def _curvature(sweep, number):
    """sum_c tr(K_c w_r'V^-1 w_s) for the columns that indicate the clusters of an outer level, (R, R)."""
    model = sweep.model
    values, vectors = np.linalg.eigh(sweep.k[number])
    root = vectors * np.sqrt(np.maximum(values, 0.0))[:, None, :]
    column = model.to_innermost(number, root)
    q = [times(sweep.h[0], column)]
    for step in range(number - 1):
        left = q[-1] - times(sweep.h[step], times(sweep.k[step], q[-1]))
        q.append(np.add.reduceat(left, model.levels[step].starts, axis=0))
    paths, scores = sweep.predict(q, number)
    residual = column - paths[0]
    return _forms(sweep, times(sweep.minus_dh, residual), scores, number)
