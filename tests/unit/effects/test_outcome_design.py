"""What is fitted for an outcome, and what cannot be asked of it."""

import numpy as np
import pandas as pd
import pytest

from alongside.effects.contrasts import average_rows, difference_in_change
from alongside.effects.design import NotEstimable, build_design, nested_codes


def test_comparison_and_baseline_come_first(make_panel, plan):
    design = build_design(make_panel(), outcome="isolation", plan=plan)
    assert design.formula == "score ~ cohort * wave"
    assert design.cohorts == ("unmentored", "mentored")
    assert list(design.frame["cohort"].cat.categories) == ["unmentored", "mentored"]
    assert list(design.frame["wave"].cat.categories) == ["before", "after", "followup"]
    assert design.frame["score"].notna().all()


def test_every_covariate_enters_with_its_wave_interaction(make_panel, change_plan):
    plan = change_plan(**{"analysis.adjust_for": ("age", "gender", "first_generation")})
    design = build_design(make_panel(), outcome="isolation", plan=plan)
    assert design.formula == "score ~ cohort * wave + age * wave + gender * wave + first_generation * wave"
    assert list(design.frame["gender"].cat.categories) == ["boy", "girl"]
    assert list(design.frame["first_generation"].cat.categories) == ["no", "yes"]
    assert design.notes == ()


def test_numbers_are_centred_over_people_not_over_rows(make_panel, change_plan):
    panel = make_panel(n=60, dropout=0.5)
    design = build_design(panel, outcome="isolation", plan=change_plan(**{"analysis.adjust_for": ("age",)}))
    assert design.people["age"].mean() == pytest.approx(0.0, abs=1e-12)
    assert abs(design.frame["age"].mean()) > 1e-3


def test_a_number_that_was_not_stated_is_the_mean_with_an_indicator(make_panel, change_plan):
    panel = make_panel(n=30, dropout=0.0)
    panel.loc[panel["participant"] == panel["participant"].iloc[0], "age"] = np.nan
    design = build_design(panel, outcome="isolation", plan=change_plan(**{"analysis.adjust_for": ("age",)}))
    assert design.formula == "score ~ cohort * wave + age * wave + age_not_stated * wave"
    theirs = design.frame[design.frame["participant"] == 0]
    assert (theirs["age"] == 0).all()
    assert (theirs["age_not_stated"] == 1).all()
    assert design.frame["age_not_stated"].sum() == len(theirs)
    assert design.notes == ("age was not stated by everybody: the mean stands in, with an indicator",)


def test_a_category_that_was_not_stated_is_its_own_category(make_panel, change_plan):
    panel = make_panel(n=30, dropout=0.0)
    panel.loc[panel["participant"] == panel["participant"].iloc[0], "gender"] = None
    design = build_design(panel, outcome="isolation", plan=change_plan(**{"analysis.adjust_for": ("gender",)}))
    assert list(design.frame["gender"].cat.categories) == ["boy", "girl", "not stated"]
    assert design.notes == ("gender was not stated by everybody: a category of its own",)


def test_a_covariate_without_differences_is_left_out(make_panel, change_plan):
    panel = make_panel(n=30).assign(gender="girl", age=15.0)
    design = build_design(panel, outcome="isolation", plan=change_plan(**{"analysis.adjust_for": ("age", "gender")}))
    assert design.formula == "score ~ cohort * wave"
    assert len(design.notes) == 2


@pytest.mark.parametrize(
    ("lost", "message"),
    [
        (["before"], "not measured at the baseline"),
        (["after", "followup"], "not measured after the baseline"),
    ],
)
def test_without_two_waves_there_is_no_change(make_panel, plan, lost, message):
    panel = make_panel(n=30)
    panel.loc[panel["wave"].isin(lost), "isolation"] = np.nan
    with pytest.raises(NotEstimable, match=message):
        build_design(panel, outcome="isolation", plan=plan)


def test_one_cohort_alone_is_not_estimable(make_panel, plan):
    panel = make_panel(n=30)
    panel.loc[panel["cohort"] == "unmentored", "isolation"] = np.nan
    with pytest.raises(NotEstimable, match="nothing to compare"):
        build_design(panel, outcome="isolation", plan=plan)


def test_obstacles_name_the_contrast_and_the_wave(make_panel, change_plan):
    panel = make_panel(n=60)
    panel.loc[(panel["cohort"] == "mentored") & (panel["wave"] == "followup"), "isolation"] = np.nan
    design = build_design(panel, outcome="isolation", plan=change_plan())
    pair = ("mentored", "unmentored")
    assert design.obstacles == {(pair, "followup"): "nobody in mentored has a score at wave followup"}


def test_a_comparison_that_was_mentored_meanwhile_is_no_comparison(make_panel, change_plan):
    plan = change_plan(**{"participants.cohort.comparison_until": "after"})
    design = build_design(make_panel(), outcome="isolation", plan=plan)
    pair = ("mentored", "unmentored")
    assert design.obstacles == {(pair, "followup"): "the comparison cohort had been mentored by wave followup"}


