"""The data dictionary: every column of the cleaned data once, with what the study file and the codebooks say of it."""

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from alongside.cli import app
from alongside.instruments import load_instrument
from alongside.report.blocks import Group, Table
from alongside.report.dictionary import FIELDS, compose_dictionary, list_columns
from alongside.study import load_study
from alongside.tables import ANSWERS, PANEL, PEOPLE, SCORES

STUDY = """
study: {title: A <study>, design: self-selected, question: "B?"}
participants:
  id: id
  cohort: {column: group, levels: {mentored: [m, 1], waiting: [w]}, comparison: waiting}
  clusters: [school]
  mentor: mentor_id
  covariates: {age: {kind: number, min: 10, column: Age in years}, girl: {kind: yes-no}}
  dose: {meetings: {kind: number, min: 0, max: 50}}
waves:
  before: {label: Before, month: 0, files: raw/a.csv}
  after: {label: After, month: 6, files: {survey: raw/b.csv, records: raw/c.csv}}
outcomes:
  low_mood:
    {instrument: dass21, subscale: depression, columns: "d_{item}", recorded: [1, 4], domain: d, role: primary}
  happiness:
    instrument: ahi24
    columns: {before: "a{item}", otherwise: "b{item}"}
    scoring: {name: the file's totals, method: sum}
    domain: d
    role: secondary
  esteem: {instrument: rses, order: worth-first, columns: "r{item}", labels: {Yes!: 3}, domain: d, role: secondary}
  enrolled: {kind: yes-no, column: at_school, from: records, higher_is: better, domain: e, role: exploratory}
  wellbeing: {kind: score, column: w, min: 0, max: 10, higher_is: better, domain: d, role: exploratory}
  calm: {kind: score, column: who, score_of: who5, domain: d, role: exploratory}
"""


@pytest.fixture
def study(tmp_path):
    folder = tmp_path / "data" / "trial"
    folder.mkdir(parents=True)
    (folder / "study.yaml").write_text(STUDY, encoding="utf-8")
    (tmp_path / "Snakefile").write_text("")
    (tmp_path / "workflow").mkdir()
    return load_study(folder / "study.yaml")


@pytest.fixture
def columns(study):
    return list_columns(study, {name: load_instrument(name) for name in ("dass21", "ahi24", "rses", "who5")})


def row(columns, table, column, outcome=""):
    (found,) = columns[
        (columns["table"] == table) & (columns["column"] == column) & (columns["outcome"] == outcome)
    ].to_dict("records")
    return found


def test_every_column_of_every_table_is_there_once(columns):
    assert list(columns.columns) == list(FIELDS)
    facts = ["school", "mentor_id", "age", "girl", "meetings"]
    outcomes = ["low_mood", "happiness", "esteem", "enrolled", "wellbeing", "calm"]
    for schema, more in ((PANEL, facts + outcomes), (PEOPLE, facts), (SCORES, []), (ANSWERS, [])):
        own = columns[columns["table"] == schema.name]
        assert own["column"].drop_duplicates().tolist() == [*schema.names, *more]
    assert not columns.duplicated(["table", "column", "outcome"]).any()
    assert (columns["meaning"] != "").all()


def test_a_subscale_says_its_items_its_range_and_its_key(columns):
    score = row(columns, "scores", "score", "low_mood")
    assert score["allowed"] == "0 to 21"
    assert score["scale"] == "dass21 (Depression Anxiety Stress Scales, depression, 21 items)"
    assert score["scored"].startswith("7 items, summed; missing: one missing, for which the mean")
    assert score["key_hash"] == "691fcd5497f9"
    answer = row(columns, "answers", "value", "low_mood")
    assert "items 3, 5, 10, 13, 16, 17, 21 of 21" in answer["meaning"]
    assert (answer["allowed"], answer["source"]) == ("whole numbers, 0 to 3", "d_{item}, recorded 1 to 4")


