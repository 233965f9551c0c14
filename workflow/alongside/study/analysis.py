"""The `analysis:`, `claims:` and `report:` blocks: what is computed, what is judged, what is written."""

from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema

from alongside.typed_yaml.explain import quote, refuse
from alongside.typed_yaml.model import Model
from alongside.typed_yaml.scalars import (
    Number,
    Prose,
    Text,
    Truth,
    Whole,
    bounded,
    distinct,
    filled,
    one_as_list,
    one_of,
)

ALL_AGAINST_COMPARISON = "all-against-comparison"
COVARIANCES = (
    "unstructured",
    "toeplitz",
    "ar1",
    "compound_symmetry",
    "heterogeneous_toeplitz",
    "heterogeneous_ar1",
    "heterogeneous_compound_symmetry",
    "random_intercept",
    "random_slope",
)


def _as_contrasts(value):
    """'mentored - unmentored' as ('mentored', 'unmentored')."""
    if value == ALL_AGAINST_COMPARISON:
        return None
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list | tuple):
        return value
    return tuple(_as_pair(one) for one in value)


def _as_pair(value):
    parts = value.split(" - ") if isinstance(value, str) else value
    if not isinstance(parts, list | tuple) or len(parts) != 2 or not all(isinstance(p, str) for p in parts):
        raise refuse(f"found {quote(value)}", allowed="such as mentored - unmentored (spaces around the minus)")
    return tuple(part.strip() for part in parts)


Contrast = Annotated[tuple[str, str], BeforeValidator(_as_pair), WithJsonSchema({"type": "string"})]


class Missing(Model):
    reference: Text | None = None
    """The cohort that people who left are assumed to go on like; the comparison unless it says otherwise."""
    tipping_points: Truth = True
    """How bad the missing answers would have to be to overturn the result."""


class Disclosure(Model):
    min_cell: bounded(Whole, low=1, high=1000, allowed="a whole number from 1 to 1000") = 10
    """Counts and means of fewer people are not shown."""
    round_to: bounded(Whole, low=1, high=100, allowed="a whole number from 1 to 100") = 5
    """Counts are rounded to a multiple of this."""


class Analysis(Model):
    headline: one_of("difference-in-change", "balanced") = "difference-in-change"
    """Which estimate leads; where the study is not randomised both are always shown."""
    contrasts: Annotated[
        Annotated[tuple[tuple[str, str], ...], filled, distinct] | None,
        BeforeValidator(_as_contrasts),
        WithJsonSchema({"anyOf": [{"const": ALL_AGAINST_COMPARISON}, {"type": "array", "items": {"type": "string"}}]}),
    ] = None
    """all-against-comparison, or a list: [mentored - peer_network]."""
    covariance: Annotated[tuple[one_of(*COVARIANCES), ...], one_as_list, filled, distinct] = (
        "unstructured",
        "heterogeneous_toeplitz",
        "heterogeneous_ar1",
        "random_intercept",
    )
    """Covariances of a person's waves to try, in this order."""
    df: one_of("kenward-roger", "satterthwaite") = "kenward-roger"
    """How degrees of freedom are computed."""
    adjust_for: Annotated[tuple[Text, ...], one_as_list, distinct] = ()
    """Covariates of the model; each enters with its wave interaction."""
    sensitivity_weights: Annotated[tuple[one_of("entropy", "overlap"), ...], one_as_list, distinct] = ()
    """Weights that make the cohorts alike; where not randomised: entropy and overlap unless it says otherwise."""
    missing: Missing = Missing()
    """What is tried out about answers that were never given."""
    confidence: bounded(
        Number, low=0.5, high=0.999, allowed="a share from 0.5 to 0.999, such as 0.95", remedy="write 95 % as 0.95"
    ) = 0.95
    """The level of every interval."""
    disclosure: Disclosure = Disclosure()
    """How small groups are protected."""
    seed: bounded(Whole, low=0, high=2**32 - 1, allowed="a whole number from 0 to 4294967295") = 20251101
    """Where random numbers start; the same seed gives the same report."""


class Claim(Model):
    text: Prose
    """The claim in the programme's own words."""
    outcome: Text
    """The outcome that it is about."""
    wave: Text
    """The follow-up at which it should show."""
    direction: one_of("increase", "decrease")
    """Which way the outcome should go, on its own scale."""
    contrast: Contrast | None = None
    """The cohorts it is about: mentored - unmentored; needed where the study compares in several ways."""
    through: dict[Text, Text] = Field(default={})
    """{outcome: wave}: what should carry the effect."""
    subgroup: Text | None = None
    """The covariate whose groups are compared."""


class Report(Model):
    audience: Annotated[tuple[one_of("funder", "technical"), ...], one_as_list, filled, distinct] = (
        "funder",
        "technical",
    )
    """For whom reports are written."""
    formats: Annotated[tuple[one_of("html", "pdf", "docx"), ...], one_as_list, filled, distinct] = (
        "html",
        "pdf",
        "docx",
    )
    """As which files."""
    contact: Text | None = None
    """Whom readers can ask; printed in the report."""
