"""Every estimate: for each outcome all analyses side by side, and how far each lies from the primary one."""

import pandas as pd

from alongside.figures.draw import describe_figures, list_figures, read_table
from alongside.figures.words import (
    find_cohort,
    find_outcome,
    find_wave,
    format_count,
    format_interval,
    format_level,
    format_number,
    format_p,
    join_words,
)
from alongside.report.analyses import explain_analysis, name_analysis
from alongside.report.blocks import Column, Details, Group, Heading, Items, Paragraph, Picture, Strong, Table
from alongside.report.technical.study import name_contrast
from alongside.tables.analyses import BEFORE_AFTER, FOLLOW_UP_SD

DISTANCE = (
    "Distance is an analysis' estimate minus the primary one, in standard errors of the primary. Within half a "
    "standard error two analyses tell the same story; beyond one, the answer rests on the choice between them."
)
DIGITS = (
    "Points and g are shown in multiples of at least a twentieth of their standard error, t with one decimal, degrees "
    "of freedom as they belong to the rounded counts, because more digits would tell how many people stand behind a "
    "number. What follows from them is computed from what is shown. The evaluator has them all: "
    "restricted/work/judged/estimates.parquet."
)
FAR = 1.0


def compose_estimates(results):
    study = results["study"]
    estimates = read_table(results, "estimates")
    between = estimates[estimates["contrast"].isin(study["contrasts"])]
    blocks = [Heading(2, "Every estimate", "estimates", "Estimates")]
    if between.empty:
        return [*blocks, Paragraph("No difference could be estimated.")]
    figures, words = list_figures(results), describe_figures(results, kinds=("forest",))
    blocks += [Picture(name, words[name]) for name, (kind, _) in figures.items() if kind == "forest"]
    explained = [key for key in dict.fromkeys(estimates["analysis"]) if explain_analysis(key)]
    distances = _read_distances(results)
    blocks += [
        Paragraph("Each outcome was analysed in several ways. The primary row decides; the others show what it rests "
                  "on."),
        Items(tuple((Strong(f"{name_analysis(key)}. "), explain_analysis(key)) for key in explained)),
        Paragraph(DISTANCE),
        *([Paragraph(DIGITS)] if study["min_cell"] > 1 else []),
        Paragraph(_say_far(distances, study)),
    ]  # fmt: skip
    for outcome in study["outcomes"]:
        mine = between[between["outcome"] == outcome["key"]]
        if len(mine):
            blocks.append(Heading(3, outcome["label"], f"estimates-{outcome['key']}"))
            blocks += _tabulate_outcome(outcome, mine, distances, _list_said(results, outcome), study)
    alone = estimates[estimates["analysis"] == BEFORE_AFTER]
    if len(alone):
        blocks += [Heading(3, "Each cohort by itself", "alone"), _tabulate_alone(alone, study)]
    return blocks


def _read_distances(results):
    """{(outcome, contrast, wave, analysis): distance in standard errors}, where there is one."""
    rows = results["tables"]["distances"]
    return {
        (row["outcome"], row["contrast"], row["wave"], row["analysis"]): row["apart_se"]
        for row in rows
        if row["apart_se"] is not None and row["subgroup"] == ""
    }


def _list_said(results, outcome):
    rows = results["tables"]["models"]
    return {part for row in rows if row["outcome"] == outcome["key"] for part in (row["note"] or "").split("; ")}


def _say_far(distances, study):
    far = [
        f"{name_analysis(analysis)} ({find_outcome(study, outcome)['label']}, "
        f"{find_wave(study, wave)['label'].lower()}: {format_number(distance, places=2, plus=True)})"
        for (outcome, _, wave, analysis), distance in distances.items()
        if abs(distance) > FAR
    ]
    if not distances:
        return "There is no second analysis beside a primary estimate."
    if not far:
        return "In this study no analysis lies more than one standard error from the primary one."
    return f"In this study more than one standard error from the primary one: {join_words(far)}."


