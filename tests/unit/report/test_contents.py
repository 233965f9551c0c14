"""What the funder's page says: only what the results hold, in words that the design can carry."""

import html
import re
from importlib import resources

import pytest
import yaml
from fabricate import CLAIMS, add_cohort, fabricate_results, keep_baseline
from reading import CAUSAL, find_unknown, flatten, stub_files, text_of, words

from alongside.report.blocks import Finding, Items, Note, Paragraph, Table
from alongside.report.contents import compose_funder
from alongside.report.designs import DESIGNS
from alongside.report.html import write_html
from alongside.report.verdicts import VERDICTS, WITHOUT_CHANCE, show_verdict
from alongside.report.write import write_page
from alongside.tables import SCHEMAS

NOT_RANDOMISED = ("waitlist", "matched", "self-selected")


@pytest.mark.parametrize("design", NOT_RANDOMISED)
def test_where_chance_did_not_assign_no_word_says_that_the_programme_did_it(design):
    blocks = compose_funder(fabricate_results(design=design))
    found = {match.group(0) for block in blocks for text in words(block) for match in CAUSAL.finditer(text)}
    assert found == set()


def test_the_page_itself_has_no_such_word_either(page):
    assert CAUSAL.findall(text_of(page)) == []


@pytest.mark.parametrize("design", DESIGNS)
def test_no_general_sentence_takes_people_for_pupils(design):
    results = fabricate_results(design=design)
    results["study"]["benchmarks"] = []  # published averages of schools are named as what they are
    pages = [write_page(results, stub_files(results), audience=audience) for audience in ("funder", "technical")]
    assert not [page for page in pages if re.search(r"\b(school|pupil|student|class)", text_of(page), re.IGNORECASE)]


@pytest.mark.parametrize("design", DESIGNS)
def test_every_design_is_named_before_the_first_number(design):
    results = fabricate_results(design=design)
    blocks = compose_funder(results)
    caution = next(at for at, block in enumerate(blocks) if isinstance(block, Note) and block.kind == "caution")
    assert caution < next(at for at, block in enumerate(blocks) if isinstance(block, Finding))
    assert blocks[caution].title == DESIGNS[design].name


def test_designs_are_those_a_study_file_may_declare():
    from alongside.study.participants import StudyInfo

    for design in DESIGNS:
        assert StudyInfo(title="t", design=design, question="q").design == design
    with pytest.raises(ValueError, match="design"):
        StudyInfo(title="t", design="anecdote", question="q")


def test_verdicts_are_printed_word_for_word(page, results):
    findings = [block for block in compose_funder(results) if isinstance(block, Finding)]
    assert [(finding.claim, finding.sentence) for finding in findings] == [(claim[1], claim[5]) for claim in CLAIMS]
    for claim in results["tables"]["claims"]:
        assert html.escape(claim["sentence"], quote=False) in html.unescape(page).replace("&", "&amp;")


@pytest.mark.parametrize(
    ("declared", "points", "ends", "text"),
    [
        ({"value": 1.5, "unit": "points"}, 1.5, (0, 21), "Declared as worthwhile: 1.5 points or more, on a scale from "
                                                         "0 to 21"),
        ({"value": 0.2, "unit": "sd"}, 0.96, (0, 21), "Declared as worthwhile: 0.2 standard deviations or more, here "
                                                      "1.0 point on a scale from 0 to 21"),
        ({"value": 0.2, "unit": "sd"}, 0.04, (None, None), "Declared as worthwhile: 0.2 standard deviations or more, "
                                                           "here 0.04 points"),
        ({"value": 2, "unit": "points"}, 2.0, (None, None), "Declared as worthwhile: 2.0 points or more"),
        (None, None, (0, 21), "On a scale from 0 to 21"),
        (None, None, (None, None), None),
    ],
)  # fmt: skip
def test_a_card_says_what_is_worthwhile_as_declared_and_of_how_many_points(declared, points, ends, text):
    results = fabricate_results()
    outcome = next(one for one in results["study"]["outcomes"] if one["key"] == "anxiety")
    outcome |= {"worthwhile": declared, "min": ends[0], "max": ends[1]}
    results["tables"]["claims"][1]["worthwhile"] = points
    finding = [block for block in compose_funder(results) if isinstance(block, Finding)][1]
    assert [detail.replace("\N{NO-BREAK SPACE}", " ") for detail in finding.details] == ([text] if text else [])


def test_an_unknown_verdict_stops_the_report():
    results = fabricate_results()
    results["tables"]["claims"][0]["verdict"] = "splendid"
    with pytest.raises(KeyError, match="splendid"):
        compose_funder(results)


