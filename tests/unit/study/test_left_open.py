"""TODO in a study file: every such place is named, with what is allowed there, and nothing that follows from it."""

import pytest

from alongside.errors import UserError
from alongside.study import load_study
from alongside.study.left_open import FOUND

OPEN = """
study: {title: TODO, design: TODO, question: TODO}
participants:
  id: TODO
  consent: {column: c, is: TODO}
  cohort: {column: arm, levels: {a: [1], b: [TODO]}, comparison: TODO}
waves:
  before: {label: Before, month: 0, files: raw/a.csv}
  after: {label: TODO, month: TODO, files: TODO}
outcomes:
  worry:
    instrument: gad7
    columns: {after: TODO, otherwise: "gad_{item}"}
    labels: {Nearly daily: TODO}
    domain: TODO
    role: TODO
    smallest_worthwhile: TODO
  other: {instrument: TODO, columns: "x_{item}", domain: d, role: primary}
"""


def mistakes(tmp_path, text):
    (tmp_path / "study.yaml").write_text(text)
    with pytest.raises(UserError) as caught:
        load_study(tmp_path / "study.yaml")
    return {mistake.where.rpartition(", ")[2]: mistake for mistake in caught.value.mistakes}


def test_every_open_place_is_named_and_nothing_else(tmp_path):
    found = mistakes(tmp_path, OPEN)
    assert sorted(found) == sorted([
        "study.title", "study.design", "study.question", "participants.id", "participants.consent.is",
        "participants.cohort.levels.b.1", "participants.cohort.comparison", "waves.after.label", "waves.after.month",
        "waves.after.files", "outcomes.worry.columns.after", "outcomes.worry.labels.Nearly daily",
        "outcomes.worry.domain", "outcomes.worry.role", "outcomes.worry.smallest_worthwhile",
        "outcomes.other.instrument",
    ])  # fmt: skip
    assert {mistake.found for mistake in found.values()} == {FOUND}


@pytest.mark.parametrize(
    ("key", "allowed"),
    [
        ("study.design", "randomised | cluster-randomised"),
        ("study.title", "What the report is called"),
        ("participants.cohort.comparison", "a, b"),
        ("waves.after.month", "a number"),
        ("waves.after.files", "The exports"),
        ("outcomes.worry.role", "primary | secondary"),
        ("outcomes.worry.smallest_worthwhile", "0.2 sd, or 1.5 points"),
        ("outcomes.worry.columns.after", '"gad_{item}"'),
        ("outcomes.worry.labels.Nearly daily", "a number"),
        ("outcomes.other.instrument", "gad7"),
    ],
)
def test_each_says_what_is_allowed(tmp_path, key, allowed):
    assert allowed in mistakes(tmp_path, OPEN)[key].allowed


def test_other_mistakes_are_told_beside_them(tmp_path):
    found = mistakes(tmp_path, OPEN.replace("month: 0", "month: zero").replace("domain: d", "domian: d"))
    assert "found 'zero'" in found["waves.before.month"].found
    assert "unknown key" in found["outcomes.other.domian"].found


@pytest.mark.parametrize("block", ["waves", "outcomes"])
def test_a_whole_block_may_be_open(tmp_path, block):
    lines = OPEN[: OPEN.index(f"{block}:")] + f"{block}: TODO\n"
    if block == "waves":
        lines += OPEN[OPEN.index("outcomes:") :]
    assert mistakes(tmp_path, lines)[block].found == FOUND
