"""The codebooks on the screen, and the check of a study's own."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from alongside.cli import app
from alongside.instruments import list_instruments, load_instrument, read_instrument
from alongside.instruments.library import instrument_path
from alongside.study import load_study

OWN = """\
id: hope
name: Hope
version: our own
citation: Us (2026)
rights: {status: free, note: Ours.}
n_items: 3
response: [1, 4]
orders: {usual: [2]}
scoring: {method: sum}
missing_rule: {max_missing: 1, how: prorate, published: true, note: We decided.}
range: [3, 12]
higher_is: better
sources: [ourselves]
examples:
  - {what: all smallest, answers: [1, 1, 1], score: 6}
  - {what: all largest, answers: [4, 4, 4], score: 9}
  - {what: mixed, answers: [4, 1, 2], score: 10}
  - {what: one missing, answers: [4, none, 2], score: 9}
  - {what: two missing, answers: [none, none, 2], score: none}
"""


@pytest.fixture
def alongside(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(app, ["instruments", *words])


@pytest.fixture
def check(tmp_path, alongside):
    def check(text, name="hope.yaml"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return alongside("check", name)

    return check


@pytest.mark.parametrize(
    ("id", "origin"),
    [("gad7", "common practice, not published"), ("sdq", "published"), ("pss10", "no rule is published")],
)
def test_show_says_whether_the_missing_rule_is_published(alongside, id, origin):
    missing = alongside("show", id).output.split("missing      ")[1].split("subscales    ")[0]
    assert f"({origin})" in " ".join(missing.split())


def test_the_list_has_every_scale_with_its_rights(alongside):
    ended = alongside()
    assert ended.exit_code == 0
    lines = ended.output.splitlines()
    assert [line.split()[0] for line in lines if re.match(r"[a-z]", line)][1:] == list(list_instruments())
    assert "cdrisc10      Connor-Davidson              10 0 to 40      better  permission" in lines
    assert any(line.startswith("dass21") and " 21 no total" in line for line in lines)


@pytest.mark.parametrize(
    ("word", "found"), [("rosenberg", ["rses"]), ("ISOLATION", ["promis_siso4a"]), ("k1", ["k10"])]
)
def test_the_list_can_be_searched(alongside, word, found):
    for ended in (alongside(word), alongside("list", word)):
        assert [id for id in list_instruments() if f"\n{id} " in ended.output] == found


def test_a_search_without_result_says_so(alongside):
    assert "No codebook mentions 'mentor'" in alongside("mentor").output


@pytest.mark.parametrize("id", list_instruments())
def test_every_scale_fits_a_screen_of_80_columns(alongside, id):
    ended = alongside("show", id)
    assert ended.exit_code == 0
    assert max(map(len, ended.output.splitlines())) <= 80
    scale = load_instrument(id)
    words = " ".join(ended.output.split())
    assert " ".join(scale.citation.split()) in words
    assert f"{scale.rights.status}. {' '.join(scale.rights.note.split())}" in words
    assert f"{len(scale.examples)} worked out by hand; the key gives the score of each" in words
    assert all(f"{' '.join(how.split())}" in words for how in scale.not_verified.values())


def test_one_scale_in_full(alongside):
    shown = alongside("show", "rses").output
    assert "satisfied-first: reversed 2, 5, 6, 8, 9" in shown
    assert "worth-first: reversed 3, 5, 8, 9, 10" in shown
    assert "summed; 0 to 30; a high score is better" in shown
    phq = alongside("show", "phq9").output
    assert "safety items item 9 from 1: " in phq
    assert "10 to 14: moderate" in phq
    assert "depression: items 3, 5, 10, 13, 16, 17, 21; 0 to 21" in alongside("show", "dass21").output
    assert (
        len(set(re.findall(r"\b[0-9a-f]{12} \((?:anxiety|depression|stress)\)", alongside("show", "dass21").output)))
        == 3
    )


def test_an_unknown_scale_comes_with_the_nearest(alongside):
    ended = alongside("show", "gda7")
    assert ended.exit_code == 1
    assert "did you mean 'gad7'?" in ended.output


def test_a_file_can_be_shown_too(alongside, check):
    assert check(OWN).exit_code == 0
    assert "hope: Hope, our own" in alongside("show", "hope.yaml").output


def test_a_studys_own_scales_are_listed_with_it(alongside, tmp_path):
    (tmp_path / "Snakefile").write_text("")
    (tmp_path / "workflow").mkdir()
    own = tmp_path / "data" / "forty" / "instruments"
    own.mkdir(parents=True)
    (own.parent / "study.yaml").write_text("study: {}\n")
    (own / "hope.yaml").write_text(OWN)
    assert "\nhope " in alongside("list", "--study", "forty").output
    assert "\nhope " not in alongside("list").output
    assert "hope: Hope" in alongside("show", "hope", "--study", "forty").output


def test_a_sound_codebook(check, tmp_path):
    ended = check(OWN)
    assert ended.exit_code == 0
    assert "hope.yaml: sound." in ended.output
    assert "Examples: 5." in ended.output
    assert read_instrument(tmp_path / "hope.yaml").id == "hope"


# what is wrong -> (text, its replacement) -> [(line, key, words)]
FAULTS = {
    "a key that does not give the example": (
        "orders: {usual: [2]}",
        "orders: {usual: none}",
        [
            (15, "examples.1.score", "the example says 6, the key gives 3"),
            (16, "examples.2.score", "the example says 9, the key gives 12"),
            (17, "examples.3.score", "the example says 10, the key gives 7"),
        ],
    ),
    "an example that is wrong": (
        "answers: [4, 1, 2], score: 10",
        "answers: [4, 1, 2], score: 7",
        [(17, "examples.3.score", "the example says 7, the key gives 10")],
    ),
    "a score where there is none": (
        "[none, none, 2], score: none",
        "[none, none, 2], score: 6",
        [
            (14, "examples", "one more missing than the rule allows, and no score"),
            (19, "examples.5.score", "the example says 6, the key gives no score"),
        ],
    ),
    "a kind of example left out": (
        "  - {what: all largest, answers: [4, 4, 4], score: 9}\n",
        "",
        [(14, "examples", "no example of this kind: all largest answers")],
    ),
    "a range that cannot be": ("range: [3, 12]", "range: [0, 12]", [(11, "range", "3 to 12 by items and scoring")]),
    "an unknown key": ("higher_is: better", "higher_is: better\nbetter: yes", [(13, "better", "unknown key 'better'")]),
}


@pytest.mark.parametrize("case", FAULTS)
def test_mistakes_have_their_line(check, case):
    old, new, expected = FAULTS[case]
    assert OWN.count(old) == 1
    ended = check(OWN.replace(old, new))
    assert ended.exit_code == 1
    places = re.findall(r"hope\.yaml, line (\d+), ([\w.]+): ", ended.output)
    assert [(int(line), key) for line, key in places] == [(line, key) for line, key, _ in expected]
    assert all(words in ended.output for _, _, words in expected)


def test_the_id_of_a_shipped_scale_is_refused(check):
    ended = check(instrument_path("gad2").read_text(encoding="utf-8"), name="gad2.yaml")
    assert ended.exit_code == 1
    assert "gad2.yaml, line 2, id: the id 'gad2' is that of a scale in the library" in ended.output


def test_a_file_that_is_not_there(alongside):
    ended = alongside("check", "nowhere.yaml")
    assert ended.exit_code == 1
    assert "nowhere.yaml: the codebook cannot be read" in ended.output


@pytest.mark.parametrize("id", list_instruments())
def test_every_shipped_codebook_is_sound(alongside, id):
    ended = alongside("check", str(instrument_path(id)))
    assert ended.exit_code == 0, ended.output


OUTCOMES = """outcomes:
  hope: {instrument: hope, columns: "h{item}", domain: d, role: primary, smallest_worthwhile: 2 points}
