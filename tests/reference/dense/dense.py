"""A brute-force mixed-model oracle: the N x N covariance matrix V is built, inverted and differentiated, nothing else.

In:  y (N), X (N x k, full rank) and `covariance`, any function theta -> V (N x N) made of analytic operations, so that
     it also accepts complex numbers (no abs, no conjugate, no max).
Out: the REML or ML log-likelihood, its maximum, generalised least squares, Satterthwaite and Kenward-Roger inference
     for one row or several, and cluster-robust (CR0, CR2) inference with Bell-McCaffrey degrees of freedom.
Fails when V is not positive definite (log-likelihood -inf, LinAlgError elsewhere) or no maximum is reached.

It is written from the papers, for N of a few hundred, and shares no code and no shortcut with `alongside.mixed`.

Notation: Phi = (X'V^-1 X)^-1, M = V^-1 - V^-1 X Phi X'V^-1, V_r and V_rs first and second derivatives of V in theta.
  Patterson & Thompson 1971, Harville 1977                   REML
  Kenward & Roger 1997, Biometrics 53:983                    adjusted covariance, scaled F
  Giesbrecht & Burns 1985; Fai & Cornelius 1996              Satterthwaite for one row; for several
  Bell & McCaffrey 2002; Pustejovsky & Tipton 2018, JBES 36  CR2 and its degrees of freedom
"""

from dataclasses import dataclass

import numpy as np
from numpy.linalg import cholesky, eigh, inv, slogdet


@dataclass(frozen=True)
class Problem:
    y: np.ndarray
    X: np.ndarray
    covariance: object
    reml: bool = True
    weights: np.ndarray | None = None  # one a row, constant within `person`; see `loglik`
    person: np.ndarray | None = None
    linear: bool = False  # V is linear in theta: second derivatives are zero, and need not be computed


# ---- V and its derivatives ---------------------------------------------------------------------------------------


def working_covariance(problem, theta):
    """V; with weights w, V_i = Sigma_i / w_i (the working variance of a weighted model)."""
    V = problem.covariance(theta)
    if problem.weights is None:
        return V
    half = 1 / np.sqrt(problem.weights)
    return half[:, None] * V * half[None, :]


def first_derivatives(problem, theta):
    """Complex step: exact to rounding."""
    step = 1e-30
    return [working_covariance(problem, theta + 1j * step * e).imag / step for e in np.eye(len(theta))]


def second_derivatives(problem, theta):
    """Fourth-order central difference of the complex-step first derivative; error about 1e-11 relative."""
    if problem.linear:
        return np.zeros((len(theta), len(theta), 1, 1))
    rows = []
    for r, e in enumerate(np.eye(len(theta))):
        h = 1e-3 * max(abs(theta[r]), 0.1)
        stencil = [(1, 8), (-1, -8), (2, -1), (-2, 1)]
        around = [(c, first_derivatives(problem, theta + k * h * e)) for k, c in stencil]
        rows.append([sum(c * d[s] for c, d in around) / (12 * h) for s in range(len(theta))])
    return rows


# ---- likelihood --------------------------------------------------------------------------------------------------


def _solve(problem, theta):
    V = working_covariance(problem, theta)
    cholesky(V)
    W = inv(V)
    Phi = inv(problem.X.T @ W @ problem.X)
    M = W - W @ problem.X @ Phi @ problem.X.T @ W
    return V, W, Phi, M


def _log_det(problem, theta):
    """log|V|, or for weights the sum over people of w_i log|Sigma_i|: a person of weight 2 counts as two people."""
    Sigma = problem.covariance(theta)
    if problem.weights is None:
        return slogdet(Sigma)[1]
    total = 0.0
    for p in np.unique(problem.person):
        rows = np.flatnonzero(problem.person == p)
        total += problem.weights[rows[0]] * slogdet(Sigma[np.ix_(rows, rows)])[1]
    return total


def loglik(problem, theta):
    try:
        _, W, _, M = _solve(problem, theta)
    except np.linalg.LinAlgError:
        return -np.inf
    y, X = problem.y, problem.X
    n = len(y) if problem.weights is None else problem.weights.sum()
    value = _log_det(problem, theta) + y @ M @ y + (n - problem.reml * X.shape[1]) * np.log(2 * np.pi)
    if problem.reml:
        value += slogdet(X.T @ W @ X)[1]
    return -value / 2


