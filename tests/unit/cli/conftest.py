"""A study file of two cohorts and two waves, to which a test adds its outcomes."""

import pytest

PEOPLE_AND_WAVES = """
study: {title: A, design: self-selected, question: "B?"}
participants:
  id: id
  cohort: {column: group, levels: {mentored: [m], waiting: [w]}, comparison: waiting}
waves:
  before: {label: Before, month: 0, files: raw/a.csv}
  after: {label: After, month: 6, files: raw/b.csv}
"""


@pytest.fixture
def declare():
    """the block `outcomes:` as text -> the study file as text"""
    return lambda outcomes: PEOPLE_AND_WAVES + outcomes
