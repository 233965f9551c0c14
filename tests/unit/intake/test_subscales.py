"""Several outcomes from the columns of one scale: each reads its own items, and scores them as worked out by hand."""

import pytest

from alongside.errors import UserError
from alongside.scoring import score_answers

DASS = "".join(
    f'  {name}: {{instrument: dass21, subscale: {name}, columns: "d{{item}}", domain: d, role: primary}}\n'
    for name in ("depression", "anxiety", "stress")
)
NAMES = ",".join(f"d{item}" for item in range(1, 22))


def write(study, *rows, names=NAMES, outcomes=DASS):
    study.declare(outcomes=outcomes)
    text = f"pid,arm,{names}\n" + "".join(f"p{n},1,{row}\n" for n, row in enumerate(rows, start=1))
    return study.read({"raw/w1.csv": text})


def score(study, intake):
    plan, instruments = study.plan()
    scores = score_answers(intake.answers, plan=plan, instruments=instruments).scores
    return scores.pivot_table(index="participant", columns="outcome", values="score", observed=False, dropna=False)


def test_three_outcomes_of_one_scale(study):
    # person 1: the answers 0 1 2 3 0 1 2 3 ..., person 2 leaves out items 2 and 4, which both are about anxiety
    whole = [str((item - 1) % 4) for item in range(1, 22)]
    part = [text if item not in (2, 4) else "" for item, text in enumerate(whole, start=1)]
    intake = write(study, ",".join(whole), ",".join(part))
    assert intake.answers.groupby("outcome", observed=True).size().to_dict() == {
        "depression": 14, "anxiety": 12, "stress": 14,
    }  # fmt: skip
    made = score(study, intake)
    # anxiety 2 4 7 9 15 19 20: 1+3+2+0+2+2+3 = 13; depression 3 5 10 13 16 17 21: 2+0+1+0+3+0+0 = 6;
    # stress 1 6 8 11 12 14 18: 0+1+3+2+3+1+1 = 11
    assert made["anxiety"].dropna().tolist() == [13]
    assert made["depression"].tolist() == [6, 6]
    assert made["stress"].tolist() == [11, 11]


def test_a_survey_may_hold_the_items_of_the_subscale_alone(study):
    own = (3, 5, 10, 13, 16, 17, 21)
    intake = write(study, "1,2,3,0,1,2,3", names=",".join(f"d{item}" for item in own), outcomes=DASS.splitlines()[0])
    assert intake.answers["item"].tolist() == list(own)
    assert score(study, intake)["depression"].tolist() == [12]


def test_a_list_of_columns_names_all_items_or_those_of_the_subscale(study):
    line = "  depression: {{instrument: dass21, subscale: depression, columns: [{}], domain: d, role: primary}}"
    whole = write(study, ",".join("0" * 20) + ",3", outcomes=line.format(NAMES.replace(",", ", ")))
    assert score(study, whole)["depression"].tolist() == [3]
    part = write(study, "1,2,3,0,1,2,3", names="a,b,c,d,e,f,g", outcomes=line.format("a, b, c, d, e, f, g"))
    assert part.answers["item"].tolist() == [3, 5, 10, 13, 16, 17, 21]
    assert score(study, part)["depression"].tolist() == [12]


def test_parts_of_a_scale_are_looked_at_as_the_form_prints_them(study):
    """SDQ: five items a part, too few for a long string; 25 in a row, in both directions, are one."""
    parts = ("emotional", "conduct", "hyperactivity", "peer")
    line = '  {}: {{instrument: sdq, subscale: {}, columns: "s{{item}}", domain: d, role: primary}}\n'
    outcomes = "".join(line.format(part, part) for part in parts)
    mixed = [str(item % 3) for item in range(1, 26)]
    # equal answers to items 11-22 or 11-23: without the prosocial 17 and 20, which nobody reads here, 10 or 11 of 20
    ten, eleven = ([*mixed[:10], *["0"] * n, *mixed[10 + n :]] for n in (12, 13))
    names = ",".join(f"s{item}" for item in range(1, 26))
    rows = [",".join(row) for row in (["2"] * 25, mixed, ten, eleven)]
    assert write(study, *rows, names=names, outcomes=outcomes).responses["flags"].tolist() == [
        "straight-line:emotional;long-string:emotional", "", "", "long-string:emotional",
    ]  # fmt: skip


def test_agreeing_with_everything_is_suspect_only_where_items_run_both_ways(study):
    """Six items of the belonging scale are all reversed: the same answer to each of them can be meant."""
    same = ",".join("5" * 12)
    line = '  {}: {{instrument: gbs12, {}columns: "d{{item}}", domain: d, role: primary}}\n'
    names = ",".join(f"d{item}" for item in range(1, 13))
    outcomes = line.format("belonging", "") + line.format("left_out", "subscale: rejection_reversed, ")
    flags = write(study, same, names=names, outcomes=outcomes).responses["flags"].tolist()
    assert flags == ["straight-line:belonging;long-string:belonging"]


def test_a_cell_that_two_outcomes_share_is_set_aside_once(study):
    """The total and one subscale read item 3; its 9 stands in the ledger once, and neither takes it for an answer."""
    line = '  {}: {{instrument: lsns6, {}columns: "d{{item}}", domain: d, role: primary}}\n'
    outcomes = line.format("ties", "") + line.format("kin", "subscale: family, ")
    names = ",".join(f"d{item}" for item in range(1, 7))
    intake = write(study, "1,2,9,1,2,3", names=names, outcomes=outcomes)
    assert intake.ledger[["column", "found", "rule"]].to_numpy().tolist() == [["d3", "9", "out-of-range"]]
    assert intake.answers.groupby("outcome", observed=True)["item"].apply(list).to_dict() == {
        "ties": [1, 2, 4, 5, 6], "kin": [1, 2],
    }  # fmt: skip
    cells = intake.tally[intake.tally["unit"] == "cells"]
    assert cells[["n_in", "n_kept", "n_set_aside"]].to_numpy()[-1].tolist() == [8, 7, 1]


def test_a_wording_that_nobody_knows_is_told_for_each_outcome_that_has_its_own_labels(study):
    line = '  {}: {{instrument: lsns6, {}columns: "d{{item}}", domain: d, role: primary}}\n'
    outcomes = line.format("ties", "") + line.format("kin", "subscale: family, ")
    names = ",".join(f"d{item}" for item in range(1, 7))
    with pytest.raises(UserError) as caught:
        write(study, "1,2,lots,1,2,3", names=names, outcomes=outcomes)
    assert [f"outcomes.{name}.labels" in str(caught.value) for name in ("ties", "kin")] == [True, True]
