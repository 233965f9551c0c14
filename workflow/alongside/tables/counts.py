"""Tables of rows about groups: the books of every stage, and who is left."""

from alongside.tables.schema import COHORT, OUTCOME, WAVE, Schema, count, text

TALLY = Schema(
    "tally",
    "the books of every stage: in = kept + set aside, checked when the table is made",
    (
        text("stage", "stage"),
        text("unit", "what is counted: rows, responses, cells, scores, people"),
        count("n_in", "units that came in; missing where the count is suppressed", nullable=True),
        count("n_kept", "units that went on; missing where the count is suppressed", nullable=True),
        count("n_set_aside", "units set aside; missing where the count is suppressed", nullable=True),
    ),
    key=("stage", "unit"),
)

FLOW = Schema(
    "flow",
    "who is left at each stage, per outcome, wave and cohort",
    (
        OUTCOME,
        WAVE,
        COHORT,
        text("stage", "enrolled | answered | scoreable | analysed, each a subset of the one before it"),
        text("reason", "'' for those who are still there, else why people left at this stage", nullable=True),
        count("n", "people; missing where the count is suppressed", nullable=True),
    ),
    key=("outcome", "wave", "cohort", "stage", "reason"),
)

SET_ASIDE = Schema(
    "set_aside",
    "how often each rule acted",
    (
        text("stage", "stage"),
        text("rule", "rule"),
        text("action", "row set aside | cell set aside | cell changed | flagged"),
        count("n", "times; missing where the count is suppressed", nullable=True),
    ),
    key=("stage", "rule", "action"),
)

FLAGS = Schema(
    "flags",
    "how many responses show a sign of careless responding; a person counts once at a wave",
    (
        text("wave", "key of the wave, '' for all waves"),
        text("cohort", "key of the cohort, '' for all cohorts"),
        text("flag", "any (of the careless ones) | one of them | unfinished, which is no sign of carelessness"),
        count("n", "responses; missing where the count is suppressed", nullable=True),
    ),
    key=("wave", "cohort", "flag"),
)
