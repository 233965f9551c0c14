"""Whoever follows a draft must not analyse the answers of people who refused."""

import pytest
import yaml

from alongside.drafting.consent import says_yes

from .typed import qualtrics, written

ITEMS = [f"gad_{n}" for n in range(1, 8)]


def survey(consent, given):
    """24 people; given: function(row) -> what they answered to the column `consent`"""
    rows = [[f"P{row}", given(row), *((row + n) % 4 for n in range(7))] for row in range(24)]
    return written([["pid", consent, *ITEMS], *rows])


def consent(text):
    return yaml.load(text, Loader=yaml.BaseLoader)["participants"].get("consent")


def refused_by_some(row):
    return "No, I do not agree" if row in (3, 9) else "Yes, I agree"


@pytest.mark.parametrize("name", ["consent", "Do you agree that we use your answers?", "I agree to take part"])
def test_a_column_that_asks_for_consent_is_declared(draft, name):
    text = draft({"wave1.csv": survey(name, refused_by_some), "wave2.csv": survey(name, refused_by_some)}).text
    assert consent(text) == {"column": name, "is": ["Yes, I agree"]}
    assert "not taken for one: No, I do not agree" in text


def test_the_question_says_it_where_the_name_does_not(draft):
    question = "I have read the information and agree to take part"
    rows = [[f"P{row}", refused_by_some(row), *((row + n) % 4 for n in range(7))] for row in range(24)]
    asked = {"pid": "Your code", "Q1": question} | {name: name for name in ITEMS}
    text = draft({"wave1.csv": qualtrics(asked, rows)}).text
    assert consent(text) == {"column": "Q1", "is": ["Yes, I agree"]}
    assert f"by its question: {question}" in text


def test_which_value_means_consent_is_asked_where_none_says_yes(draft):
    text = draft({"wave1.csv": survey("consent", lambda row: "A2" if row % 3 else "A1")}).text
    assert consent(text) == {"column": "consent", "is": "TODO"}
    assert "found: A1, A2" in text.replace("A2, A1", "A1, A2")


def test_what_one_person_wrote_is_counted_and_never_written(draft):
    text = draft({"wave1.csv": survey("consent", lambda row: "only if mum says so" if row == 4 else "yes")}).text
    assert consent(text) == {"column": "consent", "is": ["yes"]}
    assert "mum" not in text
    assert "1 answer that hardly anybody gives" in text


def test_a_consent_that_only_comes_later_is_left_to_decide(draft):
    files = {"wave1.csv": survey("class", lambda row: "ab"[row % 2]), "wave2.csv": survey("consent", lambda row: "yes")}
    text = draft(files).text
    assert consent(text) == {"column": "consent", "is": "TODO"}
    assert "a consent does not reach back" in text


def test_another_name_at_a_later_wave_is_declared_for_it(draft):
    answer = lambda row: "No" if row in (3, 9) else "Yes"  # noqa: E731
    files = {"wave1.csv": survey("consent", refused_by_some), "wave2.csv": survey("Do you consent?", answer)}
    text = draft(files).text
    assert consent(text) == {"column": {"wave1": "consent", "wave2": "Do you consent?"}, "is": ["Yes, I agree", "Yes"]}


def test_without_waves_different_names_are_left_to_be_placed(draft):
    files = {"a.csv": survey("consent", refused_by_some), "b.csv": survey("Do you consent?", refused_by_some)}
    text = draft(files).text
    assert consent(text) == {"column": "TODO", "is": ["Yes, I agree"]}
    assert "# {wave: column}; found: consent, Do you consent?" in text


def test_where_one_of_the_waves_has_no_plain_yes_the_values_are_left_open(draft):
    files = {
        "wave1.csv": survey("consent", lambda row: "yes" if row % 5 else "A"),
        "wave2.csv": survey("consent_2", lambda row: "A" if row % 5 else "B"),
    }
    assert consent(draft(files).text) == {"column": {"wave1": "consent", "wave2": "consent_2"}, "is": "TODO"}


@pytest.mark.parametrize(
    "name", ["How much do you agree? Life is good", "agreed_contact_again", "consent_version", "use of information"]
)
def test_what_only_sounds_like_it_is_no_consent(draft, name):
    assert consent(draft({"wave1.csv": survey(name, refused_by_some)}).text) is None


@pytest.mark.parametrize(
    ("text", "yes"),
    [("Yes", True), ("1", True), ("I consent", True), ("Agree", True), ("yes - I do", True), ("No", False),
     ("0", False), ("I do not agree", False), ("Disagree", False), ("", False),
     ("Yes, but do not use my answers", False)],
)  # fmt: skip
def test_only_a_plain_yes_is_one(text, yes):
    assert says_yes(text) is yes
