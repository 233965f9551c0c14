"""Whole exports of survey tools and statistics programs, from the file to the answers."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
import xlsxwriter

from alongside.errors import UserError
from alongside.instruments import load_instrument
from alongside.intake.exports import read_exports
from alongside.panel import build_panel
from alongside.scoring import score_answers
from alongside.study import load_study

NEVER_TO_ALWAYS = {0: "Never", 1: "Sometimes", 2: "Don't often", 3: "Always", 9: "Refused"}
SPSS_WAVES = """
  before: {label: B, month: 0, files: raw/w1.sav}
  after: {label: A, month: 6, files: raw/w2.sav}
"""


def write_spss(study, codes, labels):
    frame = pd.DataFrame({"pid": ["A1", "A2"], "arm": [1.0, 0.0], "m_1": codes, "m_2": [0.0, 0.0], "m_3": [1.0, 1.0]})
    pyreadstat.write_sav(
        frame, str(study.folder / "raw" / "w1.sav"), variable_value_labels={"m_1": labels},
        missing_ranges={"m_1": [{"lo": 9, "hi": 9}]},
    )  # fmt: skip


def test_spss_codes_are_answers_and_its_missing_values_are_none(study, look):
    study.declare(waves=SPSS_WAVES)
    write_spss(study, [2.0, 9.0], NEVER_TO_ALWAYS)
    intake = study.read()
    assert look.values(intake) == {(0, "before"): {1: 2, 2: 0, 3: 1}, (1, "before"): {2: 0, 3: 1}}
    assert intake.responses["row"].tolist() == [1, 2]  # numbers of cases, as the data view shows them


def test_spss_labels_that_contradict_the_codebook_stop_the_run(study):
    study.declare(waves=SPSS_WAVES)
    write_spss(study, [2.0, 1.0], {1: "Never", 2: "Sometimes", 3: "Don't often", 4: "Always"})
    with pytest.raises(UserError, match="own labels give its codes another meaning"):
        study.read()


def test_spss_labels_agree_once_the_base_is_declared(study, look):
    outcomes = '\n  mood: {instrument: tiny3, columns: "m_{item}", recorded: [1, 4], domain: d, role: primary}\n'
    study.declare(waves=SPSS_WAVES, outcomes=outcomes)
    write_spss(study, [2.0, 4.0], {1: "Never", 2: "Sometimes", 3: "Don't often", 4: "Always"})
    values = look.values(study.read())
    assert (values[0, "before"][1], values[1, "before"][1]) == (1, 3)


def test_a_response_that_limesurvey_did_not_submit_is_unfinished(study):
    head = "id,submitdate,lastpage,startlanguage,seed,pid,arm,m[SQ001],m[SQ002],m[SQ003]\n"
    study.declare(outcomes='\n  mood: {instrument: tiny3, columns: "m[SQ{item}]", domain: d, role: primary}\n')
    intake = study.read({
        "raw/w1.csv": head + "1,2026-01-05 10:00:00,3,en,1,A1,1,0,1,2\n2,,1,en,1,A2,0,0,1,\n3,,1,en,1,A1,1,3,3,3\n",
    })  # fmt: skip
    assert intake.responses["reason"].tolist() == ["", "", "duplicate"]
    assert intake.responses["flags"].tolist() == ["", "unfinished", ""]


def test_redcap_events_are_waves(study, look):
    waves = """
  before: {label: B, month: 0, files: raw/redcap.csv, where: {redcap_event_name: [baseline_arm_1]}}
  after: {label: A, month: 6, files: raw/redcap.csv, where: {redcap_event_name: [month_6_arm_1]}}
