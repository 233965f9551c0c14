"""Thousands of refits at once give what one fit after the other gives."""

import numpy as np
import pandas as pd
import pytest

from alongside.mixed import Cluster, fit, fit_many
from alongside.mixed.failures import DesignError

from .panels import panel

FORMULA = "score ~ cohort * wave + age"
WHO = {"participant": "id", "wave": "wave"}
STRUCTURES = ["unstructured", "toeplitz", "heterogeneous_ar1", "random_intercept"]


def resampled(data, counts):
    """A frame in which every participant stands as often as `counts` says, each time under another name."""
    people = pd.unique(data["id"])
    copies = [
        data[data["id"] == person].assign(id=f"{person}-{copy}")
        for person, count in zip(people, counts.astype(int), strict=True)
        for copy in range(count)
    ]
    return pd.concat(copies)


def bootstrap(data, refits, seed):
    n = data["id"].nunique()
    return np.random.default_rng(seed).multinomial(n, np.ones(n) / n, size=refits).astype(float)


@pytest.mark.parametrize("reml", [True, False])
@pytest.mark.parametrize("covariance", STRUCTURES)
def test_bootstrap_refits_are_fits_of_resampled_people(covariance, reml):
    data = panel(60, 3, seed=21)
    counts = bootstrap(data, 30, 1)
    many = fit_many(FORMULA, data, **WHO, weights=counts, covariance=covariance, reml=reml)
    assert many.converged.all()
    for refit in (0, 13):
        model = fit(FORMULA, resampled(data, counts[refit]), **WHO, covariance=covariance, reml=reml)
        np.testing.assert_allclose(many.estimates[refit], model.beta, atol=1e-6)
        assert many.loglik[refit] == pytest.approx(model.loglik, abs=1e-8)
        se = np.sqrt(np.diag(model.vcov(df="satterthwaite")))
        np.testing.assert_allclose(many.se[refit], se, rtol=1e-6)


def test_bootstrap_refits_with_clusters():
    data = panel(60, 3, seed=22, sites=6)
    counts = bootstrap(data, 3, 2)
    clusters = [Cluster("site", by_wave=False)]
    many = fit_many(FORMULA, data, **WHO, weights=counts, clusters=clusters)
    for refit in range(3):
        model = fit(FORMULA, resampled(data, counts[refit]), **WHO, clusters=clusters)
        np.testing.assert_allclose(many.estimates[refit], model.beta, atol=1e-6)
        assert many.loglik[refit] == pytest.approx(model.loglik, abs=1e-7)


def test_permuted_labels_are_fits_of_relabelled_people():
    data = panel(50, 3, seed=23)
    people = pd.unique(data["id"])
    cohort = data.drop_duplicates("id").set_index("id")["cohort"].astype(str).loc[people].to_numpy()
    rng = np.random.default_rng(3)
    labels = np.stack([rng.permutation(cohort) for _ in range(20)])
    many = fit_many(FORMULA, data, **WHO, permute="cohort", labels=labels, baseline="w0")
    assert many.converged.all()
    for refit in (0, 19):
        given = dict(zip(people, labels[refit], strict=True))
        other = data.assign(cohort=pd.Categorical(data["id"].map(given), ["comparison", "mentored"]))
        model = fit(FORMULA, other, **WHO, baseline="w0")
        np.testing.assert_allclose(many.estimates[refit], model.beta, atol=1e-6)
        row = model.difference_in_change("cohort", "mentored", "comparison", wave="w2")
        assert many.contrast(row)[0][refit] == pytest.approx(row @ model.beta, abs=1e-6)


def incomplete(people, seed):
    """Four waves, with single answers and whole tails missing."""
    data = panel(people, 4, seed=seed, drop=0.25)
    patterns = data.groupby("id")["wave"].agg(lambda waves: "".join(sorted(waves)))
    assert patterns.nunique() > 4
    return data


