"""REDCap's data dictionary: labels, boxes and marks of no answer, for raw exports and for exports of labels."""

import pytest

from alongside.errors import UserError

HEAD = '"Variable / Field Name","Form Name","Field Type","Field Label","Choices, Calculations, OR Slider Labels"\n'
CHOICES = "0, Never | 1, <b>Sometimes</b> | 2, Don't often | 3, Always | 9, Would rather not say"
FIELDS = (
    HEAD
    + "record_id,base,text,Record,\n"
    + 'arm,base,radio,Which group?,"1, Mentoring | 2, Waiting list"\n'
    + 'gender,base,dropdown,Gender,"1, Girl | 2, Boy, or so | 3, Neither"\n'
    + 'hobby,base,checkbox,"Hobbies, all of them","1, Reading | 2, Team sport | -9, None of these"\n'
    + "agreed,base,yesno,Agrees,\n"
    + "".join(f'm_{item},mood,radio,"Question {item}","{CHOICES}"\n' for item in (1, 2, 3))
)
PEOPLE = (
    "covariates: {gender: {kind: category}, sport: {kind: yes-no, column: hobby / Team sport}, "
    "none: {kind: yes-no, column: hobby____9}, agreed: {kind: yes-no, column: Agrees}}"
)
NAMES = "record_id,redcap_event_name,arm,gender,hobby___1,hobby___2,hobby____9,agreed,m_1,m_2,m_3,mood_complete\n"
RAW = "1,e,1,2,0,1,0,1,0,1,2,2\n2,e,2,1,1,0,0,0,3,9,0,2\n"
LABELS = (
    '1,e,Mentoring,"Boy, or so",Unchecked,Checked,Unchecked,Yes,Never,Sometimes,Don\'t often,Complete\n'
    "2,e,Waiting list,Girl,Checked,Unchecked,Unchecked,No,Always,Would rather not say,Never,Complete\n"
)
SOURCE = "  format: redcap\n  dictionary: raw/dictionary.csv\n  missing: [Would rather not say]"


def read(study, rows, *, fields=FIELDS, **declared):
    study.declare(**{"id": "record_id", "participants": PEOPLE, "source": SOURCE} | declared)
    text = (study.folder / "study.yaml").read_text()
    levels = "levels: {mentored: [Mentoring], alone: [Waiting list]}"
    (study.folder / "study.yaml").write_text(
        text.replace("levels: {mentored: [Mentored, 1], alone: [Wait list, 0]}", levels)
    )
    return study.read({"raw/w1.csv": NAMES + rows, "raw/dictionary.csv": fields})


@pytest.mark.parametrize("rows", [RAW, LABELS], ids=["raw", "labels"])
def test_codes_and_labels_give_the_same_answers_and_people(study, look, rows):
    intake = read(study, rows)
    assert look.values(intake) == {(0, "before"): {1: 0, 2: 1, 3: 2}, (1, "before"): {1: 3, 3: 0}}
    assert intake.people["cohort"].tolist() == ["mentored", "alone"]
    assert intake.people["gender"].tolist() == ["Boy, or so", "Girl"]
    assert intake.people[["sport", "none", "agreed"]].to_numpy().tolist() == [[1, 0, 1], [0, 0, 0]]
    assert intake.ledger.empty  # 9 is a declared way of not answering, not a number beyond the scale


def test_without_the_dictionary_the_same_code_is_beyond_the_scale(study, look):
    source, people = "  missing: [Would rather not say]", "covariates: {gender: {kind: category}}"
    study.declare(id="record_id", participants=people, source=source)
    intake = study.read({"raw/w1.csv": NAMES + RAW.replace(",e,2,", ",e,0,")})
    assert look.rules(intake) == {"out-of-range": [("raw/w1.csv", 3)]}


def test_a_wording_that_only_the_dictionary_knows_is_read_by_its_code(study, look):
    fields = FIELDS.replace("0, Never", "0, Not at any time").replace("3, Always", "3, All the time")
    intake = read(study, LABELS.replace("Never", "Not at any time").replace("Always", "All the time"), fields=fields)
    assert look.values(intake) == {(0, "before"): {1: 0, 2: 1, 3: 2}, (1, "before"): {1: 3, 3: 0}}


def test_codes_in_another_order_than_the_codebooks_stop_the_run(study):
    fields = FIELDS.replace("0, Never", "3, Never").replace("3, Always", "0, Always")
    with pytest.raises(UserError, match="own labels give its codes another meaning"):
        read(study, RAW, fields=fields)


def test_numbers_as_labels_explain_nothing(study, look):
    """0, 1 | 1, 2 | 2, 3: whether a cell holds codes or labels cannot be known, so they stay what they are."""
    fields = FIELDS.replace(CHOICES, "0, 1 | 1, 2 | 2, 3 | 3, 4")
    intake = read(study, RAW.replace(",9,", ",1,"), fields=fields)
    assert look.values(intake) == {(0, "before"): {1: 0, 2: 1, 3: 2}, (1, "before"): {1: 3, 2: 1, 3: 0}}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ("name,label\na,b\n", "is no REDCap data dictionary: no column Variable / Field Name"),
        (FIELDS.replace("1, Girl | ", "Girl | "), r"raw/dictionary\.csv, row 4: a choice without a code"),
        ("", "the file is empty"),
    ],
)
def test_a_file_that_is_no_dictionary_is_refused(study, fields, said):
    with pytest.raises(UserError, match=said):
        read(study, RAW, fields=fields)


def test_a_dictionary_that_is_not_there_is_refused(study):
    with pytest.raises(UserError, match=r"raw/none\.csv: there is no such file"):
        read(study, RAW, source="  dictionary: raw/none.csv")


def test_spss_labels_are_the_names_of_categories_too(study):
    import pandas as pd
    import pyreadstat

    study.declare(
        waves="\n  before: {label: B, month: 0, files: raw/w1.sav}\n  after: {label: A, month: 6, files: raw/w2.sav}\n",
        participants="covariates: {gender: {kind: category}}",
    )
    frame = pd.DataFrame(
        {"pid": ["A1", "A2"], "arm": [1.0, 0.0], "gender": [2.0, 1.0]} | {f"m_{n}": [0.0, 1.0] for n in (1, 2, 3)}
    )
    pyreadstat.write_sav(
        frame, str(study.folder / "raw" / "w1.sav"), variable_value_labels={"gender": {1: "Girl", 2: "Boy"}}
    )
    assert study.read().people["gender"].tolist() == ["Boy", "Girl"]