"""
    study.declare(id="record_id", waves=waves, participants="covariates: {sport: {kind: yes-no, column: hobby___2}}")
    intake = study.read({
        "raw/redcap.csv": "record_id,redcap_event_name,arm,hobby___1,hobby___2,m_1,m_2,m_3,mood_complete\n"
        "1,baseline_arm_1,1,1,0,0,0,0,2\n1,month_6_arm_1,,,,1,1,1,2\n2,baseline_arm_1,0,0,Checked,2,2,2,2\n",
    })  # fmt: skip
    assert look.values(intake) == {
        (0, "before"): {1: 0, 2: 0, 3: 0}, (0, "after"): {1: 1, 2: 1, 3: 1}, (1, "before"): {1: 2, 2: 2, 3: 2},
    }  # fmt: skip
    assert intake.people["sport"].tolist() == [0, 1]


def test_a_form_that_redcap_calls_not_completed_has_no_date(study, look):
    study.declare(id="record_id", source="  submitted: mood_timestamp\n  complete: {column: mood_complete, is: [2]}")
    intake = study.read({
        "raw/w1.csv": "record_id,redcap_event_name,arm,mood_timestamp,m_1,m_2,m_3,mood_complete\n"
        "1,baseline_arm_1,1,2026-01-05 10:00,0,0,0,2\n2,baseline_arm_1,0,[not completed],1,1,,0\n",
    })  # fmt: skip
    assert intake.responses["submitted"].isna().tolist() == [False, True]
    assert look.rules(intake) == {"unfinished": [("raw/w1.csv", 3)]}  # and no date that cannot be read


def test_google_forms_questions_are_found_by_their_words(study, look):
    study.declare(
        id="Your code",
        participants="",
        outcomes="  mood: {instrument: tiny3, columns: [feel low, sleep badly, see friends], domain: d, role: primary}",
    )
    intake = study.read({
        "raw/w1.csv": "Timestamp,Your code,arm,How often do you feel low?,Do you sleep badly,Did you see friends?\n"
        "2026/01/05 10:00:00 AM GMT,A1,1,Never,Sometimes,Always\n",
    })  # fmt: skip
    assert look.values(intake) == {(0, "before"): {1: 0, 2: 1, 3: 3}}
    assert str(intake.responses["submitted"][0]) == "2026-01-05 10:00:00"


def test_one_word_may_be_the_tag_of_an_item_and_two_questions_with_it_are_refused(study, look):
    tags = "  mood: {instrument: tiny3, columns: [lonely, badly, friends], domain: d, role: primary}"
    study.declare(outcomes=tags)
    head = "Timestamp,pid,arm,How often do you feel lonely?,Do you sleep badly?,\u201cFriends\u201d: do you see them?"
    answer = "2026/01/05 10:00:00 AM GMT,A1,1,Never,Sometimes,Always"
    intake = study.read({"raw/w1.csv": f"{head}\n{answer}\n"})
    assert look.values(intake) == {(0, "before"): {1: 0, 2: 1, 3: 3}}
    with pytest.raises(UserError, match="2 columns fit 'lonely'"):
        study.read({"raw/w1.csv": f"{head},Lonely at school?\n{answer},Never\n"})


def write_workbook(path, sheets):
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)


GOOD_SHEET = [["pid", "arm", "m_1", "m_2", "m_3"], ["007", 1, 0, 1, 2]]


def test_of_several_sheets_the_one_with_the_identifier_is_read(study, look):
    write_workbook(study.folder / "raw" / "w1.xlsx", {"Read me": [["Notes"], ["about the file"]], "Data": GOOD_SHEET})
    intake = study.read()
    assert look.values(intake) == {(0, "before"): {1: 0, 2: 1, 3: 2}}
    assert intake.responses["sheet"].tolist() == ["Data"]
    assert "raw/w1.xlsx: sheet Data was read, and none of its other sheets" in look.notes(intake)


@pytest.mark.parametrize("second", [GOOD_SHEET, [["x"]]])
def test_several_sheets_that_could_be_meant_are_refused(study, second):
    first = GOOD_SHEET if second is GOOD_SHEET else [["y"]]
    write_workbook(study.folder / "raw" / "w1.xlsx", {"One": first, "Two": second})
    with pytest.raises(UserError, match="of 2 sheets have the column pid"):
        study.read()


# ---- real trials -------------------------------------------------------------------------------------------------


def read_study(folder):
    study = load_study(folder / "study.yaml")
    codebooks = {one.instrument: load_instrument(one.instrument) for one in study.outcomes.values() if one.instrument}
    intake = read_exports(study.folder, plan=study, instruments=codebooks, key=bytes(32))
    scores = score_answers(intake.answers, plan=study, instruments=codebooks).scores
    return intake, build_panel(scores, people=intake.people, plan=study)


def test_beat_the_blues_is_read_from_one_wide_file():
    folder = Path(__file__).resolve().parents[3] / "data" / "beat-the-blues"
    intake, panel = read_study(folder)
    raw = pd.read_csv(folder / "raw" / "btheb_wide.csv").sort_values("subject")
    wide = panel["depression"].to_numpy().reshape(100, 5)
    np.testing.assert_array_equal(wide, raw[["bdi.pre", "bdi.2m", "bdi.3m", "bdi.5m", "bdi.8m"]])
    assert (panel["cohort"][::5].to_numpy() == raw["treatment"].map({"TAU": "usual_care", "BtheB": "programme"})).all()
    assert intake.ledger.empty


WOODWORTH = """
study: {title: Woodworth 2018, design: randomised, question: does positive psychology on the web help}
participants:
  id: id
  roster: raw/participant-info.csv
  cohort:
    column: intervention
    levels: {strengths: [1], good_things: [2], gratitude: [3], control: [4]}
    comparison: control
waves:
WAVES
outcomes:
  happiness: {instrument: ahi24, columns: "ahi{item}", domain: d, role: primary}
  depression: {instrument: cesd20, columns: "cesd{item}", recorded: [1, 4], domain: d, role: primary}
  ahi_total: {kind: score, column: ahiTotal, min: 24, max: 120, higher_is: better, domain: d, role: exploratory}
  cesd_total: {kind: score, column: cesdTotal, min: 0, max: 60, higher_is: worse, domain: d, role: exploratory}
"""


@pytest.mark.woodworth
def test_woodworths_totals_are_found_in_every_row(tmp_path):
    """ALONGSIDE_WOODWORTH names the folder of the trial's two files (doi 10.5334/jopd.35, CC BY 4.0)."""
    waves = "".join(
        f"  t{n}: {{label: Occasion {n}, month: {n}, files: raw/ahi-cesd.csv, where: {{occasion: [{n}]}}}}\n"
        for n in range(6)
    )
    (tmp_path / "study.yaml").write_text(WOODWORTH.replace("WAVES\n", waves))
    (tmp_path / "raw").symlink_to(Path(os.environ["ALONGSIDE_WOODWORTH"]).resolve())
    intake, panel = read_study(tmp_path)
    # 992 rows of the file; two people answered one occasion twice
    assert intake.tally[intake.tally["unit"] == "responses"][["n_in", "n_kept"]].to_numpy()[-1].tolist() == [990, 990]
    seen = panel.dropna(subset=["ahi_total"])
    assert len(seen) == 990
    np.testing.assert_allclose(
        seen["happiness"] * 24, seen["ahi_total"], rtol=1e-12
    )  # the codebook's score is the mean
    np.testing.assert_array_equal(seen["depression"], seen["cesd_total"])
