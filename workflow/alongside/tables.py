"""A schema for every table that crosses a stage.

A stage takes tables and returns tables; `check_table` stands between them. It returns the frame with the declared
columns in the declared order, followed by the study's own columns where the schema leaves room for them. A frame
that does not fit is a bug in a stage, never a user's mistake, so it raises `TableError`.

Kinds: text (never missing unless `nullable`), number (float64, NaN allowed only if `nullable`), count (Int64),
date (datetime64), flag (bool). Extra columns are study-specific (covariates, outcomes): the caller names them.
Text may also come as a Categorical of texts and a count as any whole-number dtype; both stay as they are, because
the long tables of a large study would not fit in memory otherwise, and because a Categorical carries the study's order.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

KINDS = ("text", "number", "count", "date", "flag")


class TableError(AssertionError):
    """A stage produced a table that its schema does not allow: our bug."""


@dataclass(frozen=True)
class Column:
    name: str
    kind: str
    meaning: str
    nullable: bool = False


@dataclass(frozen=True)
class Schema:
    """key: the columns that together name a row once; extra: may columns of the study's own follow?"""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    extra: bool = False

    @property
    def names(self):
        return [column.name for column in self.columns]


def _text(name, meaning, nullable=False):
    return Column(name, "text", meaning, nullable)


def _number(name, meaning, nullable=False):
    return Column(name, "number", meaning, nullable)


def _count(name, meaning, nullable=False):
    return Column(name, "count", meaning, nullable)


_PARTICIPANT = _text("participant", "pseudonym; the same person in every table of one study")
_WAVE = _text("wave", "key of the wave in the study file")
_OUTCOME = _text("outcome", "key of the outcome in the study file")
_COHORT = _text("cohort", "key of the cohort in the study file")

# ---- restricted: rows about people ---------------------------------------------------------------------------

RESPONSES = Schema(
    "responses",
    "every row of every export, kept or set aside; rows in = rows kept + rows set aside",
    (
        _text("file", "path of the export, relative to the study folder"),
        _text("sheet", "sheet of a workbook, '' elsewhere", nullable=True),
        _count("row", "row as a spreadsheet shows it (the first line of the file is 1)"),
        _WAVE,
        _text("source", "which of the wave's sources"),
        _text("participant", "pseudonym; missing where the row names nobody", nullable=True),
        Column("submitted", "date", "when it was answered", nullable=True),
        Column("kept", "flag", "False: set aside, see reason"),
        _text("reason", "rule that set it aside, '' where kept", nullable=True),
        _text("flags", "careless-responding flags raised, separated by ';'", nullable=True),
    ),
    key=("file", "sheet", "row", "wave"),
)

PEOPLE = Schema(
    "people",
    "one row a person, in the order of their raw identifiers; then clusters, mentor, covariates and dose by name",
    (_PARTICIPANT, _COHORT),
    key=("participant",),
    extra=True,
)

ANSWERS = Schema(
    "answers",
    "one row an answer; an item without an answer has no row",
    (
        _PARTICIPANT,
        _WAVE,
        _text("source", "which of the wave's sources, or which informant"),
        _OUTCOME,
        _count("item", "item number in the declared order; 0 for an outcome that is one column"),
        _number("value", "the answer in the codebook's coding, before reversal"),
    ),
    key=("participant", "wave", "source", "outcome", "item"),
)

SCORES = Schema(
    "scores",
    "one row a person, wave and outcome for which at least one answer exists",
    (
        _PARTICIPANT,
        _WAVE,
        _OUTCOME,
        _number("score", "scale score in the codebook's metric; missing where it could not be formed", nullable=True),
        _count("n_items", "items of the scale"),
        _count("n_answered", "items answered"),
        _count("n_imputed", "items filled in by the declared rule"),
        _text("reason", "why there is no score, '' where there is one", nullable=True),
    ),
    key=("participant", "wave", "outcome"),
)

