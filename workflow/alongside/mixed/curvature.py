"""Second derivatives of a criterion with clusters.

In: a `Sweep` after `down` and `first_forms`, Y_r = W D_r by pattern. Out: -d2 log|V| and <M, Q_rs> for the weight M of
the criterion and Q_rs = Z'V^-1 V_r V^-1 V_s V^-1 Z, each (R, R), covariance parameters first, cluster variances after.
Steps: Z'V^-1 V_r V^-1 V_s V^-1 Z = w_r'V^-1 w_s is the recursion of `clusters` applied to the columns w_r = V_r V^-1 Z,
so it is a Gram matrix, less one term a level; log|V| is the sum over levels of log|I + G H|, whose second derivatives
need tr(K d2H), the same Gram matrix for columns that indicate the clusters of that level.
"""

import numpy as np

from alongside.mixed.clusters import flat, times


def second_traces(sweep, y, u, columns, last):
    """-d2 log|V|; <M, Q_rs> for M = columns columns'; the same for their last `last` columns only (None if 0).

    y (R, P, m, m); u, one (P, m, m) or two: the sums over participants of (z - B)M(z - B)' for the two weights.
    """
    x = (flat(sweep.x) @ columns).reshape(*sweep.x.shape[:-1], -1)
    scores = [(flat(score) @ columns).reshape(*score.shape[:-1], -1) for score in sweep.score]
    forms = _forms(sweep, y, u, x, scores, len(sweep.model.levels), last)
    return _log_determinant(sweep, y), *forms


def gram(y, right):
    """sum_p tr(Y_r right_p Y_s'), (R, R), which is symmetric if right is W-symmetric."""
    r = len(y)
    return y.reshape(r, -1) @ (y @ right).swapaxes(2, 3).reshape(r, -1).T


def _forms(sweep, y, u, x, scores, upto, last=0):
    """<columns, w_r'V^-1 w_s> with the levels below `upto`, for all columns and for the last ones: (R, R) each."""
    model, inner = sweep.model, len(y)
    below = [t for t in range(model.size) if model.level_of[t] < upto]
    pushed = np.zeros((model.size, *x.shape[1:]))
    for t in below:
        pushed[t] = sweep.pushed(t, scores)
    x = np.concatenate([x, times(sweep.h[0], pushed)])
    parts = [slice(None)] + ([slice(x.shape[-1] - last, None)] if last else [])
    out = []
    for part, products in zip(parts, u, strict=True):
        form = np.zeros((len(x), len(x)))
        form[:inner, :inner] = gram(y, sweep.w @ products)
        mixed = _products(x[..., part], pushed[..., part])
        form[:, inner:] += mixed
        form[inner:, :inner] += mixed[:inner].T
        out.append(form)
    for number in range(upto):
        kx = times(sweep.k[number], x)
        for part, form in zip(parts, out, strict=True):
            form -= _products(x[..., part], kx[..., part])
        if number + 1 < upto:
            x = np.add.reduceat(x - times(sweep.h[number], kx), model.levels[number].starts, axis=1)
    return [0.5 * (form + form.T) for form in out]


def _products(a, b):
    return a.reshape(len(a), -1) @ b.reshape(len(b), -1).T


def _log_determinant(sweep, y):
    """-d2 log|V| as the sum over levels of -d2 log|I + G H|."""
    model, data = sweep.model, sweep.model.data
    inner, r = len(y), model.loading.shape[1]
    loading = model.loading
    inside = loading @ model.pairs.inside(sweep.k[0][None])[0] @ loading.T
    size = inner + model.size
    out = np.zeros((size, size))
    out[:inner, :inner] = gram(y, data.weight[:, None, None] * np.eye(data.waves) - 2 * sweep.w @ inside)
    dh = np.concatenate([-sweep.minus_dh, np.zeros((model.size, *sweep.minus_dh.shape[1:]))])
    for number, level in enumerate(model.levels):
        h, k = sweep.h[number], sweep.k[number]
        kdh = times(k, dh)
        out += _products(kdh, kdh.swapaxes(2, 3))
        if number:
            out -= 2 * _curvature(sweep, number, y)
        f = np.eye(r) - times(h, k)
        df = times(times(f, dh), f.swapaxes(1, 2))
        reduced = times(f, h)
        terms = [inner + t for t in level.terms]
        if terms:
            b = model.b[level.terms]
            across = -_products(df[:, level.active].sum(axis=1), b)
            out[:, terms] += across
            out[terms] += across.T
            pair = times(b[:, None], reduced[level.active])
            out[np.ix_(terms, terms)] += _products(pair, pair.swapaxes(2, 3))
        if level.starts is not None:
            for t in level.terms:
                df[inner + t] = -times(reduced, times(model.b[t], reduced)) * level.active[:, None, None]
            dh = np.add.reduceat(df, level.starts, axis=1)
    return out


def _curvature(sweep, number, y):
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
    products = model.pairs.inside((residual @ residual.swapaxes(1, 2))[None])[0]
    u = model.loading @ products @ model.loading.T
    return _forms(sweep, y, [u], times(sweep.minus_dh, residual), scores, number)[0]
