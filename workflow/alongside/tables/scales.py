"""Tables about the scales as measures: which key scored them, and how the items hang together in these data.

Items are numbered in the declared item order; correlations are taken after the declared reversal, in the people who
answered every item that the score is made of. No item's wording, nobody's answer.
"""

from alongside.tables.schema import OUTCOME, WAVE, Column, Schema, count, number, text

INSTRUMENTS = Schema(
    "instruments",
    "one row a scale outcome: how it was scored, and what to know about it; several sentences stand on a line each",
    (
        OUTCOME,
        text("instrument", "id of the codebook"),
        text("name", "the scale's name"),
        text("version", "which version or year"),
        text("rights", "free | conditions | registration | permission"),
        text("rights_note", "the terms in a sentence"),
        text("key_hash", "fingerprint of everything that decides a score: equal keys score alike"),
        text("item_order", "the item order that was declared, or the only one"),
        text("reversed", "items reversed in this order: '2, 5, 6', '' for none", nullable=True),
        count("n_items", "items that make the score"),
        text("recorded", "smallest and largest number in the files: '1 to 4'"),
        text("range", "smallest and largest possible score: '0 to 30'"),
        text("higher_is", "better | worse"),
        text("scoring", "in words"),
        text("missing_rule", "in words"),
        text("departures", "what was done otherwise than the codebook says, '' for nothing", nullable=True),
        text("not_verified", "what of the codebook was not read at its source, '' for nothing", nullable=True),
        text("sources", "where the key was read"),
        text("acknowledged", "contradictions between key and data that the study file acknowledges", nullable=True),
        text("warnings", "what in these data does not fit the key but did not stop the run", nullable=True),
    ),
    key=("outcome",),
)

RELIABILITY = Schema(
    "reliability",
    "one row a scale, wave and cohort ('' is everyone): people who answered every item of the score",
    (
        OUTCOME,
        WAVE,
        text("cohort", "key of the cohort in the study file, '' for everyone", nullable=True),
        count("n", "people who answered every item; missing where suppressed", nullable=True),
        count("n_items", "items that make the score"),
        number("alpha", "Cronbach's alpha", nullable=True),
        number("alpha_low", "lower limit (Feldt); in public for the fewest people that n can mean", nullable=True),
        number("alpha_high", "upper limit of alpha", nullable=True),
        number("omega_total", "McDonald's omega total of one factor", nullable=True),
        number("floor", "percent of n with the lowest possible score; missing where few people have it", nullable=True),
        number("ceiling", "percent of n with the highest possible score; missing as floor is", nullable=True),
        number("lowest_item_rest", "the lowest item-rest correlation", nullable=True),
        count("lowest_item", "the item it belongs to", nullable=True),
        text("note", "why a number is missing, or what to mind", nullable=True),
    ),
    key=("outcome", "wave", "cohort"),
)

ITEM_CHECKS = Schema(
    "item_checks",
    "one row a scale, wave and item, everyone together: how the item goes with the rest of its scale",
    (
        OUTCOME,
        WAVE,
        count("item", "item number in the declared order"),
        Column("reversed", "flag", "whether the declared key reverses it"),
        count("n", "people who answered every item; missing where suppressed", nullable=True),
        number("item_rest", "correlation with the sum of the other items, after reversal", nullable=True),
        number("item_rest_low", "lower 95% limit; in public for the fewest people that n can mean", nullable=True),
        number("item_rest_high", "upper 95% limit", nullable=True),
        number("alpha_without", "alpha of the other items", nullable=True),
        Column("contradicts", "flag", "whether the item goes against its scale, as the keying check judges"),
        text("note", "why a number is missing", nullable=True),
    ),
    key=("outcome", "wave", "item"),
)

INTER_ITEM = Schema(
    "inter_item",
    "one row a pair of items of a scale at a wave, everyone together; item_a < item_b",
    (
        OUTCOME,
        WAVE,
        count("item_a", "item number in the declared order"),
        count("item_b", "item number in the declared order"),
        number("r", "Pearson correlation after reversal; missing where an item is constant", nullable=True),
        count("n", "people who answered every item; missing where suppressed", nullable=True),
    ),
    key=("outcome", "wave", "item_a", "item_b"),
)

KEYING = Schema(
    "keying",
    "one row for each place where the data do not fit the declared key",
    (
        OUTCOME,
        text("wave", "key of the wave, '' where all waves were looked at together", nullable=True),
        text("finding", "item | reversed items | whole scale | between waves | scores | direction | unused answers"),
        count("item", "item number in the declared order, for the finding 'item'", nullable=True),
        number("r", "the correlation (alpha for 'whole scale') that is below zero", nullable=True),
        number("r_low", "lower 95% limit", nullable=True),
        number("r_high", "upper 95% limit", nullable=True),
        count("n", "people behind it; never published", nullable=True),
        text("action", "acknowledged (it would have stopped the run) | warning"),
        text("reason", "why the study file acknowledges it, '' for a warning", nullable=True),
        text("sentence", "the finding in words, without counts"),
    ),
)
