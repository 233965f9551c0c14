"""Canaries: planted in raw cells, looked for on the screen, in logs, in `.snakemake/` and in everything public.

In: a project before its first run. The finished run of the tests has them, so that one run serves both questions.
"""

import csv
import zipfile

import pandas as pd
from project import STUDY

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
        write(raw / f"{name}.csv", rows if name == "roster" else [UNDECLARED | row for row in rows])
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