def _trace_matrix(problem, W, M):
    """The matrix B for which d(log-determinants) = tr(B V_r): M under REML, V^-1 under ML; weighted accordingly."""
    B = M if problem.reml else W
    if problem.weights is None:
        return B
    # sum_i w_i log|Sigma_i| has derivative sum_i w_i tr(V_i^-1 V_ri): the extra (w_i - 1) copies of V_i^-1
    same = problem.person[:, None] == problem.person[None, :]
    return B + np.where(same, W, 0) * (problem.weights - 1)[:, None]


def score(problem, theta):
    _, W, _, M = _solve(problem, theta)
    B, My = _trace_matrix(problem, W, M), M @ problem.y
    return np.array([(My @ D @ My - np.sum(B * D.T)) / 2 for D in first_derivatives(problem, theta)])


def information(problem, theta, kind="observed"):
    """Information of theta. observed: minus the Hessian of `loglik`; expected: Kenward & Roger 1997, section 2."""
    _, W, _, M = _solve(problem, theta)
    first = first_derivatives(problem, theta)
    q = len(first)
    plain = M if problem.reml else W
    turned = [plain @ D for D in first]
    double = np.array([[np.sum(A * B.T) for B in turned] for A in turned])
    if kind == "expected":
        if problem.weights is not None:
            raise ValueError("expected information has no meaning for a weighted pseudo-likelihood")
        return double / 2
    B, My = _trace_matrix(problem, W, M), M @ problem.y
    if problem.weights is not None:
        extra, inner = [(B - plain) @ D for D in first], [W @ D for D in first]
        double = double + np.array([[np.sum(A * E.T) for E in inner] for A in extra])
    second = second_derivatives(problem, theta)
    DMy = [D @ My for D in first]
    out = np.empty((q, q))
    for r in range(q):
        for s in range(q):
            quadratic = 2 * DMy[r] @ M @ DMy[s] - np.sum(np.outer(My, My) * second[r][s])
            out[r, s] = (np.sum(B * second[r][s].T) - double[r, s] + quadratic) / 2
    return (out + out.T) / 2


def maximise(problem, start, steps=200):
    """Newton with halved steps from `start`, until the next step would gain less than 1e-18."""
    theta, value = np.array(start, float), loglik(problem, start)
    for _ in range(steps):
        g, H = score(problem, theta), information(problem, theta)
        lowest = eigh(H)[0][0]
        if lowest <= 0:  # not yet near the maximum: shift the curvature until the step goes uphill
            H = H + (1e-3 * np.abs(H).max() - lowest) * np.eye(len(theta))
        step = np.linalg.solve(H, g)
        gain, size = g @ step, 1.0
        if gain < 1e-18:
            return theta
        # close to the maximum the gain drowns in the rounding of the log-likelihood, and whole steps are safe
        while gain > 1e-8 and not loglik(problem, theta + size * step) > value:
            size /= 2
            if size < 1e-12:
                raise RuntimeError(f"no uphill step, though one should gain {gain:.1e}")
        theta = theta + size * step
        value = loglik(problem, theta)
    raise RuntimeError("no maximum reached")


# ---- inference ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fitted:
    problem: Problem
    theta: np.ndarray
    beta: np.ndarray
    Phi: np.ndarray
    V: np.ndarray
    P: list
    Q: list
    C: dict  # inverse information of theta, by kind


def fit_at(problem, theta):
    theta = np.asarray(theta, float)
    V, W, Phi, _ = _solve(problem, theta)
    X = problem.X
    first = first_derivatives(problem, theta)
    P = [-X.T @ W @ D @ W @ X for D in first]
    WX = W @ X
    DWX = [D @ WX for D in first]
    Q = [[A.T @ W @ B for B in DWX] for A in DWX]
    kinds = ["observed"] if problem.weights is not None else ["observed", "expected"]
    C = {kind: inv(information(problem, theta, kind)) for kind in kinds}
    return Fitted(problem, theta, Phi @ X.T @ W @ problem.y, Phi, V, P, Q, C)