def test_verdicts_are_those_of_the_wording_file():
    wording = yaml.safe_load(resources.files("alongside").joinpath("resources", "wording.yaml").read_text("utf-8"))
    assert set(VERDICTS) == set(wording["verdicts"])


def test_every_verdict_has_a_sign_that_a_page_can_draw():
    tones = {tone for _, tone in (*VERDICTS.values(), *WITHOUT_CHANCE.values())}
    assert tones == {"for", "in-line", "open", "against", "untested"}
    for tone in tones:
        assert "<svg" in write_html([Finding("c", "a", "l", tone, "s")], figures={}, title="t")


def test_only_chance_lets_a_claim_be_called_supported():
    for design in DESIGNS:
        label, tone = show_verdict("supported", design=design)
        assert (label == "Supported") == (tone == "for") == (design in ("randomised", "cluster-randomised"))


def test_what_is_not_done_yet_is_one_sentence_for_funders_and_a_list_for_evaluators(page, technical_page, results):
    assert 0 < page.index("does not do everything yet that the study file asks for") < page.index("<img")
    for sentence in results["not_done_yet"]:
        assert html.escape(sentence) not in page
        assert html.escape(sentence) in technical_page


def test_answers_that_may_call_for_somebody_are_for_evaluators_and_no_unfinished_work():
    results = fabricate_results() | {"not_done_yet": []}
    (sentence,) = results["look_after"]
    funder = write_page(results, stub_files(results), audience="funder")
    assert "phq9" not in funder
    assert "does not do everything yet" not in funder
    assert sentence in write_page(results, stub_files(results), audience="technical")
    none = results | {"look_after": []}
    assert "may call for" not in write_page(none, stub_files(none), audience="technical")


def test_without_claims_there_is_a_card_for_each_main_outcome_and_no_verdict():
    results = fabricate_results()
    results["tables"]["claims"] = []
    blocks = compose_funder(results)
    cards = [block for block in blocks if isinstance(block, Finding)]
    assert [card.about.split(".")[0] for card in cards] == ["Isolation", "Self esteem", "Anxiety"]
    assert {card.tone for card in cards} <= {"neutral", "open"}
    assert not {card.label for card in cards} & {label for label, _ in (*VERDICTS.values(), *WITHOUT_CHANCE.values())}
    assert "<q></q>" not in write_page(results, stub_files(results), audience="funder")
    assert any(isinstance(block, Paragraph) and "makes no claims" in str(block.text) for block in blocks)


@pytest.mark.parametrize("suppressed", [False, True], ids=["whole", "suppressed"])
def test_every_number_on_the_page_stands_in_the_results(suppressed):
    results = fabricate_results(suppressed=suppressed)
    assert find_unknown(text_of(write_page(results, stub_files(results), audience="funder")), results) == set()


def test_the_search_for_numbers_finds_invented_ones(page, results):
    text = text_of(page) + " a change of 37.4 points among 61 people, 1,234 in all"
    assert find_unknown(text, results) == {"37.4", "61", "1,234"}


def test_the_page_names_no_column_about_single_people(page):
    single = {"participant", "submitted", "row"} | {"n_imputed", "n_answered"}
    columns = {column.name for name in ("responses", "people", "answers", "scores") for column in SCHEMAS[name].columns}
    assert single <= columns | {"row"}
    assert not re.findall(r"\bp[0-9a-f]{16}\b", page)
    assert not [name for name in single - {"participant", "row"} if name in page]


def test_a_suppressed_count_is_printed_as_such():
    results = fabricate_results(suppressed=True)
    texts = [text for block in compose_funder(results) for text in words(block)]
    assert any("not shown of 205" in text for text in texts)
    assert not any("nan" in text.lower().split() for text in texts)


def test_tables_are_rectangular(results):
    for block in flatten(compose_funder(results)):
        if isinstance(block, Table):
            for row in block.rows:
                assert not isinstance(row, tuple) or len(row) == len(block.columns), block.caption


def test_lists_are_never_empty(results):
    assert all(block.items for block in flatten(compose_funder(results)) if isinstance(block, Items))


def test_a_study_of_one_outcome_and_no_mentors_is_told_without_published_averages():
    results = fabricate_results(design="randomised")
    results["study"]["benchmarks"] = []
    results["study"]["outcomes"] = results["study"]["outcomes"][:1]
    results["study"]["clusters"] = results["study"]["adjust_for"] = []
    results["study"]["organisation"] = results["study"]["contact"] = results["provenance"]["data_collected"] = None
    for name, rows in results["tables"].items():
        results["tables"][name] = [row for row in rows if row.get("outcome", "isolation") == "isolation"]
    text = text_of(write_page(results, stub_files(results), audience="funder"))
    assert "published" not in text
    assert "None" not in text


