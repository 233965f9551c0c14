"""Nothing small gets out: not in a count, a mean, an estimate, a claim or a sentence."""

import numpy as np
import pandas as pd
import pytest

from alongside.judgement import scales
from alongside.judgement.disclosure import control_disclosure
from alongside.tables import SCHEMAS
from alongside.tables.check import empty_table

LIMITS = {"min_cell": 10, "round_to": 5}


def flow_rows(cohort, wave, enrolled, answered, scored):
    numbers = [
        ("enrolled", "", enrolled), ("answered", "", answered), ("answered", "no-response", enrolled - answered),
        ("scoreable", "", scored), ("scoreable", "too-few-items", answered - scored), ("analysed", "", scored),
    ]  # fmt: skip
    return [("isolation", wave, cohort, stage, reason, n) for stage, reason, n in numbers if n or not reason]


def frame(name, rows):
    return pd.DataFrame(rows, columns=SCHEMAS[name].names)


def mean_row(cohort, wave, n):
    return ("isolation", "primary", wave, 0.0, cohort, 51.3, 1.1, 49.1, 53.5, n)


@pytest.fixture
def make_tables(make_estimates):
    """make_tables(seen): people with a score by (cohort, wave); 60 enrolled in each cohort."""

    def make(seen):
        flow = [row for (cohort, wave), n in seen.items() for row in flow_rows(cohort, wave, 60, n + 2, n)]
        claims = pd.DataFrame([{
            "claim": "less", "text": "It helps", "outcome": "isolation", "wave": "after",
            "contrast": "mentored - unmentored", "worthwhile": 2.0, "estimate": 2.0, "ci_low": 0.1, "ci_high": 4.0,
            "p": 0.03, "p_adjusted": 0.03, "verdict": "supported", "sentence": "By 2.0 points.",
        }])  # fmt: skip
        model = {name: "" for name in SCHEMAS["models"].names} | {
            "outcome": "isolation", "analysis": "primary", "loglik": -9.0, "n_participants": 118, "n_observations": 203,
            "status": "ok",
        }  # fmt: skip
        bands = [("isolation", wave, cohort, 20.0, 80.0, n) for (cohort, wave), n in seen.items() if n >= 10]
        return {
            "flow": frame("flow", flow),
            "means": frame("means", [mean_row(*key, n) for key, n in seen.items()]),
            "estimates": make_estimates(
                ("isolation", {"n_participants": 118, "n_observations": 203}),
                ("isolation", {"wave": "followup", "n_participants": 118}),
                ("isolation", {"analysis": "before-after only", "contrast": "mentored", "n_participants": 7}),
            ),
            "claims": claims,
            "models": pd.DataFrame([model]),
            "components": pd.DataFrame(
                [("isolation", "primary", "residual", 9.0)], columns=SCHEMAS["components"].names
            ),
            "distributions": frame("distributions", bands),
            "rejudged": pd.DataFrame(
                [("less", "without flagged responses", "supported", True)], columns=SCHEMAS["rejudged"].names
            ),
            "flags": empty_table(SCHEMAS["flags"]),
            "set_apart": empty_table(SCHEMAS["set_apart"]),
            "notes": empty_table(SCHEMAS["notes"]),
            **{name: empty_table(SCHEMAS[name]) for name in scales.TABLES},
            "ledger-intake": empty_table(SCHEMAS["ledger"]),
            "tally-intake": pd.DataFrame(
                [("intake: no-id", "responses", 203, 200, 3), ("scores", "scores", 200, 160, 40)],
                columns=SCHEMAS["tally"].names,
            ),
        }  # fmt: skip

    return make


LARGE = {
    ("unmentored", "before"): 57,
    ("mentored", "before"): 52,
    ("unmentored", "after"): 43,
    ("mentored", "after"): 41,
}


def test_large_groups_pass_with_rounded_counts(make_tables):
    public = control_disclosure(make_tables(LARGE), **LIMITS)
    assert set(public["flow"]["n"].dropna()) <= set(range(0, 100, 5))
    assert public["means"]["n_participants"].to_list() == [55, 50, 45, 40]
    assert public["means"]["mean"].to_list() == [51.3] * 4
    assert public["estimates"]["n_participants"][0] == 120
    assert public["models"][["n_participants", "n_observations"]].to_numpy().tolist() == [[120, 205]]
    assert public["claims"]["sentence"].to_list() == ["By 2.0 points."]
    for name, frame in public.items():
        assert list(frame.columns) == SCHEMAS[name].names


def test_the_before_after_row_of_a_few_people_is_withheld(make_tables):
    row = control_disclosure(make_tables(LARGE), **LIMITS)["estimates"].iloc[2]
    assert row[["estimate", "se", "ci_low", "ci_high", "n_participants"]].isna().all()
    assert (row["status"], row["note"]) == (
        "not-estimable", "fewer than 10 people stand behind it, so it is not shown",
    )  # fmt: skip


