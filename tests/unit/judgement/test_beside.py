"""What two analyses give away together: a few people set apart are never to be had by subtraction."""

import numpy as np
import pandas as pd
import pytest

from alongside.judgement.audit import Audit
from alongside.judgement.beside import blur_few_apart, control_flags, control_rejudged
from alongside.tables import FLAGS, REJUDGED, SET_APART
from alongside.tables.check import check_table

WITHOUT = "without flagged responses"
WHY = {"small": "fewer", "beside": "would give away"}


def apart(n):
    row = {"outcome": "isolation", "analysis": WITHOUT, "contrast": "mentored - unmentored", "wave": "after"}
    return check_table(pd.DataFrame([row | {"n": n, "fewest": 40}]), SET_APART)


@pytest.fixture
def estimates(make_estimates):
    return make_estimates(
        ("isolation", {"estimate": -2.03}), ("isolation", {"estimate": -2.31, "se": 0.9, "analysis": WITHOUT})
    )


def blur(estimates, n, min_cell=10):
    audit = Audit()
    return blur_few_apart(estimates, apart(n), min_cell=min_cell, audit=audit), audit.lines


@pytest.mark.parametrize("n", [1, 9])
def test_a_few_people_apart_leave_round_numbers_only(estimates, n):
    made, audit = blur(estimates, n)
    # half a standard error is .45, so multiples of .5; the interval's half-width, 1.76, goes up to 2
    row = made.iloc[1]
    assert (row["ci_low"], row["estimate"], row["ci_high"]) == (-4.5, -2.5, -0.5)
    assert row[["se", "df", "statistic", "p", "effect_size", "es_low", "es_high", "improvement_index"]].isna().all()
    assert "in multiples of 0.5" in row["note"]
    assert len(audit) == 1
    assert made.iloc[0].equals(estimates.iloc[0])  # the primary row stays exact


@pytest.mark.parametrize(("n", "min_cell"), [(0, 10), (10, 10), (3, 1)])
def test_nobody_or_many_apart_leave_the_numbers_as_they_are(estimates, n, min_cell):
    made, audit = blur(estimates, n, min_cell)
    pd.testing.assert_frame_equal(made, estimates)
    assert audit == []


def test_round_numbers_are_printed_round(make_estimates):
    """Three steps of .1 are .30000000000000004 where nobody sees to it."""
    made, _ = blur(make_estimates(("isolation", {"estimate": 0.31, "se": 0.15, "analysis": WITHOUT})), 2)
    assert made.loc[0, ["ci_low", "estimate", "ci_high"]].to_list() == [0.0, 0.3, 0.6]


def test_a_row_without_numbers_stays_so(make_estimates, nothing):
    rows = make_estimates(("isolation", nothing | {"analysis": WITHOUT, "status": "not-estimable", "note": "why"}))
    made, _ = blur(rows, 2)
    assert made.loc[0, "note"] == "why"


def test_nobodys_change_can_be_computed_from_what_is_shown(make_estimates):
    """One of ten is taken out: all changes over at least 1.6 standard deviations give the same public numbers."""
    left, others = np.linspace(-6.0, 5.0, 9), np.linspace(-7.0, 4.0, 10)
    spread = np.sqrt((left.var(ddof=1) + others.var(ddof=1)) / 2)
    with_one = {change: np.append(left, change).mean() - others.mean() for change in np.arange(-3, 3, 0.05) * spread}
    primary = with_one[min(with_one, key=abs)]  # what the reader knows exactly
    se = spread * np.sqrt(1 / 9 + 1 / 10)
    shown = set()
    for change, estimate in with_one.items():
        row = make_estimates(("isolation", {"estimate": primary - (estimate - primary), "se": se, "analysis": WITHOUT}))
        shown.add((blur(row, 1)[0].loc[0, "estimate"], round(change / spread, 2)))
    widths = pd.DataFrame(sorted(shown), columns=["estimate", "change"]).groupby("estimate")["change"].agg(np.ptp)
    assert widths.iloc[1:-1].min() > 1.6  # the first and the last are cut off by the range tried


def flags(rows):
    return check_table(pd.DataFrame(rows, columns=FLAGS.names), FLAGS)


def table(cells):
    """cells: {(wave, cohort): (any, check, fast)}; the sums are added"""
    rows = []
    for wave in ("before", "after", ""):
        for cohort in ("a", "b", ""):
            own = [n for (w, c), n in cells.items() if wave in (w, "") and cohort in (c, "")]
            sums = np.sum(own, axis=0)
            rows += [
                (wave, cohort, kind, n) for kind, n in zip(("any", "attention-check", "too-fast"), sums, strict=True)
            ]
    return flags(rows)


def public(cells, **limits):
    limits = {"min_cell": 10, "round_to": 5} | limits
    made, kinds = control_flags(table(cells), **limits, audit=Audit(), why=WHY)
    return made.set_index(["wave", "cohort", "flag"])["n"], kinds


def test_small_counts_of_flags_are_hidden_and_large_ones_rounded():
    n, _ = public({("before", "a"): (32, 21, 14), ("before", "b"): (3, 3, 0), ("after", "a"): (41, 22, 23),
                   ("after", "b"): (28, 28, 0)})  # fmt: skip
    assert n["before", "a", "any"] == 30
    assert pd.isna(n["before", "b", "any"])
    assert pd.isna(n["before", "b", "attention-check"])
    assert n["before", "b", "too-fast"] == 0
    assert n["", "", "any"] == 105


def test_without_rounding_sums_do_not_give_a_small_count_away():
    n, _ = public({("before", "a"): (32, 32, 0), ("before", "b"): (3, 3, 0), ("after", "a"): (41, 41, 0),
                   ("after", "b"): (28, 28, 0)}, round_to=1)  # fmt: skip
    for kind in ("any", "attention-check"):
        assert pd.isna(n["before", "b", kind])
        by_row = n["before", "", kind] - n["before", "a", kind]
        by_column = n["", "b", kind] - n["after", "b", kind]
        assert pd.isna(by_row)
        assert pd.isna(by_column)


def test_a_total_that_is_small_is_named_so_that_it_goes_elsewhere_too():
    _, kinds = public({("before", "a"): (2, 2, 0), ("before", "b"): (0, 0, 0), ("after", "a"): (20, 0, 20),
                       ("after", "b"): (20, 0, 20)})  # fmt: skip
    assert "attention-check" in kinds
    assert "too-fast" not in kinds


def test_no_flags_at_all_are_an_empty_table():
    made, kinds = control_flags(flags([]), min_cell=10, round_to=5, audit=Audit(), why=WHY)
    assert made.empty
    assert kinds == set()


def test_a_claim_that_is_withheld_is_not_judged_again_in_public():
    rejudged = check_table(
        pd.DataFrame([("a", WITHOUT, "supported", True), ("b", WITHOUT, "suggestive", False)], columns=REJUDGED.names),
        REJUDGED,
    )
    place = {"outcome": "isolation", "contrast": "mentored - unmentored", "wave": "after"}
    claims = pd.DataFrame({"claim": ["a", "b"], "estimate": [np.nan, 2.0]}).assign(**place)
    audit = Audit()
    assert control_rejudged(rejudged, claims, few_left=set(), audit=audit)["claim"].tolist() == ["b"]
    assert len(audit.lines) == 1
    few_left = {("isolation", WITHOUT, "mentored - unmentored", "after")}
    assert control_rejudged(rejudged, claims, few_left=few_left, audit=audit).empty
