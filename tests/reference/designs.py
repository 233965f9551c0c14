"""Small random studies, for comparing the estimator with the oracle. A seed gives the whole design.

Each has 14 to 30 people, 2 to 4 waves, two or three cohorts, dropout and gaps, a covariate, unequal variances; with
clusters, 5 to 7 sites whose variance is large, so that most are estimated above zero.
"""

import numpy as np
import pandas as pd


def draw_panel(seed, *, sites=False, cohorts=None, people=None):
    rng = np.random.default_rng(seed)
    n_waves = int(rng.integers(2, 5))
    n = people or int(rng.integers(14, 31))
    n_cohorts = cohorts or int(rng.integers(2, 4))
    labels = ["comparison", "mentored", "peers"][:n_cohorts]
    sd = rng.uniform(0.7, 1.8, n_waves)
    root = rng.normal(size=(n_waves, n_waves)) * 0.5 + np.eye(n_waves)
    S = root @ root.T
    S = S / np.sqrt(np.outer(np.diag(S), np.diag(S))) * 0.6 + 0.4 * (0.5 + 0.5 * np.eye(n_waves))
    S = S / np.sqrt(np.outer(np.diag(S), np.diag(S))) * np.outer(sd, sd)
    noise = rng.multivariate_normal(np.zeros(n_waves), S, size=n)
    n_sites = int(rng.integers(5, 8))
    site = rng.permutation(np.arange(n) % n_sites)
    site_effect = rng.normal(scale=1.5, size=n_sites)
    site_wave = rng.normal(scale=1.2, size=(n_sites, n_waves))
    rows = []
    for i in range(n):
        age = round(float(rng.uniform(11, 16)), 1)
        weight = round(float(rng.uniform(0.3, 2.0)), 2)
        cohort = i % n_cohorts
        seen = rng.uniform(size=n_waves) > 0.2
        seen[rng.integers(n_waves)] = True
        for wave in np.flatnonzero(seen):
            score = 10 + 0.3 * age - 0.5 * wave + 0.7 * cohort * wave + noise[i, wave]
            if sites:
                score += site_effect[site[i]] + site_wave[site[i], wave]
            rows.append((f"P{i:02d}", f"S{site[i]}", labels[cohort], age, weight, str(wave), round(score, 3)))
    d = pd.DataFrame(rows, columns=["id", "site", "cohort", "age", "weight", "wave", "score"])
    d["cohort"] = pd.Categorical(d["cohort"], categories=labels)
    d["wave"] = pd.Categorical(d["wave"], categories=[str(w) for w in range(n_waves)])
    return d.iloc[rng.permutation(len(d))].reset_index(drop=True)
