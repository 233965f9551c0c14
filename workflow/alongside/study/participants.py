"""The `study:` and `participants:` blocks: who was asked, who they are, and how they came into their cohort."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from alongside.typed_yaml.explain import quote, refuse
from alongside.typed_yaml.model import Model
from alongside.typed_yaml.scalars import FilePath, Name, Number, Prose, Text, Texts, Variable, distinct, filled, one_of

Design = one_of("randomised", "cluster-randomised", "waitlist", "matched", "self-selected")
Kind = one_of("number", "category", "yes-no")


class StudyInfo(Model):
    title: Prose
    """What the report is called."""
    organisation: Prose | None = None
    """Who runs the programme."""
    design: Design
    """How people came into their cohort; decides what the report may say."""
    question: Prose
    """What the study asks, in the programme's own words."""


def _by_wave(value):
    """What holds for all waves, or {wave: ...}, as {wave or 'otherwise': ...}."""
    return value if isinstance(value, dict) else {"otherwise": value}


ConsentColumns = Annotated[
    dict[Text, Text], filled, BeforeValidator(_by_wave), WithJsonSchema({"type": ["string", "object"]})
]


class Consent(Model):
    column: ConsentColumns
    """The column that holds the consent; {wave: column} where the surveys ask for it under different names."""
    is_: Texts = Field(alias="is")
    """The values that mean consent; everybody else is only counted."""


class Covariate(Model):
    kind: Kind
    """number | category | yes-no"""
    min: Number | None = None
    """Smallest possible value of a number."""
    max: Number | None = None
    """Largest possible value of a number."""
    column: Text | None = None
    """The column's name in the files, where it is not the covariate's."""

    @model_validator(mode="after")
    def _check_limits(self):
        if self.kind != "number":
            for key in ("min", "max"):
                if getattr(self, key) is not None:
                    raise refuse(f"'{key}' for a {self.kind}", allowed="only where kind is number", at=(key,))
        if self.min is not None and self.max is not None and self.min >= self.max:
            raise refuse(f"found {self.max:g}", allowed=f"more than min, which is {self.min:g}", at=("max",))
        return self


def _named_columns(covariates):
    """`column` is the covariate's own name unless it says otherwise."""
    return {
        name: covariate if covariate.column else covariate.model_copy(update={"column": name})
        for name, covariate in covariates.items()
    }


Covariates = Annotated[dict[Variable, Covariate], AfterValidator(_named_columns)]


def _check_levels(levels):
    """At least two cohorts, and no value that means two of them (compared as intake does: no case, no outer space)."""
    if len(levels) < 2:
        raise refuse(
            f"{len(levels)} cohort",
            allowed="two cohorts or more",
            remedy="name the people who were not mentored: without them nobody can tell the programme from time",
        )
    owner = {}
    for level, values in levels.items():
        for value in values:
            other = owner.setdefault(value.strip().casefold(), level)
            if other != level:
                raise refuse(
                    f"{quote(value)} stands for '{other}' and for '{level}'",
                    allowed="each value in one cohort",
                    at=(level,),
                )
    return levels


class Cohort(Model):
    column: Text
    """The column that says which cohort a person is in."""
    levels: Annotated[dict[Name, Texts], AfterValidator(_check_levels)]
    """The cohorts, each with the values that mean it in the files."""
    comparison: Text
    """The cohort that the others are compared with."""
    comparison_until: Text | None = None
    """Last wave at which nobody in the comparison had been mentored; required for waitlist."""
    assigned_by: Text = "person"
    """person, or the cluster that was assigned as a whole; required for cluster-randomised."""


Identifier = Annotated[
    dict[Text, Annotated[Texts, distinct]],
    BeforeValidator(_by_wave),
    WithJsonSchema({"type": ["string", "array", "object"]}),
]


class Participants(Model):
    id: Identifier
    """The person's column in every file; {wave: column} where it differs; or several columns: [initials, birth_day]."""
    roster: FilePath | None = None
    """A file with one row a person: cohort, site, covariates, dates, eligibility."""
    corrections: FilePath | None = None
    """A human's decisions about single values or people, each with its reason."""
    id_map: FilePath | None = None
    """A human's decisions about who is who: identifiers as found, the person's identifier, the reason."""
    withdrawn: FilePath | None = None
    """People whose data must not be used."""
    consent: Consent | None = None
    """Who agreed to take part."""
    cohort: Cohort
    """Who was mentored and who was not."""
    clusters: Annotated[tuple[Text, ...], distinct] = ()
    """Sites, schools, classes, outermost first; the baseline's value counts."""
    mentor: Text | None = None
    """The mentor's column; exists only in the mentored cohort."""
    covariates: Covariates = Field(default={})
    """What is known about people from before the programme starts."""
    subgroups: Annotated[tuple[Text, ...], distinct] = ()
    """Covariates by which results are also shown."""
    dose: Covariates = Field(default={})
    """How much mentoring a mentored person had."""
