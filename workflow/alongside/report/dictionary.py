"""The data dictionary of the cleaned data: what every column of every restricted table means.

In: a checked study and its codebooks. Out: one row a column, or a column and outcome where outcomes differ; and the
blocks of a page that shows them. Only what the study file, the codebooks and the table schemas say goes in: no export
is opened, so nobody's value can be in it, and it may be shared where the tables may not.

Which scale, key (its hash) and rule stand behind a number is said in its row. No item's wording.
"""

import pandas as pd

from alongside.instruments import find_measure
from alongside.instruments.departures import say_rule, say_scores
from alongside.instruments.totals import find_total_measure
from alongside.report.blocks import Column, Group, Heading, Note, Paragraph, Strong, Table
from alongside.tables import ANSWERS, PANEL, PEOPLE, SCORES

TABLES = (PANEL, SCORES, ANSWERS, PEOPLE)
FIELDS = ("table", "column", "outcome", "meaning", "type", "may_be_missing", "allowed", "labels", "source", "scale",
          "scored", "key_hash")  # fmt: skip
KINDS = {"text": "text", "number": "number", "count": "whole number", "date": "date", "flag": "true or false"}
OF_OUTCOMES = {("scores", "score"), ("answers", "value")}


def list_columns(study, instruments):
    """The dictionary as a frame of texts, FIELDS by name. instruments: {id: Instrument}"""
    rows = []
    for schema in TABLES:
        for column in schema.columns:
            if (schema.name, column.name) not in OF_OUTCOMES:
                rows.append(_plain(schema, column, study))
                continue
            rows += [
                _of_outcome(schema.name, column, name, outcome, find_measure(outcome, instruments), instruments)
                for name, outcome in study.outcomes.items()
            ]
        if schema.extra:
            rows += _facts(schema, study)
        if schema is PANEL:
            rows += [
                _of_outcome("panel", None, name, outcome, find_measure(outcome, instruments), instruments)
                for name, outcome in study.outcomes.items()
            ]
    return pd.DataFrame([{field: row.get(field, "") for field in FIELDS} for row in rows], columns=list(FIELDS))


def _plain(schema, column, study):
    allowed, labels = _levels(column.name, study)
    return {
        "table": schema.name,
        "column": column.name,
        "meaning": column.meaning,
        "type": KINDS[column.kind],
        "may_be_missing": "yes" if column.nullable else "no",
        "allowed": allowed,
        "labels": labels,
    }


def _levels(name, study):
    """(allowed, labels) of the columns whose values the study file names."""
    cohort = study.participants.cohort
    if name == "cohort":
        return "; ".join(cohort.levels), "; ".join(
            f"{level} = {', '.join(values)} in the files" for level, values in cohort.levels.items()
        )
    if name == "wave":
        return "; ".join(study.waves), "; ".join(f"{key} = {wave.label}" for key, wave in study.waves.items())
    if name == "month":
        return "; ".join(f"{wave.month:g}" for wave in study.waves.values()), ""
    if name == "outcome":
        return "; ".join(study.outcomes), ""
    return "", ""


def _facts(schema, study):
    """Clusters, the mentor, covariates and dose, in the order in which intake writes them."""
    people = study.participants
    named = [(name, "cluster that people belong to; the baseline's counts", name) for name in people.clusters]
    if people.mentor:
        named.append((people.mentor, "mentor of a mentored person", people.mentor))
    for name, meaning, source in named:
        yield {"table": schema.name, "column": name, "meaning": meaning, "type": "text", "may_be_missing": "yes",
               "allowed": "as in the files", "source": source}  # fmt: skip
    for block, meaning in ((people.covariates, "known before the programme"), (people.dose, "amount of mentoring")):
        for name, one in block.items():
            allowed = "0; 1" if one.kind == "yes-no" else "as in the files" if one.kind == "category" else _between(one)
            yield {"table": schema.name, "column": name, "meaning": meaning, "may_be_missing": "yes",
                   "type": "text" if one.kind == "category" else "number", "allowed": allowed,
                   "labels": "0 = no; 1 = yes" if one.kind == "yes-no" else "", "source": one.column}  # fmt: skip