PANEL = Schema(
    "panel",
    "people x waves, complete: every person at every collected wave; then clusters, mentor, covariates, and one "
    "column of scores per outcome, missing where the person has no score at that wave",
    (_PARTICIPANT, _COHORT, _WAVE, _number("month", "months since the baseline")),
    key=("participant", "wave"),
    extra=True,
)

LEDGER = Schema(
    "ledger",
    "one row for each row or cell that was set aside or changed",
    (
        _text("stage", "stage that did it"),
        _text("file", "export, relative to the study folder", nullable=True),
        _text("sheet", "sheet of a workbook", nullable=True),
        _count("row", "row as a spreadsheet shows it", nullable=True),
        _text("column", "column of the export", nullable=True),
        _text("participant", "pseudonym", nullable=True),
        _text("rule", "name of the rule, kebab-case"),
        _text("found", "the value found, as text", nullable=True),
        _text("allowed", "what would have been accepted", nullable=True),
        _text("action", "row set aside | cell set aside | cell changed | flagged"),
        _text("remedy", "what a person can do about it", nullable=True),
    ),
)

# ---- counts: rows about groups -------------------------------------------------------------------------------

TALLY = Schema(
    "tally",
    "the books of every stage: in = kept + set aside, checked when the table is made",
    (
        _text("stage", "stage"),
        _text("unit", "what is counted: rows, responses, cells, scores, people"),
        _count("n_in", "units that came in; missing where the count is suppressed", nullable=True),
        _count("n_kept", "units that went on; missing where the count is suppressed", nullable=True),
        _count("n_set_aside", "units set aside; missing where the count is suppressed", nullable=True),
    ),
    key=("stage", "unit"),
)

FLOW = Schema(
    "flow",
    "who is left at each stage, per outcome, wave and cohort",
    (
        _OUTCOME,
        _WAVE,
        _COHORT,
        _text("stage", "enrolled | answered | scoreable | analysed, each a subset of the one before it"),
        _text("reason", "'' for those who are still there, else why people left at this stage", nullable=True),
        _count("n", "people; missing where the count is suppressed", nullable=True),
    ),
    key=("outcome", "wave", "cohort", "stage", "reason"),
)

SET_ASIDE = Schema(
    "set_aside",
    "how often each rule acted",
    (
        _text("stage", "stage"),
        _text("rule", "rule"),
        _text("action", "row set aside | cell set aside | cell changed | flagged"),
        _count("n", "times; missing where the count is suppressed", nullable=True),
    ),
    key=("stage", "rule", "action"),
)

# ---- results -------------------------------------------------------------------------------------------------

ESTIMATES = Schema(
    "estimates",
    "one row a contrast",
    (
        _OUTCOME,
        _text("domain", "as declared"),
        _text("role", "primary | secondary | exploratory"),
        _text("analysis", "primary, or the name of the sensitivity analysis"),
        _text("contrast", "'mentored - unmentored': which cohort against which"),
        _WAVE,
        _text("subgroup", "variable, '' for everyone", nullable=True),
        _text("subgroup_level", "level, '' for everyone", nullable=True),
        _number("estimate", "difference in change since baseline, in the scale's own points and sign", nullable=True),
        _number("se", "standard error, points", nullable=True),
        _number("df", "degrees of freedom", nullable=True),
        _number("statistic", "estimate / se", nullable=True),
        _number("p", "two-sided", nullable=True),
        _number("p_bh", "Benjamini-Hochberg within domain, secondary outcomes", nullable=True),
        _number("p_holm", "Holm over the primary claims", nullable=True),
        _number("ci_low", "points", nullable=True),
        _number("ci_high", "points", nullable=True),
        _number("effect_size", "Hedges' g on the pooled unadjusted baseline SD, scale's own sign", nullable=True),
        _number("es_low", "lower limit of effect_size", nullable=True),
        _number("es_high", "upper limit of effect_size", nullable=True),
        _count("improvement_sign", "1 where higher is better, -1 where lower is better"),
        _count("n_participants", "people in the model", nullable=True),
        _count("n_observations", "person-waves in the model", nullable=True),
        _count("n_clusters", "clusters of the outermost declared level", nullable=True),
        _text("covariance", "structure that was fitted", nullable=True),
        _text("df_method", "how df was computed", nullable=True),
        _text("status", "ok | boundary | fallback | not-estimable"),
        _text("note", "why the status is not ok, and every warning of the fit", nullable=True),
    ),
    key=("outcome", "analysis", "contrast", "wave", "subgroup", "subgroup_level"),
)