def _tabulate_outcome(outcome, mine, distances, said, study):
    """Points in one table, standardised differences and counts in another; then what the models do not say.

    said: what stands in the notes of this outcome's models, piece by piece
    """
    points, counts, notes = [], [], {}
    for (wave, contrast), rows in mine.groupby(["wave", "contrast"], sort=False, observed=True):
        title = Group(f"{find_wave(study, wave)['label']}: {name_contrast(contrast, study).lower()}")
        points.append(title)
        counts.append(title)
        for row in rows.itertuples(index=False):
            name = _name_row(row)
            away = distances.get((row.outcome, row.contrast, row.wave, row.analysis))
            if row.analysis != FOLLOW_UP_SD:  # the primary row's points once more
                points.append((
                    name, format_number(row.estimate, places=2, plus=True),
                    format_interval(row.ci_low, row.ci_high, places=2), format_number(row.se, places=2),
                    format_number(row.df, places=1), format_number(row.statistic, places=1), format_p(row.p),
                    format_p(row.p_holm if pd.notna(row.p_holm) else row.p_bh),
                    format_number(away, places=2, plus=True),
                ))  # fmt: skip
            counts.append((
                name, format_number(row.effect_size, places=3, plus=True),
                format_interval(row.es_low, row.es_high, places=3),
                *(format_count(n) for n in (row.n_participants, row.n_observations)),
                f"{row.n_clusters}" if pd.notna(row.n_clusters) else "none", row.df_method or "", row.status,
            ))  # fmt: skip
            if row.note and not set(row.note.split("; ")) <= said:
                notes.setdefault((name, row.note), []).append(find_wave(study, wave)["label"].lower())
    level = format_level(study)
    better = "higher" if outcome["higher_is"] == "better" else "lower"
    blocks = [
        Table(
            f"{outcome['label']}: difference in change, in points of the scale ({better} is better)",
            (Column("Analysis"), Column("Difference", "right"), Column(f"{level} interval", "right"),
             Column("SE", "right"), Column("df", "right"), Column("t", "right"), Column("p", "right"),
             Column("p, adjusted", "right"), Column("Distance, SE", "right")),
            tuple(points),
        ),
        Table(
            f"{outcome['label']}: standardised, and what stands behind each row",
            (Column("Analysis"), Column("Hedges' g, scale's own sign", "right"), Column(f"{level} interval", "right"),
             Column("People", "right"), Column("Scores", "right"), Column("Clusters", "right"),
             Column("Degrees of freedom by"), Column("Status")),
            tuple(counts),
        ),
    ]  # fmt: skip
    if notes:
        items = tuple(
            (Strong(f"{name}, {join_words(dict.fromkeys(waves))}: "), f"{note}.")
            for (name, note), waves in notes.items()
        )
        blocks.append(Details(f"Notes on single rows: {outcome['label']}", (Items(items),)))
    return blocks


def _name_row(row):
    part = f", {row.subgroup.replace('_', ' ')}: {row.subgroup_level}" if row.subgroup else ""
    return name_analysis(row.analysis) + part


def _tabulate_alone(alone, study):
    rows, outcome = [], None
    for row in alone.itertuples(index=False):
        if row.outcome != outcome:
            rows.append(Group(find_outcome(study, row.outcome)["label"]))
            outcome = row.outcome
        rows.append((
            find_wave(study, row.wave)["label"], find_cohort(study, row.contrast)["label"],
            format_number(row.estimate, places=2, plus=True), format_interval(row.ci_low, row.ci_high, places=2),
            format_number(row.se, places=2), format_p(row.p),
            format_count(row.n_participants),
        ))  # fmt: skip
    columns = (
        Column("Survey"), Column("Cohort"), Column("Change, points", "right"),
        Column(f"{format_level(study)} interval", "right"), Column("SE", "right"), Column("p", "right"),
        Column("People", "right"),
    )  # fmt: skip
    return Table(
        "Change since the baseline of those who answered both surveys", columns, tuple(rows),
        note="No comparison stands behind these numbers. They are what a before-and-after chart would have shown. Two "
        "of them need not subtract to a difference in change: that uses everybody's answers and what is allowed for.",
    )  # fmt: skip
