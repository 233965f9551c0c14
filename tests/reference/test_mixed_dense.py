"""`alongside.mixed` against the dense oracle on small random studies (designs.py: a seed is a study).

Both are optimised to the end, so the tolerances of the methods (2.2) leave room; where the estimator found a cluster
variance of zero, the oracle is fitted without it and must agree that it would be negative if it could.
"""

import numpy as np
import pytest
from comparing import assert_covariance, assert_dense, assert_table
from dense.dense import fit as fit_dense
from dense.dense import information, one_row, robust, score
from designs import draw_panel
from references import dense_model, same, sigma, theta_of

from alongside.mixed import Cluster, fit

STRUCTURES = [
    "unstructured",
    "toeplitz",
    "ar1",
    "compound_symmetry",
    "heterogeneous_toeplitz",
    "heterogeneous_ar1",
    "heterogeneous_compound_symmetry",
    "random_intercept",
]
FORMULA = "score ~ cohort * wave + age * wave"


def fit_panel(data, covariance="unstructured", **options):
    return fit(options.pop("formula", FORMULA), data, participant="id", wave="wave", covariance=covariance, **options)


def families(terms):
    """Families of coefficients to test together: the interaction of cohort and wave, and two of them only."""
    interaction = [t for t in terms if t.startswith("cohort") and ":wave" in t]
    return [interaction, interaction[:2]] if len(interaction) > 1 else []


@pytest.mark.parametrize("seed", range(40))
def test_structures(seed):
    structure = STRUCTURES[seed % len(STRUCTURES)]
    data = draw_panel(seed, people=24)
    model = fit_panel(data, structure)
    dense = dense_model(data, FORMULA, structure)
    if model.status == "boundary":
        assert_at_boundary(model, data, FORMULA, {})
        return
    assert model.status == "ok"
    fitted = fit_dense(dense.problem, dense.start)
    assert np.linalg.eigvalsh(information(dense.problem, fitted.theta))[0] > 0
    assert_dense(model, dense, fitted, tests=families(dense.terms))
    if structure != "random_intercept":
        assert_covariance(model.covariance, sigma(structure, fitted.theta, data["wave"].cat.categories.size))


def assert_at_boundary(model, data, formula, indicators):
    """A random intercept at zero: inference is that of the model without it, and its score there is negative."""
    assert model.structure == "random_intercept"
    assert_matches(model, data, formula, "independent", indicators)
    found = estimates_of(model)
    dense = dense_model(data, formula, "random_intercept", extra=list(indicators.values()))
    theta = [0.0, found["residual variance"], *(found[name] for name in indicators)]
    assert score(dense.problem, np.array(theta))[0] < 0


def estimates_of(model):
    return dict(zip(model.variance_components["component"], model.variance_components["estimate"], strict=True))


def assert_matches(model, data, formula, structure, indicators):
    """The oracle with the variances that the estimator kept; those that it dropped would go below zero."""
    found = estimates_of(model)
    kept = {name: K for name, K in indicators.items() if found[name] > 0}
    dense = dense_model(data, formula, structure, extra=list(kept.values()))
    own = dense.start[: len(dense.start) - len(kept)]
    fitted = fit_dense(dense.problem, np.concatenate([own, [found[name] * 0.9 for name in kept]]))
    assert_dense(model, dense, fitted, tests=families(dense.terms))
    for name in indicators.keys() - kept.keys():
        wider = dense_model(data, formula, structure, extra=[*kept.values(), indicators[name]])
        assert score(wider.problem, np.append(fitted.theta, 0.0))[-1] < 0, name


@pytest.mark.parametrize("seed", range(100, 124))
def test_clusters(seed):
    structure = ["unstructured", "random_intercept", "heterogeneous_ar1"][seed % 3]
    data = draw_panel(seed, sites=True, people=30, cohorts=2)
    by_wave = seed % 2 == 0
    formula = "score ~ cohort * wave + age"
    model = fit_panel(data, structure, formula=formula, clusters=[Cluster("site", by_wave=by_wave)])
    indicators = {"variance of site": same(data["site"])}
    if by_wave:
        indicators["variance of site by wave"] = same(data["site"]) & same(data["wave"])
    if model.status == "boundary":
        kept = {name: K for name, K in indicators.items() if estimates_of(model)[name] > 0}
        assert_at_boundary(model, data, formula, kept)
        return
    assert model.status == "ok"
    assert_matches(model, data, formula, structure, indicators)


@pytest.mark.parametrize("seed", range(200, 206))
def test_classes_in_sites(seed):
    """Two nested levels; half of the people are in no class."""
    data = draw_panel(seed, sites=True, people=36, cohorts=2)
    rng = np.random.default_rng(seed)
    half = data["id"].str[1:].astype(int) % 2 == 0
    data["class"] = (data["site"] + data["id"].str[1:].astype(int).mod(4).astype(str)).where(half)
    effect = dict(zip(data["class"].dropna().unique(), rng.normal(scale=1.5, size=99), strict=False))
    data["score"] += data["class"].map(effect).fillna(0).astype(float)
    clusters = [Cluster("site", by_wave=False), Cluster("class", by_wave=False)]
    formula = "score ~ cohort * wave"
    model = fit_panel(data, formula=formula, clusters=clusters)
    assert model.status == "ok"
    in_class = data["class"].notna().to_numpy()
    indicators = {
        "variance of site": same(data["site"]),
        "variance of class": same(data["class"].fillna("none")) & np.outer(in_class, in_class),
    }
    assert_matches(model, data, formula, "unstructured", indicators)


