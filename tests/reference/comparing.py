"""Compare a fit of `alongside.mixed` with a reference, at the tolerances of the methods (section 2.2).

An estimate may differ by a share of its standard error; standard errors and degrees of freedom relatively.
"""

from dataclasses import dataclass

import numpy as np
import pytest
from dense.dense import kenward_roger_f, loglik, one_row, satterthwaite_f
from references import r_name


@dataclass(frozen=True)
class Tolerance:
    loglik: float = 1e-5
    estimate: float = 1e-4
    se: float = 1e-4
    df: float = 1e-3


METHODS = Tolerance()
LME4 = Tolerance(loglik=3e-5, estimate=3e-4, se=3e-4, df=5e-4)
METHOD_NAMES = {"kenward_roger": "kenward-roger", "satterthwaite": "satterthwaite"}


def assert_table(table, expected, tolerance=METHODS):
    """`table`: term, estimate, se and df of the estimator; `expected`: rows of a reference (df may be absent)."""
    ours = {r_name(row.term): row for row in table.itertuples()}
    assert sorted(ours) == sorted(row["term"] for row in expected)
    for row in expected:
        mine = ours[row["term"]]
        assert mine.estimate == pytest.approx(row["estimate"], abs=tolerance.estimate * row["se"]), row["term"]
        assert mine.se == pytest.approx(row["se"], rel=tolerance.se), row["term"]
        if "df" in row:
            assert mine.df == pytest.approx(row["df"], rel=tolerance.df), row["term"]
        if "p" in row and "df" in row:
            assert mine.p == pytest.approx(row["p"], rel=50 * tolerance.df, abs=1e-9), row["term"]


def assert_inference(model, reference, tolerance=METHODS):
    """Every table of `reference` named method_information, and the log-likelihood."""
    assert model.loglik == pytest.approx(reference["loglik"], abs=tolerance.loglik)
    found = 0
    for key, rows in reference.items():
        method, _, information = key.rpartition("_")
        if method in METHOD_NAMES:
            table = model.coefficients(df=METHOD_NAMES[method], information=information)
            assert_table(table, rows, tolerance)
            found += 1
    assert found > 0


def term_rows(model, terms):
    names = [r_name(name) for name in model.names]
    return np.eye(len(names))[[names.index(term) for term in terms]]


def assert_f(model, terms, expected, method, information, tolerance=METHODS):
    rows = term_rows(model, terms)
    found = model.contrasts({"test": rows}, df=method, information=information).iloc[0]
    assert found["df_num"] == expected["df1"]
    assert found["df"] == pytest.approx(expected["df2"], rel=tolerance.df)
    assert found["statistic"] == pytest.approx(expected["statistic"], rel=tolerance.df)
    assert found["p"] == pytest.approx(expected["p"], rel=50 * tolerance.df)


def assert_covariance(found, expected, tolerance=1e-4):
    """Both divided by the standard deviations, so that a covariance near zero is not held to its own size."""
    expected = np.array(expected)
    scale = np.sqrt(np.outer(np.diag(expected), np.diag(expected)))
    assert np.asarray(found) / scale == pytest.approx(expected / scale, abs=tolerance)


def assert_dense(model, dense, fitted, *, tests=(), tolerance=METHODS):
    """All tables and F tests of `model` against the oracle."""
    assert model.loglik == pytest.approx(loglik(dense.problem, fitted.theta), abs=tolerance.loglik)
    assert [r_name(name) for name in model.names] == dense.terms
    for method in ("kenward-roger", "satterthwaite"):
        for information in ("observed", "expected"):
            rows = []
            for term in dense.terms:
                estimate, se, df = one_row(fitted, dense.row(term), method, information)
                rows.append({"term": term, "estimate": estimate, "se": se, "df": df})
            assert_table(model.coefficients(df=method, information=information), rows, tolerance)
            for terms in tests:
                of = kenward_roger_f if method == "kenward-roger" else satterthwaite_f
                F, df1, df2 = of(fitted, dense.rows(terms), information)[:3]
                found = model.contrasts({"f": dense.rows(terms)}, df=method, information=information).iloc[0]
                assert found["df_num"] == df1
                assert (found["statistic"], found["df"]) == pytest.approx((F, df2), rel=tolerance.df)
