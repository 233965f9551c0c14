"""The example of the documentation: every key is accepted, and every value lands where the rest looks for it."""

import datetime

import pytest

from alongside.study import Worthwhile, rebuild_slice


@pytest.fixture
def full(load, example):
    return load(example("full-example.yaml"))


@pytest.fixture
def variants(load, example):
    return load(example("variants.yaml"))


def test_study_block(full):
    assert (full.slug, full.folder.name) == ("trial", "trial")
    assert full.info.title == "Bright Path peer mentoring, 2025-26"
    assert full.info.organisation == "Bright Path"
    assert full.info.design == "self-selected"
    assert full.info.question.startswith("Do mentored young people feel less isolated")
    assert full.info.question.endswith("similar young people who were not mentored?")


def test_participants(full):
    people = full.participants
    assert people.id == {"otherwise": ("participant_id",)}
    assert (people.roster, people.corrections, people.withdrawn) == (
        "raw/enrolment.csv",
        "corrections.csv",
        "withdrawn.csv",
    )
    assert (people.consent.column, people.consent.is_) == ({"otherwise": "consent"}, ("Yes",))
    assert people.clusters == ("site",)
    assert people.mentor == "mentor_id"
    assert people.subgroups == ("gender", "first_generation")


def test_cohort_values_are_text(full):
    cohort = full.participants.cohort
    assert cohort.column == "programme"
    assert cohort.levels == {"mentored": ("Mentored", "1"), "unmentored": ("Wait list", "0")}
    assert list(cohort.levels) == ["mentored", "unmentored"]
    assert (cohort.comparison, cohort.comparison_until, cohort.assigned_by) == ("unmentored", "followup", "person")


def test_covariates_and_dose(full):
    people = full.participants
    age = people.covariates["age"]
    assert (age.kind, age.min, age.max, age.column) == ("number", 10.0, 25.0, "age")
    assert people.covariates["gender"].kind == "category"
    assert people.covariates["first_generation"].kind == "yes-no"
    assert people.dose["meetings"].min == 0.0
    assert people.dose["meetings"].max is None
    assert people.dose["months_matched"].column == "months_matched"


def test_waves(full):
    assert list(full.waves) == ["before", "after", "followup"]
    assert [wave.month for wave in full.waves.values()] == [0.0, 6.0, 12.0]
    assert [wave.label for wave in full.waves.values()] == ["Before", "After six months", "Six months later"]
    assert full.waves["before"].files == {"survey": ("raw/wave1_*.csv",)}
    assert full.waves["after"].files == {
        "survey": ("raw/wave2_*.xlsx", "raw/wave2_paper.csv"),
        "records": ("raw/school_records.csv",),
    }
    assert full.waves["followup"].files == {"survey": ("raw/wave3_*.csv",)}
    assert not any(wave.retrospective for wave in full.waves.values())
    assert (full.baseline, full.followups) == ("before", ("after", "followup"))


def test_source(full):
    source = full.source
    assert (source.format, source.submitted) == ("auto", "RecordedDate")
    assert (source.complete.column, source.complete.is_) == ("Finished", ("1", "True"))
    assert source.missing == ("-99", "Prefer not to say")
    assert source.attention_checks == {"attn_1": "Strongly agree"}
    assert source.duplicates == "last-complete"
    assert source.id_cleaning == ("trim", "uppercase")


def test_outcomes(full):
    assert list(full.outcomes) == ["isolation", "belonging", "self_esteem", "anxiety", "still_enrolled"]
    isolation = full.outcomes["isolation"]
    assert (isolation.instrument, isolation.kind, isolation.columns) == ("ucla20_v3", "scale", "ucla_{item}")
    assert (isolation.domain, isolation.role) == ("connection", "primary")
    assert isolation.smallest_worthwhile == Worthwhile(value=0.2, unit="sd")
    assert full.outcomes["anxiety"].smallest_worthwhile == Worthwhile(value=1.5, unit="points")
    assert full.outcomes["belonging"].smallest_worthwhile is None
    assert full.outcomes["self_esteem"].order == "satisfied-first"
    assert full.outcomes["self_esteem"].recorded == (1.0, 4.0)
    assert full.outcomes["anxiety"].labels == {"Nearly daily": 3.0}
    enrolled = full.outcomes["still_enrolled"]
    assert (enrolled.instrument, enrolled.kind, enrolled.column, enrolled.from_) == (
        None,
        "yes-no",
        "enrolled",
        "records",
    )


