"""Files that are no study file, or that YAML itself cannot read: one mistake, at its line, in words that help."""

import pytest

from alongside.errors import UserError
from alongside.study import load_study

SYNTAX = {
    "a tab": ({8: "\tcolumn: programme"}, 8, "a tab"),
    "a colon in text": ({4: "  question: Note: does it help?"}, 4, "a colon where none can stand"),
    "an open bracket": ({13: "  clusters: [school"}, 14, "a bracket or brace that is not closed"),
    "an open quotation mark": ({4: '  question: "Does it help?'}, 4, "closed only in line 26"),
    "an indentation": ({8: "   column: programme\n     levels2: x"}, 9, "a colon where none can stand"),
    "a backslash": ({4: '  question: "a\\dir"'}, 4, "a backslash inside double quotes"),
    "a key without colon": ({43: "analysis"}, 44, "colon"),
    "an at sign": ({4: "  question: @home"}, 4, "a character that cannot begin a value"),
    "a control character": ({4: "  question: a\x07b"}, 4, "an invisible control character"),
}


@pytest.mark.parametrize("case", SYNTAX)
def test_a_syntax_error_is_shown_alone(case, edited, mistakes):
    changes, line, words = SYNTAX[case]
    ((at, _, message),) = mistakes(edited(changes))
    assert at == line
    assert words in message


FILES = {
    "empty": (b"", 1, "empty"),
    "only comments": (b"# nothing yet\n", 1, "empty"),
    "a list": (b"- study\n", 1, "not one block of keys"),
    "not UTF-8": ("study:\n  title: naïve\n".encode("latin-1"), 2, "not UTF-8"),
    "nested without end": (b"study: " + b"[" * 400 + b"]" * 400, 1, "nested more than"),
}


@pytest.mark.parametrize("case", FILES)
def test_a_file_that_is_no_study_file(case, mistakes):
    content, line, words = FILES[case]
    ((at, key, message),) = mistakes(content)
    assert (at, key) == (line, "")
    assert words in message


def test_a_missing_file_names_the_studies_that_exist(edited, write_study):
    path = write_study(edited({}))
    with pytest.raises(UserError) as caught:
        load_study(path.parent.parent / "trail" / "study.yaml")
    (mistake,) = caught.value.mistakes
    assert (mistake.where, mistake.allowed) == ("data/trail/study.yaml", "trial")
    assert mistake.remedy == "did you mean 'trial'?"


def test_a_byte_order_mark_is_no_part_of_the_first_key(edited, load):
    assert load("\ufeff" + edited({})).info.title == "Small"


def test_a_faulty_codebook_of_the_study_is_named(edited, write_study, mistakes):
    folder = write_study(edited({})).parent / "instruments"
    folder.mkdir()
    (folder / "worries.yaml").write_text("id: worries\nname: Worries\n", encoding="utf-8")
    ((line, key, message),) = mistakes(edited({31: "    instrument: worries"}))
    assert (line, key) == (31, "outcomes.worry.instrument")
    assert "data/trial/instruments/worries.yaml, line 1" in message
