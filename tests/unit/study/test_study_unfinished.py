"""What the file declares and this version does not do is said, and no optional key is forgotten."""

import typing

import pydantic
import pytest

from alongside.study.unfinished import UNFINISHED
from alongside.study.whole import StudyFile
from alongside.typed_yaml.explain import model_at

# optional keys that a stage of this version acts on, by the stage
DONE = {
    "intake": {
        "participants.roster", "participants.corrections", "participants.withdrawn", "participants.consent",
        "participants.id_map",
        "participants.cohort.comparison_until", "participants.cohort.assigned_by", "participants.clusters",
        "participants.covariates", "participants.covariates.*.min", "participants.covariates.*.max",
        "participants.covariates.*.column", "participants.dose.*.min", "participants.dose.*.max",
        "participants.dose.*.column",
        "waves.*.where", "waves.*.between", "waves.*.months_since", "waves.*.retrospective", "waves.*.source",
        "source", "source.format", "source.dictionary", "source.sheet", "source.encoding", "source.delimiter",
        "source.decimal", "source.dates", "source.submitted", "source.started", "source.complete", "source.missing",
        "source.attention_checks", "source.duplicates", "source.id_cleaning", "source.exclude_flagged",
        "outcomes.*.instrument", "outcomes.*.order", "outcomes.*.recorded", "outcomes.*.columns", "outcomes.*.column",
        "outcomes.*.labels", "outcomes.*.waves", "outcomes.*.from", "outcomes.*.min", "outcomes.*.max",
        "outcomes.*.subscale",
    },
    "scoring": {
        "outcomes.*.scoring", "outcomes.*.scoring.method", "outcomes.*.scoring.factor", "outcomes.*.scoring.table",
        "outcomes.*.scoring.counts_from", "outcomes.*.scoring.reversed", "outcomes.*.scoring.missing_rule",
        "outcomes.*.scoring.missing_rule.rounded",
    },
    "sample": {"outcomes.*.keying_acknowledged", "outcomes.*.score_of"},
    "effects": {
        "analysis", "analysis.contrasts", "analysis.adjust_for", "analysis.confidence", "analysis.seed",
        "analysis.covariance", "analysis.df", "participants.mentor",
    },
    "judgement": {
        "claims", "claims.*.contrast", "outcomes.*.smallest_worthwhile", "outcomes.*.higher_is", "analysis.disclosure",
        "analysis.disclosure.min_cell", "analysis.disclosure.round_to",
    },
    "report": {"study.organisation", "report", "report.audience", "report.contact"},
}  # fmt: skip


def optional_keys(model, path=()):
    """Dotted names of every optional key of the study file; * stands for a name that the evaluator chooses."""
    for name, field in model.model_fields.items():
        here = (*path, field.alias or name)
        if not field.is_required():
            yield ".".join(here)
        named = typing.get_origin(field.annotation) is dict
        inner = model_at(field.annotation, ("*",) if named else ())
        if inner is not None and issubclass(inner, pydantic.BaseModel) and ".".join(here) not in ATOMS:
            yield from optional_keys(inner, (*here, "*") if named else here)


ATOMS = {"waves.*.source", "outcomes.*.smallest_worthwhile"}  # the first repeats `source`; the second is one text


def test_every_optional_key_is_done_or_said_to_be_unfinished():
    done = {key for keys in DONE.values() for key in keys}
    unfinished = {key for line in UNFINISHED for key in line.keys}
    assert not done & unfinished
    assert set(optional_keys(StudyFile)) == done | unfinished


def test_the_example_says_each_thing(load, example):
    assert load(example("full-example.yaml")).not_done_yet == (
        "Weights (entropy, overlap) are declared but not computed yet.",
        "What the missing answers could have been (reference-based imputation, tipping points) is not tried out yet.",
        "Claims about a step in between (via-belonging) are not judged yet: what carries a difference is not computed.",
        "Claims about a part of the young people (for-everyone) are not judged yet.",
        "Results by subgroup (gender, first_generation) are declared but not computed yet.",
        "The amount of mentoring (meetings, months_matched) is declared but not related to outcomes yet.",
        "Yes-or-no outcomes (still_enrolled) are declared but not analysed yet.",
        "Reports as pdf, docx are declared but not written yet.",
    )


def test_other_forms_are_said_too(load, example):
    said = " ".join(load(example("variants.yaml")).not_done_yet)
    assert "balanced comparison" in said
    assert "Counted outcomes (meetings_attended)" in said
    assert "Ordinal outcomes (satisfaction)" in said
    assert "Weights" not in said  # an empty list asks for none
    assert "Reports as" not in said


@pytest.mark.parametrize("name", ["full-example.yaml", "variants.yaml"])
def test_defaults_that_nobody_wrote_are_not_listed(load, example, name):
    text = example("small.yaml").replace("subgroups: [gender]", "").replace("yes-no", "score")
    assert load(text).not_done_yet == ()
    assert load(example(name)).not_done_yet != ()
