"""What is published of the scales as measures: nothing that rests on a few people, in any table, note or sentence."""

import numpy as np
import pandas as pd
import pytest

from alongside.judgement.disclosure import KNOWN, control_disclosure
from alongside.judgement.scales import TABLES
from alongside.tables import SCHEMAS
from alongside.tables.check import check_table, empty_table

LIMITS = {"min_cell": 10, "round_to": 5}
WITHHELD = "fewer than 10 people stand behind it, so it is not shown"
SENTENCE = "Item 2, not reversed, goes against the rest of its scale: -0.40 (95% interval -0.50 to -0.20)."


def scale_tables(n, *, floor=0.0, people=100):
    """n: people who answered every item by cohort, '' is everyone; people behind the contradiction"""
    numbers = {"n_items": 2, "alpha": 0.8, "alpha_low": 0.7, "alpha_high": 0.9, "omega_total": 0.81, "note": "",
               "floor": floor, "ceiling": 0.0, "lowest_item_rest": 0.4, "lowest_item": 1}  # fmt: skip
    item = {"n": n[""], "item_rest": 0.4, "item_rest_low": 0.2, "item_rest_high": 0.6, "alpha_without": 0.7,
            "reversed": False, "contradicts": False, "note": ""}  # fmt: skip
    place = {"outcome": "mood", "wave": "before"}
    keying = place | {"finding": "item", "item": 2, "r": -0.4, "r_low": -0.5, "r_high": -0.2, "n": people,
                      "action": "acknowledged", "reason": "an old form", "sentence": SENTENCE}  # fmt: skip
    instrument = dict.fromkeys(SCHEMAS["instruments"].names, "") | {"outcome": "mood", "n_items": 2}
    instrument["acknowledged"] = f"before: {SENTENCE} Acknowledged: an old form"
    tables = {
        "reliability": [place | {"cohort": cohort, "n": count} | numbers for cohort, count in n.items()],
        "item_checks": [place | {"item": one} | item for one in (1, 2)],
        "inter_item": [place | {"item_a": 1, "item_b": 2, "r": 0.5, "n": n[""]}],
        "keying": [keying],
        "instruments": [instrument],
    }
    return {name: check_table(pd.DataFrame(rows), SCHEMAS[name]) for name, rows in tables.items()}


@pytest.fixture
def control():
    """control(scale tables): the public tables of a run with nothing else in it"""

    def run(tables, **limits):
        given = {name: empty_table(SCHEMAS[name]) for name in KNOWN} | tables
        given |= {"ledger-intake": empty_table(SCHEMAS["ledger"]), "tally-intake": empty_table(SCHEMAS["tally"])}
        return control_disclosure(given, **(LIMITS | limits))

    return run


def test_large_groups_keep_their_numbers_and_round_their_counts(control):
    public = control(scale_tables({"": 103, "mentored": 52, "alone": 51}, floor=100 * 20 / 103))
    assert public["reliability"]["n"].to_list() == [105, 50, 50]
    assert public["reliability"]["alpha"].to_list() == [0.8] * 3
    assert public["item_checks"]["n"].to_list() == [105, 105]
    assert public["inter_item"][["r", "n"]].to_numpy().tolist() == [[0.5, 105]]
    # 20 of 105 as shown, not 20 of 103
    assert public["reliability"]["floor"][0] == pytest.approx(100 * 20 / 105)
    assert public["keying"]["n"].isna().all()
    assert public["instruments"]["acknowledged"][0] == f"before: {SENTENCE} Acknowledged: an old form"


def test_a_small_cohort_loses_everything(control):
    public = control(scale_tables({"": 58, "mentored": 52, "alone": 6}))
    rows = public["reliability"].set_index("cohort")
    numbers = ["n", "alpha", "alpha_low", "alpha_high", "omega_total", "floor", "lowest_item_rest", "lowest_item"]
    assert rows.loc["alone", numbers].isna().all()
    assert rows.loc["alone", "note"] == WITHHELD
    assert rows.loc[["", "mentored"], "alpha"].notna().all()
    assert ("reliability", "mood / before / alone") in set(
        zip(public["withheld"]["table"], public["withheld"]["row"], strict=True)
    )


def test_without_rounding_the_count_beside_a_small_one_goes_too(control):
    """58 - 52 would be the 6."""
    public = control(scale_tables({"": 58, "mentored": 52, "alone": 6}), round_to=1)
    rows = public["reliability"].set_index("cohort")
    assert rows["n"].isna().to_dict() == {"": False, "mentored": True, "alone": True}
    assert rows.loc["mentored", "alpha"] == 0.8


def test_an_interval_tells_no_number_of_people(control):
    """103, 104 and 107 people are shown as 105, and so are their intervals, to the last digit: those of 103."""
    shown = [control(scale_tables({"": n})) for n in (103, 104, 107)]
    limits = [(tables["reliability"]["alpha_low"][0], tables["item_checks"]["item_rest_high"][0]) for tables in shown]
    assert limits[0] == limits[1] == limits[2]
    # R: c(1 - .2 * qf(.975, 102, 102), tanh(atanh(.4) + qnorm(.975) / sqrt(100)))
    # gives 0.704512734 and 0.550881038
    assert limits[0] == (0.705, 0.551)


def test_an_interval_goes_with_its_number(control):
    public = control(scale_tables({"": 58, "mentored": 52, "alone": 6}), round_to=1)
    rows = public["reliability"].set_index("cohort")
    assert rows.loc["mentored", ["alpha_low", "alpha_high"]].isna().all()
    assert rows.loc["", ["alpha_low", "alpha_high"]].notna().all()


def test_a_contradiction_has_the_decimals_of_its_sentence(control):
    tables = scale_tables({"": 103})
    tables["keying"] = tables["keying"].assign(r=-0.40123, r_low=-0.50456, r_high=-0.20789)
    assert control(tables)["keying"][["r", "r_low", "r_high"]].to_numpy().tolist() == [[-0.4, -0.5, -0.21]]


def test_a_small_wave_loses_its_items_and_pairs(control):
    public = control(scale_tables({"": 9}))
    assert public["item_checks"][["n", "item_rest", "item_rest_low", "alpha_without"]].isna().all(axis=None)
    assert public["item_checks"]["note"].to_list() == [WITHHELD] * 2
    assert public["inter_item"][["r", "n"]].isna().all(axis=None)


@pytest.mark.parametrize("at_floor", [3, 97])
def test_a_share_of_a_few_people_is_hidden(control, at_floor):
    """Three at the floor, or three who are not."""
    public = control(scale_tables({"": 100}, floor=float(at_floor)))
    assert np.isnan(public["reliability"]["floor"][0])
    assert public["reliability"]["ceiling"][0] == 0
    assert public["reliability"]["n"][0] == 100


def test_a_contradiction_among_a_few_people_keeps_no_number_in_any_sentence(control):
    public = control(scale_tables({"": 30}, people=25), min_cell=40)
    assert public["keying"][["r", "r_low", "r_high", "n"]].isna().all(axis=None)
    assert "0.40" not in public["keying"]["sentence"][0]
    assert "0.40" not in public["instruments"]["acknowledged"][0]


def test_every_table_has_its_rule(control):
    public = control(scale_tables({"": 103}))
    assert set(TABLES) <= set(public)
