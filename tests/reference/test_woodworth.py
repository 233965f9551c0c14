"""A published trial through a study file: our totals of CES-D and AHI are the authors' own, in every row of their file.

ALONGSIDE_WOODWORTH names the folder of the trial's two files (doi 10.5334/jopd.35, CC BY 4.0).
"""

import os
import secrets
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest

from alongside.instruments import find_measure, load_instrument
from alongside.intake.exports import read_exports
from alongside.scoring import score_answers
from alongside.study import load_study

STUDY = Path(__file__).parent / "woodworth" / "study.yaml"


class Scored(NamedTuple):
    wide: pd.DataFrame
    scores: pd.DataFrame
    kept: set


@pytest.fixture(scope="module", params=["last", "first"])
def scored(request, tmp_path_factory):
    """wide: one row a person and occasion, one column an outcome; kept: rows of the file, as a spreadsheet counts"""
    return read_and_score(tmp_path_factory.mktemp("woodworth"), duplicates=request.param)


def read_and_score(folder, *, duplicates):
    text = STUDY.read_text(encoding="utf-8")
    (folder / "study.yaml").write_text(text.replace("duplicates: last", f"duplicates: {duplicates}"), encoding="utf-8")
    (folder / "raw").symlink_to(Path(os.environ["ALONGSIDE_WOODWORTH"]).resolve())
    study = load_study(folder / "study.yaml")
    instruments = {name: load_instrument(name) for name in ("ahi24", "cesd20")}
    read = read_exports(folder, plan=study, instruments=instruments, key=secrets.token_bytes(32))
    scores = score_answers(read.answers, plan=study, instruments=instruments).scores
    wide = scores.pivot(index=["participant", "wave"], columns="outcome", values="score")
    return Scored(wide, scores, set(read.responses.loc[read.responses["kept"], "row"]))


@pytest.mark.woodworth
@pytest.mark.parametrize(("ours", "theirs"), [("happiness", "file_happiness"), ("depression", "file_depression")])
def test_every_total_of_the_file_is_found(scored, ours, theirs):
    assert len(scored.wide) == 990
    np.testing.assert_array_equal(scored.wide[ours], scored.wide[theirs])


@pytest.mark.woodworth
def test_every_row_of_the_file_was_scored_one_way_or_the_other(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    last, first = (read_and_score(tmp_path / name, duplicates=way) for name, way in (("a", "last"), ("b", "first")))
    assert last.kept | first.kept == set(range(2, 994))
    raw = pd.read_csv(Path(os.environ["ALONGSIDE_WOODWORTH"]) / "ahi-cesd.csv")
    raw = raw.drop_duplicates(["id", "occasion"], keep="last")
    for ours, column in (("happiness", "ahiTotal"), ("depression", "cesdTotal")):
        assert sorted(last.wide[ours]) == sorted(raw[column].astype(float))


@pytest.mark.woodworth
def test_every_item_was_answered_and_none_filled_in(scored):
    counts = scored.scores.groupby("outcome", observed=True)[["n_items", "n_answered", "n_imputed"]].agg(["min", "max"])
    assert counts.loc["happiness"].tolist() == [24, 24, 24, 24, 0, 0]
    assert counts.loc["depression"].tolist() == [20, 20, 20, 20, 0, 0]


def test_the_sum_is_shown_as_a_departure_from_the_codebook():
    study = load_study(STUDY)
    instruments = {name: load_instrument(name) for name in ("ahi24", "cesd20")}
    happiness, depression = (find_measure(study.outcomes[name], instruments) for name in ("happiness", "depression"))
    assert happiness.scored_by == "the sum that the authors report"
    assert happiness.departures == ("The answers are summed; by the manual they are averaged.",)
    assert happiness.range == (24, 120)
    assert depression.departures == ()
