"""How far apart groups began, and when page one says so."""

import pandas as pd
import pytest
from fabricate import fabricate_results

from alongside.report.blocks import Note
from alongside.report.contents import compose_funder
from alongside.report.derived import derive_starts
from alongside.report.funder.starts import say_starts
from alongside.report.results import to_rows

CONTRAST = "mentored - unmentored"


def test_the_distance_is_of_the_first_means_in_pooled_standard_deviations():
    means = pd.DataFrame(
        [("mood", "primary", "before", "mentored", 12.0), ("mood", "primary", "before", "unmentored", 10.0),
         ("mood", "primary", "after", "mentored", 30.0), ("mood", "completers only", "before", "mentored", 50.0),
         ("calm", "primary", "before", "mentored", None), ("calm", "primary", "before", "unmentored", 3.0)],
        columns=["outcome", "analysis", "wave", "cohort", "mean"],
    )  # fmt: skip
    components = pd.DataFrame(
        [("mood", "baseline", f"pooled[{CONTRAST}]", 16.0), ("calm", "baseline", f"pooled[{CONTRAST}]", 16.0)],
        columns=["outcome", "analysis", "component", "value"],
    )
    assert to_rows(derive_starts(means, components, baseline="before", contrasts=[CONTRAST])) == [
        {"outcome": "mood", "contrast": CONTRAST, "apart": 2.0, "apart_sd": 0.5},
        {"outcome": "calm", "contrast": CONTRAST, "apart": None, "apart_sd": None},
    ]
    unknown = derive_starts(means, components.iloc[:0], baseline="before", contrasts=[CONTRAST])
    assert unknown["apart_sd"].isna().all()


def begin(design="self-selected", **apart):
    results = fabricate_results(design=design)
    results["tables"]["starts"] = [
        {"outcome": outcome, "contrast": CONTRAST, "apart": 1.0, "apart_sd": value} for outcome, value in apart.items()
    ]
    return results


@pytest.mark.parametrize(
    ("apart", "parts"),
    [
        ({"isolation": 0.31}, "worse off in isolation (by 0.31 standard deviations)"),  # higher is worse
        ({"isolation": -0.31}, "better off in isolation (by 0.31 standard deviations)"),
        ({"self_esteem": -0.46, "anxiety": 0.3}, "worse off in self esteem (by 0.46 standard deviations) and anxiety "
                                                 "(by 0.30 standard deviations)"),
        ({"self_esteem": 0.46, "anxiety": 0.3}, "worse off in anxiety (by 0.30 standard deviations) and better off in "
                                                "self esteem (by 0.46 standard deviations)"),
    ],
)  # fmt: skip
def test_groups_that_began_far_apart_are_told_so_on_page_one(apart, parts):
    results = begin(**apart)
    sentence = (
        f"The groups did not start alike: at the first survey the mentored group was {parts}, compared with the "
        "unmentored group."
    )
    assert say_starts(results) == [sentence]
    caution = next(block for block in compose_funder(results) if isinstance(block, Note))
    assert sentence in [block.text for block in caution.blocks]


@pytest.mark.parametrize(
    "results",
    [
        begin(isolation=0.25, anxiety=-0.2),
        begin(isolation=None),  # withheld
        begin(belonging=0.9),  # no main outcome
        begin("randomised", isolation=0.9),
    ],
    ids=["alike", "withheld", "secondary", "randomised"],
)
def test_else_nothing_is_said(results):
    assert say_starts(results) == []
