"""Canaries: planted in raw cells, looked for on the screen, in logs, in `.snakemake/` and in everything public."""

import csv
import zipfile

import pandas as pd
import pytest
from project import STUDY, make_project, run

# in new columns that the study file does not declare, as exports have them
UNDECLARED = {
    "RecipientFirstName": "Zebedee",
    "RecipientLastName": "Quillfeather",
    "RecipientEmail": "zq.canary@example.org",
    "IPAddress": "203.0.113.77",
    "LocationLatitude": "57.1357913",
    "comments": "my canary died on Tuesday",
}
ID_STEM = "CANARYID"
OUT_OF_RANGE = "91735"
STRAY_TEXT = "canarytext"
CANARIES = [*UNDECLARED.values(), ID_STEM, ID_STEM.lower(), OUT_OF_RANGE, STRAY_TEXT]


def read(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def write(path, rows):
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def plant(project):
    raw = project / "data" / STUDY / "raw"
    for name in ("roster", "before", "after", "followup"):
        rows = read(raw / f"{name}.csv")
        for row in rows:
            row["id"] = row["id"].replace("T", ID_STEM)
            if name != "roster":
                row |= UNDECLARED
        write(raw / f"{name}.csv", rows)
    rows = read(raw / "after.csv")
    rows[3]["gad_2"] = OUT_OF_RANGE
    rows[5]["wellbeing"] = OUT_OF_RANGE
    write(raw / "after.csv", rows)


def unpack(path):
    """The bytes of a file; of a workbook or a Parquet file what is in it, for both are compressed."""
    if path.suffix == ".parquet":
        return pd.read_parquet(path).to_csv().encode()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            return b"\n".join(packed.read(name) for name in packed.namelist())
    return path.read_bytes()


def find_canaries(project, shown):
    """(place, canary) of every canary outside the raw files and results/<study>/restricted/."""
    places = [("the screen", shown.encode())]
    for path in sorted((project / ".snakemake").rglob("*")) + sorted((project / "results").rglob("*")):
        if path.is_file() and "restricted" not in path.parts:
            places.append((str(path.relative_to(project)), unpack(path)))
    return [(place, canary) for place, content in places for canary in CANARIES if canary.encode() in content]


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    project = make_project(tmp_path_factory.mktemp("planted") / "project")
    plant(project)
    return project, run(project)


def test_no_value_of_a_participant_leaves_the_restricted_folder(planted):
    project, ended = planted
    assert ended.returncode == 0, ended.stdout
    assert find_canaries(project, ended.stdout) == []


def test_the_ledger_holds_what_was_set_aside(planted):
    """The search above would find nothing if nothing had been planted: the values are where they belong."""
    project, _ = planted
    ledger = (project / "results" / STUDY / "restricted" / "ledger.csv").read_text()
    assert ledger.count(OUT_OF_RANGE) == 2
    assert ID_STEM not in ledger


def test_names_and_free_text_are_dropped_at_intake(planted):
    project, _ = planted
    restricted = project / "results" / STUDY / "restricted"
    dropped = [*UNDECLARED.values(), ID_STEM]
    held = [
        (path.name, canary)
        for path in restricted.rglob("*")
        if path.is_file()
        for canary in dropped
        if canary.encode() in unpack(path)
    ]
    assert held == []


def test_a_stage_that_stops_quotes_nobody(tmp_path):
    project = make_project(tmp_path / "project")
    plant(project)
    raw = project / "data" / STUDY / "raw"
    rows = read(raw / "roster.csv")
    rows[0]["programme"] = STRAY_TEXT
    write(raw / "roster.csv", rows)
    rows = read(raw / "before.csv")
    rows[2]["gad_1"] = STRAY_TEXT
    write(raw / "before.csv", rows)
    ended = run(project)
    assert ended.returncode == 1
    assert "to do:" in ended.stdout
    assert find_canaries(project, ended.stdout) == []
