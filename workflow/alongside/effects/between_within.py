"""Degrees of freedom by grouping level: "between-within".

In: the columns of a model with random intercepts of nested groups, and a contrast. Out: its degrees of freedom.

A column belongs to the innermost level at which it still varies: within participants, between the participants of a
cluster, between clusters. With N_g groups at level g (clusters, ..., participants, observations), p_g the rank of the
columns that belong to it, and N_0 = 1 for the intercept,

    df_g = N_g - (N_(g-1) + p_g)

(Schluchter & Elashoff 1990, J Stat Comput Simul 37:69; Pinheiro & Bates 2000, Mixed-Effects Models in S and S-PLUS,
section 2.4.2; so within participants: observations - participants - rank of the columns that vary there.) A contrast
takes the smallest df of the columns that it weighs, as R's mmrm does; the intercept itself counts with the innermost
level. It is a rule for balanced data: where whole clusters are in one cohort it does not know that the difference in
change is a comparison of clusters, which is one reason why the project's own estimator uses Kenward-Roger instead.
"""

import numpy as np


def between_within(x, groups):
    """df of each column. x: (n, k); groups: whole numbers per observation, from the outermost level inwards."""
    varies = [_varies_within(x, codes) for codes in groups]
    level = np.sum(varies, axis=0) if groups else np.zeros(x.shape[1], dtype=int)
    sizes = [1, *(codes.max() + 1 for codes in groups), len(x)]
    constant = np.ptp(x, axis=0) == 0
    level[constant] = len(groups)
    df = np.zeros(x.shape[1])
    for at in range(len(groups) + 1):
        mine = level == at
        if mine.any():
            columns = x[:, mine & ~constant]
            rank = np.linalg.matrix_rank(columns - columns.mean(axis=0)) if columns.shape[1] else 0
            df[mine] = sizes[at + 1] - (sizes[at] + rank)
    return df


def contrast_df(weights, df):
    """The smallest df of the columns that a contrast weighs. weights: (q, k); df: (k,)."""
    used = np.abs(weights) > 1e-10 * np.abs(weights).max(axis=1, keepdims=True)
    return np.where(used, df, np.inf).min(axis=1)


def _varies_within(x, codes):
    """Which columns differ between the observations of some group."""
    first = np.unique(codes, return_index=True)[1]
    return (np.abs(x - x[first][codes]) > 1e-9 * (1 + np.abs(x))).any(axis=0)