def test_permutations_of_incomplete_data_are_single_fits_to_seven_digits():
    data = incomplete(120, 31)
    people = pd.unique(data["id"])
    cohort = data.drop_duplicates("id").set_index("id")["cohort"].astype(str).loc[people].to_numpy()
    labels = np.stack([np.random.default_rng(seed).permutation(cohort) for seed in range(10)])
    many = fit_many("score ~ cohort * wave + age * wave", data, **WHO, permute="cohort", labels=labels)
    assert many.converged.all()
    assert many.alone == 0
    for refit in range(10):
        given = dict(zip(people, labels[refit], strict=True))
        other = data.assign(cohort=pd.Categorical(data["id"].map(given), ["comparison", "mentored"]))
        model = fit("score ~ cohort * wave + age * wave", other, **WHO)
        se = np.sqrt(np.diag(model.vcov(df="satterthwaite")))
        np.testing.assert_allclose(many.estimates[refit] / se, model.beta / se, rtol=1e-7, atol=1e-7)
        np.testing.assert_allclose(many.se[refit], se, rtol=1e-7)
        assert many.loglik[refit] == pytest.approx(model.loglik, abs=1e-9)


@pytest.mark.parametrize("covariance", STRUCTURES)
def test_bootstrap_refits_of_a_tiny_study_are_single_fits(covariance):
    data = panel(14, 3, seed=5)
    counts = bootstrap(data, 8, 7)
    many = fit_many(FORMULA, data, **WHO, weights=counts, covariance=covariance)
    assert many.alone < 6
    for refit in range(8):
        model = fit(FORMULA, resampled(data, counts[refit]), **WHO, covariance=covariance)
        assert many.converged[refit]
        se = np.sqrt(np.diag(model.vcov(df="satterthwaite")))
        np.testing.assert_allclose(many.estimates[refit] / se, model.beta / se, atol=1e-6)
        assert many.loglik[refit] == pytest.approx(model.loglik, abs=1e-9)


