"""Ordinary least squares with cluster-robust standard errors that hold in few clusters: CR2.

In: design matrix, response, cluster of each observation. Out: estimates, their CR2 covariance and, for any contrast,
Bell-McCaffrey degrees of freedom. The working covariance is the identity.

    CR2    V = (X'X)^-1 [ sum_g X_g' A_g e_g e_g' A_g X_g ] (X'X)^-1,   A_g = (I - X_g (X'X)^-1 X_g')^(-1/2)
    df     (sum_g lambda_g)^2 / sum_g lambda_g^2, lambda the eigenvalues of G'G, with the columns of G
           g_g = (I - H)_g' A_g X_g (X'X)^-1 l, one a cluster

(Bell & McCaffrey 2002, Survey Methodology 28:169; Pustejovsky & Tipton 2018, J Bus Econ Stat 36:672.) The inverse root
is the Moore-Penrose one, because a cluster that alone carries a column makes I - H_gg singular. It is the fallback
where a mixed model could not be accepted. Fails with `numpy.linalg.LinAlgError` where X has not full column rank.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class RobustFit:
    """beta (k,), vcov (k, k); own, shared (clusters, k, k): what g_g'g_h is made of, for the df of any contrast."""

    beta: np.ndarray
    vcov: np.ndarray
    own: np.ndarray
    shared: np.ndarray

    def df(self, weights):
        """Bell-McCaffrey degrees of freedom of one contrast. weights: (k,)."""
        # (I - H)_gh is the identity within a cluster, minus X_g (X'X)^-1 X_h'
        own = np.einsum("k,gkl,l->g", weights, self.own, weights)
        half = np.einsum("k,gkl->gl", weights, self.shared)
        products = np.diag(own) - half @ half.T
        return np.trace(products) ** 2 / np.sum(products**2)


def fit_cluster_robust(x, y, cluster):
    """x: (n, k); y: (n,); cluster: whole numbers (n,)."""
    bread = np.linalg.inv(x.T @ x)
    root = np.linalg.cholesky(bread)
    beta = bread @ (x.T @ y)
    residual = y - x @ beta
    n_clusters, k = cluster.max() + 1, x.shape[1]
    meat = np.zeros((k, k))
    own = np.zeros((n_clusters, k, k))
    shared = np.zeros((n_clusters, k, k))
    for group in range(n_clusters):
        rows = cluster == group
        x_g = x[rows]
        a_g = _inverse_root(np.eye(len(x_g)) - x_g @ bread @ x_g.T)
        score = bread @ x_g.T @ a_g
        part = score @ residual[rows]
        meat += np.outer(part, part)
        own[group] = score @ score.T
        shared[group] = score @ x_g @ root
    return RobustFit(beta=beta, vcov=meat, own=own, shared=shared)


def _inverse_root(matrix):
    """Moore-Penrose inverse of the symmetric square root."""
    values, vectors = np.linalg.eigh(matrix)
    kept = values > 1e-10
    return (vectors[:, kept] / np.sqrt(values[kept])) @ vectors[:, kept].T