def test_another_scoring_is_named_with_its_departure(columns):
    score = row(columns, "scores", "score", "happiness")
    assert score["allowed"] == "24 to 120"
    assert score["scored"].startswith("Scoring: the file's totals. 24 items, summed;")
    assert score["scored"].endswith("The answers are summed; by the manual they are averaged.")
    assert score["source"] == "before: a{item}; otherwise: b{item}"


def test_answers_are_in_the_codebooks_words_and_the_studys(columns):
    answer = row(columns, "answers", "value", "esteem")
    assert "in the order worth-first; reversed when scored: 3, 5, 8, 9, 10" in answer["meaning"]
    assert answer["labels"].startswith("0 = Strongly disagree; ")
    assert "3 = Yes!" in answer["labels"]


def test_what_the_study_file_says_of_people(columns):
    assert row(columns, "panel", "cohort")["labels"] == "mentored = m, 1 in the files; waiting = w in the files"
    assert row(columns, "panel", "wave")["allowed"] == "before; after"
    assert row(columns, "panel", "month")["allowed"] == "0; 6"
    age = row(columns, "people", "age")
    assert (age["allowed"], age["source"], age["type"]) == ("from 10", "Age in years", "number")
    assert row(columns, "people", "girl")["labels"] == "0 = no; 1 = yes"
    assert row(columns, "people", "meetings")["allowed"] == "0 to 50"
    assert row(columns, "panel", "enrolled", "enrolled")["source"] == "at_school (source records)"
    assert row(columns, "panel", "wellbeing", "wellbeing")["allowed"] == "0 to 10"


def test_a_total_that_came_with_the_data_names_its_scale(columns):
    total = row(columns, "scores", "score", "calm")
    assert (total["allowed"], total["meaning"]) == ("0 to 100", "calm, score; a high value is better")
    assert total["scale"] == "who5 (WHO-5 Well-Being Index, 1998)"
    assert (total["scored"], total["key_hash"]) == ("Computed before it came here.", "")


def test_the_page_names_every_column(columns):
    tables = [block for block in compose_dictionary(columns, title="T") if isinstance(block, Table)]
    named = [[one.text if isinstance(one, Group) else one[0] for one in table.rows] for table in tables]
    assert named[1] == [
        "participant", "wave", "outcome",
        "score, by outcome", "low_mood", "happiness", "esteem", "enrolled", "wellbeing", "calm",
        "for every outcome", "n_items", "n_answered", "n_imputed", "reason",
    ]  # fmt: skip
    assert len(named[0]) == 4 + 5 + 6


def test_the_command_writes_both_files_without_reading_an_export(study, monkeypatch):
    monkeypatch.chdir(study.folder)
    ended = CliRunner().invoke(app, ["codebook", "trial"])
    assert ended.exit_code == 0, ended.output
    paths = [Path(line) for line in ended.output.splitlines()]
    assert [path.name for path in paths] == ["codebook.csv", "codebook.html"]
    assert {path.name for path in paths[0].parent.iterdir()} == {"codebook.csv", "codebook.html"}
    assert pd.read_csv(paths[0], keep_default_na=False)["table"].value_counts()["scores"] == 3 + 6 + 4
    page = paths[1].read_text(encoding="utf-8")
    assert "A &lt;study&gt;" in page
    assert "http" not in page.replace("http://www.w3.org", "")


def test_the_files_can_go_elsewhere(study, monkeypatch, tmp_path):
    monkeypatch.chdir(study.folder)
    assert CliRunner().invoke(app, ["codebook", "trial", "--to", str(tmp_path / "there")]).exit_code == 0
    assert (tmp_path / "there" / "codebook.html").is_file()


def test_a_faulty_study_ends_with_its_mistakes(study, monkeypatch):
    monkeypatch.chdir(study.folder)
    (study.folder / "study.yaml").write_text(STUDY.replace("dass21", "das21"), encoding="utf-8")
    ended = CliRunner().invoke(app, ["codebook", "trial"])
    assert ended.exit_code == 1
    assert "did you mean 'dass21'?" in ended.output