@pytest.mark.parametrize("unit", [1e-7, 1e7])
def test_refits_do_not_depend_on_the_unit_of_the_response(unit):
    data = panel(60, 3, seed=32)
    counts = bootstrap(data, 10, 8)
    many = fit_many(FORMULA, data, **WHO, weights=counts)
    other = fit_many(FORMULA, data.assign(score=data["score"] * unit), **WHO, weights=counts)
    np.testing.assert_allclose(other.estimates / unit, many.estimates, rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(other.se / unit, many.se, rtol=1e-8)


def test_labels_may_be_numbers_and_must_be_levels():
    data = panel(40, 3, seed=33)
    data["cohort"] = pd.Categorical((data["cohort"] == "mentored").astype(int))
    numbers = data.drop_duplicates("id")["cohort"].to_numpy(int)[None, :]
    many = fit_many(FORMULA, data, **WHO, permute="cohort", labels=numbers)
    np.testing.assert_allclose(many.estimates[0], many.full.beta, rtol=1e-9)
    with pytest.raises(DesignError, match="not a level"):
        fit_many(FORMULA, data, **WHO, permute="cohort", labels=numbers.astype(str))


def test_permuted_labels_with_clusters():
    data = panel(60, 3, seed=34, sites=6)
    people = pd.unique(data["id"])
    cohort = data.drop_duplicates("id").set_index("id")["cohort"].astype(str).loc[people].to_numpy()
    labels = np.random.default_rng(9).permutation(cohort)[None, :]
    clusters = [Cluster("site", by_wave=False)]
    many = fit_many(FORMULA, data, **WHO, permute="cohort", labels=labels, clusters=clusters)
    given = dict(zip(people, labels[0], strict=True))
    other = data.assign(cohort=pd.Categorical(data["id"].map(given), ["comparison", "mentored"]))
    model = fit(FORMULA, other, **WHO, clusters=clusters)
    np.testing.assert_allclose(many.estimates[0], model.beta, atol=1e-6)


def test_other_responses():
    data = panel(50, 3, seed=24)
    rng = np.random.default_rng(4)
    for j in range(3):
        data[f"imputed{j}"] = data["score"] + rng.normal(size=len(data))
    many = fit_many(FORMULA, data, **WHO, responses=["imputed0", "imputed1", "imputed2"], covariance="toeplitz")
    model = fit(FORMULA.replace("score", "imputed1"), data, **WHO, covariance="toeplitz")
    np.testing.assert_allclose(many.estimates[1], model.beta, atol=1e-7)
    assert many.loglik[1] == pytest.approx(model.loglik, abs=1e-8)
    assert many.table().shape == (3, len(model.names) + 2)


def test_subsets_are_weights_of_zero_and_one():
    data = panel(60, 3, seed=25)
    people = pd.unique(data["id"])
    keep = (np.arange(len(people)) % 3 > 0).astype(float)
    many = fit_many(FORMULA, data, **WHO, weights=keep[None, :])
    model = fit(FORMULA, data[data["id"].isin(people[keep > 0])], **WHO)
    np.testing.assert_allclose(many.estimates[0], model.beta, atol=1e-6)


def test_a_refit_without_a_cohort_is_missing():
    data = panel(40, 3, seed=26)
    cohort = data.drop_duplicates("id")["cohort"].to_numpy()
    many = fit_many(FORMULA, data, **WHO, weights=np.stack([np.ones(40), (cohort == "mentored").astype(float)]))
    assert many.converged.tolist() == [True, False]
    assert np.isnan(many.estimates[1]).all()


def asked(data, **options):
    """Two contrasts, the second as a vector of the columns."""
    model = fit(FORMULA, data, **WHO, **options)
    return {"change": "cohort[T.mentored]:wave[T.w2]", "level": model.row(cohort="mentored", wave="w1")}


@pytest.mark.parametrize("clusters", [[], [Cluster("site")]])
@pytest.mark.parametrize(("df", "information"), [("kenward-roger", "observed"), ("satterthwaite", "expected")])
def test_contrasts_of_refits_have_the_degrees_of_freedom_of_their_fits(df, information, clusters):
    data = panel(60, 3, seed=27, sites=6)
    counts = bootstrap(data, 4, 6)
    options = {"df": df, "information": information}
    rows = asked(data, clusters=clusters)
    many = fit_many(FORMULA, data, **WHO, weights=counts, clusters=clusters, contrasts=rows, **options)
    dropped = 0
    for refit in range(4):
        model = fit(FORMULA, resampled(data, counts[refit]), **WHO, clusters=clusters)
        dropped += len(model.dropped_terms)
        whole = model.contrasts(rows, **options)
        mine = many.contrasts[many.contrasts["refit"] == refit].reset_index(drop=True)
        assert mine["contrast"].tolist() == ["change", "level"]
        for name in ("estimate", "se", "df", "t", "p", "ci_low", "ci_high"):
            theirs = whole["statistic" if name == "t" else name]
            np.testing.assert_allclose(mine[name], theirs, rtol=2e-5, atol=1e-6, err_msg=name)
    # with sites, some refits hold a variance at zero where the fit drops the term: the numbers are the same
    assert (dropped > 0) == bool(clusters)


def test_contrasts_of_other_responses():
    data = panel(60, 3, seed=28, sites=6)
    data["other"] = data["score"] ** 2 / 10
    rows = asked(data, clusters=["site"])
    many = fit_many(FORMULA, data, **WHO, responses=["other"], clusters=["site"], contrasts=rows)
    model = fit(FORMULA.replace("score", "other"), data, **WHO, clusters=["site"])
    whole = model.contrasts(rows)
    for name in ("estimate", "se", "df", "p"):
        np.testing.assert_allclose(many.contrasts[name], whole[name], rtol=1e-6, err_msg=name)
    theta = dict(model.variance_components[["component", "estimate"]].to_numpy())
    assert many.theta[0, -2:] == pytest.approx(
        [theta["variance of site"], theta["variance of site by wave"]], rel=1e-5, abs=1e-12
    )


def test_a_missing_refit_has_no_contrast_and_without_contrasts_there_is_no_row():
    data = panel(40, 3, seed=26)
    cohort = data.drop_duplicates("id")["cohort"].to_numpy()
    weights = np.stack([np.ones(40), (cohort == "mentored").astype(float)])
    many = fit_many(FORMULA, data, **WHO, weights=weights, contrasts={"change": "cohort[T.mentored]:wave[T.w2]"})
    assert many.contrasts["df"].notna().tolist() == [True, False]
    assert len(fit_many(FORMULA, data, **WHO, weights=weights).contrasts) == 0