def test_direction_and_only_order_come_from_the_codebook(full):
    directions = {name: outcome.higher_is for name, outcome in full.outcomes.items()}
    assert directions == {
        "isolation": "worse",
        "belonging": "better",
        "self_esteem": "better",
        "anxiety": "worse",
        "still_enrolled": "better",
    }
    assert full.outcomes["anxiety"].order == "usual"


def test_an_outcome_without_waves_was_asked_at_all_of_them(full):
    assert all(outcome.waves == ("before", "after", "followup") for outcome in full.outcomes.values())


def test_columns_by_wave_say_when_it_was_asked(load, example):
    pattern = 'columns: "rses_{item}"'
    by_wave = "columns: {later: 'c{item}', before: 'a{item}'}"
    assert load(example("small.yaml").replace(pattern, by_wave)).outcomes["esteem"].waves == ("before", "later")
    others = "columns: {later: 'c{item}', otherwise: 'a{item}'}"
    waves = load(example("small.yaml").replace(pattern, others)).outcomes["esteem"].waves
    assert waves == ("before", "after", "later")


def test_analysis(full):
    analysis = full.analysis
    assert analysis.headline == "difference-in-change"
    assert full.contrasts == (("mentored", "unmentored"),)
    assert analysis.covariance == (
        "unstructured",
        "heterogeneous_toeplitz",
        "heterogeneous_ar1",
        "random_intercept",
    )
    assert analysis.df == "kenward-roger"
    assert analysis.adjust_for == ("age", "gender")
    assert analysis.sensitivity_weights == ("entropy", "overlap")
    assert (analysis.missing.reference, analysis.missing.tipping_points) == ("unmentored", True)
    assert analysis.confidence == 0.95
    assert (analysis.disclosure.min_cell, analysis.disclosure.round_to) == (10, 5)
    assert analysis.seed == 20251101


def test_claims_and_report(full):
    assert list(full.claims) == ["less-isolated", "calmer", "via-belonging", "for-everyone"]
    claim = full.claims["less-isolated"]
    assert (claim.text, claim.outcome, claim.wave, claim.direction) == (
        "Mentoring reduces isolation",
        "isolation",
        "after",
        "decrease",
    )
    assert full.claims["via-belonging"].through == {"belonging": "after"}
    assert full.claims["for-everyone"].subgroup == "first_generation"
    assert full.report.audience == ("funder", "technical")
    assert full.report.formats == ("html", "pdf", "docx")
    assert full.report.contact == "evaluation@example.org"


def test_defaults_are_those_of_the_example(load, example):
    """What the small study leaves out has the value that the documentation's example shows."""
    small = load(example("small.yaml"))
    assert (small.source.format, small.source.duplicates, small.source.id_cleaning) == ("auto", "last-complete", ())
    assert (small.source.missing, small.source.attention_checks) == ((), {})
    assert small.analysis.covariance[0] == "unstructured"
    assert small.analysis.df == "kenward-roger"
    assert small.analysis.sensitivity_weights == ("entropy", "overlap")  # self-selected
    assert (small.analysis.missing.reference, small.analysis.missing.tipping_points) == ("waiting", True)
    assert (small.analysis.confidence, small.analysis.seed) == (0.95, 20251101)
    assert (small.analysis.disclosure.min_cell, small.analysis.disclosure.round_to) == (10, 5)
    assert small.report.formats == ("html", "pdf", "docx")
    assert (small.participants.mentor, small.participants.dose, small.participants.consent) == (None, {}, None)
    assert small.contrasts == (("mentored", "waiting"),)


def test_a_randomised_study_has_no_weights_unless_it_asks(load, example):
    small = example("small.yaml").replace("self-selected", "randomised")
    assert load(small).analysis.sensitivity_weights == ()
    asked = small.replace("  adjust_for", "  sensitivity_weights: [entropy]\n  adjust_for")
    assert load(asked).analysis.sensitivity_weights == ("entropy",)


