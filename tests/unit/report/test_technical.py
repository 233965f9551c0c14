"""The technical report: everything that an evaluator checks, from the results alone."""

import copy

import pandas as pd
import pytest
from fabricate import add_cohort, fabricate_results, keep_baseline
from reading import CAUSAL, find_unknown, flatten, stub_files, text_of, words

from alongside.report import analyses, derived
from alongside.report.blocks import Details, Group, Items, Note, Strong, Table
from alongside.report.contents import KINDS, compose_technical
from alongside.report.derived import derive_correlations, derive_distances
from alongside.report.results import to_rows
from alongside.report.scalewords import word_consistency
from alongside.report.technical.models import STATUS
from alongside.report.write import write_page, write_report
from alongside.tables import analyses as names

MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"
PLACE = {"outcome": "isolation", "contrast": "mentored - unmentored", "wave": "after", "subgroup": "",
         "subgroup_level": ""}  # fmt: skip


def read_page(results):
    return text_of(write_page(results, stub_files(results), audience="technical"))


def find_table(results, caption):
    (table,) = [
        block
        for block in flatten(compose_technical(results))
        if isinstance(block, Table) and block.caption.startswith(caption)
    ]
    return table


def test_what_is_named_here_is_what_the_analyses_are_called():
    assert {
        names.PRIMARY, names.FOLLOW_UP_SD, names.ROBUST, names.CROSSCHECK, names.COMPLETERS, names.WITHOUT_FLAGGED,
        names.WITH_FLAGGED, names.BY_COHORT, names.BEFORE_AFTER,
    } == set(analyses.WORDS)  # fmt: skip
    assert set(derived.NO_COMPARISON) == {names.PRIMARY, names.FOLLOW_UP_SD, names.ROBUST, names.BEFORE_AFTER}


def test_an_analysis_without_words_is_shown_under_its_name(results):
    results = copy.deepcopy(results)
    for row in results["tables"]["estimates"]:
        if row["analysis"] == "completers only":
            row["analysis"] = "with every second weight"
    assert "With every second weight" in read_page(results)


def test_distance_is_in_standard_errors_of_the_primary():
    rows = [("primary", 2.0, 0.5), ("completers only", 1.0, 4.0), ("primary, follow-up SD", 2.0, 0.5),
            ("primary, robust errors", 2.0, 0.9)]  # fmt: skip
    estimates = pd.DataFrame([PLACE | dict(zip(("analysis", "estimate", "se"), row, strict=True)) for row in rows])
    assert to_rows(derive_distances(estimates)) == [
        PLACE | {"analysis": "completers only", "apart": -1.0, "apart_se": -2.0}
    ]


def test_a_distance_from_a_withheld_number_is_missing():
    estimates = pd.DataFrame([
        PLACE | {"analysis": "primary", "estimate": None, "se": None},
        PLACE | {"analysis": "completers only", "estimate": 1.0, "se": 4.0},
    ]).astype({"estimate": "float64", "se": "float64"})  # fmt: skip
    (row,) = to_rows(derive_distances(estimates))
    assert row["apart"] is row["apart_se"] is None


def test_correlations_follow_from_covariances():
    parts = {"covariance[before, before]": 4.0, "covariance[before, after]": 3.0, "covariance[after, after]": 9.0,
             "covariance[after, never]": 0.0, "covariance[never, never]": 0.0, "site": 1.5}  # fmt: skip
    components = pd.DataFrame(
        [("mood", "primary", name, value) for name, value in parts.items()],
        columns=["outcome", "analysis", "component", "value"],
    )
    found = {(row["first"], row["second"]): row["correlation"] for row in to_rows(derive_correlations(components))}
    assert found == {
        ("before", "before"): 1.0, ("before", "after"): 0.5, ("after", "after"): 1.0, ("after", "never"): None,
        ("never", "never"): None,
    }  # fmt: skip


@pytest.mark.parametrize("suppressed", [False, True], ids=["whole", "suppressed"])
def test_every_number_on_the_page_stands_in_the_results(suppressed):
    results = fabricate_results(suppressed=suppressed)
    # years of citations, the .05 of the rules, the halves of the sentence about distances, the name CR2
    text = read_page(results)
    assert find_unknown(text, results) <= {"1997", "2002", "2018", "0.05", "95"}


@pytest.mark.parametrize("design", ["waitlist", "matched", "self-selected"])
def test_no_word_says_that_the_programme_did_it(design):
    blocks = compose_technical(fabricate_results(design=design))
    assert {match.group(0) for block in blocks for text in words(block) for match in CAUSAL.finditer(text)} == set()


