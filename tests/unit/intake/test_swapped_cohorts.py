"""Where the comparison has the mentors, the study file means the wrong cohort."""

import pytest

from alongside.errors import UserError

HEAD = "pid,arm,m_1,m_2,m_3,mentor,meetings\n"


def rows(*, mentor="M{n}", meetings="{n}", others=",", n=12):
    """Half of them mentored"""
    told = lambda i: f"{mentor},{meetings}".format(n=1 + i % 3) if i % 2 else others  # noqa: E731
    return "".join(f"P{i},{'Mentored' if i % 2 else 'Wait list'},0,1,2,{told(i)}\n" for i in range(n))


def declare(study, comparison, *, participants="mentor: mentor\n  dose: {meetings: {kind: number}}"):
    study.declare(participants=participants)
    path = study.folder / "study.yaml"
    path.write_text(path.read_text().replace("comparison: alone", f"comparison: {comparison}"))
    return study


def read(study, text):
    return study.read({"raw/w1.csv": HEAD + text, "raw/w2.csv": HEAD + text})


@pytest.mark.parametrize("others", [",", ",0"])
def test_mentors_in_the_comparison_alone_stop_the_reading(study, others):
    declare(study, "mentored")
    with pytest.raises(UserError) as caught:
        read(study, rows(others=others))
    (mistake,) = caught.value.mistakes
    assert mistake.where.endswith("study.yaml, line 8, participants.cohort.comparison")
    assert mistake.found == "the comparison cohort 'mentored' has mentors and meetings, 'alone' has none"
    assert mistake.remedy.startswith("did you mean `comparison: alone`?")


def test_the_right_comparison_is_read(study):
    assert len(read(declare(study, "alone"), rows()).people) == 12


def test_where_both_have_mentors_nothing_is_said(study):
    assert len(read(declare(study, "mentored"), rows(others="M9,1")).people) == 12


def test_where_the_two_columns_disagree_nothing_is_said(study):
    assert len(read(declare(study, "mentored"), rows(mentor="", others="M9,")).people) == 12


def test_of_a_few_people_nothing_is_said(study):
    assert len(read(declare(study, "mentored"), rows(n=8)).people) == 8
