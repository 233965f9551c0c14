"""A pattern that fits nothing: said once, with its line and what the files have."""

import pytest

from alongside.errors import UserError
from alongside.intake.likely_columns import suggest_pattern

UCLA = [f"ucla_{n}" for n in range(1, 21)]


@pytest.mark.parametrize(
    ("names", "pattern", "n_items", "expected"),
    [
        (UCLA, "UCLA{item}", 20, ("ucla_{item}", "ucla_1", "ucla_20")),
        (["pid", *UCLA, "gad_1", "gad_2"], "Uclla-{item}", 20, ("ucla_{item}", "ucla_1", "ucla_20")),
        ([f"GAD7_0{n}" for n in range(1, 8)], "gad_{item}", 7, ("GAD7_{item}", "GAD7_01", "GAD7_07")),
        (UCLA[:19], "UCLA{item}", 20, None),  # one is not there
        (UCLA, "gad_{item}", 20, None),  # nothing alike
        (["Jane Doe 1", "Jane Doe 2"], "m_{item}", 2, None),
    ],
)
def test_what_the_files_have_is_suggested_where_it_is_alike(names, pattern, n_items, expected):
    assert suggest_pattern(names, pattern, n_items=n_items) == expected


def test_several_waves_are_one_complaint_with_the_line(study):
    study.declare(outcomes='  mood: {instrument: tiny3, columns: "MOD{item}", domain: d, role: primary}')
    text = "pid,arm,mood_1,mood_2,mood_3\nA,1,0,1,2\nB,0,0,1,2\n"
    with pytest.raises(UserError) as caught:
        study.read({"raw/w1.csv": text, "raw/w2.csv": text})
    (mistake,) = caught.value.mistakes
    assert mistake.where.endswith("study.yaml, line 18, outcomes.mood.columns")
    assert mistake.found == "no column fits MOD{item} in raw/w1.csv, raw/w2.csv"
    assert mistake.remedy == 'the files have mood_1 to mood_3: columns: "mood_{item}"'


def test_a_wave_without_the_scale_may_be_listed(study):
    study.declare(outcomes='  mood: {instrument: tiny3, columns: "m_{item}", domain: d, role: primary}')
    with pytest.raises(UserError) as caught:
        study.read({"raw/w1.csv": "pid,arm,m_1,m_2,m_3\nA,1,0,1,2\nB,0,0,1,2\n", "raw/w2.csv": "pid,arm\nA,1\nB,0\n"})
    (mistake,) = caught.value.mistakes
    assert mistake.remedy.endswith("if it was not asked at after, list its waves (waves: [...])")