@pytest.mark.parametrize("group", [("mentored", "after"), ("unmentored", "before")])
def test_a_small_group_takes_everything_with_it(make_tables, group):
    """Its mean, its bands, the difference that it is part of (now or at the baseline), the claim and its sentence."""
    public = control_disclosure(make_tables(LARGE | {group: 8}), **LIMITS)
    means = public["means"].set_index(["cohort", "wave"])
    assert means.loc[group, ["mean", "se", "ci_low", "ci_high", "n_participants"]].isna().all()
    assert means.drop(index=[group])["mean"].notna().all()
    bands = public["distributions"]
    assert not ((bands["cohort"] == group[0]) & (bands["wave"] == group[1])).any()
    estimates = public["estimates"].set_index(["analysis", "wave"])["estimate"]
    assert np.isnan(estimates["primary", "after"])
    assert np.isnan(estimates["primary", "followup"]) == (group[1] == "before")
    claim = public["claims"].iloc[0]
    assert claim[["estimate", "ci_low", "ci_high", "p", "p_adjusted"]].isna().all()
    assert claim["verdict"] == "not-testable"
    assert claim["sentence"] == (
        "Cannot be tested with these data: fewer than 10 people stand behind it, so it is not shown."
    )


def test_what_was_withheld_is_written_down_without_the_numbers(make_tables):
    public = control_disclosure(make_tables(LARGE | {("mentored", "after"): 8}), **LIMITS)
    audit = public["withheld"]
    assert ("means", "isolation / after / mentored") in set(zip(audit["table"], audit["row"], strict=True))
    assert ("claims", "less") in set(zip(audit["table"], audit["row"], strict=True))
    assert not audit.map(lambda text: any(char.isdigit() for char in text)).any(axis=None)
    changed = {"flow", "means", "estimates", "claims", "tally"}
    assert changed <= set(audit["table"])


def test_a_model_of_a_few_people_is_left_out(make_tables):
    tables = make_tables(LARGE)
    tables["models"]["n_participants"] = 9
    public = control_disclosure(tables, **LIMITS)
    assert public["models"].empty
    assert public["components"].empty


def test_rules_are_counted_by_rows_and_by_the_people_behind_them(make_tables):
    def rows(rule, people):
        return [
            {"stage": "intake", "rule": rule, "action": "cell set aside", "participant": person, "row": at}
            for at, person in enumerate(people)
        ]

    tables = make_tables(LARGE)
    ledger = pd.DataFrame(
        rows("many", [f"p{at}" for at in range(12)])
        + rows("one person often", ["p1"] * 12)
        + rows("few", ["p1", "p2"])
        + rows("nobody known", [None] * 12)
    )
    tables["ledger-intake"] = ledger.reindex(columns=SCHEMAS["ledger"].names)
    counted = control_disclosure(tables, **LIMITS)["set_aside"].set_index("rule")["n"]
    assert counted["many"] == 10
    assert counted["nobody known"] == 10
    assert counted[["one person often", "few"]].isna().all()


def test_the_books_hide_a_small_number_set_aside(make_tables):
    tally = control_disclosure(make_tables(LARGE), **LIMITS)["tally"]
    assert tally["n_in"].to_list() == [205, 200]
    assert tally["n_kept"].to_list() == [200, 160]
    assert pd.isna(tally["n_set_aside"][0])
    assert tally["n_set_aside"][1] == 40


def test_cells_do_not_tell_how_few_responses_were_set_aside(make_tables):
    """24 cells of twelve questions are two responses; 480 are 40, which may be shown, and then the cells may, too."""
    tables = make_tables(LARGE)
    for set_aside, shown in ((2, False), (40, True)):
        rows = [("intake: flagged", "responses", 200, 200 - set_aside, set_aside),
                ("intake: flagged", "cells", 2400, 2400 - 12 * set_aside, 12 * set_aside)]  # fmt: skip
        tables["tally-intake"] = pd.DataFrame(rows, columns=SCHEMAS["tally"].names)
        cells = control_disclosure(tables, **LIMITS)["tally"].iloc[1]
        assert cells["n_in"] == 2400
        assert cells[["n_kept", "n_set_aside"]].notna().to_list() == [shown, shown]


def test_public_data_pass_unchanged(make_tables):
    tables = make_tables(LARGE)
    public = control_disclosure(tables, min_cell=1, round_to=1)
    for name in ("flow", "means", "estimates", "claims", "distributions"):
        pd.testing.assert_frame_equal(public[name], tables[name], check_dtype=False)
    assert public["withheld"].empty


def test_a_table_without_a_rule_does_not_pass(make_tables):
    with pytest.raises(KeyError, match="no rule of disclosure for \\['people'\\]"):
        control_disclosure(make_tables(LARGE) | {"people": pd.DataFrame()}, **LIMITS)