def _of_outcome(table, column, name, outcome, measure, instruments):
    row = {
        "table": table,
        "column": column.name if column else name,
        "outcome": name,
        "type": "number",
        "may_be_missing": "yes" if column is None or column.nullable else "no",
        "source": _say_source(outcome),
    }
    words = name.replace("_", " ")
    better = f"a high value is {outcome.higher_is}"
    if measure is None:
        limits = _between(outcome)
        allowed = {"yes-no": "0; 1", "count": limits or "0 or more"}.get(outcome.kind, limits)
        labels = "0 = no; 1 = yes" if outcome.kind == "yes-no" else ""
        row |= {"meaning": f"{words}, {outcome.kind}; {better}", "allowed": allowed, "labels": labels}
        total = find_total_measure(outcome, instruments)
        if total is not None:
            version = instruments[total.instrument].version
            row |= {"scale": f"{total.instrument} ({total.name}, {version})", "scored": "Computed before it came here."}
        return row
    scale = instruments[outcome.instrument]
    row |= {"scale": f"{scale.id} ({measure.name}, {scale.version})", "key_hash": measure.key_hash}
    if table == "answers":
        labels = sorted((scale.labels | outcome.labels).items(), key=lambda pair: pair[1])
        return row | {
            "meaning": f"answer to an item of {words}, before reversal; {_say_items(measure)}",
            "allowed": f"whole numbers, {_limits(measure.response)}",
            "labels": "; ".join(f"{number:g} = {label}" for label, number in labels),
            "source": row["source"] + _say_recorded(outcome),
        }
    return row | {
        "meaning": f"score of {words}; {better}",
        "allowed": _limits(measure.range),
        "scored": " ".join((_say_scored(measure), *measure.departures)),
    }


def _say_source(outcome):
    columns = outcome.columns if outcome.columns is not None else outcome.column
    if isinstance(columns, dict):
        columns = "; ".join(f"{wave}: {column}" for wave, column in columns.items())
    elif isinstance(columns, tuple):
        columns = ", ".join(columns)
    return f"{columns} (source {outcome.from_})" if outcome.from_ else columns


def _say_recorded(outcome):
    return "" if outcome.recorded is None else f", recorded {outcome.recorded[0]:g} to {outcome.recorded[1]:g}"


def _say_items(measure):
    items = ", ".join(map(str, measure.items)) if len(measure.items) < measure.n_scale else f"1 to {measure.n_scale}"
    reverse = ", ".join(map(str, measure.reversed))
    return f"items {items} of {measure.n_scale} in the order {measure.order}; reversed when scored: {reverse or 'none'}"


def _say_scored(measure):
    by = f"Scoring: {measure.scored_by}. " if measure.scored_by else ""
    return f"{by}{len(measure.items)} items, {say_scores(measure.parts)}; missing: {say_rule(measure.parts[0].rule)}."


def _limits(limits):
    return f"{limits.min:g} to {limits.max:g}"


def _between(declared):
    low, high = declared.min, declared.max
    if low is None and high is None:
        return ""
    return f"{low:g} to {high:g}" if None not in (low, high) else f"from {low:g}" if high is None else f"up to {high:g}"


ABOUT = {
    "panel": "One row a person and wave: what the models are fitted to.",
    "scores": "One row a person, wave and outcome, with how many items were answered and how many filled in.",
    "answers": "One row an answer.",
    "people": "One row a person.",
}


def compose_dictionary(columns, *, title):
    """The blocks of the page. columns: the frame of `list_columns`"""
    blocks = [
        Heading(1, f"Data dictionary: {title}", "top"),
        Paragraph(
            "What every column of the cleaned data means, from the study file and the codebooks. No participant's "
            "value stands here, so this page may be shared.",
            "lead",
        ),
        Note(
            "information", "Where the tables are",
            (Paragraph("The tables themselves hold rows about people, under pseudonyms. They are Parquet files in "
                       "restricted/work/ of the study's results, and stay there."),),
        ),
    ]  # fmt: skip
    for schema in TABLES:
        own = columns[columns["table"] == schema.name]
        blocks.append(Heading(2, schema.name.capitalize(), schema.name, schema.name.capitalize()))
        blocks.append(Paragraph(ABOUT[schema.name]))
        head = (Column("Column"), Column("What it holds"))
        blocks.append(Table(f"Columns of {schema.name}", head, tuple(_page_rows(own))))
    return blocks


def _page_rows(own):
    """Rows of the page; those of one column that differs by outcome stand under its name."""
    heading = ""
    for row in own.itertuples(index=False):
        by_outcome = row.outcome and row.column != row.outcome
        above = f"{row.column}, by outcome" if by_outcome else "for every outcome" if heading else ""
        if above != heading:
            heading = above
            yield Group(above)
        yield row.outcome if by_outcome else row.column, tuple(_say_column(row))


def _say_column(row):
    """Pieces of one cell: a page for a phone has no room for a column each."""
    yield f"{row.meaning[:1].upper()}{row.meaning[1:]}. "
    values = f"{row.type}{f', {row.allowed}' if row.allowed else ''}{f' ({row.labels})' if row.labels else ''}"
    yield from (Strong("Values: "), f"{values}. ")
    if row.source:
        yield from (Strong("In the exports: "), f"{row.source}. ")
    if row.scored and row.table == "scores":
        yield from (Strong("Scored: "), f"{row.scored} ")
    if row.scale:
        yield from (Strong("Scale: "), f"{row.scale}{f', key {row.key_hash}' if row.key_hash else ''}. ")
    if row.may_be_missing == "yes":
        yield "May be missing."
