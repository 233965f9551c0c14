"""results.json: everything a report may say, in one plain dictionary, and where it came from.

In: the study file as typed objects, its instruments, and the public tables (after disclosure control). Out: `results`,
plain text, numbers, lists and dictionaries only, so that it survives JSON; documents and figures are made from it and
from nothing else.

    format        "alongside-results/1"
    study         slug, title, organisation, design, question, contact, baseline, comparison, contrasts, assigned_by,
                  clusters, covariates, adjust_for, covariance, df, confidence, headline, seed, min_cell, round_to,
                  benchmarks
      cohorts     [{key, label, comparison}], the comparison first
      waves       [{key, label, month, since, collected, retrospective}], in order; the first is the baseline;
                  since: months after the baseline
      outcomes    [{key, label, domain, role, kind, higher_is, min, max, waves, worthwhile, modelled,
                    instrument: null or {id, name, version, citation, rights, n_items, not_verified}}]
    tables        rows of every public table of alongside.tables (estimates, means, models, components, flow, claims,
                  rejudged, flags, distributions, set_aside, tally, withheld, instruments, keying, reliability,
                  item_checks, inter_item) and those that follow from them (report/derived.py):
      response      outcome, wave, cohort, enrolled, answered, analysed, percent (analysed of enrolled)
      changes       outcome, wave, cohort, change (of the cohort's mean in the primary model since the baseline)
      starts        outcome, contrast, apart (points, at the baseline, in the primary model), apart_sd (pooled)
      distances     outcome, contrast, wave, subgroup, subgroup_level, analysis, apart, apart_se (from the primary)
      correlations  outcome, analysis, first, second (waves), covariance, correlation
    notes         sentences about this run ("wave followup: not yet collected")
    not_done_yet  sentences: declared in the study file, not done by this version
    look_after    sentences: items whose answers may call for somebody to look after a person
    provenance    study_file, instruments (SHA-256), inputs (keyed, report/describe.py), versions, data_collected
                  (first and last month; null where a collected wave has no dates)

Derived numbers are stored, so that every number a page prints stands in the results. Numbers keep ten
significant digits, where disclosure control has not left them fewer (docs/privacy.md); keys are sorted; there is no
clock. It fails, as a bug, where a table does not fit its schema.
"""

import pandas as pd

from alongside.report.derived import (
    derive_changes,
    derive_correlations,
    derive_distances,
    derive_response,
    derive_starts,
)
from alongside.tables import SCHEMAS
from alongside.tables.check import check_table

FORMAT = "alongside-results/1"
DIGITS = 10
PUBLIC_TABLES = (
    "estimates", "means", "models", "components", "flow", "claims", "rejudged", "flags", "distributions",
    "set_aside", "tally", "withheld", "instruments", "keying", "reliability", "item_checks", "inter_item",
)  # fmt: skip


def assemble_results(tables, *, study, notes, not_done_yet, look_after, provenance):
    """Put one run's public results together.

    tables: {name: DataFrame} of PUBLIC_TABLES, after disclosure control; study: from describe_study
    notes, not_done_yet, look_after: sentences; provenance: from describe_provenance
    """
    frames = {name: to_typed(tables[name], name) for name in PUBLIC_TABLES}
    frames["response"] = derive_response(frames["flow"])
    frames["changes"] = derive_changes(frames["means"], baseline=study["baseline"])
    frames["starts"] = derive_starts(
        frames["means"], frames["components"], baseline=study["baseline"], contrasts=study["contrasts"]
    )
    frames["distances"] = derive_distances(frames["estimates"])
    frames["correlations"] = derive_correlations(frames["components"])
    return sort_keys({
        "format": FORMAT,
        "study": study,
        "tables": {name: to_rows(frame) for name, frame in frames.items()},
        "notes": list(notes),
        "not_done_yet": list(not_done_yet),
        "look_after": list(look_after),
        "provenance": provenance,
    })  # fmt: skip


def to_typed(frame, name):
    """A table as its schema declares it, with categories as plain texts."""
    plain = frame.astype({column: "str" for column in frame.columns if frame[column].dtype == "category"})
    return check_table(plain, SCHEMAS[name])


def to_rows(frame):
    """Rows of plain Python values; missing numbers and texts become None."""
    columns = {name: [_to_plain(value) for value in frame[name]] for name in frame.columns}
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def round_numbers(frame):
    """The frame with its numbers at ten significant digits, as in results.json."""
    return frame.assign(**{
        name: frame[name].map(_shorten, na_action="ignore")
        for name in frame.columns if pd.api.types.is_float_dtype(frame[name])
    })  # fmt: skip


def sort_keys(value):
    """Nested plain values with sorted keys and short numbers: written as JSON, equal results give equal bytes."""
    if isinstance(value, dict):
        return {key: sort_keys(value[key]) for key in sorted(value)}
    if isinstance(value, list | tuple):
        return [sort_keys(item) for item in value]
    return _shorten(value) if isinstance(value, float) else value


def _to_plain(value):
    if pd.isna(value):
        return None
    return value.item() if hasattr(value, "item") else value


def _shorten(number):
    return float(f"{number:.{DIGITS}g}")
