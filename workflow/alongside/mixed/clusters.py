"""Nested clusters of participants, level by level, without a matrix larger than the number of waves.

In: T_cp and n_cp (sums over the participants of cluster c with wave pattern p), W_p, and per level a covariance across
waves G = v 11' + v_w I (zero at the first wave where effects start later). Out: what the clusters change in A, log|V|
and in their first and second derivatives.
Steps, with H_c = 1'V^-1 1 and Q_c = 1'V^-1 Z under the levels below:
  up:    K = G (I + H G)^-1,  A -= Q'K Q,  log|V| += log|I + G H|,  next level: Q - H K Q and H - H K H, summed
  down:  the predicted path of a cluster, B = B_outer + K (Q - H B_outer), so that V^-1 z_i = W (z_i - B)
Derivatives: Z'V^-1 V_r V^-1 Z uses V^-1 Z directly; Z'V^-1 V_r V^-1 V_s V^-1 Z = w_r'V^-1 w_s is the same recursion
applied to the columns w_r = V_r V^-1 Z, so a Hessian is a Gram matrix. Valid at zero variances.
A participant who is in no cluster of a level is a cluster of its own kind, with G = 0.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Term:
    """One variance: `level` counts from the outermost cluster; kind "intercept" or "by wave"; active waves (m,)."""

    level: int
    label: str
    kind: str
    waves: tuple[bool, ...]

    @property
    def name(self):
        return f"variance of {self.label}" + ("" if self.kind == "intercept" else " by wave")

    def left(self, x):
        """B x for the derivative B of G, on axis -2 of x (..., m, c)."""
        mask = np.array(self.waves, float)[:, None]
        if self.kind == "by wave":
            return mask * x
        return mask * (mask * x).sum(axis=-2, keepdims=True)

    def matrix(self):
        return self.left(np.eye(len(self.waves)))


@dataclass
class Level:
    """parent (C,) into the next level out; starts: where each parent's children begin; active (C,)."""

    parent: np.ndarray | None
    starts: np.ndarray | None
    active: np.ndarray
    terms: list


class ClusterModel:
    """The cluster levels of one design. `terms`: the variances to estimate, outermost level first."""

    def __init__(self, data, terms):
        labels, cluster, pattern, weight, sums = data.pairs
        self.data, self.terms, self.size = data, list(terms), len(terms)
        depth = len(labels[0])
        codes = _path_codes(labels)
        order = np.lexsort(codes.T[::-1])
        place = np.empty(len(order), int)
        place[order] = np.arange(len(order))
        self.levels = _build_levels(codes[order], labels, order, self.terms, depth)
        self.count = len(labels)
        m, size = data.waves, data.columns + 1
        self.blocks = []
        for p in range(data.patterns):
            mine = np.flatnonzero(pattern == p)
            mine = mine[np.argsort(place[cluster[mine]])]
            index = place[cluster[mine]]
            layout = np.ascontiguousarray(sums[mine].transpose(1, 0, 2))
            self.blocks.append((index, weight[mine], layout))
        self.shape = (self.count, m, size)

    def names(self):
        return [term.name for term in self.terms]

    def state(self, theta, w):
        return _State(self, theta, w).sweep()


def _path_codes(labels):
    """Integer codes (C, depth) in which equal prefixes mean the same cluster of that level."""
    out = np.empty((len(labels), len(labels[0])), int)
    for level in range(out.shape[1]):
        place = {}
        out[:, level] = [place.setdefault(label[: level + 1], len(place)) for label in labels]
    return out


def _build_levels(codes, labels, order, terms, depth):
    """Levels innermost first; clusters of a level are numbered along the sorted paths."""
    levels = []
    for level in range(depth - 1, -1, -1):
        new = np.r_[True, np.diff(codes[:, level]) != 0]
        first = np.flatnonzero(new)
        active = np.array([labels[order[i]][level] is not None for i in first])
        parent = starts = None
        if level:
            outer = np.cumsum(np.r_[True, np.diff(codes[:, level - 1]) != 0]) - 1
            parent = outer[first]
            starts = np.flatnonzero(np.r_[True, np.diff(parent) != 0])
        mine = [number for number, term in enumerate(terms) if term.level == level]
        levels.append(Level(parent, starts, active, mine))
    return levels