MEANS = Schema(
    "means",
    "model-based mean of each cohort at each wave, covariates at the sample's averages",
    (
        _OUTCOME,
        _text("analysis", "primary, or the name of the sensitivity analysis"),
        _WAVE,
        _number("month", "months since the baseline"),
        _COHORT,
        _number("mean", "points", nullable=True),
        _number("se", "points", nullable=True),
        _number("ci_low", "points", nullable=True),
        _number("ci_high", "points", nullable=True),
        _count("n_participants", "people observed at this wave; missing where suppressed", nullable=True),
    ),
    key=("outcome", "analysis", "wave", "cohort"),
)

MODELS = Schema(
    "models",
    "one row a fitted model",
    (
        _OUTCOME,
        _text("analysis", "primary, or the name of the sensitivity analysis"),
        _text("formula", "fixed effects"),
        _text("estimator", "which program fitted it"),
        _text("covariance", "structure that was fitted", nullable=True),
        _text("df_method", "how df was computed", nullable=True),
        _number("loglik", "REML or ML log-likelihood", nullable=True),
        _count("n_participants", "people"),
        _count("n_observations", "person-waves"),
        _text("status", "ok | boundary | fallback | not-estimable"),
        _text("note", "every warning of the fit", nullable=True),
    ),
    key=("outcome", "analysis"),
)

COMPONENTS = Schema(
    "components",
    "variance components of each fitted model",
    (
        _OUTCOME,
        _text("analysis", "as in models"),
        _text("component", "participant, site, residual, or covariance[wave, wave]"),
        _number("value", "variance or covariance, squared points"),
    ),
    key=("outcome", "analysis", "component"),
)

DISTRIBUTIONS = Schema(
    "distributions",
    "how many people scored in each band; bands are joined until each holds at least min_cell people",
    (
        _OUTCOME,
        _WAVE,
        _COHORT,
        _number("low", "lower edge of the band, included"),
        _number("high", "upper edge of the band, excluded except at the top of the scale"),
        _count("n", "people in the band"),
    ),
    key=("outcome", "wave", "cohort", "low"),
)

CLAIMS = Schema(
    "claims",
    "what the programme says it does, and what these data say about it",
    (
        _text("claim", "key of the claim in the study file"),
        _text("text", "as the programme puts it"),
        _OUTCOME,
        _WAVE,
        _text("contrast", "which cohort against which"),
        _number("worthwhile", "smallest worthwhile difference, points", nullable=True),
        _number("estimate", "points, positive is improvement in the claimed direction", nullable=True),
        _number("ci_low", "points", nullable=True),
        _number("ci_high", "points", nullable=True),
        _number("p", "two-sided, unadjusted", nullable=True),
        _number("p_adjusted", "Holm for primary, Benjamini-Hochberg for secondary", nullable=True),
        _text("verdict", "key of the verdict in the wording file"),
        _text("sentence", "the verdict in words"),
    ),
    key=("claim",),
)

WITHHELD = Schema(
    "withheld",
    "the audit of disclosure control: every number that was taken out of a public table",
    (
        _text("table", "public table that lost it"),
        _text("row", "which row, by the names in it"),
        _text("column", "which columns, 'all' where the row itself is gone"),
        _text("reason", "why"),
    ),
)

