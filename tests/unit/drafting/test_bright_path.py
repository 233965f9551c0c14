"""From the demonstration study's exports alone: what is recognised is what its evaluator wrote."""

from pathlib import Path

import pytest

from alongside.drafting import draw_up, open_exports, write_study
from alongside.study import load_study
from alongside.study.checks.names import RESERVED

STUDY = Path(__file__).resolve().parents[3] / "data" / "bright-path"
WAVES = {"before": "wave1", "after": "wave2", "followup": "wave3"}
OUTCOMES = {"isolation": "loneliness", "belonging": "belonging", "self_esteem": "self_esteem", "anxiety": "anxiety"}
COHORTS = {"mentored": "mentored", "unmentored": "wait_list"}
DECIDED = {
    "design: TODO": "design: self-selected",
    "question: TODO": "question: Does it help",
    "comparison: TODO": "comparison: wait_list",
    "order: TODO": "order: satisfied-first",
    'wave3: "TODO"': 'wave3: "belong_{item}"',
    "Nearly daily: TODO": "Nearly daily: 3",
    "domain: TODO": "domain: wellbeing",
    "role: TODO": "role: primary",
    "smallest_worthwhile: TODO": "smallest_worthwhile: 0.2 sd",
}


@pytest.fixture(scope="module")
def drafted(tmp_path_factory, library):
    raw = STUDY / "raw"
    exports = open_exports(raw, sorted(path.name for path in raw.iterdir()))
    plan = draw_up(exports.tables, library, reserved=RESERVED)
    text = write_study(plan, title="Bright Path", prefix="raw/", exports=exports, instruments=library)
    folder = tmp_path_factory.mktemp("drafts") / "bright-path"
    folder.mkdir()
    (folder / "raw").symlink_to(raw)
    for open_place, decision in DECIDED.items():
        assert open_place in text, open_place
        text = text.replace(open_place, decision)
    (folder / "study.yaml").write_text(text, encoding="utf-8")
    return load_study(folder / "study.yaml"), plan


@pytest.fixture(scope="module")
def written():
    return load_study(STUDY / "study.yaml")


def test_people_are_found_by_the_same_column_and_cleaning(drafted, written):
    study, _ = drafted
    assert study.participants.id == written.participants.id
    assert study.participants.roster == written.participants.roster
    assert study.participants.consent == written.participants.consent
    assert study.source.id_cleaning == written.source.id_cleaning


def test_cohorts_have_the_same_values_whatever_they_are_called(drafted, written):
    study, _ = drafted
    assert study.participants.cohort.column == written.participants.cohort.column
    for name, other in COHORTS.items():
        assert set(study.participants.cohort.levels[other]) == set(written.participants.cohort.levels[name])


def test_facts_about_people_are_the_same(drafted, written):
    study, _ = drafted
    for part in ("clusters", "mentor", "dose"):
        assert getattr(study.participants, part) == getattr(written.participants, part)
    kinds = {name: (one.column, one.kind) for name, one in study.participants.covariates.items()}
    assert kinds == {name: (one.column, one.kind) for name, one in written.participants.covariates.items()}


def test_waves_have_the_same_survey_files_and_months(drafted, written):
    study, plan = drafted
    for name, other in WAVES.items():
        patterns = written.waves[name].files["survey"]
        files = {path.relative_to(STUDY).as_posix() for pattern in patterns for path in STUDY.glob(pattern)}
        assert set(study.waves[other].files["survey"]) == files
        assert study.waves[other].month == written.waves[name].month
    # nothing in it says when it was exported: the evaluator has to place it
    assert [table.file for table in plan.unplaced] == ["school_records.csv"]


def test_waves_are_called_by_their_months(drafted):
    study, _ = drafted
    assert [wave.label for wave in study.waves.values()] == ["Before", "6 months", "12 months"]


def test_what_was_known_before_is_adjusted_for(drafted, written):
    study, _ = drafted
    assert study.analysis.adjust_for == written.analysis.adjust_for
    assert study.advice == ()


def test_claims_and_records_that_are_drafted_are_accepted_once_their_marks_are_taken_away(drafted, written, tmp_path):
    study, _ = drafted
    text = (study.folder / "study.yaml").read_text(encoding="utf-8")
    for first, after in (("# claims:", "# What may be added"), ("#   enrolled:", "# Columns that nothing")):
        asleep = text[text.index(first) : text.index(after)]
        text = text.replace(asleep, "".join(line.removeprefix("# ") for line in asleep.splitlines(keepends=True)))
    text = text.replace(
        "files: raw/wave3_all.csv", "files: {survey: raw/wave3_all.csv, records: raw/school_records.csv}"
    )
    for decided in ("higher_is: better", "domain: education", "role: exploratory"):
        text = text.replace(f"{decided.partition(':')[0]}: TODO", decided)
    (tmp_path / "study.yaml").write_text(text, encoding="utf-8")
    awake = load_study(tmp_path / "study.yaml")
    assert awake.outcomes["enrolled"].kind == written.outcomes["still_enrolled"].kind == "yes-no"
    assert {claim.outcome: (claim.wave, claim.direction) for claim in awake.claims.values()} == {
        "loneliness": ("wave2", "decrease"), "belonging": ("wave2", "increase"), "self_esteem": ("wave2", "increase"),
        "anxiety": ("wave2", "decrease"),
    }  # fmt: skip


def test_what_responses_say_about_themselves_is_the_same(drafted, written):
    study, _ = drafted
    assert study.source.submitted == written.source.submitted
    assert study.source.complete.column == written.source.complete.column
    assert set(study.source.complete.is_) == set(written.source.complete.is_)
    assert set(study.source.missing) == set(written.source.missing)
    assert study.source.attention_checks == written.source.attention_checks


def test_scales_have_the_same_codebooks_columns_and_numbers(drafted, written):
    study, _ = drafted
    assert len(study.outcomes) == len(OUTCOMES)
    for name, other in OUTCOMES.items():
        one, two = study.outcomes[other], written.outcomes[name]
        assert (one.instrument, one.recorded, one.labels) == (two.instrument, two.recorded, two.labels)
        columns = one.columns
        if isinstance(columns, dict):
            named = {WAVES.get(wave, wave): pattern for wave, pattern in two.columns.items()}
            assert columns == named
        else:
            assert columns == two.columns


def test_names_addresses_and_free_text_are_not_even_listed(drafted):
    study, _ = drafted
    text = (study.folder / "study.yaml").read_text(encoding="utf-8").partition("# What may be added")[0]
    for column in ("first_name", "last_name", "email", "phone", "comments", "IPAddress", "RecipientEmail"):
        assert column not in text
    raw = (STUDY / "raw" / "enrolment.csv").read_text(encoding="utf-8").splitlines()[1:]
    for row in raw[:50]:
        identifier, first, last, address = row.split(",")[:4]
        assert identifier not in text
        assert address not in text
        assert f"{first} {last}" not in text
