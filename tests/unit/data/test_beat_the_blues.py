"""The trial as it is shipped: unchanged, complete, and with the published counts."""

import csv
import hashlib
import json
from pathlib import Path

import pytest

STUDY = Path(__file__).resolve().parents[3] / "data" / "beat-the-blues"
COLUMN = {"before": "bdi.pre", "m2": "bdi.2m", "m3": "bdi.3m", "m5": "bdi.5m", "m8": "bdi.8m"}


@pytest.fixture(scope="module")
def published():
    return json.loads((STUDY / "published.json").read_text())


@pytest.fixture(scope="module")
def rows():
    with open(STUDY / "raw" / "btheb_wide.csv", newline="") as file:
        return list(csv.DictReader(file))


def test_the_copy_is_the_file_that_was_taken_from_hsaur3():
    digest = hashlib.sha256((STUDY / "raw" / "btheb_wide.csv").read_bytes()).hexdigest()
    assert digest == "e3b80b6ed65ced29687dfd98f63c19fe5485c2b28a18354b9ad86505793f1f09"


def test_as_many_people_were_assigned_as_published(rows, published):
    assert len({row["subject"] for row in rows}) == len(rows) == 100
    assert [row["treatment"] for row in rows].count("BtheB") == published["n_assigned"]["programme"]
    assert [row["treatment"] for row in rows].count("TAU") == published["n_assigned"]["usual_care"]


@pytest.mark.parametrize("wave", COLUMN)
def test_as_many_scores_are_missing_as_published(rows, published, wave):
    assert sum(row[COLUMN[wave]] == "NA" for row in rows) == published["missing_scores"][wave]


def test_the_published_model_had_the_visits_that_the_file_holds(rows, published):
    followups = [[row[COLUMN[wave]] != "NA" for wave in ("m2", "m3", "m5", "m8")] for row in rows]
    assert sum(map(sum, followups)) == published["n_observations"]
    assert sum(map(any, followups)) == published["n_participants"]
