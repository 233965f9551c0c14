"""As many digits as mean something: enough for a reader, too few to tell how many people stand behind a number."""

import re
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from alongside.judgement.claims import judge_claims
from alongside.judgement.digits import (
    choose_unit,
    find_df,
    round_chance,
    round_claimed,
    round_interval,
    round_significant,
    shorten_claims,
    shorten_estimates,
    shorten_means,
)
from alongside.report.funder.glance import find_state
from alongside.tables import CLAIMS, MEANS
from alongside.tables.check import empty_table


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
    assert round_interval(0.0, 0.0004, 0.1) == (0.0, 0.01)  # however close
    assert round_interval(-3.1, -0.0004, 0.1) == (-3.1, -0.01)


@pytest.mark.parametrize(
    ("exact", "shown"),
    [
        ((1.97, 0.4, 3.6), (1.9, 0.4, 3.6)),  # below 2: not 2.0
        ((2.04, 1.98, 2.1), (2.0, 1.9, 2.1)),  # 2 is reached
        ((-0.3, -1.96, 1.99), (-0.3, -1.9, 1.9)),  # both ends are closer to zero than 2
        ((-2.02, -3.0, -2.0), (-2.0, -3.0, -2.0)),
    ],
)
def test_a_number_stays_on_its_side_of_the_worthwhile_difference(exact, shown):
    assert round_claimed(*exact, 0.1, worthwhile=2.0) == shown


def test_a_number_stays_on_its_side_of_the_worthwhile_difference_as_that_is_shown():
    """2.0349 is shown as 2.03: in multiples of .1 the first number that reaches it is 2.1, the last below it 2.0."""
    assert round_claimed(2.04, 2.034, 2.5, 0.1, worthwhile=2.0349) == (2.1, 2.0, 2.5)


def test_a_chance_below_one_in_twenty_is_shown_below_it():
    assert [round_chance(p) for p in (0.04996, 0.05, 0.05004, 0.0078075)] == [0.0499, 0.05, 0.05, 0.00781]
    assert pd.isna(round_chance(float("nan")))


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


def test_degrees_of_freedom_of_people_shown_as_nobody():
    """12 people are shown as 0 in multiples of 25."""
    row = {"df": 11.0, "n_participants": 12, "n_observations": 24, "n_clusters": None, "df_method": "paired t"}
    assert find_df(row, 25) == 1


@pytest.fixture
def no_claims():
    return empty_table(CLAIMS)


def test_a_row_of_estimates(make_estimates, no_claims):
    exact = make_estimates(
        ("isolation", {"estimate": -2.923839593, "se": 1.091266211, "df": 284.2286663, "effect_size": -0.2694311824,
                       "es_low": -0.468, "es_high": -0.0713, "p_holm": 0.0234225, "n_participants": 405}),
    )  # fmt: skip
    row = shorten_estimates(exact, exact, claims=no_claims, round_to=5).iloc[0]
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


# what find_state of the report says of the public row, by the verdict on the exact one
STATES = {
    "practically-none": "alike", "contradicted": "worse", "supported": "better", "supported-small": "better",
    "suggestive": "leaning", "ruled-out": "ruled-out", "no-clear-evidence": "open",
}  # fmt: skip


# the fixtures are functions that make tables, the same for every example
@settings(suppress_health_check=[*settings.default.suppress_health_check, HealthCheck.function_scoped_fixture])
@given(
    n=st.integers(10, 600),
    se=st.floats(0.02, 5),
    errors=st.floats(-4, 4),
    worthwhile=st.none() | st.floats(0.1, 4),
    direction=st.sampled_from(["increase", "decrease"]),
)
@example(n=400, se=0.76, errors=1.96001, worthwhile=None, direction="decrease")  # a limit of .00003
@example(n=400, se=1.0, errors=2.58, worthwhile=2.6, direction="decrease")  # 2.58 and 2.6
def test_what_is_shown_never_contradicts_the_verdict(
    n, se, errors, worthwhile, direction, make_claim, make_plan, make_estimates, components, no_sensitivity
):
    """Whoever applies the rules of the verdicts to the public numbers comes to the verdict; so does the sentence."""
    towards = errors if direction == "increase" else -errors
    declared = None if worthwhile is None else SimpleNamespace(value=worthwhile * se, unit="points")
    estimates = make_estimates(("isolation", {
        "estimate": towards * se, "se": se, "df": n - 2.5, "n_participants": n,
        "improvement_sign": 1 if direction == "increase" else -1,
    }))  # fmt: skip
    plan = make_plan({"one": make_claim(direction=direction)}, min_cell=10,
                     outcomes={"isolation": {"smallest_worthwhile": declared}})  # fmt: skip
    judged = judge_claims(estimates, sensitivity=no_sensitivity, components=components, plan=plan)
    claim = shorten_claims(judged.claims, judged.estimates).iloc[0]
    row = shorten_estimates(judged.estimates, judged.estimates, claims=judged.claims, round_to=5).iloc[0]
    shown = None if declared is None else claim["worthwhile"]
    assert find_state(row, worthwhile=shown) == STATES[claim["verdict"]]
    sign = 1 if direction == "increase" else -1
    assert sorted((sign * claim["ci_low"], sign * claim["ci_high"])) == [row["ci_low"], row["ci_high"]]
    assert (row["p"] < 0.05) == (row["ci_low"] > 0 or row["ci_high"] < 0)
    small = re.search(r"best estimate \(([\d.]+)\) is below the ([\d.]+)", claim["sentence"])
    if claim["verdict"] == "supported-small":
        assert claim["estimate"] < shown
        assert float(small[1]) < float(small[2])
    reached = re.search(r"\(([\d.]+)\) reaches the ([\d.]+) .* as small as ([\d.]+)\.", claim["sentence"])
    if reached:
        assert claim["estimate"] >= shown > claim["ci_low"]
        assert float(reached[1]) >= float(reached[2]) > float(reached[3])