def test_all_analyses_stand_side_by_side_with_their_distance(results):
    table = find_table(results, "Belonging: difference in change")
    rows = {row[0]: row for row in table.rows[1:4]}
    assert list(rows) == ["Primary", "Cross-check: random intercept", "Completers only"]
    # 56.4 - 53.1 - (55.9 - 55.2) = 2.6; its standard error is 13 x .098
    assert rows["Primary"][1] == "+2.60"
    assert [row[-1] for row in rows.values()] == [DASH, "+0.10", "+1.30"]


def test_what_lies_far_from_the_primary_is_said_in_a_sentence(results):
    said = read_page(results)
    far = "Completers only (Belonging, after six months: +1.30)"
    assert f"more than one standard error from the primary one: {far}" in said
    assert "Completers only (Isolation" not in said


def test_a_covariance_that_was_not_acceptable_is_named_before_the_one_that_was(results):
    table = {row[0]: row for row in find_table(results, "Anxiety: the models").rows}
    assert table["Covariances tried"][1] == "unstructured not acceptable; then heterogeneous toeplitz"
    assert table["Covariances tried"][2] == DASH
    assert table["Status"][1] == f"fallback: {STATUS['fallback']}"
    table = {row[0]: row for row in find_table(results, "Isolation: the models").rows}
    assert table["Covariances tried"][1] == "unstructured"


def test_covariances_of_the_surveys_are_a_square_with_correlations(results):
    table = find_table(results, "Isolation: how the surveys of a person")
    assert table.rows == (
        ("Before", "64.00", "36.00 (0.50)", "32.00 (0.40)"),
        ("After six months", "36.00 (0.50)", "81.00", "45.00 (0.50)"),
        ("Six months later", "32.00 (0.40)", "45.00 (0.50)", "100.00"),
    )


def test_every_public_table_that_lost_a_number_is_listed():
    results = fabricate_results(suppressed=True)
    table = find_table(results, "Withheld numbers")
    assert [row.text for row in table.rows if not isinstance(row, tuple)] == ["set aside", "means"]
    assert table.rows[-1] == (
        "mean, se", "fewer people than may be shown",
        "isolation / followup / mentored; belonging / followup / mentored; self_esteem / followup / mentored; "
        "anxiety / followup / mentored",
    )  # fmt: skip


def test_signs_of_careless_answering_are_counted_by_survey_and_cohort(results):
    results = copy.deepcopy(results)
    results["tables"]["flags"] = [
        {"wave": wave, "cohort": cohort, "flag": flag, "n": n}
        for wave, cohort, flag, n in [
            ("before", "unmentored", "any", None), ("before", "mentored", "any", 25), ("before", "", "any", 30),
            ("before", "unmentored", "too-fast", 10), ("before", "mentored", "too-fast", 15),
            ("before", "", "too-fast", 25), ("", "", "any", 45),
        ]
    ]  # fmt: skip
    table = find_table(results, "Responses that show a sign")
    cohorts = {cohort["key"]: cohort["label"] for cohort in results["study"]["cohorts"]}
    place = {label: at for at, label in enumerate(column.label for column in table.columns)}
    mentored, unmentored = place[cohorts["mentored"]], place[cohorts["unmentored"]]
    assert [row.text for row in table.rows if isinstance(row, Group)] == ["Before", "All surveys"]
    first, fast = table.rows[1:3]
    assert (first[0], first[mentored], first[unmentored], first[place["All"]]) == (
        "any sign", "25", "not shown", "30",
    )  # fmt: skip
    assert (fast[0], fast[mentored], fast[unmentored]) == ("answered faster than one can read", "15", "10")
    everywhere = table.rows[-1]
    assert (everywhere[place["All"]], everywhere[mentored]) == ("45", "")


def test_each_claim_judged_again_stands_beside_its_verdict(results):
    results = copy.deepcopy(results)
    claims = {row["claim"]: row for row in results["tables"]["claims"]}
    first, second = list(claims)[:2]
    analysis = "without flagged responses"
    results["tables"]["rejudged"] = [
        {"claim": first, "analysis": analysis, "verdict": claims[first]["verdict"], "same": True},
        {"claim": second, "analysis": analysis, "verdict": "contradicted", "same": False},
    ]
    rows = find_table(results, "Each claim, judged again").rows
    assert [row[0][0].text for row in rows] == [claims[first]["text"], claims[second]["text"]]
    assert rows[0][3] == rows[0][4]
    assert [row[5] for row in rows] == ["stays the same", "changes"]
    assert rows[1][4] == "The data point the other way"
    assert "every verdict stays the same" not in read_page(results)
    results["tables"]["rejudged"].pop()
    assert "Without the responses that show signs of careless answering every verdict stays" in read_page(results)


