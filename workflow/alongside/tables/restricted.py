"""Tables of rows about people: they stay in `restricted/`."""

from alongside.tables.schema import COHORT, OUTCOME, PARTICIPANT, WAVE, Column, Schema, count, number, text

RESPONSES = Schema(
    "responses",
    "every row of every export, kept or set aside; rows in = rows kept + rows set aside",
    (
        text("file", "path of the export, relative to the study folder"),
        text("sheet", "sheet of a workbook, '' elsewhere", nullable=True),
        count("row", "row as a spreadsheet shows it (the first line of the file is 1)"),
        WAVE,
        text("source", "which of the wave's sources"),
        text("participant", "pseudonym; missing where the row names nobody", nullable=True),
        Column("submitted", "date", "when it was answered", nullable=True),
        Column("kept", "flag", "False: set aside, see reason"),
        text("reason", "rule that set it aside, '' where kept", nullable=True),
        text("flags", "careless-responding flags raised, separated by ';'", nullable=True),
    ),
    key=("file", "sheet", "row", "wave"),
)

PEOPLE = Schema(
    "people",
    "one row a person, in the order of their raw identifiers; then clusters, mentor, covariates and dose by name",
    (PARTICIPANT, COHORT),
    key=("participant",),
    extra=True,
)

ANSWERS = Schema(
    "answers",
    "one row an answer; an item without an answer has no row",
    (
        PARTICIPANT,
        WAVE,
        text("source", "which of the wave's sources, or which informant"),
        OUTCOME,
        count("item", "item number in the declared order; 0 for an outcome that is one column"),
        number("value", "the answer in the codebook's coding, before reversal"),
    ),
    key=("participant", "wave", "source", "outcome", "item"),
)

SCORES = Schema(
    "scores",
    "one row a person, wave and outcome for which at least one answer exists",
    (
        PARTICIPANT,
        WAVE,
        OUTCOME,
        number("score", "scale score in the codebook's metric; missing where it could not be formed", nullable=True),
        count("n_items", "items that make the score"),
        count("n_answered", "items answered"),
        count("n_imputed", "items filled in by the declared rule"),
        text("reason", "why there is no score, '' where there is one", nullable=True),
    ),
    key=("participant", "wave", "outcome"),
)

PANEL = Schema(
    "panel",
    "people x waves, complete: every person at every collected wave; then clusters, mentor, covariates, and one "
    "column of scores per outcome, missing where the person has no score at that wave",
    (PARTICIPANT, COHORT, WAVE, number("month", "months since the baseline")),
    key=("participant", "wave"),
    extra=True,
)

LEDGER = Schema(
    "ledger",
    "one row for each row or cell that was set aside or changed",
    (
        text("stage", "stage that did it"),
        text("file", "export, relative to the study folder", nullable=True),
        text("sheet", "sheet of a workbook", nullable=True),
        count("row", "row as a spreadsheet shows it", nullable=True),
        text("column", "column of the export", nullable=True),
        text("participant", "pseudonym", nullable=True),
        text("rule", "name of the rule, kebab-case"),
        text("found", "the value found, as text", nullable=True),
        text("allowed", "what would have been accepted", nullable=True),
        text("action", "row set aside | cell set aside | cell changed | flagged"),
        text("remedy", "what a person can do about it", nullable=True),
    ),
)

SET_APART = Schema(
    "set_apart",
    "people whose scores stand in only one of two analyses: what subtracting their estimates would be about",
    (
        OUTCOME,
        text("analysis", "the analysis that is held beside the primary one, or beside another of the same people"),
        text("contrast", "which cohort against which, or one cohort by itself"),
        WAVE,
        count("n", "people of these cohorts whose score at the baseline or this wave is in one of them only"),
        count("fewest", "people of the smaller cohort whose score, there too, is in this analysis"),
    ),
    key=("outcome", "analysis", "contrast", "wave"),
)
