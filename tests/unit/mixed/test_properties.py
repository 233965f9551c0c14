"""Whatever valid design comes along: "ok" means a real optimum with a positive definite information matrix."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from alongside.mixed import STRUCTURES, Cluster, MixedError, fit


@st.composite
def designs(draw):
    """A panel of 6 to 40 people, 2 to 5 waves, any dropout, any correlation, maybe sites, values of any size."""
    n, m = draw(st.integers(6, 40)), draw(st.integers(2, 5))
    rng = np.random.default_rng(draw(st.integers(0, 2**31)))
    scale = 10.0 ** draw(st.integers(-6, 6))
    person = draw(st.sampled_from([0.0, 0.3, 1.0, 30.0]))
    site = rng.integers(0, draw(st.integers(1, 6)), n)
    score = (
        person * rng.normal(size=(n, 1)) + rng.normal(size=(n, m)) + draw(st.sampled_from([0.0, 1.0])) * site[:, None]
    )
    if draw(st.booleans()):
        score = np.round(score)  # ties and floors, as in real scales
    data = pd.DataFrame(
        {
            "id": np.repeat(np.arange(n), m),
            "wave": pd.Categorical.from_codes(np.tile(np.arange(m), n), list("abcde")[:m]),
            "month": np.tile(np.arange(m) * 1.0, n),
            "cohort": pd.Categorical.from_codes(np.repeat(np.arange(n) % 2, m), ["c", "t"]),
            "site": np.repeat(site, m),
            "score": scale * score.ravel(),
        }
    )
    return data[rng.random(len(data)) > draw(st.sampled_from([0.0, 0.2, 0.6]))]


@settings(max_examples=settings.default.max_examples * 3 // 2)
@given(
    data=designs(),
    covariance=st.sampled_from(STRUCTURES),
    clusters=st.sampled_from([[], ["site"], [Cluster("site", by_wave=False)]]),
    reml=st.booleans(),
)
def test_ok_means_a_positive_definite_optimum(data, covariance, clusters, reml):
    try:
        model = fit(
            "score ~ cohort * wave",
            data,
            participant="id",
            wave="wave",
            covariance=covariance,
            clusters=clusters,
            time="month",
            reml=reml,
        )
    except MixedError:
        return  # a clear mistake: too few rows, a column that cannot be told apart
    table = model.coefficients(df="kenward-roger" if reml else "residual")
    if model.status == "not-estimable":
        assert table["estimate"].isna().all()
        assert model.warnings
        return
    found = model.optimum.evaluation
    assert np.isfinite(table[["estimate", "se", "df"]]).all().all()
    # a row has its p unless it has fewer than two degrees of freedom, and then the model names it
    assert table.loc[table["p"].isna(), "term"].tolist() == model.thin
    assert not reml or (table["p"].isna() == (table["df"] < 2)).all()
    assert (table["se"] > 0).all()
    for sigma in found.sigma:
        assert np.linalg.eigvalsh(sigma)[0] > 0
    if model.status not in ("ok", "partial"):
        return
    scale = 1 / np.sqrt(np.diag(found.hessian))
    assert np.linalg.eigvalsh(found.hessian * np.outer(scale, scale))[0] > 0
    # In units of the standard errors of theta, the gradient is nothing.
    assert np.abs(found.gradient * scale).max() < 1e-4
    # No direction of one standard error, either way, is better.
    rng = np.random.default_rng(0)
    for _ in range(4):
        step = 0.1 * scale * rng.choice([-1.0, 1.0], len(scale))
        assert model.criterion.value(found.theta + step) >= found.value - 1e-8 * (1 + abs(found.value))