"""


@pytest.fixture
def own_study(tmp_path, alongside, declare):
    """check(text of instruments/hope.yaml) -> what `alongside check` says of a study that uses it"""
    folder = tmp_path / "data" / "forty"
    (folder / "raw").mkdir(parents=True)
    (folder / "instruments").mkdir()
    (tmp_path / "Snakefile").write_text("")
    (tmp_path / "workflow").mkdir()
    (folder / "study.yaml").write_text(declare(OUTCOMES))
    (folder / "raw" / "a.csv").write_text("id,group,h1,h2,h3\nA,m,1,2,3\nB,w,4,4,4\n")

    def check(text):
        (folder / "instruments" / "hope.yaml").write_text(text)
        return CliRunner().invoke(app, ["check", "forty"])

    return check


def test_a_study_uses_its_own_scale(own_study):
    ended = own_study(OWN)
    assert ended.exit_code == 0, ended.output
    assert "(people: 2, answers: 6)" in ended.output


def test_a_study_with_a_faulty_scale_of_its_own_is_told_its_line(own_study):
    ended = own_study(OWN.replace("range: [3, 12]", "range: [0, 12]"))
    assert ended.exit_code == 1
    assert "its codebook has 1 mistake; data/forty/instruments/hope.yaml, line 11, range" in ended.output


def test_a_study_whose_own_key_contradicts_its_examples_stops(own_study):
    ended = own_study(OWN.replace("orders: {usual: [2]}", "orders: {usual: none}"))
    assert ended.exit_code == 1
    assert "instrument hope, example 3, score: the key gives 7, the example says 10" in ended.output
    assert "alongside instruments check hope.yaml" in ended.output


def blocks_of_the_guide():
    guide = (Path(__file__).parents[3] / "docs" / "instruments.md").read_text(encoding="utf-8")
    return re.findall(r"```yaml\n(.*?)```", guide, flags=re.DOTALL)


def test_the_guides_own_codebook_is_sound(check):
    (codebook,) = (block for block in blocks_of_the_guide() if block.startswith("id: hope"))
    ended = check(codebook)
    assert ended.exit_code == 0, ended.output


def test_the_guides_outcomes_can_be_declared(tmp_path, declare):
    subscales, scoring = blocks_of_the_guide()[:2]
    more = "    domain: d\n    role: primary\n"
    path = tmp_path / "study.yaml"
    path.write_text(declare(subscales + scoring.rstrip() + "\n" + more), encoding="utf-8")
    study = load_study(path)
    assert [outcome.subscale for outcome in study.outcomes.values()] == ["depression", "stress", None]
    assert study.outcomes["happiness"].scoring.name == "the sum that the authors report"
