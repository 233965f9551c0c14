"""The funder's report as a list of blocks: what is said, in which order, from results.json alone.

In: results (report/results.py). Out: blocks (report/blocks.py). Each section is a module of report/funder, in the order
of reading: the answer; the pictures; the numbers; the people; how it was done. Nothing is computed here: a number that
a page prints stands in the results.
"""

from alongside.report.funder.answer import compose_answer
from alongside.report.funder.method import compose_method
from alongside.report.funder.numbers import compose_numbers
from alongside.report.funder.people import compose_people
from alongside.report.funder.pictures import compose_pictures


def compose_funder(results):
    """Blocks of the report for people with ten minutes and no statistics."""
    return [
        *compose_answer(results),
        *compose_pictures(results),
        *compose_numbers(results),
        *compose_people(results),
        *compose_method(results),
    ]
