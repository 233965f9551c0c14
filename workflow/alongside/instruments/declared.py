"""Another scoring of a known scale, as a study declares it: what is not written stays as the codebook has it.

In: what stands under an outcome's `scoring:`, and the codebook. Out: the typed block; one `Problem` for each
contradiction between the two.
"""

from typing import Annotated

from pydantic import BeforeValidator, Field

from alongside.instruments.codebook import Items, as_factor
from alongside.instruments.consistency import scoring_problems
from alongside.typed_yaml.explain import Problem
from alongside.typed_yaml.model import Model
from alongside.typed_yaml.scalars import Number, Text, Truth, Whole, one_of


class DeclaredRule(Model):
    """How many answers may be absent; counted over the same items as in the codebook's own rule."""

    max_missing: Whole
    """Most answers that may be absent; with more there is no score."""
    how: one_of("none", "prorate", "sum-answered")
    """none: all answers are needed; prorate: the answered items' mean stands in; sum-answered: those are summed."""
    rounded: Truth = False
    """Whether a prorated score is rounded to a whole number."""


class DeclaredScoring(Model):
    name: Text
    """What the report calls this scoring: whose it is, or where it was published."""
    method: one_of("sum", "mean", "multiply", "table", "dichotomise-count") | None = None
    """How the answers make the score; multiply: the sum times `factor`; table: the sum looked up in `table`."""
    factor: Annotated[Number, BeforeValidator(as_factor)] | None = None
    """What the sum is multiplied with; 20/6 may be written so."""
    table: dict[Whole, Number] = Field(default={})
    """{sum of the items: score}, complete from the smallest to the largest sum."""
    counts_from: Whole | None = None
    """For dichotomise-count: an answer counts as 1 from here on, after reversal."""
    reversed: Items | None = None
    """The items that are reversed, by their numbers in this survey; none where no item is."""
    missing_rule: DeclaredRule | None = None
    """How many answers may be absent, and what is done then."""


def declared_problems(declared, *, instrument, items):
    """What cannot be: paths count from the `scoring:` block. items: those that the outcome reads"""
    limits = instrument.response
    yield from scoring_problems(declared, n_items=len(items), response=limits, at=())
    strange = [item for item in declared.reversed or () if item not in items]
    if strange:
        allowed = f"items of this outcome: {', '.join(map(str, items))}"
        yield Problem(("reversed",), f"item {strange[0]}", allowed)
    rule = declared.missing_rule
    if rule is None:
        return
    if not 0 <= rule.max_missing < len(items):
        yield Problem(("missing_rule", "max_missing"), f"found {rule.max_missing}", f"0 to {len(items) - 1}")
    elif (rule.how == "none") != (rule.max_missing == 0):
        found = f"'{rule.how}' with {rule.max_missing} missing"
        yield Problem(("missing_rule", "how"), found, "none where nothing may be missing, else how")
    method = declared.method or instrument.scoring.method
    if rule.how == "sum-answered" and method not in ("sum", "dichotomise-count"):
        found = "'sum-answered' with a score that is no sum"
        yield Problem(("missing_rule", "how"), found, "none | prorate: a missing answer would count as zero")