class _State:
    """The recursion at one theta."""

    def __init__(self, model, theta, w):
        self.model, self.w, self.theta = model, w, theta
        self.data = model.data

    def sweep(self):
        """Up and down; None if a determinant is not positive."""
        model, w = self.model, self.w
        count, m, size = model.shape
        q = np.zeros((m, count, size))
        h = np.zeros((count, m, m))
        for (index, weight, sums), wp in zip(model.blocks, w, strict=True):
            q[:, index] += (wp @ sums.reshape(m, -1)).reshape(sums.shape)
            h[index] += weight[:, None, None] * wp
        q = np.ascontiguousarray(q.transpose(1, 0, 2))
        self.h, self.k, self.q = [], [], [q]
        self.reduction, self.log_determinant = np.zeros((size, size)), 0.0
        for level in model.levels:
            g = sum((self.theta[t] * model.terms[t].matrix() for t in level.terms), np.zeros((m, m)))
            system = np.eye(m) + g @ h
            sign, log = np.linalg.slogdet(system)
            if np.any(sign <= 0):
                return None
            k = np.linalg.solve(system, np.broadcast_to(g, h.shape)) * level.active[:, None, None]
            k = 0.5 * (k + np.swapaxes(k, 1, 2))
            self.log_determinant += float(log @ level.active)
            self.h.append(h)
            self.k.append(k)
            kq = k @ q
            self.reduction += q.reshape(-1, size).T @ kq.reshape(-1, size)
            if level.starts is not None:
                q = np.add.reduceat(q - h @ kq, level.starts, axis=0)
                h = np.add.reduceat(h - h @ k @ h, level.starts, axis=0)
                self.q.append(q)
        self.paths, self.score = self._down(self.q, len(model.levels))
        return self

    def _down(self, q, upto):
        """Predicted paths B and 1'V^-1 Z of the clusters at every level, with levels `upto` and out switched off."""
        model = self.model
        paths = [None] * upto
        for number in range(upto - 1, -1, -1):
            h, k = self.h[number], self.k[number]
            if number == upto - 1:
                paths[number] = k @ q[number]
            else:
                outer = paths[number + 1][model.levels[number].parent]
                paths[number] = outer + k @ (q[number] - h @ outer)
        score = [q[0] - self.h[0] @ paths[0]]
        for number in range(1, upto):
            score.append(np.add.reduceat(score[-1], model.levels[number - 1].starts, axis=0))
        return paths, score

    def adjusted(self):
        """sum over the participants of a pattern of (z - B)(z - B)', as `Data.flat`."""
        data = self.data
        m, size = data.waves, data.columns + 1
        out = np.array(data.flat).reshape(data.patterns, m, m, size, size)
        for p, (index, weight, sums) in enumerate(self.model.blocks):
            path = self.paths[0][index].reshape(len(index), -1)
            half = sums.transpose(1, 0, 2).reshape(len(index), -1) - 0.5 * weight[:, None] * path
            product = half.T @ path
            out[p] -= (product + product.T).reshape(m, size, m, size).transpose(0, 2, 1, 3)
        self._adjusted = out.reshape(data.flat.shape)
        return self._adjusted

    def _total_k(self):
        """K* of every level: the block of V^-1 between two members of a cluster is -W K* W."""
        model = self.model
        out = [None] * len(model.levels)
        for number in range(len(model.levels) - 1, -1, -1):
            h, k = self.h[number], self.k[number]
            out[number] = k
            if model.levels[number].parent is not None:
                outer = out[number + 1][model.levels[number].parent]
                f = np.eye(h.shape[-1]) - h @ k
                out[number] = k + np.swapaxes(f, 1, 2) @ outer @ f
        return out

    def leaf_precision(self):
        """Sum over the participants of a pattern of their own block of V^-1, (P, m, m)."""
        self.total_k = self._total_k()
        out = np.empty_like(self.w)
        for p, (index, weight, _) in enumerate(self.model.blocks):
            inside = np.tensordot(weight, self.total_k[0][index], 1)
            out[p] = self.data.weight[p] * self.w[p] - self.w[p] @ inside @ self.w[p]
        return out

    def gradient(self, u):
        out = np.zeros(self.model.size)
        for number, level in enumerate(self.model.levels):
            h, score = self.h[number][level.active], self.score[number][level.active]
            k = self.total_k[number][level.active]
            for t in level.terms:
                term = self.model.terms[t]
                b = term.matrix()
                precision = (h - h @ k @ h).sum(axis=0)
                out[t] = np.sum(b * precision) - np.sum((score @ u) * term.left(score))
        return out

    def first_forms(self):
        """d A / d v for every cluster variance, (terms, K, K)."""
        size = self.data.columns + 1
        out = np.zeros((self.model.size, size, size))
        for number, level in enumerate(self.model.levels):
            score = self.score[number][level.active]
            for t in level.terms:
                pushed = self.model.terms[t].left(score)
                out[t] = -score.reshape(-1, size).T @ pushed.reshape(-1, size)
        return out

    def second_traces(self, y, w, u_residual, u_phi, residual_weight, phi_weight, reml):
        """As reml._second_traces: tr(V^-1 V_r V^-1 V_s), <U, Q_rs>, tr(Phi Q_rs)."""
        k = self.data.columns
        columns = np.zeros((k + 1, k + 1))
        columns[:k, :k] = np.linalg.cholesky(phi_weight[:k, :k])
        columns[:, k] = residual_weight[:, k] / np.sqrt(residual_weight[k, k])
        deviations = [
            ((sums - weight[None, :, None] * self.paths[0][index].transpose(1, 0, 2)) @ columns)
            for index, weight, sums in self.model.blocks
        ]
        scores = [score @ columns for score in self.score]
        splits = [(slice(0, k), u_phi), (slice(k, k + 1), u_residual)]
        phi, residual = self._forms(y, w, deviations, scores, splits, len(self.model.levels))
        return self._log_determinant_traces(y, w), residual + (phi if reml else 0), phi

    def _spread(self, y, w, deviations, scores, upto):
        """1'V_0^-1 w_r at the innermost clusters, (R, C, m, c), for every parameter below level `upto`."""
        model = self.model
        below = [t for number in range(upto) for t in model.levels[number].terms]
        inner, m = len(y), self.data.waves
        c = deviations[0].shape[-1]
        out = np.zeros((inner + model.size, m, model.count, c))
        for p, ((index, _, _), deviation) in enumerate(zip(model.blocks, deviations, strict=True)):
            middle = (y[:, p] @ w[p]).reshape(-1, m)
            out[:inner, :, index] += (middle @ deviation.reshape(m, -1)).reshape(inner, m, len(index), c)
        out = np.ascontiguousarray(out.transpose(0, 2, 1, 3))
        pushed = np.zeros((model.size, model.count, m, c))
        for t in below:
            pushed[t] = self._to_innermost(self._pushed(t, scores))
            out[inner + t] = self.h[0] @ pushed[t]
        return out, pushed

    def _pushed(self, t, scores):
        """V_t V^-1 Z for one cluster variance, at its own level."""
        number = self._number(t)
        level = self.model.levels[number]
        return number, self.model.terms[t].left(scores[number]) * level.active[:, None, None]

    def _number(self, t):
        return next(number for number, level in enumerate(self.model.levels) if t in level.terms)

    def _to_innermost(self, pair):
        number, values = pair
        index = np.arange(self.model.count)
        for step in range(number):
            index = self.model.levels[step].parent[index]
        return values[index]

    def _forms(self, y, w, deviations, scores, splits, upto):
        """<columns of each split, w_r'V^-1 w_s> with the levels below `upto`: one (R, R) matrix a split."""
        inner = len(y)
        spread, pushed = self._spread(y, w, deviations, scores, upto)
        out = []
        for columns, u in splits:
            x = spread[..., columns]
            size = len(x)
            form = np.zeros((size, size))
            flat = y.reshape(inner, -1)
            form[:inner, :inner] = flat @ np.swapaxes(np.matmul(y, w @ u), 2, 3).reshape(inner, -1).T
            mixed = x.reshape(size, -1) @ pushed[..., columns].reshape(len(pushed), -1).T
            form[:, inner:] += mixed
            form[inner:, :inner] += mixed[:inner].T
            for number in range(upto):
                kx = self.k[number] @ x
                form -= x.reshape(size, -1) @ kx.reshape(size, -1).T
                starts = self.model.levels[number].starts
                if number + 1 < upto:
                    x = np.add.reduceat(x - self.h[number] @ kx, starts, axis=1)
            out.append(0.5 * (form + form.T))
        return out

    def _log_determinant_traces(self, y, w):
        """-d2 log|V|, (R, R), as the sum over levels of -d2 log|I + G H|."""
        model, data = self.model, self.data
        inner, m = len(y), data.waves
        size = inner + model.size
        flat = y.reshape(inner, -1)
        out = np.zeros((size, size))
        weighted = y * data.weight[None, :, None, None]
        out[:inner, :inner] = flat @ np.swapaxes(weighted, 2, 3).reshape(inner, -1).T
        dh = np.zeros((size, model.count, m, m))
        for p, (index, weight, _) in enumerate(model.blocks):
            dh[:inner, index] -= weight[None, :, None, None] * (y[:, p] @ w[p])[:, None]
        for number, level in enumerate(model.levels):
            h, k = self.h[number], self.k[number]
            f = np.eye(m) - h @ k
            left = (k @ dh).reshape(size, -1)
            right = np.swapaxes(k @ dh, 2, 3).reshape(size, -1)
            out += left @ right.T - 2 * self._curvature(number, y, w)
            df = f @ dh @ np.swapaxes(f, 1, 2)
            reduced = f @ h
            own = {t: model.terms[t].matrix() for t in level.terms}
            for t, b in own.items():
                across = -np.tensordot(df[:, level.active].sum(axis=1), b, 2)
                out[:, inner + t] += across
                out[inner + t, :] += across
                for s, b2 in own.items():
                    part = reduced[level.active]
                    out[inner + t, inner + s] += np.einsum("ab,cbd,de,cea->", b, part, b2, part, optimize=True)
            if level.starts is not None:
                for t, b in own.items():
                    df[inner + t] = -(reduced @ b @ reduced) * level.active[:, None, None]
                dh = np.add.reduceat(df, level.starts, axis=1)
        return out

    def _curvature(self, number, y, w):
        """sum_c tr(K_c w_r'V^-1 w_s) for the indicator columns of the clusters of level `number`, (R, R)."""
        model, m = self.model, self.data.waves
        inner = len(y)
        size = inner + model.size
        if number == 0:
            inside = np.stack([np.tensordot(weight, self.k[0][index], 1) for index, weight, _ in model.blocks])
            out = np.zeros((size, size))
            out[:inner, :inner] = (
                y.reshape(inner, -1) @ np.swapaxes(np.matmul(y, w @ inside), 2, 3).reshape(inner, -1).T
            )
            return out
        values, vectors = np.linalg.eigh(self.k[number])
        root = vectors * np.sqrt(np.maximum(values, 0.0))[:, None, :]
        column = self._to_innermost((number, root))
        q = [self.h[0] @ column]
        for step in range(number - 1):
            q.append(np.add.reduceat(q[-1] - self.h[step] @ (self.k[step] @ q[-1]), model.levels[step].starts, axis=0))
        paths, scores = self._down(q, number)
        residual = column - paths[0]
        deviations = [weight[None, :, None] * residual[index].transpose(1, 0, 2) for index, weight, _ in model.blocks]
        u = np.stack(
            [
                np.einsum("c,cab,cdb->ad", weight, residual[index], residual[index], optimize=True)
                for index, weight, _ in model.blocks
            ]
        )
        return self._forms(y, w, deviations, scores, [(slice(0, m), u)], number)[0]

    def second_form(self, c, core, w, d):
        """sum_rs c_rs Z'V^-1 V_r V^-1 V_s V^-1 Z, (K, K); core (P, m, m) is its part between covariance parameters."""
        data, model = self.data, self.model
        size, inner = data.columns + 1, len(d)
        out = (core.reshape(-1) @ self.adjusted()).reshape(size, size)
        deviations = [
            sums - weight[None, :, None] * self.paths[0][index].transpose(1, 0, 2)
            for index, weight, sums in model.blocks
        ]
        y = np.matmul(w, d)
        x, pushed = self._spread(y, w, deviations, self.score, len(model.levels))
        for t in range(model.size):
            towards = np.tensordot(c[:, inner + t], x, 1)
            mixed = towards.reshape(-1, size).T @ pushed[t].reshape(-1, size)
            within = np.tensordot(c[inner:, inner + t], x[inner:], 1).reshape(-1, size).T @ pushed[t].reshape(-1, size)
            out += mixed + mixed.T - within
        for number, level in enumerate(model.levels):
            kx = self.k[number] @ x
            mixed = np.tensordot(c, x, 1)
            out -= mixed.reshape(-1, size).T @ kx.reshape(-1, size)
            if level.starts is not None:
                x = np.add.reduceat(x - self.h[number] @ kx, level.starts, axis=1)
        return 0.5 * (out + out.T)
