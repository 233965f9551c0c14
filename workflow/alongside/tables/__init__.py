"""A schema for every table that crosses a stage.

A stage takes tables and returns tables; `tables.check.check_table` stands between them. Naming the tables costs no
pandas: Snakemake reads the study file, and with it these names, at every start.
"""

from alongside.tables.counts import FLAGS, FLOW, SET_ASIDE, TALLY
from alongside.tables.notes import NOTES
from alongside.tables.restricted import ANSWERS, LEDGER, PANEL, PEOPLE, RESPONSES, SCORES, SET_APART
from alongside.tables.results import CLAIMS, COMPONENTS, DISTRIBUTIONS, ESTIMATES, MEANS, MODELS, REJUDGED, WITHHELD
from alongside.tables.scales import INSTRUMENTS, INTER_ITEM, ITEM_CHECKS, KEYING, RELIABILITY

SCHEMAS = {
    schema.name: schema
    for schema in (
        RESPONSES, PEOPLE, ANSWERS, SCORES, PANEL, LEDGER, NOTES, SET_APART,
        TALLY, FLOW, SET_ASIDE, FLAGS,
        INSTRUMENTS, KEYING, RELIABILITY, ITEM_CHECKS, INTER_ITEM,
        ESTIMATES, MEANS, MODELS, COMPONENTS, DISTRIBUTIONS, CLAIMS, REJUDGED, WITHHELD,
    )
}  # fmt: skip

__all__ = [
    "ANSWERS",
    "CLAIMS",
    "COMPONENTS",
    "DISTRIBUTIONS",
    "ESTIMATES",
    "FLAGS",
    "FLOW",
    "INSTRUMENTS",
    "INTER_ITEM",
    "ITEM_CHECKS",
    "KEYING",
    "LEDGER",
    "MEANS",
    "MODELS",
    "NOTES",
    "PANEL",
    "PEOPLE",
    "REJUDGED",
    "RELIABILITY",
    "RESPONSES",
    "SCHEMAS",
    "SCORES",
    "SET_APART",
    "SET_ASIDE",
    "TALLY",
    "WITHHELD",
]
