"""Small-sample inference for fixed effects: Kenward-Roger, Satterthwaite, between-within, residual, z.

In: an `Evaluation` at the optimum, the parameters that are free, contrasts L (q, k) in the basis of the Summaries.
Out: standard errors, degrees of freedom, F tests.
Sources: Kenward & Roger (1997, Biometrics 53:983); Satterthwaite as in Giesbrecht & Burns (1985) for one row and
Fai & Cornelius (1996) for several; between-within as in Schluchter & Elashoff (1990).
The adjusted covariance is the first-order form (no V_rs in it), which does not depend on the parameterisation; V_rs is
in the observed information. Fails with RequestError for a method or an information that does not exist.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats
from scipy.special import stdtr, stdtrit

from alongside.mixed.failures import RequestError, refuse

DF_METHODS = ("kenward-roger", "satterthwaite", "between-within", "residual", "z")
INFORMATIONS = ("observed", "expected")
SMALLEST_DF = 2.0  # below, the variance of a t is infinite and nobody should read its tail


@dataclass
class Precision:
    """What one choice of information gives. c (R, R): covariance of theta; phi, adjusted (k, k); p (R, k, k)."""

    c: np.ndarray
    phi: np.ndarray
    adjusted: np.ndarray
    p: np.ndarray

    def satterthwaite(self, rows):
        """Degrees of freedom of contrasts (q, k), which both methods share; infinite where the variance is known."""
        side = rows @ self.phi
        d = np.einsum("rqk,qk->rq", side @ self.p, side)  # l' Phi P_r Phi l, (R, q)
        spread = np.einsum("rq,rq->q", d, self.c @ d)
        known = spread <= 0
        return np.where(known, np.inf, 2 * np.einsum("qk,qk->q", side, rows) ** 2 / np.where(known, 1.0, spread))


def make_precision(criterion, evaluation, tangent, information):
    """tangent (R, s): directions in which theta is free (columns of the identity, fewer at a boundary)."""
    if information not in INFORMATIONS:
        refuse(RequestError, "information", f"{information!r}", allowed=", ".join(INFORMATIONS))
    matrix = evaluation.hessian if information == "observed" else evaluation.expected
    inner = tangent.T @ matrix @ tangent
    c = 2 * tangent @ np.linalg.inv(0.5 * (inner + inner.T)) @ tangent.T
    phi, p = evaluation.phi, evaluation.p
    k = len(phi)
    side = (c @ p.reshape(len(p), -1)).reshape(p.shape) @ phi
    # sum_rs c_rs P_r Phi P_s as one product: (k, R k) by (R k, k)
    correction = criterion.second_form(evaluation, c) - side.swapaxes(0, 1).reshape(k, -1) @ p.reshape(-1, k)
    adjusted = phi + 2 * phi @ correction @ phi
    return Precision(c, phi, 0.5 * (adjusted + adjusted.T), p)


@dataclass
class BetweenWithin:
    """Columns that change within some participant have the within degrees of freedom, all others the between ones."""

    within: np.ndarray
    between_df: float
    within_df: float

    def of(self, row):
        """Degrees of freedom of one contrast: the smallest among the columns it uses."""
        used = np.abs(row) > 1e-12 * np.abs(row).max(initial=1e-300)
        pairs = ((self.within_df, self.within), (self.between_df, ~self.within))
        return float(min(df for df, mask in pairs if np.any(mask & used)))


def between_within(within, rows, participants):
    k_within = int(within.sum())
    k_between = len(within) - k_within
    return BetweenWithin(within, participants - k_between, rows - participants - k_within)


def f_kenward_roger(precision, contrast, estimate):
    """F, numerator and denominator df of L beta = 0 (Kenward & Roger 1997, section 3)."""
    phi, c, p = precision.phi, precision.c, precision.p
    q = len(contrast)
    theta = contrast.T @ np.linalg.solve(contrast @ phi @ contrast.T, contrast)
    tpp = theta @ phi @ p @ phi  # (R, k, k): Theta Phi P_r Phi
    traces = np.einsum("raa->r", tpp)
    a1 = float(traces @ c @ traces)
    a2 = float(np.sum(c * np.einsum("rab,sba->rs", tpp, tpp)))
    if a2 <= 0:
        wald = float(estimate @ np.linalg.solve(contrast @ precision.adjusted @ contrast.T, estimate))
        return wald / q, q, np.inf
    b = (a1 + 6 * a2) / (2 * q)
    g = ((q + 1) * a1 - (q + 4) * a2) / ((q + 2) * a2)
    d = 3 * q + 2 * (1 - g)
    c1, c2, c3 = g / d, (q - g) / d, (q + 2 - g) / d
    e = 1 / (1 - a2 / q)
    u = (2 / q) * (1 + c1 * b) / ((1 - c2 * b) ** 2 * (1 - c3 * b))
    rho = u / (2 * e**2)
    m = 4 + (q + 2) / (q * rho - 1)
    scale = m / (e * (m - 2))
    wald = float(estimate @ np.linalg.solve(contrast @ precision.adjusted @ contrast.T, estimate))
    return scale * wald / q, q, m


def f_satterthwaite(precision, contrast, estimate):
    """F and df of L beta = 0 by the eigenvectors of L Phi L' (Fai & Cornelius 1996).

    Where one of the rotated rows has two degrees of freedom or fewer the expectation behind the formula does not exist;
    the test then gets two, as in lmerTest and mmrm (SAS leaves such rows out of the sum).
    """
    q = len(contrast)
    values, vectors = np.linalg.eigh(contrast @ precision.phi @ contrast.T)
    rows = vectors.T @ contrast
    t_squared = (vectors.T @ estimate) ** 2 / values
    df = precision.satterthwaite(rows)
    f = float(t_squared.sum()) / q
    if np.ptp(df) < 1e-8 * df.max():
        return f, q, float(df.mean())
    if df.min() <= 2:
        return f, q, 2.0
    expected = np.sum(df / (df - 2))
    return f, q, float(2 * expected / (expected - q))


def t_table(estimate, se, df, level):
    """t, p and confidence limits of single contrasts (arrays of equal length), missing below two degrees of freedom."""
    df = np.asarray(df, float)
    se = np.where(df >= SMALLEST_DF, se, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = estimate / se
    # The functions behind scipy.stats.t, whose own checks take longer than all else; infinite df are the normal's.
    p, critical = 2 * stdtr(df, -np.abs(t)), stdtrit(df, 0.5 + level / 2)
    return t, p, estimate - critical * se, estimate + critical * se


def f_p_value(f, q, df):
    """p of an F test, missing below two denominator degrees of freedom."""
    if not df >= SMALLEST_DF:
        return np.nan
    return float(stats.f.sf(f, q, df)) if np.isfinite(df) else float(stats.chi2.sf(f * q, q))
