"""As many digits as mean something: enough for a reader, too few to tell how many people stand behind a number."""

from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.judgement.claims import judge_claims
from alongside.judgement.digits import (
    choose_unit,
    find_df,
    round_interval,
    round_significant,
    shorten_claims,
    shorten_estimates,
    shorten_means,
)
from alongside.tables import MEANS


@pytest.mark.parametrize(
    ("se", "n", "expected"),
    [
        (1.09, 405, 0.1),  # a twentieth is .0545
        (0.76, 405, 0.05),  # .038
        (1.4, 25, 0.1),  # 2/25 is .08, more than a twentieth
        (0.10, 60, 0.05),  # 2/60 is .033, but a quarter of the error .025
        (4.2, 12, 0.5),  # .21
    ],
)
def test_the_unit(se, n, expected):
    assert choose_unit(se, n) == pytest.approx(expected)


@given(
    st.integers(10, 3000), st.floats(0.001, 100), st.integers(-400, 400), st.sampled_from([2, 3, 5, 10]), st.data()
)  # fmt: skip
def test_every_number_of_people_that_rounds_to_the_same_count_may_have_the_same_mean(n, se, total, round_to, data):
    """As far as a mean of whole numbers with this error is not itself narrower than the spread that 2/n asks for."""
    unit = choose_unit(se, n)
    if 2 / n > se / 4:
        assert unit <= se * 5 / 8 * (1 + 1e-9)  # narrow scales: an error keeps its meaning
        return
    shown = round(total / n / unit) * unit
    lowest = max(10, n - round_to + 1)
    other = data.draw(st.integers(lowest, n + round_to - 1))
    assert abs(round(shown * other) / other - shown) <= unit / 2 * (1 + 1e-9)


@given(st.floats(0.01, 100), st.integers(300, 100_000))
def test_rounding_moves_nothing_by_more_than_a_sixteenth_of_the_error_in_a_wide_scale(se, n):
    if 2 / n <= se / 20:
        assert choose_unit(se, n) / 2 <= se / 16 * (1 + 1e-9)


def test_a_limit_beside_zero_stays_beside_zero():
    assert round_interval(0.03, 5.26, 0.1) == (0.03, 5.3)
    assert round_interval(-2.04, -0.02, 0.1) == (-2.0, -0.02)
    assert round_interval(0.0, 0.0004, 0.1) == (0.0, 0.0)


def test_significant_digits():
    assert [round_significant(value) for value in (0.0078075, 0.049649, 123.456, 0.0)] == [0.00781, 0.0496, 123.0, 0.0]
    assert pd.isna(round_significant(float("nan")))


@pytest.mark.parametrize(
    ("df", "n", "scores", "n_clusters", "method", "expected"),
    [
        (22.0, 23, 46, None, "paired t", 24.0),  # 25 are shown
        (221.0, 223, 446, None, "mixed analysis of variance", 223.0),
        (550.0, 405, 971, 14, "between-within", 549.0),  # 970 scores are shown
        (284.2286663, 403, 970, 14, "kenward-roger", 286.0),
        (10.3871, 403, 970, 12, "kenward-roger", 10.4),  # limited by twelve clusters
    ],
)
def test_degrees_of_freedom_belong_to_the_counts_that_are_shown(df, n, scores, n_clusters, method, expected):
    row = {"df": df, "n_participants": n, "n_observations": scores, "n_clusters": n_clusters, "df_method": method}
    assert find_df(row, 5) == expected


def test_a_row_of_estimates(make_estimates):
    exact = make_estimates(
        ("isolation", {"estimate": -2.923839593, "se": 1.091266211, "df": 284.2286663, "effect_size": -0.2694311824,
                       "es_low": -0.468, "es_high": -0.0713, "p_holm": 0.0234225, "n_participants": 405}),
    )  # fmt: skip
    row = shorten_estimates(exact, exact, round_to=5).iloc[0]
    assert row[["estimate", "se", "ci_low", "ci_high"]].to_list() == [-2.9, 1.1, -5.1, -0.8]
    assert row[["statistic", "df", "p", "p_holm"]].to_list() == [-2.7, 284.0, 0.00781, 0.0234]
    # the error of g is about .0496, its twentieth .0025
    assert row[["effect_size", "es_low", "es_high"]].to_list() == [-0.27, -0.47, -0.07]
    # 100 (Phi(.27) - .5)
    assert row["improvement_index"] == 10.6


def test_a_row_of_means():
    exact = pd.DataFrame(
        [("isolation", "primary", "before", 0.0, "mentored", 51.08746361, 0.9278792071, 49.24726721, 52.92766001, 160)],
        columns=MEANS.names,
    )
    row = shorten_means(exact, exact).iloc[0]
    assert row[["mean", "se", "ci_low", "ci_high"]].to_list() == [51.1, 0.95, 49.25, 52.95]


def test_sentence_and_table_of_a_claim_say_the_same(make_claim, make_plan, make_estimates, components, no_sensitivity):
    """2.96 is 3.0 in the unit of a tenth and 2.95 in the unit of .05: sentences must round what tables round."""
    estimates = make_estimates(("isolation", {"estimate": -2.9369, "se": 0.76, "n_participants": 400, "p_holm": 0.001}))
    worthwhile = SimpleNamespace(value=2.04999, unit="points")
    plan = make_plan({"less": make_claim()}, outcomes={"isolation": {"smallest_worthwhile": worthwhile}}, min_cell=10)
    claims = judge_claims(estimates, sensitivity=no_sensitivity, components=components, plan=plan).claims
    row = shorten_claims(claims, estimates).iloc[0]
    assert row[["estimate", "ci_low", "ci_high", "worthwhile"]].to_list() == [2.95, 1.45, 4.45, 2.05]
    for number in ("estimate", "ci_low", "ci_high"):
        assert f"{row[number]:.1f}" in row["sentence"]
