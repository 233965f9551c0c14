"""Small simulated panels for the tests of the estimator, and the model written out as dense matrices."""

import numpy as np
import pandas as pd


def panel(n=40, m=3, *, seed=1, sites=5, classes=False, drop=0.2, slope=0.0):
    """One row per participant and wave, in random order, with dropout, sites and (optionally) classes in sites."""
    rng = np.random.default_rng(seed)
    site, room = rng.integers(0, sites, n), rng.integers(0, 3, n)
    age, cohort = rng.normal(13, 2, n), np.arange(n) % 2
    person = rng.normal(size=(n, 1)) + slope * rng.normal(size=(n, 1)) * np.arange(m)
    score = person + rng.normal(size=(sites, m))[site] * 0.6 + rng.normal(size=(n, m)) + 0.1 * age[:, None]
    score += 0.5 * cohort[:, None] * np.arange(m)
    data = pd.DataFrame(
        {
            "id": np.repeat([f"p{i:03d}" for i in range(n)], m),
            "wave": pd.Categorical.from_codes(np.tile(np.arange(m), n), [f"w{a}" for a in range(m)]),
            "month": np.tile(np.arange(m) * 2.0, n),
            "cohort": pd.Categorical.from_codes(np.repeat(cohort, m), ["comparison", "mentored"]),
            "age": np.repeat(age, m),
            "site": np.repeat([f"s{i}" for i in site], m),
            "score": score.ravel(),
        }
    )
    if classes:
        labels = [f"s{i}c{j}" if (i + j) % 3 else None for i, j in zip(site, room, strict=True)]
        data["class"] = np.repeat(np.array(labels, object), m)
    keep = (rng.random(len(data)) > drop) | (data["wave"].cat.codes.to_numpy() == 0)
    return data[keep].sample(frac=1, random_state=seed).reset_index(drop=True)


def dense_covariance(data, structure, terms, theta):
    """V (N, N) written out: blocks of Sigma by participant, plus every cluster variance."""
    sigma = structure.matrices(theta[: structure.size])[0]
    wave = data["wave"].cat.codes.to_numpy()
    same = data["id"].to_numpy()[:, None] == data["id"].to_numpy()[None, :]
    v = sigma[np.ix_(wave, wave)] * same
    for term, variance in zip(terms, theta[structure.size :], strict=True):
        label = data[term.label].to_numpy(object)
        together = np.array([[a == b and isinstance(a, str) for b in label] for a in label])
        active = np.array(term.waves)[wave]
        across = np.ones_like(v) if term.kind == "intercept" else (wave[:, None] == wave[None, :])
        v = v + variance * together * across * np.outer(active, active)
    return v


def dense_value(x, y, v, *, reml):
    """-2 log-likelihood of dense matrices."""
    inverse = np.linalg.inv(v)
    a = x.T @ inverse @ x
    beta = np.linalg.solve(a, x.T @ inverse @ y)
    r = y - x @ beta
    value = np.linalg.slogdet(v)[1] + r @ inverse @ r + len(y) * np.log(2 * np.pi)
    return value + (np.linalg.slogdet(a)[1] - x.shape[1] * np.log(2 * np.pi) if reml else 0.0)
