"""Nested clusters of participants, level by level, without a matrix larger than the number of waves.

In: T_cp and n_cp (sums over the participants of cluster c with wave pattern p), W_p, and per level a covariance across
blocks of waves G = sum v_t B_t (zero at the first wave where effects start later). Out: what the clusters change in
A, log|V| and their first derivatives; `curvature` has the second ones.
Steps, with H_c = L'V^-1 L and Q_c = L'V^-1 Z under the levels below, L the indicators of the blocks:
  up:    K = G (I + H G)^-1,  A -= Q'K Q,  log|V| += log|I + G H|,  next level: Q - H K Q and H - H K H, summed
  down:  the predicted path of a cluster, B = B_outer + K (Q - H B_outer), so that V^-1 z_i = W (z_i - L B)
Everything a derivative needs is then at hand: sum_i (z_i - L B)(z_i - L B)' by pattern, contracted at once with the
weight it gets, and X_r = L'V_0^-1 V_r V^-1 Z by cluster, with V_0 the part of V below the clusters. Valid at zero
variances. A participant who is in no cluster of a level is in a cluster of its own kind there, with G = 0.
"""

import numpy as np

from alongside.mixed.nesting import nest, wave_blocks
from alongside.mixed.pairs import pair_sums


class ClusterModel:
    """The cluster levels of one design. `terms`: the variances to estimate, outermost level first."""

    def __init__(self, data, terms):
        labels, cluster, pattern, weight, sums = data.pairs
        self.data, self.terms, self.size = data, list(terms), len(terms)
        order, self.levels = nest(labels, self.terms)
        place = np.empty(len(order), int)
        place[order] = np.arange(len(order))
        self.pairs = pair_sums(data.layout, place[cluster], pattern, weight, sums, len(labels))
        self.loading, self.b, self.both = wave_blocks(tuple(self.terms))
        self.flat_b = self.b.reshape(self.size, -1)
        self.level_of = {t: number for number, level in enumerate(self.levels) for t in level.terms}

    def names(self):
        return [term.name for term in self.terms]

    def sweep(self, theta, w):
        """The recursion at one theta, upwards; None if a determinant is not positive."""
        found = Sweep(self, theta, w)
        return found if found.up() else None

    def to_innermost(self, number, values):
        """Values of the clusters of a level, repeated for the innermost clusters in them."""
        if number == 0:
            return values
        index = self.levels[0].parent
        for level in self.levels[1:number]:
            index = level.parent[index]
        return values[index]