def test_where_no_response_could_show_a_sign_it_says_so(results):
    results = copy.deepcopy(results)
    results["tables"]["flags"] = results["tables"]["rejudged"] = []
    assert "no response in which a sign could have been looked for" in read_page(results)


def test_where_nothing_was_withheld_it_says_so(results):
    results = copy.deepcopy(results)
    results["tables"]["withheld"] = []
    assert "nothing had to be withheld" in read_page(results)


def test_each_scale_shows_its_key_and_what_contradicts_it(results):
    scales = results["tables"]["instruments"]
    assert len(scales) == 4
    for scale in scales:
        label = next(one["label"] for one in results["study"]["outcomes"] if one["key"] == scale["outcome"])
        rows = dict(find_table(results, f"{label}: the key that was used").rows)
        assert rows["Fingerprint of the key"] == scale["key_hash"]
        assert rows["Items reversed in this order"] == (scale["reversed"] or "none")
        assert rows["Departures from the manual"] == (scale["departures"] or "none")
    cautions = [block for block in flatten(compose_technical(results)) if isinstance(block, Note)][2:]
    said = [item for note in cautions for items in note.blocks for item in items.items]
    expected = [line for scale in scales for key in ("warnings", "acknowledged") for line in scale[key].split("\n")]
    assert said == [line for line in expected if line]
    assert said


def test_psychometrics_are_shown_for_everybody_and_each_cohort():
    results = fabricate_results(suppressed=True)
    table = find_table(results, "Isolation: how consistent")
    rows = [row for row in table.rows if isinstance(row, tuple)]
    assert [row[0] for row in rows[:3]] == ["Everybody", "Unmentored", "Mentored"]
    withheld = [row for row in rows if row[1] == "not shown"]
    assert withheld
    assert all(set(row[2:4]) == {DASH} for row in withheld)


def test_a_study_without_scales_says_how_its_outcomes_were_recorded(results):
    results = copy.deepcopy(results)
    for name in ("instruments", "keying", "reliability", "item_checks", "inter_item"):
        results["tables"][name] = []
    for outcome in results["study"]["outcomes"]:
        outcome["instrument"] = None
    assert "without a scale: isolation, belonging, self esteem and anxiety" in read_page(results)


def test_three_cohorts_are_told_contrast_by_contrast():
    results = add_cohort(fabricate_results())
    text = read_page(results)
    assert "After six months: mentored compared with unmentored" in text
    assert "After six months: peer network compared with unmentored" in text


def test_a_study_with_a_baseline_alone_has_a_technical_report():
    text = read_page(keep_baseline(fabricate_results()))
    assert "No difference could be estimated" in text
    assert "No model was fitted" in text
    assert "nan" not in text.lower().split()


def test_tables_are_rectangular_and_lists_never_empty(results):
    for block in flatten(compose_technical(results)):
        if isinstance(block, Table):
            assert block.rows, block.caption
            assert all(not isinstance(row, tuple) or len(row) == len(block.columns) for row in block.rows)
        if isinstance(block, Items | Details):
            assert block.items if isinstance(block, Items) else block.blocks


def test_the_study_file_says_which_reports_are_written(results, files):
    assert set(write_report(results, files, audience=["technical"])) == {"technical"}
    assert set(write_report(results, files, audience=list(KINDS))) == {"funder", "technical"}


@pytest.mark.parametrize(
    ("alphas", "said"),
    [([], "not known"), ([0.95, 0.9], "very consistent"), ([0.95, 0.81], "consistent"), ([0.7], "consistent enough"),
     ([0.69, 0.9], "weakly consistent"), ([-0.2], "hardly consistent")],
)  # fmt: skip
def test_the_survey_at_which_answers_agree_least_counts(alphas, said):
    assert word_consistency(alphas) == said


def test_what_a_model_says_is_said_once(results):
    """The notes of a fit stand with its model; beside the estimates only what no model says."""
    said = [block for block in flatten(compose_technical(results)) if isinstance(block, Details)]
    notes = {block.summary: block.blocks[0].items for block in said if block.summary.startswith("Notes on single rows")}
    assert notes["Notes on single rows: Isolation"] == (
        (Strong("Completers only, after six months and six months later: "), "unadjusted."),
    )
    table = {row[0]: row for row in find_table(results, "Isolation: the models").rows}
    assert table["What the fit says about itself"][1:] == (DASH, "Agrees with alongside.mixed on the same model")