SCHEMAS = {
    schema.name: schema
    for schema in (
        RESPONSES, PEOPLE, ANSWERS, SCORES, PANEL, LEDGER, TALLY, FLOW, SET_ASIDE,
        ESTIMATES, MEANS, MODELS, COMPONENTS, DISTRIBUTIONS, CLAIMS, WITHHELD,
    )
}  # fmt: skip


def check_table(frame, schema, *, extra=()):
    """Return `frame` with the schema's columns in order, or raise `TableError`.

    frame: any DataFrame; its index is dropped
    extra: names of the study's own columns that follow the declared ones, in order (only where the schema allows it)
    """
    if extra and not schema.extra:
        raise TableError(f"{schema.name}: takes no columns of the study's own")
    wanted = [*schema.names, *extra]
    missing = [name for name in wanted if name not in frame.columns]
    surplus = [name for name in frame.columns if name not in wanted]
    if missing or surplus:
        raise TableError(f"{schema.name}: missing columns {missing}, surplus columns {surplus}")
    checked = frame[wanted].reset_index(drop=True)
    for column in schema.columns:
        checked[column.name] = _as_kind(checked[column.name], column, schema.name)
    if schema.key and _repeats(checked[list(schema.key)]):
        raise TableError(f"{schema.name}: rows are not unique in {list(schema.key)}")
    return checked


def empty_table(schema, *, extra=()):
    """A table of no rows that fits its schema."""
    return check_table(pd.DataFrame(columns=[*schema.names, *extra]), schema, extra=extra)


def codes_and_levels(values):
    """(a whole number a row, the names they stand for) of a column of names.

    A Categorical keeps its own order, other columns are numbered in order of appearance; -1 is a missing name.
    """
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values.cat.codes.to_numpy(), values.cat.categories
    return pd.factorize(values)


_DTYPES = {"text": "str", "number": "float64", "count": "Int64", "date": "datetime64[s]", "flag": "bool"}


def _as_kind(values, column, table):
    if not column.nullable and values.isna().any():
        raise TableError(f"{table}.{column.name}: missing values are not allowed")
    if column.kind == "text" and isinstance(values.dtype, pd.CategoricalDtype):
        if not pd.api.types.is_string_dtype(values.cat.categories):
            raise TableError(f"{table}.{column.name}: categories that are not text")
        return values
    if column.kind == "count" and isinstance(values.dtype, np.dtype) and values.dtype.kind in "iu":
        return values
    try:
        return values.astype(_DTYPES[column.kind])
    except (TypeError, ValueError) as error:
        # `from None`: the library's message may hold a participant's value
        raise TableError(f"{table}.{column.name}: not {column.kind} ({type(error).__name__})") from None


def _repeats(key):
    """Does any row of `key` occur twice? One whole number a row decides, so that 40 million rows are affordable."""
    if key.empty:
        return False
    combined, size = np.zeros(len(key), dtype=np.int64), 1
    for _, values in key.items():
        codes, levels = _codes(values)
        size *= levels
        if size > np.iinfo(np.int64).max:
            return bool(key.duplicated().any())
        combined *= levels
        combined += codes
    # stages write their long tables in the order of the key: then one comparison with the neighbour is enough
    return not bool((combined[1:] > combined[:-1]).all()) and bool(pd.Series(combined).duplicated().any())


def _codes(values):
    """Whole numbers from 0 that tell the values apart, missing ones included, and how many there can be."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values.cat.codes.to_numpy().astype(np.int64) + 1, len(values.cat.categories) + 1
    if isinstance(values.dtype, np.dtype) and values.dtype.kind in "iu":
        low = int(values.min())
        return values.to_numpy().astype(np.int64) - low, int(values.max()) - low + 1
    codes, uniques = pd.factorize(values)
    return codes.astype(np.int64) + 1, len(uniques) + 1
