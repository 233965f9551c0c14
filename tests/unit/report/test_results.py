"""The results dictionary: derived numbers by hand, and bytes that depend on nothing but the results."""

import json

import pandas as pd
import pytest

from alongside.report.results import derive_response, round_numbers, sort_keys, to_rows, to_typed
from alongside.tables import SCHEMAS
from alongside.tables.check import TableError


def _flow(rows):
    return pd.DataFrame(rows, columns=["outcome", "wave", "cohort", "stage", "reason", "n"]).astype({"n": "Int64"})


def test_response_puts_the_stages_of_those_who_are_there_side_by_side():
    flow = _flow([
        ("anxiety", "after", "mentored", "enrolled", "", 80),
        ("anxiety", "after", "mentored", "answered", "", 70),
        ("anxiety", "after", "mentored", "answered", "no response", 10),
        ("anxiety", "after", "mentored", "scoreable", "", 60),
        ("anxiety", "after", "mentored", "analysed", "", 60),
    ])  # fmt: skip
    assert to_rows(derive_response(flow)) == [
        {
            "outcome": "anxiety", "wave": "after", "cohort": "mentored",
            "enrolled": 80, "answered": 70, "analysed": 60, "percent": 75.0,
        }
    ]  # fmt: skip


def test_a_suppressed_count_takes_its_percentage_with_it():
    flow = _flow([
        ("anxiety", "after", "mentored", "enrolled", "", 80),
        ("anxiety", "after", "mentored", "answered", "", None),
        ("anxiety", "after", "mentored", "analysed", "", None),
    ])  # fmt: skip
    (row,) = to_rows(derive_response(flow))
    assert row["enrolled"] == 80
    assert row["answered"] is row["analysed"] is row["percent"] is None


def test_equal_results_give_equal_text_whatever_order_they_came_in():
    one = sort_keys({"b": [1.00000000004, {"d": 1, "c": None}], "a": "x"})
    other = sort_keys({"a": "x", "b": [1.0, {"c": None, "d": 1}]})
    assert json.dumps(one) == json.dumps(other) == '{"a": "x", "b": [1.0, {"c": null, "d": 1}]}'


def test_numbers_keep_ten_significant_digits():
    assert sort_keys(123.45678901234) == 123.4567890
    frame = round_numbers(pd.DataFrame({"p": [0.000123456789012, None], "n": [1, 2], "text": ["a", "b"]}))
    assert frame["p"].iloc[0] == 0.0001234567890
    assert pd.isna(frame["p"].iloc[1])
    assert frame["n"].tolist() == [1, 2]


def test_results_survive_json_and_hold_no_numbers_that_json_has_not(results):
    assert json.loads(json.dumps(results, allow_nan=False)) == results


def test_a_table_that_does_not_fit_its_schema_stops_the_results():
    with pytest.raises(TableError, match="missing columns"):
        to_typed(pd.DataFrame({"outcome": ["anxiety"]}), "estimates")


def test_categories_become_plain_texts():
    frame = pd.DataFrame({name: ["x"] for name in SCHEMAS["tally"].names if not name.startswith("n_")})
    frame = frame.assign(n_in=3, n_kept=2, n_set_aside=1).astype({"stage": "category"})
    assert to_rows(to_typed(frame, "tally"))[0]["stage"] == "x"
