"""Each survey tool's export, from the file to scores that were worked out by hand.

People are numbered in the order of their identifiers, from 0. `expected_tools.json` gives, for each tool: what each
file is recognised as and why; which rows do not count and for which reason; every score, None where the scale's own
rule for missing answers gives none.
"""

import json
from pathlib import Path

import pytest

from alongside.instruments import load_instrument
from alongside.intake.exports import read_exports
from alongside.scoring import score_answers
from alongside.study import load_study

TESTS = Path(__file__).resolve().parents[2]
FIXTURES = TESTS / "fixtures" / "exports"
EXPECTED = json.loads((Path(__file__).parent / "expected_tools.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module", params=sorted(EXPECTED))
def tool(request):
    """(name, Intake, scores) of one fixture"""
    study = load_study(FIXTURES / request.param / "study.yaml")
    codebooks = {one.instrument: load_instrument(one.instrument) for one in study.outcomes.values() if one.instrument}
    intake = read_exports(study.folder, plan=study, instruments=codebooks, key=b"for tests")
    return request.param, intake, score_answers(intake.answers, plan=study, instruments=codebooks).scores


def test_every_fixture_has_its_expectations():
    assert sorted(EXPECTED) == sorted(path.parent.name for path in FIXTURES.glob("*/study.yaml"))


def test_it_is_recognised_and_the_reason_is_told(tool):
    name, intake, _ = tool
    read = [note.partition(": read as ")[2] for note in intake.notes["text"] if ": read as " in note]
    assert read == EXPECTED[name]["recognised"]


def test_rows_in_are_rows_kept_and_rows_set_aside(tool):
    name, intake, _ = tool
    expected = EXPECTED[name]["rows"]
    books = intake.tally[intake.tally["unit"] == "responses"]
    assert (books["n_in"] == books["n_kept"] + books["n_set_aside"]).all()
    assert books["n_in"].iloc[0] == expected["in"]
    assert books["n_kept"].iloc[-1] == expected["kept"] == int(intake.responses["kept"].sum())
    away = intake.responses[~intake.responses["kept"]]
    assert away["reason"].value_counts().to_dict() == expected["set aside"]
    assert expected["in"] == expected["kept"] + sum(expected["set aside"].values())


def test_every_score_is_the_one_worked_out_by_hand(tool):
    name, intake, scores = tool
    people = intake.people["participant"].tolist()
    found = {}
    for row in scores.itertuples():
        score = None if row.score != row.score else round(row.score, 4)
        found.setdefault(row.outcome, {}).setdefault(row.wave, {})[str(people.index(row.participant))] = score
    assert found == EXPECTED[name]["scores"]


def test_each_person_is_in_the_cohort_that_the_export_says(tool):
    name, intake, _ = tool
    assert intake.people["cohort"].tolist() == EXPECTED[name]["cohorts"]
