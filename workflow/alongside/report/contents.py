"""What each report says, in which order, from results.json alone.

In: results (report/results.py). Out: blocks (report/blocks.py). Each section is a module of report/funder or of
report/technical, in the order of reading. Nothing is computed here: a number that a page prints stands in the results.
"""

from collections.abc import Callable
from dataclasses import dataclass

from alongside.report.funder.answer import compose_answer
from alongside.report.funder.method import compose_method
from alongside.report.funder.numbers import compose_numbers
from alongside.report.funder.people import compose_people
from alongside.report.funder.pictures import compose_pictures
from alongside.report.technical import people as technical_people
from alongside.report.technical.careless import compose_careless
from alongside.report.technical.claims import compose_claims
from alongside.report.technical.estimates import compose_estimates
from alongside.report.technical.instruments import compose_instruments
from alongside.report.technical.models import compose_models
from alongside.report.technical.origin import compose_origin
from alongside.report.technical.study import compose_study


def compose_funder(results):
    """Blocks of the report for people with ten minutes and no statistics."""
    return [
        *compose_answer(results),
        *compose_pictures(results),
        *compose_numbers(results),
        *compose_people(results),
        *compose_method(results),
    ]


def compose_technical(results):
    """Blocks of the report for evaluators and reviewers, who check how the answer came about."""
    return [
        *compose_study(results),
        *compose_claims(results),
        *compose_estimates(results),
        *compose_careless(results),
        *compose_models(results),
        *compose_instruments(results),
        *technical_people.compose_people(results),
        *technical_people.compose_withheld(results),
        *compose_origin(results),
    ]


@dataclass(frozen=True)
class Kind:
    """What is different about a report as a whole. wide: its tables may take the width of a screen"""

    compose: Callable
    kicker: str
    wide: bool = False


KINDS = {
    "funder": Kind(compose_funder, "Evaluation report for funders"),
    "technical": Kind(compose_technical, "Technical report for evaluators and reviewers", wide=True),
}