class Sweep:
    """The recursion at one theta. h, k, q: one entry a level, innermost first; reduction (K, K), log_determinant."""

    def __init__(self, model, theta, w):
        self.model, self.theta = model, theta
        m, r = model.loading.shape
        self.rows = w.reshape(-1, m) @ model.loading  # W L, (P m, r)
        self.left = self.rows.reshape(-1, m, r).swapaxes(1, 2)

    def up(self):
        model = self.model
        q = model.pairs.spread(self.rows[model.data.layout.rows_at].T[None])[0]
        h = model.pairs.count((self.left @ model.loading)[None])[0]
        self.h, self.k, self.q = [], [], [q]
        self.reduction, self.log_determinant = 0.0, 0.0
        for level in model.levels:
            g = (self.theta[level.terms] @ model.flat_b[level.terms]).reshape(model.b.shape[1:])
            solved = _solve_level(g, h)
            if solved is None:
                return False
            k, log = solved
            if not level.whole:
                k, log = k * level.active[:, None, None], log * level.active
            self.log_determinant += float(log.sum())
            self.h.append(h)
            self.k.append(k)
            self.outermost = kq = times(k, q)
            self.reduction = self.reduction + flat(q).T @ flat(kq)
            if level.starts is not None:
                q = np.add.reduceat(q - times(h, kq), level.starts, axis=0)
                h = np.add.reduceat(h - times(h, times(k, h)), level.starts, axis=0)
                self.q.append(q)
        return True

    def down(self):
        """Predicted paths B and scores L'V^-1 Z of the clusters at every level, and K*."""
        self.paths, self.score = self.predict(self.q, len(self.model.levels), self.outermost)
        self.total_k = self._total_k()
        return self

    def predict(self, q, upto, outermost=None):
        """Paths and scores for any Q = L'V_0^-1 Z, with levels `upto` and out switched off."""
        levels = self.model.levels
        paths = [None] * upto
        for number in range(upto - 1, -1, -1):
            h, k = self.h[number], self.k[number]
            if number == upto - 1:
                paths[number] = times(k, q[number]) if outermost is None else outermost
            else:
                outer = paths[number + 1][levels[number].parent]
                paths[number] = outer + times(k, q[number] - times(h, outer))
        score = [q[0] - times(self.h[0], paths[0])]
        for number in range(1, upto):
            score.append(np.add.reduceat(score[-1], levels[number - 1].starts, axis=0))
        return paths, score

    def product_changes(self, columns, *, traces):
        """<M, sum_i (z_ia - B_a)(z_ib - B_b)' - z_ia z_ib'> by pattern for M = columns columns': (P, m, m).

        traces: with what the clusters change in the derivatives of log|V|, so that W less W (all this) W is their sum.
        """
        model, path = self.model, self.paths[0]
        c, r, _ = path.shape
        own = flat(path) @ columns
        side = model.pairs.overlap((own @ columns.T).reshape(path.shape))
        side = side @ model.loading.T if r > 1 else side * model.loading[:, 0]
        own = own.reshape(c, r, -1)
        inside = times_transposed(own, own)
        inside = model.pairs.inside(inside + self.total_k[0] if traces else inside)
        return (inside.reshape(len(inside), -1) @ model.both.T).reshape(side.shape) - side - side.swapaxes(1, 2)

    def trace_changes(self):
        """What the clusters change in the derivatives of log|V| alone, (P, m, m)."""
        inside = self.model.pairs.inside(self.total_k[0])
        return (inside.reshape(len(inside), -1) @ self.model.both.T).reshape(self.model.data.layout.both.shape)

    def _total_k(self):
        """K* of every level: the block of V^-1 between two members of a cluster is -W L K* L'W."""
        levels = self.model.levels
        out = list(self.k)
        for number in range(len(levels) - 2, -1, -1):
            outer = out[number + 1][levels[number].parent]
            f = np.eye(outer.shape[-1]) - times(self.h[number], self.k[number])
            out[number] = self.k[number] + times(times(f.swapaxes(1, 2), outer), f)
        return out

    def first_forms(self, moved):
        """What the clusters change in Z'(d V^-1)Z: (R, K, K). moved: `Moved` of W D_r W for the inner parameters.

        The T cluster variances are the last of the R parameters. Keeps X_r and -dH, which second derivatives need.
        """
        model, path = self.model, self.paths[0]
        spread, self.minus_dh = model.pairs.spread(moved.rows), model.pairs.count(moved.inner)
        shared = times(self.minus_dh, path)
        self.x = spread - shared
        part = flat_each(spread - 0.5 * shared).swapaxes(1, 2) @ flat(path)
        own = []
        for t in range(model.size):
            number = model.level_of[t]
            level, score = model.levels[number], self.score[number]
            score = score if level.whole else score[level.active]
            own.append(-flat(score).T @ flat(times(model.b[t], score)))
        return np.concatenate([part + part.swapaxes(1, 2), own])

    def trace_gradient(self):
        """Derivatives of log|V| by the cluster variances, (T,)."""
        model = self.model
        out = np.zeros(model.size)
        for number, level in enumerate(model.levels):
            h, k = self.h[number], self.total_k[number]
            if not level.whole:
                h, k = h[level.active], k[level.active]
            precision = (h - times(h, times(k, h))).sum(axis=0)
            out[level.terms] = model.flat_b[level.terms] @ precision.reshape(-1)
        return out

    def pushed(self, t, score):
        """V_t V^-1 Z for one cluster variance, at the innermost clusters."""
        number = self.model.level_of[t]
        level, moved = self.model.levels[number], times(self.model.b[t], score[number])
        return self.model.to_innermost(number, moved if level.whole else moved * level.active[:, None, None])

    def second_form(self, c, core):
        """sum_rs c_rs Z'V^-1 V_r V^-1 V_s V^-1 Z, (K, K), beyond core (`Moved`), its part between inner parameters.

        After `first_forms`.
        """
        model, path = self.model, self.paths[0]
        spread, count = model.pairs.spread(core.rows)[0], model.pairs.count(core.inner)[0]
        out = -flat(spread - 0.5 * times(count, path)).T @ flat(path)
        pushed = np.stack([self.pushed(t, self.score) for t in range(model.size)])
        x = np.concatenate([self.x, times(self.h[0], pushed)])
        towards = c[:, len(self.x) :].copy()
        towards[len(self.x) :] *= 0.5  # pairs of cluster variances are met twice
        out += flat(combine(towards.T, x)).T @ flat(pushed)
        for number, level in enumerate(model.levels):
            kx = times(self.k[number], x)
            out -= 0.5 * flat(combine(c, x)).T @ flat(kx)
            if level.starts is not None:
                x = np.add.reduceat(x - times(self.h[number], kx), level.starts, axis=1)
        return out + out.T


def times(a, b):
    """a @ b for stacks of small square a; one wave block is a multiplication."""
    return a * b if a.shape[-1] == 1 else a @ b


def times_transposed(a, b):
    """a @ b' for stacks of (r, K)."""
    return np.einsum("ck,ck->c", a[:, 0], b[:, 0])[:, None, None] if a.shape[-2] == 1 else a @ b.swapaxes(-1, -2)


def combine(c, x):
    """sum_r c_qr x_r: (Q, R), (R, ...) -> (Q, ...)."""
    return (c @ x.reshape(len(x), -1)).reshape(len(c), *x.shape[1:])


def flat(x):
    """(..., K) -> (rows, K)."""
    return x.reshape(-1, x.shape[-1])


def flat_each(x):
    """(S, ..., K) -> (S, rows, K)."""
    return x.reshape(len(x), -1, x.shape[-1])


def _solve_level(g, h):
    """K = G (I + H G)^-1 and log|I + G H| of every cluster; None if a determinant is not positive."""
    if h.shape[-1] == 1:
        system = 1 + g * h
        if not system.min() > 0:
            return None
        return g / system, np.log(system[:, 0, 0])
    system = np.eye(h.shape[-1]) + g @ h
    sign, log = np.linalg.slogdet(system)
    if not np.all(sign > 0):
        return None
    k = np.linalg.solve(system, np.broadcast_to(g, h.shape))
    return 0.5 * (k + k.swapaxes(1, 2)), log
