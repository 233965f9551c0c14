import numpy as np
import pandas as pd
import pytest

from alongside.tables import ANSWERS, SCHEMAS
from alongside.tables.check import TableError, check_table, codes_and_levels, empty_table


def answers(**changes):
    table = {
        "participant": ["p1", "p1"], "wave": ["before", "before"], "source": ["survey", "survey"],
        "outcome": ["mood", "mood"], "item": [1, 2], "value": [0, 3],
    } | changes  # fmt: skip
    return pd.DataFrame(table)


def test_columns_come_in_the_declared_order_and_kind():
    checked = check_table(answers()[["value", "item", "outcome", "source", "wave", "participant"]], ANSWERS)
    assert list(checked.columns) == ANSWERS.names
    assert checked["value"].dtype == "float64"
    assert checked["participant"].dtype == "str"


def test_categoricals_and_small_integers_stay_as_they_are():
    wave = pd.Categorical(["before", "before"], categories=["after", "before"])
    checked = check_table(answers(wave=wave, item=np.array([1, 2], dtype=np.int16)), ANSWERS)
    assert checked["wave"].cat.categories.tolist() == ["after", "before"]
    assert checked["item"].dtype == np.int16


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"item": [1, 1]}, "not unique"),
        ({"value": ["x", 1]}, "answers.value: not number"),
        ({"value": [np.nan, 1]}, "missing values"),
        ({"wave": [None, "before"]}, "missing values"),
        ({"wave": pd.Categorical([1, 2])}, "categories that are not text"),
        ({"name": ["Jane", "Joe"]}, r"surplus columns \['name'\]"),
    ],
)
def test_a_table_that_does_not_fit_is_refused_without_its_values(changes, said):
    with pytest.raises(TableError, match=said) as caught:
        check_table(answers(**changes), ANSWERS)
    assert "Jane" not in str(caught.value)


@pytest.mark.parametrize("shuffled", [False, True])
def test_repeated_rows_are_found_in_any_order(shuffled):
    rows = [(f"p{person}", wave, item) for person in range(30) for wave in ("before", "after") for item in (1, 2, 3)]
    table = pd.DataFrame(rows, columns=["participant", "wave", "item"]).assign(source="s", outcome="mood", value=1.0)
    for column in ("participant", "wave"):
        table[column] = pd.Categorical(table[column], categories=table[column].unique())
    twice = pd.concat([table, table.iloc[[70]]])
    if shuffled:
        table, twice = table.sample(frac=1, random_state=3), twice.sample(frac=1, random_state=3)
    assert len(check_table(table, ANSWERS)) == 180
    with pytest.raises(TableError, match="not unique"):
        check_table(twice, ANSWERS)


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_has_an_empty_table(name):
    assert list(empty_table(SCHEMAS[name]).columns) == SCHEMAS[name].names


def test_names_become_whole_numbers_in_their_own_order():
    codes, levels = codes_and_levels(pd.Series(pd.Categorical(["b", "a", None], categories=["b", "a"])))
    assert codes.tolist() == [0, 1, -1]
    assert list(levels) == ["b", "a"]
    codes, levels = codes_and_levels(pd.Series(["x", "y", "x"]))
    assert codes.tolist() == [0, 1, 0]