@pytest.mark.parametrize("seed", range(300, 308))
def test_a_covariance_for_each_cohort(seed):
    structure = ["unstructured", "heterogeneous_ar1", "compound_symmetry", "toeplitz"][seed % 4]
    data = draw_panel(seed, people=40, cohorts=2)
    model = fit_panel(data, structure, covariance_by="cohort")
    assert model.status == "ok"
    dense = dense_model(data, FORMULA, structure, by="cohort")
    fitted = fit_dense(dense.problem, dense.start)
    assert_dense(model, dense, fitted, tests=families(dense.terms))


@pytest.mark.parametrize("seed", range(400, 408))
def test_one_mean_at_baseline(seed):
    """The oracle's columns are made by hand: waves, and cohort by wave after the first."""
    data = draw_panel(seed, people=28)
    model = fit_panel(data, formula="score ~ cohort * wave", baseline="0", cohort="cohort")
    assert model.status == "ok"
    waves, cohorts = data["wave"].cat.categories[1:], data["cohort"].cat.categories[1:]
    terms = []
    for wave in waves:
        for cohort in cohorts:
            terms.append(f"{cohort}_at_{wave}")
            data[terms[-1]] = ((data["cohort"] == cohort) & (data["wave"] == wave)) + 0.0
    dense = dense_model(data, "score ~ wave + " + " + ".join(terms), "unstructured")
    fitted = fit_dense(dense.problem, dense.start)
    rows = {
        f"{cohort}_at_{wave}": model.difference_in_change("cohort", cohort, "comparison", wave=wave)
        for wave in waves
        for cohort in cohorts
    }
    table = model.contrasts(rows).rename(columns={"contrast": "term"})
    expected = []
    for term in terms:
        estimate, se, df = one_row(fitted, dense.row(term))
        expected.append({"term": term, "estimate": estimate, "se": se, "df": df})
    assert_table(table, expected)


@pytest.mark.parametrize("seed", range(500, 512))
@pytest.mark.parametrize("level", ["id", "site"])
def test_weights(seed, level):
    data = draw_panel(seed, people=30, cohorts=2)
    data.loc[data["id"].isin(["P03", "P10"]), "weight"] = 0.0
    structure = ["unstructured", "heterogeneous_ar1", "compound_symmetry"][seed % 3]
    model = fit_panel(data, structure, weights="weight", clusters=["site"] if level == "site" else ())
    assert model.status == "ok"
    used = data[data["weight"] > 0].reset_index(drop=True)
    dense = dense_model(used, FORMULA, structure, weights="weight")
    fitted = fit_dense(dense.problem, dense.start)
    assert_covariance(model.covariance, sigma(structure, fitted.theta, data["wave"].cat.categories.size))
    for kind in ("cr2", "cr0"):
        rows = []
        for term in dense.terms:
            estimate, se, df = robust(fitted, dense.row(term), used[level], kind.upper())
            rows.append({"term": term, "estimate": estimate, "se": se, "df": df})
        assert_table(model.coefficients(df=kind), rows)


@pytest.mark.parametrize("seed", range(600, 606))
def test_robust_with_site_effects_in_the_model(seed):
    """Without weights, CR2 by site takes the model's own site variance as the working covariance."""
    data = draw_panel(seed, sites=True, people=30, cohorts=2)
    formula = "score ~ cohort * wave"
    model = fit_panel(data, formula=formula, clusters=[Cluster("site", by_wave=False)])
    assert model.status == "ok"
    dense = dense_model(data, formula, "unstructured", extra=[same(data["site"])])
    variance = estimates_of(model)["variance of site"]
    assert variance > 0
    fitted = fit_dense(dense.problem, np.append(theta_of("unstructured", model.covariance), variance))
    rows = []
    for term in dense.terms:
        estimate, se, df = robust(fitted, dense.row(term), data["site"], "CR2")
        rows.append({"term": term, "estimate": estimate, "se": se, "df": df})
    assert_table(model.coefficients(df="cr2"), rows)


def test_a_model_is_judged_by_its_own_coefficients():
    """A direction of the internal basis has 0.9 df here; the smallest df of a coefficient is 9.0 by the oracle."""
    data = draw_panel(30020, sites=True, people=13, cohorts=3)
    model = fit(
        "score ~ cohort * wave",
        data,
        participant="id",
        wave="wave",
        covariance="compound_symmetry",
        clusters=[Cluster("site", by_wave=False)],
    )
    assert model.status == "ok"
    assert model.coefficients(df="satterthwaite")["df"].min() == pytest.approx(8.998, abs=1e-3)
