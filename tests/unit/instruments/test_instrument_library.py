"""The library: every scale's key against keys.csv and conversions.csv, which hold what was read at the sources."""

import csv
from pathlib import Path

import pytest

from alongside.errors import UserError
from alongside.instruments import instrument_path, list_instruments, load_instrument

with (Path(__file__).parent / "keys.csv").open(encoding="utf-8") as file:
    KEYS = list(csv.DictReader(file))
IDS = [row["id"] for row in KEYS]


def test_the_library_is_complete():
    assert sorted(IDS) == list(list_instruments())


@pytest.mark.parametrize("key", KEYS, ids=IDS)
def test_key(key):
    scale = load_instrument(key["id"])
    assert scale.n_items == int(key["n_items"])
    assert scale.response == (float(key["min"]), float(key["max"]))
    assert scale.range == (float(key["low"]), float(key["high"]))
    assert scale.higher_is == key["higher_is"]
    orders = [tuple(int(item) for item in order.split(";") if item) for order in key["orders"].split("|")]
    assert list(scale.orders.values()) == orders


@pytest.mark.parametrize("id", IDS)
def test_every_end_of_the_range_and_every_order_has_an_example(id):
    scale = load_instrument(id)
    if scale.scoring.method != "subscales-only":
        assert {example.score for example in scale.examples} >= set(scale.range)
    named = {example.order or next(iter(scale.orders)) for example in scale.examples}
    assert named == set(scale.orders)


@pytest.mark.parametrize("id", ["swemwbs7", "promis_anx4a", "promis_dep4a"])
def test_conversion_tables(id):
    """Every entry, as it was read at the source."""
    with (Path(__file__).parent / "conversions.csv").open(encoding="utf-8") as file:
        expected = {int(row["raw"]): float(row["score"]) for row in csv.DictReader(file) if row["id"] == id}
    assert load_instrument(id).scoring.table == expected


@pytest.mark.parametrize("id", ["swemwbs7", "promis_anx4a", "promis_dep4a"])
def test_conversion_tables_rise(id):
    values = list(load_instrument(id).scoring.table.values())
    assert values == sorted(set(values))


@pytest.mark.parametrize(
    ("id", "label", "number"),
    [
        ("gad7", "Nearly every day", 3), ("ucla20_v3", "Often", 4), ("rses", "Strongly agree", 3),
        ("gbs12", "Strongly agree", 7), ("djg6", "Yes", 3), ("who5", "At no time", 0), ("sdq", "Certainly true", 2),
    ],
)  # fmt: skip
def test_labels(id, label, number):
    assert load_instrument(id).labels[label] == number


def test_labels_are_answers_never_items():
    long = [(id, label) for id in IDS for label in load_instrument(id).labels if len(label.split()) > 13]
    assert long == []


def test_subscales_of_the_total_share_no_item():
    for id in IDS:
        items = [item for part in load_instrument(id).subscales.values() for item in part.items]
        assert len(items) == len(set(items)), id


def test_safety_items_are_declared():
    assert [(one.item, one.from_) for one in load_instrument("phq9").safety_items] == [(9, 1)]


@pytest.mark.parametrize("id", list_instruments())
def test_a_safety_item_is_named_and_never_quoted(id):
    assert all(len(one.why.split()) <= 2 for one in load_instrument(id).safety_items)


def test_what_is_from_memory_is_marked():
    marked = {id for id in IDS if load_instrument(id).not_verified}
    assert marked == set(IDS)
    assert load_instrument("gbs12").not_verified["orders"] == "from memory"
    assert "table" in load_instrument("promis_siso4a").not_verified["scoring"]
    assert "orders" not in load_instrument("pss10").not_verified


def test_a_study_has_its_own_scales(tmp_path):
    text = instrument_path("gad2").read_text(encoding="utf-8").replace("id: gad2", "id: worries")
    (tmp_path / "worries.yaml").write_text(text, encoding="utf-8")
    assert load_instrument("worries", tmp_path).n_items == 2
    assert instrument_path("worries", tmp_path) == tmp_path / "worries.yaml"
    assert "worries" in list_instruments(tmp_path)
    assert load_instrument("gad2", tmp_path).id == "gad2"


def test_a_study_cannot_replace_a_shipped_scale(tmp_path):
    (tmp_path / "gad2.yaml").write_text(instrument_path("gad2").read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(UserError, match="scale in the library"):
        load_instrument("gad2", tmp_path)


@pytest.mark.parametrize(("id", "near"), [("gad-7", "gad7"), ("UCLA20", "ucla20_v3"), ("phq", "phq9")])
def test_an_unknown_scale_comes_with_the_nearest(id, near):
    with pytest.raises(UserError) as caught:
        load_instrument(id)
    (mistake,) = caught.value.mistakes
    assert near in mistake.allowed.split(", ")
    assert mistake.remedy.startswith("did you mean")


@pytest.mark.parametrize("id", ["../gad7", "", "gad7.yaml", "/etc/passwd"])
def test_an_id_is_no_path(id, tmp_path):
    with pytest.raises(UserError, match="no codebook"):
        load_instrument(id, tmp_path)
