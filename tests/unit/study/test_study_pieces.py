"""Pieces of a study cross into a rule as plain JSON and come back typed; each holds only what it names."""

import json
from pathlib import Path

import pytest

from alongside.study import rebuild_slice

EVERYTHING = (
    "slug", "info", "participants", "waves", "source", "outcomes", "analysis", "contrasts", "claims", "report",
    "baseline", "followups", "not_done_yet", "advice", "look_after",
)  # fmt: skip


@pytest.mark.parametrize("name", ["full-example.yaml", "variants.yaml", "small.yaml"])
def test_every_piece_survives_json(load, example, name):
    study = load(example(name))
    plan = rebuild_slice(json.loads(json.dumps(study.slice(*EVERYTHING))))
    for piece in EVERYTHING:
        assert getattr(plan, piece) == getattr(study, piece), piece


def test_a_piece_is_plain(load, example):
    plain = load(example("full-example.yaml")).slice("waves.before", "analysis.disclosure", "contrasts")
    assert plain == {
        "waves.before": {
            "label": "Before",
            "month": 0.0,
            "files": {"survey": ["raw/wave1_*.csv"]},
            "where": {},
            "between": None,
            "months_since": None,
            "retrospective": False,
            "source": None,
        },
        "analysis.disclosure": {"min_cell": 10, "round_to": 5},
        "contrasts": [["mentored", "unmentored"]],
    }


def test_pieces_of_one_block_meet_again(load, example):
    study = load(example("full-example.yaml"))
    plan = rebuild_slice(
        study.slice("outcomes.anxiety.labels", "outcomes.anxiety.from_", "outcomes.isolation.columns", "analysis.seed")
    )
    assert plan.outcomes["anxiety"].labels == {"Nearly daily": 3.0}
    assert plan.outcomes["anxiety"].from_ is None
    assert plan.outcomes["isolation"].columns == "ucla_{item}"
    assert plan.analysis.seed == 20251101
    assert not hasattr(plan, "waves")


def test_dates_come_back_as_dates(load, example):
    study = load(example("variants.yaml"))
    plan = rebuild_slice(json.loads(json.dumps(study.slice("waves.after.between"))))
    assert plan.waves["after"].between == study.waves["after"].between


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("  title: Small", "  title: Large", {"info"}),
        ("month: 6", "month: 7", {"waves"}),
        ("rses_{item}", "r_{item}", {"outcomes"}),
        ("[Wait list, 0]", "[Wait list, 2]", {"participants"}),
        ("[age, gender]", "[age]", {"analysis"}),
        ("It calms", "It soothes", {"claims"}),
        ("  question:", "  # a comment\n  question:", set()),
    ],
)
def test_an_edit_changes_its_own_piece_only(load, example, old, new, changed):
    text = example("small.yaml")
    assert text.count(old) == 1
    before, after = load(text).slice(*EVERYTHING), load(text.replace(old, new)).slice(*EVERYTHING)
    assert {piece for piece in EVERYTHING if before[piece] != after[piece]} == changed


def test_a_piece_does_not_know_where_the_study_lies(load, example):
    plain = json.dumps(load(example("full-example.yaml")).slice(*EVERYTHING))
    assert str(Path.cwd()) not in plain
