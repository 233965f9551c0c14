"""The description of a study and of a run, from real study files and codebooks."""

import hashlib
from pathlib import Path

import pandas as pd
import pytest

from alongside.instruments import load_instrument
from alongside.report.describe import (
    describe_months,
    describe_provenance,
    describe_study,
    fingerprint,
    fingerprint_files,
    name_key,
)
from alongside.study import load_study, rebuild_slice

ROOT = Path(__file__).parents[3]
WHOLE = (
    "slug", "info", "participants", "waves", "source", "outcomes", "analysis", "contrasts", "claims", "report",
    "baseline", "not_done_yet",
)  # fmt: skip


def _plan(path):
    return rebuild_slice(load_study(path).slice(*WHOLE))


def _instruments(plan):
    names = {outcome.instrument for outcome in plan.outcomes.values() if outcome.instrument}
    return {name: load_instrument(name) for name in names}


def _describe(slug, *, collected, modelled):
    plan = _plan(ROOT / "data" / slug / "study.yaml")
    return describe_study(
        plan, instruments=_instruments(plan), flow=pd.DataFrame({"wave": collected}),
        estimates=pd.DataFrame({"outcome": modelled}),
    )  # fmt: skip


def test_bright_path_is_described_for_its_report():
    study = _describe("bright-path", collected=["before", "after"], modelled=["isolation", "anxiety"])
    assert study["design"] == "self-selected"
    assert study["comparison"] == "unmentored"
    assert [(cohort["key"], cohort["comparison"]) for cohort in study["cohorts"]] == [
        ("unmentored", True), ("mentored", False),
    ]  # fmt: skip
    assert study["contrasts"] == ["mentored - unmentored"]
    assert [(wave["key"], wave["collected"]) for wave in study["waves"]] == [
        ("before", True), ("after", True), ("followup", False),
    ]  # fmt: skip
    outcomes = {outcome["key"]: outcome for outcome in study["outcomes"]}
    assert outcomes["isolation"]["higher_is"] == "worse"
    assert (outcomes["isolation"]["min"], outcomes["isolation"]["max"]) == (20, 80)
    assert outcomes["isolation"]["instrument"]["name"] == "UCLA Loneliness Scale"
    assert outcomes["self_esteem"]["higher_is"] == "better"
    assert outcomes["still_enrolled"]["instrument"] is None
    assert [key for key, outcome in outcomes.items() if outcome["modelled"]] == ["isolation", "anxiety"]
    assert outcomes["anxiety"]["worthwhile"] == {"value": 1.5, "unit": "points"}


def test_published_averages_of_mentoring_stand_beside_mentoring_only():
    assert [item["value"] for item in _describe("bright-path", collected=[], modelled=[])["benchmarks"]] == [0.21, 0.09]
    assert _describe("beat-the-blues", collected=[], modelled=[])["benchmarks"] == []


def _study_folder(folder, *, comment="", title="Small"):
    folder.mkdir()
    (folder / "raw").mkdir()
    (folder / "raw" / "a.csv").write_text("id\n1\n")
    (folder / "study.yaml").write_text(f"""{comment}
study:
  title: {title}
  design: matched
  question: Is it so?
participants:
  id: id
  cohort:
    column: group
    levels: {{yes: [Yes], no: [No]}}
    comparison: no
waves:
  start: {{label: Start, month: 0, files: raw/a.csv}}
  end: {{label: End, month: 1, files: raw/a.csv}}
outcomes:
  mood: {{kind: score, column: mood, higher_is: better, domain: mood, role: primary}}
""")
    return folder


def _provenance(folder):
    responses = _responses({"2026-02-03": 12})
    return describe_provenance(
        _plan(folder / "study.yaml"), instruments={"gad7": load_instrument("gad7")},
        exports=[str(folder / "raw" / "a.csv")], study_folder=str(folder), responses=responses,
    )  # fmt: skip


def test_a_comment_changes_no_fingerprint_and_a_title_does(tmp_path):
    plain = _provenance(_study_folder(tmp_path / "small"))
    (tmp_path / "x").mkdir()
    commented = _provenance(_study_folder(tmp_path / "x" / "small", comment="# a comment"))
    (tmp_path / "y").mkdir()
    renamed = _provenance(_study_folder(tmp_path / "y" / "small", title="Other"))
    assert commented == plain
    assert renamed["study_file"] != plain["study_file"]


def test_inputs_are_named_from_the_study_and_hashed_by_their_bytes(tmp_path):
    provenance = _provenance(_study_folder(tmp_path / "small"))
    # printf 'id\n1\n' >a; key=$(openssl dgst -sha256 -binary a | openssl dgst -sha256 -hex | sed 's/.*= //')
    # openssl dgst -sha256 -mac HMAC -macopt hexkey:$key a
    assert provenance["inputs"] == {"raw/a.csv": "69503582a6cb01bc0877a9c2fb050e496846088078f56b6bdd8b41183345b838"}
    assert provenance["data_collected"] == {"first": "2026-02", "last": "2026-02"}
    assert set(provenance["instruments"]) == {"gad7"}
    assert str(tmp_path) not in str(provenance)


def test_what_is_in_a_small_file_cannot_be_found_by_trying_without_the_others():
    """Somebody who guesses the one line of withdrawn.csv, but has another export, gets another fingerprint."""
    withdrawn = b"pid,date\nQ009,2026-01-05\n"
    published = fingerprint_files({"raw/a.csv": b"pid,x\nQ001,3\n", "withdrawn.csv": withdrawn})["withdrawn.csv"]
    guessed = [{"withdrawn.csv": withdrawn}, {"raw/a.csv": b"pid,x\nQ001,2\n", "withdrawn.csv": withdrawn}]
    assert published not in [fingerprint_files(one)["withdrawn.csv"] for one in guessed]
    assert published != hashlib.sha256(withdrawn).hexdigest()


def _responses(counts):
    days = [day for day, n in counts.items() for _ in range(n)]
    return pd.DataFrame({"kept": True, "wave": "before", "submitted": pd.to_datetime(days)})


def test_a_month_with_few_responses_is_not_named():
    months = _responses({"2025-09-30": 3, "2025-10-01": 20, "2026-05-31": 10, "2026-06-01": 9})
    assert describe_months(months, min_cell=10) == {"first": "2025-10", "last": "2026-05"}
    assert describe_months(months, min_cell=30) is None


def test_responses_set_aside_or_without_a_date_have_no_month():
    months = _responses({"2025-10-01": 10})
    assert describe_months(months.assign(kept=False), min_cell=1) is None
    assert describe_months(months.assign(submitted=pd.NaT), min_cell=1) is None


def test_a_survey_without_dates_leaves_the_span_of_the_study_unsaid():
    dated = _responses({"2025-10-01": 10, "2026-05-31": 10})
    undated = dated.assign(wave="followup", submitted=pd.NaT)
    assert describe_months(pd.concat([dated, undated]), min_cell=10) is None
    assert describe_months(pd.concat([dated, undated.assign(kept=False)]), min_cell=10) is not None
    in_part = pd.concat([dated, undated.head(3).assign(wave="before")])
    assert describe_months(in_part, min_cell=10) == {"first": "2025-10", "last": "2026-05"}


def test_fingerprints_do_not_depend_on_the_order_of_keys():
    assert fingerprint({"a": 1, "b": [2]}) == fingerprint({"b": [2], "a": 1}) != fingerprint({"a": 1, "b": [3]})


@pytest.mark.parametrize(("key", "words"), [("self_esteem", "Self esteem"), ("wait-list", "Wait list"), ("x", "X")])
def test_keys_become_words(key, words):
    assert name_key(key) == words