def test_one_site_per_cohort_is_confounded(make_panel, change_plan):
    plan = change_plan(**{"participants.clusters": ("site",)})
    two = build_design(make_panel(sites=2, by_site=True), outcome="isolation", plan=plan)
    assert set(two.obstacles.values()) == {
        "all of mentored is in one site, which cannot be told apart from the programme"
    }
    assert build_design(make_panel(sites=4, by_site=True), outcome="isolation", plan=plan).obstacles == {}
    # people of both cohorts in each of two sites: nothing is confounded
    assert build_design(make_panel(sites=2), outcome="isolation", plan=plan).obstacles == {}


def test_labels_of_inner_clusters_count_within_outer_ones():
    frame = pd.DataFrame(
        {
            "participant": ["a", "a", "b", "c", "d", "e"],
            "school": ["x", "x", "x", "y", "y", None],
            "class": ["1", "1", "2", "1", None, "1"],
        }
    )
    codes = nested_codes(frame, ("school", "class"))
    assert list(codes["school"]) == [0, 0, 0, 1, 1, 2]
    assert list(codes["class"]) == [0, 0, 1, 2, 3, 4]


def test_difference_in_change_between_two_programmes():
    names = pd.MultiIndex.from_product([["none", "mentor", "peer"], ["before", "after"]], names=["cohort", "wave"])
    # coefficients: the six cell means themselves
    rows = pd.DataFrame(np.eye(6), index=names)
    weights = difference_in_change(rows, pair=("mentor", "peer"), wave="after", baseline="before")
    assert list(weights) == [0, 0, -1, 1, 1, -1]


def test_rows_are_averaged_over_people(make_panel, change_plan):
    panel = make_panel(n=40, dropout=0.0)
    design = build_design(panel, outcome="isolation", plan=change_plan(**{"analysis.adjust_for": ("gender",)}))

    def columns(frame):
        assert list(frame["wave"].cat.categories) == ["before", "after", "followup"]
        return pd.DataFrame({"girl": (frame["gender"] == "girl").astype(float),
                             "mentored": (frame["cohort"] == "mentored").astype(float)})  # fmt: skip

    rows = average_rows(columns, design)
    assert list(rows["girl"]) == pytest.approx([0.5] * 6)
    assert list(rows["mentored"]) == [0, 0, 0, 1, 1, 1]


def test_a_category_that_was_not_seen_at_every_wave_joins_others(make_panel, change_plan):
    plan = change_plan(**{"analysis.adjust_for": ("gender",)})
    panel = make_panel(n=40, dropout=0.0)
    people = panel["participant"].unique()
    panel.loc[panel["participant"] == people[0], "gender"] = "nonbinary"
    gone = (panel["participant"] == people[0]) & (panel["wave"] == "followup")
    panel.loc[gone, "isolation"] = np.nan
    design = build_design(panel, outcome="isolation", plan=plan)
    # one category alone would have no effect at the last wave; there is no second one to join, so it joins the largest
    assert sorted(design.frame["gender"].cat.categories) == ["boy", "girl"]
    assert design.notes == ("gender: categories that were not seen at every wave are taken together",)


def test_a_covariate_that_others_determine_is_left_out(make_panel, change_plan):
    plan = change_plan(**{"analysis.adjust_for": ("age", "gender")})
    panel = make_panel(n=40, dropout=0.0)
    # everybody mentored is a girl and everybody else a boy
    panel["gender"] = panel["cohort"].map({"mentored": "girl", "unmentored": "boy"})
    design = build_design(panel, outcome="isolation", plan=plan)
    assert design.formula == "score ~ cohort * wave + age * wave"
    assert design.notes == ("gender is left out: other columns of the model determine it",)


def test_the_same_model_written_cell_by_cell(make_panel, change_plan):
    plan = change_plan(**{"analysis.adjust_for": ("age", "gender")})
    free = build_design(make_panel(), outcome="isolation", plan=plan)
    assert free.explicit == "score ~ 0 + _cell + age + age:wave + _gender_1 + _gender_1:wave"
    assert list(free.frame["_cell"].cat.categories) == [
        "unmentored, before", "mentored, before", "unmentored, after", "mentored, after", "unmentored, followup",
        "mentored, followup",
    ]  # fmt: skip
    plan.info.design = "randomised"
    shared = build_design(make_panel(), outcome="isolation", plan=plan)
    assert list(shared.frame["_cell"].cat.categories)[:2] == ["everybody, before", "unmentored, after"]


def test_mentors_exist_in_the_mentored_only(make_panel, change_plan):
    plan = change_plan(**{"participants.mentor": "mentor_id"})
    panel = make_panel(n=40)
    panel["mentor_id"] = "m" + (panel["participant"].str[-1]).astype(str)
    design = build_design(panel, outcome="isolation", plan=plan)
    assert design.mentor == "mentor_id"
    known = design.frame.groupby("cohort", observed=True)["mentor_id"].agg(lambda column: column.notna().mean())
    assert list(known) == [0.0, 1.0]