def test_before_and_after_is_told_from_the_changes_beside_their_difference(results):
    table = find_changes(results)
    # isolation: mentored 50.6 to 45.4, unmentored 47.9 to 46.2; the difference in change is -5.2 - -1.7
    assert table.rows[0] == ("Isolation, after six months", "5.2 better", "1.7 better", "3.5 better")
    # self esteem at the end: 26.9 to 27.7 and 27.8 to 28.3
    assert table.rows[3] == (
        "Self esteem, six months later (12 months after the start)", "0.8 better", "0.5 better", "0.3 better",
    )  # fmt: skip


def test_the_two_changes_differ_by_the_difference_that_stands_beside_them():
    results = add_cohort(fabricate_results(), key="network", label="Network")
    rows = [row for row in find_changes(results).rows if isinstance(row, tuple)]
    assert len(rows) == 16
    for _, first, second, difference in rows:
        # each of the three is rounded to a tenth by itself
        assert read_better(first) - read_better(second) == pytest.approx(read_better(difference), abs=0.15001)


def test_a_change_that_is_not_shown_takes_its_row_along():
    whole, hidden = (find_changes(fabricate_results(suppressed=there)).rows for there in (False, True))
    assert {row[0] for row in whole} - {row[0] for row in hidden} == {
        f"{label}, six months later (12 months after the start)"
        for label in ("Isolation", "Self esteem", "Anxiety", "Belonging")
    }


def find_changes(results):
    (table,) = [
        block for block in compose_funder(results) if isinstance(block, Table) and "in each cohort" in block.caption
    ]
    return table


def read_better(text):
    number, _, way = text.partition(" ")
    return {"better": 1, "worse": -1, "": 0}[way] * float(number)


def test_nothing_allowed_for_is_said_in_both_reports():
    results = fabricate_results()
    for audience in ("funder", "technical"):
        assert "Nothing was allowed for." not in text_of(write_page(results, stub_files(results), audience=audience))
    results["study"]["adjust_for"] = []
    for audience in ("funder", "technical"):
        text = text_of(write_page(results, stub_files(results), audience=audience))
        assert "Nothing was allowed for." in text
        assert "study file names" not in text
        assert "own course over time" not in text


def test_what_was_not_checked_is_said_in_a_readers_words():
    results = fabricate_results()
    results["study"]["outcomes"][0]["instrument"]["not_verified"] = ["citation (from memory)"]
    for audience in ("funder", "technical"):
        text = text_of(write_page(results, stub_files(results), audience=audience))
        assert "from memory" not in text
        assert "not yet checked against the original publication" in text


def test_the_dashed_lines_are_explained_in_the_open(results):
    (said,) = [text for text in list_sentences(compose_funder(results)) if "dashed lines" in text]
    assert "0.09 is the largest average over trials of school-based mentoring" in said
    assert "and 0.21 is the average over published evaluations" in said


def test_three_cohorts_are_told_contrast_by_contrast():
    results = add_cohort(fabricate_results())
    text = text_of(write_page(results, stub_files(results), audience="funder"))
    assert "Mentored compared with unmentored" in text
    assert "Peer network compared with unmentored" in text
    assert find_unknown(text, results) == set()


def test_a_study_with_a_baseline_alone_has_a_report_without_answers():
    results = keep_baseline(fabricate_results())
    text = text_of(write_page(results, stub_files(results), audience="funder"))
    assert "No difference could be estimated" in text
    assert "after six months (not yet collected)" in text
    assert "before-and-after chart" not in text
    assert find_unknown(text, results) == set()


def test_several_cohorts_never_share_one_sentence_about_one_of_them():
    results = add_cohort(fabricate_results())
    tables = [block for block in flatten(compose_funder(results)) if isinstance(block, Table)]
    assert sum("peer network cohort" in table.caption for table in tables) == 1


def test_one_sentence_says_whether_the_answers_stand_without_careless_responses():
    results = fabricate_results()
    same = "Without the responses that show signs of careless answering every verdict stays the same."
    assert same in list_sentences(compose_funder(results))
    results["tables"]["rejudged"][0]["same"] = False
    other = "careless answering the verdict changes on: Mentoring reduces isolation."
    assert any(sentence.endswith(other) for sentence in list_sentences(compose_funder(results)))
    results["tables"]["rejudged"] = []
    assert not any("careless" in sentence for sentence in list_sentences(compose_funder(results)))


def list_sentences(blocks):
    return [block.text for block in blocks if isinstance(block, Paragraph) and isinstance(block.text, str)]
