"""Which columns are of which wave, where files and the names of columns both say something about it."""

import pytest
import yaml

SCALE = "ucla_1{0},ucla_2{0},ucla_3{0}"
ROWS = [(f"P{n}", "yes" if n % 2 else "no", *(1 + (n + k) % 3 for k in range(9))) for n in range(12)]


def export(*columns):
    names = ",".join(["pid", "arm", *columns]).split(",")
    return "\n".join([",".join(names), *(",".join(map(str, row[: len(names)])) for row in ROWS)]) + "\n"


def outcomes(draft, files):
    """outcome -> its columns as the draft has them"""
    text = draft(files).text
    told = yaml.load(text, Loader=yaml.BaseLoader)["outcomes"]
    return {name: one.get("columns", one.get("column")) for name, one in told.items()}, text


def test_a_file_and_its_columns_may_call_a_wave_differently(draft):
    files = {"wave1.csv": export(SCALE.format("_t1")), "wave2.csv": export(SCALE.format("_t2"))}
    found, _ = outcomes(draft, files)
    assert found == {"loneliness": {"wave1": "ucla_{item}_t1", "wave2": "ucla_{item}_t2"}}


def test_columns_of_another_wave_than_their_file_are_shown_and_not_used(draft):
    files = {"pre.csv": export(SCALE.format("")), "post.csv": export(SCALE.format("_pre"), SCALE.format("_post"))}
    found, text = outcomes(draft, files)
    assert found == {"loneliness": {"pre": "ucla_{item}", "post": "ucla_{item}_post"}}
    assert "# Not used, nothing says which of the waves they are of: ucla_{item}_pre in post.csv" in text


def test_the_first_wave_often_has_no_name(draft):
    files = {"wide.csv": export(SCALE.format(""), SCALE.format("_post"))}
    found, text = outcomes(draft, files)
    assert found == {"loneliness": {"first": "ucla_{item}", "post": "ucla_{item}_post"}}
    assert "3 columns without a word for the wave" in text


def test_a_scale_without_a_name_for_its_wave_is_not_taken_for_every_wave(draft):
    """Else the answers of one occasion would be compared with themselves."""
    names = ",".join(f"gad_{n}" for n in (1, 2))
    found, text = outcomes(draft, {"wide.csv": export(SCALE.format("_t1"), SCALE.format("_t2"), names)})
    assert found == {"loneliness": {"t1": "ucla_{item}_t1", "t2": "ucla_{item}_t2"}, "anxiety": "TODO"}
    assert "{wave: columns}; nothing says which wave these are of: gad_{item}" in text


def test_scores_that_no_wave_is_found_for_are_left_open(draft):
    files = {"a.csv": export("bdi.pre", "bdi.post"), "b.csv": export("bdi.pre", "bdi.post", "age")}
    found, text = outcomes(draft, files)
    assert found == {"bdi": "TODO"}
    assert "nothing says which wave these are of: bdi.pre, bdi.post" in text


def test_a_score_that_only_some_waves_have(draft):
    """Found by the search for counterexamples: `columns: {}`, which no study file may hold."""
    files = {
        "a.csv": "pid,pid\r\n0,0\r\n",
        "wave1.csv": "pid,arm,date,ucla_1,ucla_2,ucla_3,pid,pid,pid\r\n0,0,0,0,0,0,0,0,0\r\n",
        "w2 [x].csv": "ucla_1_t1,ucla_1_t2\r\n0,0\r\n",
    }
    found, text = outcomes(draft, files)
    assert found["ucla_1"] == {"wave2": "ucla_1_t2"}
    assert "Not used, nothing says which of the waves they are of: ucla_1_t1 in w2 [x].csv" in text
    assert "Columns that share a name are not used: 4 are called pid" in text


@pytest.mark.parametrize("items", [("How often do you feel left out? [A]", "How often do you feel left out? [B]")])
def test_questions_that_differ_by_wave_are_listed_for_each(draft, items):
    later = [item.replace("[A]", "[C]") for item in items]
    files = {"wave1.csv": export(*items), "wave2.csv": export(*later)}
    found, _ = outcomes(draft, files)
    assert list(found.values()) == [{"wave1": list(items), "wave2": later}]
