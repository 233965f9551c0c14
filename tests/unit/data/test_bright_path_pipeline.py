"""The pipeline on Bright Path's committed files: what was planted is set aside and counted, and the truth is found.

The expected counts come from planted.json, the expected estimates from truth.json; neither was made by the pipeline.
"""

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from alongside.effects.primary import PRIMARY, estimate_primary
from alongside.instruments import load_instrument
from alongside.intake.exports import read_exports
from alongside.panel import build_panel
from alongside.scoring import score_answers
from alongside.study import load_study

STUDY = Path(__file__).resolve().parents[3] / "data" / "bright-path"
WAVES = ("before", "after", "followup")
CONTRASTS = [(outcome, wave) for outcome in ("isolation", "belonging", "self_esteem", "anxiety") for wave in WAVES[1:]]


@pytest.fixture(scope="module")
def planted():
    return json.loads((STUDY / "planted.json").read_text())


@pytest.fixture(scope="module")
def truth():
    return json.loads((STUDY / "truth.json").read_text())["outcomes"]


@pytest.fixture(scope="module")
def run():
    study = load_study(STUDY / "study.yaml")
    codebooks = {one.instrument: load_instrument(one.instrument) for one in study.outcomes.values() if one.instrument}
    intake = read_exports(STUDY, plan=study, instruments=codebooks, key=bytes(32))
    scores = score_answers(intake.answers, plan=study, instruments=codebooks)[0]
    return SimpleNamespace(study=study, intake=intake, panel=build_panel(scores, people=intake.people, plan=study))


@pytest.fixture(scope="module")
def estimates(run):
    made = estimate_primary(run.panel, plan=run.study).estimates
    return made[made["analysis"] == PRIMARY].set_index(["outcome", "wave"])


def count(ledger, rule):
    return int((ledger["rule"] == rule).sum())


def everywhere(planted, kind):
    return sum(planted[wave].get(kind, 0) for wave in WAVES)


def test_everybody_who_consented_and_stayed_is_a_person(run, planted):
    lost = planted["roster"]["consent_no"] + planted["roster"]["consent_blank"] + planted["withdrawn"]["people"]
    assert len(run.intake.people) == planted["people"] - lost


def test_every_row_of_every_export_is_accounted_for(run, planted):
    rows = {file: n for wave in WAVES for file, n in planted[wave]["rows"].items()}
    rows["raw/school_records.csv"] = planted["records"]["rows"]
    assert run.intake.responses.groupby("file", observed=True).size().to_dict() == rows


@pytest.mark.parametrize(
    ("rule", "kind"), [("preview", "previews"), ("no-id", "nobody"), ("attention-check", "attention_failed")]
)
def test_planted_rows_are_found(run, planted, rule, kind):
    assert count(run.intake.ledger, rule) == everywhere(planted, kind)


def test_every_repeated_response_is_set_aside_once(run, planted):
    kinds = ("sent_twice", "began_before", "opened_again", "taken_twice")
    assert count(run.intake.ledger, "duplicate") == sum(everywhere(planted, kind) for kind in kinds)


def test_unfinished_responses_that_are_somebodys_only_one_are_kept_and_flagged(run, planted):
    assert count(run.intake.ledger, "unfinished") == everywhere(planted, "gave_up")


def test_impossible_numbers_are_set_aside_in_surveys_and_roster(run, planted):
    in_roster = planted["roster"]["age_impossible"] + planted["roster"]["meetings_impossible"]
    assert count(run.intake.ledger, "out-of-range") == everywhere(planted, "out_of_range") + in_roster


def test_straight_lining_is_flagged_in_every_scale_that_has_reversed_items(run, planted):
    for outcome in ("isolation", "belonging"):
        assert count(run.intake.ledger, f"straight-line:{outcome}") == everywhere(planted, "straight_lined")
    # ten items that are all answered alike happen by chance, too
    assert count(run.intake.ledger, "straight-line:self_esteem") >= everywhere(planted, "straight_lined")


def test_identifiers_are_cleaned_mended_or_set_aside(run, planted):
    assert count(run.intake.ledger, "correction") == planted["corrections"]["rows"]
    mended = 1  # by corrections.csv, in the first wave
    assert count(run.intake.ledger, "not-in-roster") == everywhere(planted, "identifiers_unknown") - mended


def test_the_person_who_changed_cohort_is_flagged(run, planted):
    assert count(run.intake.ledger, "cohort-conflict") == planted["followup"]["changed_cohort"]


@pytest.mark.parametrize(("outcome", "wave"), CONTRASTS)
def test_each_estimate_is_within_three_standard_errors_of_the_truth(estimates, truth, outcome, wave):
    found = estimates.loc[(outcome, wave)]
    assert found["status"] == "ok"
    assert abs(found["estimate"] - truth[outcome][wave]["mentored"]) < 3 * found["se"]


@pytest.mark.parametrize(("outcome", "wave"), CONTRASTS)
def test_the_change_of_the_mentored_alone_is_more_than_three_standard_errors_off(run, truth, outcome, wave):
    mentored = run.panel[run.panel["cohort"] == "mentored"]
    scores = mentored.pivot(index="participant", columns="wave", values=outcome)
    change = (scores[wave] - scores["before"]).dropna()
    error = change.std() / np.sqrt(len(change))
    assert abs(change.mean() - truth[outcome][wave]["mentored"]) > 3 * error