def fit(problem, start):
    return fit_at(problem, maximise(problem, start))


def adjusted_covariance(fitted, kind="observed"):
    """Kenward & Roger 1997 eq. (4) without the term in V_rs (the first-order form, free of the parameterisation)."""
    C = fitted.C[kind]
    Phi, P, Q = fitted.Phi, fitted.P, fitted.Q
    q = len(P)
    middle = sum(C[r, s] * (Q[r][s] - P[r] @ Phi @ P[s]) for r in range(q) for s in range(q))
    adjusted = Phi + 2 * Phi @ middle @ Phi
    return (adjusted + adjusted.T) / 2


def single_df(fitted, row, kind="observed"):
    """Satterthwaite's degrees of freedom 2 f^2 / Var(f), f = l'Phi l, by the delta method."""
    C = fitted.C[kind]
    d = np.array([row @ fitted.Phi @ P @ fitted.Phi @ row for P in fitted.P])
    return 2 * (row @ fitted.Phi @ row) ** 2 / (d @ C @ d)


def one_row(fitted, row, method="kenward-roger", kind="observed"):
    """Returns estimate, standard error, degrees of freedom."""
    row = np.asarray(row, float)
    covariance = adjusted_covariance(fitted, kind) if method == "kenward-roger" else fitted.Phi
    return row @ fitted.beta, np.sqrt(row @ covariance @ row), single_df(fitted, row, kind)


def kenward_roger_f(fitted, L, kind="observed"):
    """Kenward & Roger 1997, section 3. Returns the scaled F, numerator df, denominator df, and the scale lambda."""
    L = np.atleast_2d(L).astype(float)
    q = len(L)
    C = fitted.C[kind]
    Phi = fitted.Phi
    Theta = L.T @ inv(L @ Phi @ L.T) @ L
    turned = [Theta @ Phi @ P @ Phi for P in fitted.P]
    pairs = [(r, s) for r in range(len(turned)) for s in range(len(turned))]
    A1 = sum(C[r, s] * np.trace(turned[r]) * np.trace(turned[s]) for r, s in pairs)
    A2 = sum(C[r, s] * np.trace(turned[r] @ turned[s]) for r, s in pairs)
    B = (A1 + 6 * A2) / (2 * q)
    g = ((q + 1) * A1 - (q + 4) * A2) / ((q + 2) * A2)
    D = 3 * q + 2 * (1 - g)
    c1, c2, c3 = g / D, (q - g) / D, (q + 2 - g) / D
    E = 1 / (1 - A2 / q)
    variance = 2 / q * (1 + c1 * B) / ((1 - c2 * B) ** 2 * (1 - c3 * B))
    rho = variance / (2 * E**2)
    m = 4 + (q + 2) / (q * rho - 1)
    scale = m / (E * (m - 2))
    estimate = L @ fitted.beta
    F = estimate @ inv(L @ adjusted_covariance(fitted, kind) @ L.T) @ estimate / q
    return scale * F, q, m, scale


def satterthwaite_f(fitted, L, kind="observed"):
    """Fai & Cornelius 1996, method 1, on rows rotated to be independent. Returns F, numerator df, denominator df."""
    L = np.atleast_2d(L).astype(float)
    values, vectors = eigh(L @ fitted.Phi @ L.T)
    rows = vectors.T @ L
    F = np.mean((rows @ fitted.beta) ** 2 / values)
    nu = np.array([single_df(fitted, row, kind) for row in rows])
    if len(L) == 1 or np.ptp(nu) < 1e-8:
        return F, len(L), nu.mean()
    if nu.min() <= 2:
        return F, len(L), 2.0
    E = np.sum(nu / (nu - 2))
    return F, len(L), 2 * E / (E - len(L))


