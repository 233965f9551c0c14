"""Balanced designs whose exact tests have been known for a century: Kenward-Roger has to give them back.

Kenward & Roger (1997, section 3) chose the constants of their F test so that it is exact in two cases: Hotelling's T2
(test_model.py) and the analysis of variance of balanced mixed models, here. Expected values are mean squares by hand.
"""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from alongside.mixed import Cluster, fit

COHORTS, WAVES = 2, 3
WHO = {"participant": "id", "wave": "wave", "covariance": "random_intercept"}
CHANGES = ["cohort[T.b]:wave[T.1]", "cohort[T.b]:wave[T.2]"]


def balanced(sites, people, *, site_wave, seed):
    """`sites` sites a cohort, `people` a site, all seen at all waves; also score (cohort, site, person, wave)."""
    rng = np.random.default_rng(seed)
    score = rng.normal(size=(COHORTS, sites, people, WAVES)) + 1.5 * rng.normal(size=(COHORTS, sites, people, 1))
    score += 1.5 * rng.normal(size=(COHORTS, sites, 1, 1)) + site_wave * rng.normal(size=(COHORTS, sites, 1, WAVES))
    cohort, site, person, wave = (index.ravel() for index in np.indices(score.shape))
    data = pd.DataFrame(
        {
            "id": (cohort * sites + site) * people + person,
            "site": cohort * sites + site,
            "cohort": pd.Categorical.from_codes(cohort, ["a", "b"]),
            "wave": pd.Categorical.from_codes(wave, ["0", "1", "2"]),
            "score": score.ravel(),
        }
    )
    return data, score


def interaction(means, error, df):
    """F of cohort by wave: means (cohort, wave) of `n` scores each, error mean square, its df."""
    gap = (means - means.mean(axis=0) - means.mean(axis=1, keepdims=True) + means.mean()) ** 2
    f = gap.sum() / ((COHORTS - 1) * (WAVES - 1)) / error
    return f, stats.f.sf(f, WAVES - 1, df)


@pytest.mark.parametrize("information", ["observed", "expected"])
@pytest.mark.parametrize("seed", range(3))
def test_split_plot_of_people(information, seed):
    """People in cohorts, waves within people: cohort by wave against person by wave, 2 and 2 (n - 1) 2 df."""
    data, score = balanced(1, 9, site_wave=0, seed=seed)
    score = score[:, 0]
    within = score - score.mean(axis=2, keepdims=True) - score.mean(axis=1, keepdims=True)
    within += score.mean(axis=(1, 2), keepdims=True)
    df = COHORTS * (9 - 1) * (WAVES - 1)
    f, p = interaction(score.mean(axis=1), (within**2).sum() / df / 9, df)
    model = fit("score ~ cohort * wave", data, **WHO)
    rows = np.eye(6)[[model.names.index(name) for name in CHANGES]]
    found = model.contrasts({"f": rows}, information=information).iloc[0]
    assert model.status == "ok"
    assert (found["df_num"], found["df"]) == (2, pytest.approx(df, rel=1e-6))
    assert (found["statistic"], found["p"]) == (pytest.approx(f, rel=1e-6), pytest.approx(p, rel=1e-5))


@pytest.mark.parametrize("information", ["observed", "expected"])
@pytest.mark.parametrize("seed", range(3))
def test_whole_sites(information, seed):
    """Four sites a cohort: cohort by wave against site by wave, 2 and 2 (4 - 1) 2 = 12 df, however many people."""
    data, score = balanced(4, 6, site_wave=1.5, seed=seed)
    site = score.mean(axis=2)
    within = site - site.mean(axis=2, keepdims=True) - site.mean(axis=1, keepdims=True)
    within += site.mean(axis=(1, 2), keepdims=True)
    df = COHORTS * (4 - 1) * (WAVES - 1)
    error = (within**2).sum() / df / 4
    f, p = interaction(site.mean(axis=1), error, df)
    model = fit("score ~ cohort * wave", data, **WHO, clusters=["site"])
    assert model.status == "ok"
    assert model.dropped_terms == []
    rows = np.eye(6)[[model.names.index(name) for name in CHANGES]]
    found = model.contrasts({"f": rows, "t": CHANGES[1]}, information=information).set_index("contrast")
    assert found.loc["f", "df"] == pytest.approx(df, rel=1e-6)
    assert found.loc["f", "statistic"] == pytest.approx(f, rel=1e-6)
    assert found.loc["f", "p"] == pytest.approx(p, rel=1e-5)
    # one change: (b2 - b0) - (a2 - a0) over its standard error, two differences of two means of four sites
    a, b = site.mean(axis=1)
    se = np.sqrt(error * 4 * (2 / 4 + 2 / 4))
    assert found.loc["t", "estimate"] == pytest.approx((b[2] - b[0]) - (a[2] - a[0]), rel=1e-8)
    assert found.loc["t", "se"] == pytest.approx(se, rel=1e-6)
    assert found.loc["t", "df"] == pytest.approx(df, rel=1e-6)


def test_the_level_of_whole_sites():
    """One wave's mean of the cohorts has no exact test, but their mean over waves has: site means, 6 df."""
    data, score = balanced(4, 6, site_wave=0.0, seed=4)
    model = fit("score ~ cohort * wave", data, **WHO, clusters=[Cluster("site", by_wave=False)])
    rows = np.array([model.row(cohort=c, wave=w) for c in ("b", "a") for w in ("0", "1", "2")])
    row = model.contrasts({"gap": rows[:3].mean(axis=0) - rows[3:].mean(axis=0)}).iloc[0]
    site = score.mean(axis=(2, 3))
    exact = stats.ttest_ind(site[1], site[0])
    assert row["df"] == pytest.approx(6, rel=1e-6)
    assert row["statistic"] == pytest.approx(exact.statistic, rel=1e-6)
    assert row["p"] == pytest.approx(exact.pvalue, rel=1e-5)