def test_variants_of_participants(variants):
    people = variants.participants
    assert people.id == {"before": ("initials", "birth_day", "street"), "otherwise": ("code",)}
    assert people.roster is None  # nothing after the colon: left out
    assert people.consent.is_ == ("Yes",)
    assert people.cohort.levels == {"mentored": ("01",), "peer_network": ("No",), "none": ("null",)}
    assert (people.cohort.assigned_by, people.cohort.comparison_until) == ("school", "after")
    assert people.clusters == ("region", "school")
    assert people.covariates["age"].column == "Age at start"
    assert people.covariates["age"].min is None


def test_variants_of_waves(variants):
    waves = variants.waves
    assert waves["before"].month == -0.5
    assert waves["followup"].month == 12.0
    assert waves["before"].where == {"event": ("t1",), "form": ("a", "b")}
    assert waves["after"].files == {"survey": ("raw/all.csv", "raw/paper_*.csv")}
    assert waves["after"].between == (datetime.date(2026, 11, 1), datetime.date(2027, 1, 31))
    since = waves["followup"].months_since
    assert (since.column, since.from_, since.to) == ("started_on", 11.0, 14.0)
    assert waves["followup"].files == {"survey": ("raw/late.csv",), "parent": ("raw/parents.csv",)}


def test_a_wave_has_its_own_export_settings_laid_over_the_studys(variants):
    own = variants.waves["after"].source
    assert (own.format, own.missing) == ("spss", ("99",))
    assert (own.submitted, own.duplicates) == ("RecordedDate", "reject")
    assert variants.waves["before"].source is None
    assert variants.source.missing == ("-99", "01", "No", "~")


def test_a_retrospective_wave_is_neither_baseline_nor_followup(variants):
    assert variants.waves["remembered"].retrospective
    assert (variants.baseline, variants.followups) == ("before", ("after", "followup"))


def test_variants_of_outcomes(variants):
    depression = variants.outcomes["depression"]
    assert (depression.kind, depression.columns) == ("score", {"before": "bdi.pre", "after": "bdi.2m"})
    assert depression.waves == ("before", "after")  # the study's order
    assert (depression.min, depression.max, depression.higher_is) == (0.0, 63.0, "worse")
    assert depression.smallest_worthwhile == Worthwhile(value=3.0, unit="points")
    assert variants.outcomes["esteem"].columns == {"before": "A{item}", "otherwise": "B{item}"}
    assert variants.outcomes["worry"].columns == ("q1", "q2", "q3", "q4", "q5", "q6", "q7")
    assert variants.outcomes["worry"].smallest_worthwhile == Worthwhile(value=0.5, unit="sd")
    assert variants.outcomes["meetings_attended"].kind == "count"


def test_variants_of_analysis(variants):
    analysis = variants.analysis
    assert variants.contrasts == (("mentored", "peer_network"), ("mentored", "none"))
    assert (analysis.covariance, analysis.df) == (("random_slope",), "satterthwaite")
    assert (analysis.sensitivity_weights, analysis.headline) == ((), "balanced")
    assert (analysis.missing.reference, analysis.missing.tipping_points) == ("none", False)
    assert (analysis.disclosure.min_cell, analysis.disclosure.round_to) == (5, 5)
    assert (analysis.confidence, analysis.seed) == (0.9, 7)
    assert (variants.report.audience, variants.report.formats) == (("funder",), ("html",))


def test_a_study_cannot_be_changed(full):
    with pytest.raises(ValueError, match="frozen"):
        full.baseline = "after"
    with pytest.raises(ValueError, match="frozen"):
        full.outcomes["anxiety"].role = "primary"


def test_two_contrasts_default_to_each_cohort_against_the_comparison(load, example):
    text = example("variants.yaml").replace("  contrasts: [mentored - peer_network, mentored - none]\n", "")
    assert load(text).contrasts == (("mentored", "none"), ("peer_network", "none"))


def test_rebuild_gives_the_typed_pieces(full):
    plan = rebuild_slice(full.slice("waves", "participants.cohort", "outcomes.anxiety", "baseline"))
    assert plan.waves == full.waves
    assert plan.participants.cohort == full.participants.cohort
    assert plan.outcomes == {"anxiety": full.outcomes["anxiety"]}
    assert plan.baseline == "before"