def robust(fitted, row, cluster, kind="CR2"):
    """CR0 or CR2 with V (weights included) as the working model and as the inverse weight matrix.

    CR2: A_j = D_j'(D_j (V_j - X_j Phi X_j') D_j')^-1/2 D_j, D_j'D_j = V_j (Pustejovsky & Tipton 2018, eq. 10-11).
    Degrees of freedom: the estimator is y'(sum_j p_j p_j')y; matched in its first two moments under the working model.
    """
    row = np.asarray(row, float)
    X, V, Phi, y = fitted.problem.X, fitted.V, fitted.Phi, fitted.problem.y
    W = inv(V)
    residual_maker = np.eye(len(y)) - X @ Phi @ X.T @ W
    p = []
    for c in dict.fromkeys(cluster):
        at = np.flatnonzero(np.asarray(cluster) == c)
        Vj, Xj = V[np.ix_(at, at)], X[at]
        A = np.eye(len(at))
        if kind == "CR2":
            D = cholesky(Vj).T
            B = D @ (Vj - Xj @ Phi @ Xj.T) @ D.T
            values, vectors = eigh((B + B.T) / 2)
            keep = values > 1e-12
            A = D.T @ (vectors[:, keep] / np.sqrt(values[keep])) @ vectors[:, keep].T @ D
        p.append(residual_maker[at].T @ A.T @ inv(Vj) @ Xj @ Phi @ row)
    p = np.array(p)
    variance = np.sum((p @ y) ** 2)
    moments = p @ V @ p.T
    return row @ fitted.beta, np.sqrt(variance), np.trace(moments) ** 2 / np.sum(moments**2)


# ---- covariance functions ----------------------------------------------------------------------------------------


def over_waves(structure, n_waves):
    """(theta -> Sigma over waves, names of theta): elements of Sigma if unstructured, else log sd and correlations."""
    lag = np.abs(np.subtract.outer(np.arange(n_waves), np.arange(n_waves)))
    lower = np.tril_indices(n_waves)
    if structure == "unstructured":
        index = np.zeros((n_waves, n_waves), int)
        index[lower] = np.arange(len(lower[0]))
        index = np.tril(index) + np.tril(index, -1).T
        return lambda t: t[index], [f"v{a}{b}" for a, b in zip(*lower, strict=True)]
    heterogeneous = structure.startswith("heterogeneous_")
    family = structure.removeprefix("heterogeneous_")
    n_sd = n_waves if heterogeneous else 1

    def build(t):
        sd = np.exp(t[:n_sd]) * np.ones(n_waves)
        rho = t[n_sd:]
        if family == "compound_symmetry":
            R = np.where(lag == 0, 1, rho[0])
        elif family == "ar1":
            R = rho[0] ** lag
        else:
            R = np.concatenate([[1], rho])[lag]
        return sd[:, None] * R * sd[None, :]

    n_rho = n_waves - 1 if family == "toeplitz" else 1
    return build, [f"log sd{i}" for i in range(n_sd)] + [f"rho{i + 1}" for i in range(n_rho)]


def start_over_waves(structure, n_waves, variance, correlation=0.4):
    Sigma = variance * (correlation + (1 - correlation) * np.eye(n_waves))
    if structure == "unstructured":
        return Sigma[np.tril_indices(n_waves)]
    n_sd = n_waves if structure.startswith("heterogeneous_") else 1
    n_rho = n_waves - 1 if structure.endswith("toeplitz") else 1
    rho = correlation ** np.arange(1, n_rho + 1) if structure.endswith("toeplitz") else [correlation]
    return np.concatenate([np.full(n_sd, np.log(variance) / 2), rho])


def same(labels):
    labels = np.asarray(labels)
    return labels[:, None] == labels[None, :]


def waves_within(structure, wave, person):
    """Sigma over waves within each person; wave as codes 0, 1, ..."""
    build, names = over_waves(structure, int(np.max(wave)) + 1)
    mine = same(person)
    return lambda t: np.where(mine, build(t)[np.ix_(wave, wave)], 0), names


def random_slope(time, person):
    """Covariance of intercept and slope (v00, v10, v11) and a residual variance."""
    Z, mine = np.column_stack([np.ones(len(time)), time]), same(person)
    return lambda t: np.where(mine, Z @ t[np.array([[0, 1], [1, 2]])] @ Z.T, 0) + t[3] * np.eye(len(time))


def add_terms(base, n_base, *indicators):
    """base(theta[:n_base]) plus one variance for each N x N 0/1 matrix in `indicators`."""
    return lambda t: base(t[:n_base]) + sum(t[n_base + i] * K for i, K in enumerate(indicators))
