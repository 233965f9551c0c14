"""The numbers behind the answer, and what a before-and-after chart alone would have said."""

import pandas as pd

from alongside.figures.draw import read_table
from alongside.figures.forest import ROLES, select_rows
from alongside.figures.words import (
    DASH,
    find_cohort,
    find_outcome,
    find_wave,
    format_count,
    format_interval,
    format_level,
    format_number,
    format_p,
    name_direction,
    split_contrast,
)
from alongside.report.blocks import Column, Details, Group, Heading, Items, Paragraph, Table

ELSEWHERE = (
    "People tend to join a programme when things are bad, and things that are bad tend to get better by themselves. "
    "They also grow older, change school, and answer a familiar questionnaire differently. A chart of one cohort "
    "counts all of that for the programme."
)
WAYS = {1: "better", -1: "worse", 0: "no change"}


def compose_numbers(results):
    study = results["study"]
    blocks = [Heading(2, "The numbers behind it", "numbers", "Numbers")]
    estimates = read_table(results, "estimates")
    for contrast in study["contrasts"]:
        rows = select_rows(estimates, study=study, contrast=contrast)
        if len(rows):
            blocks += _tabulate_estimates(rows, study, contrast)
    if len(blocks) == 1:
        blocks.append(Paragraph("No difference could be estimated."))
    return [*blocks, *_compose_before_after(results)]


def _tabulate_estimates(rows, study, contrast):
    """One table for everybody, one for those who must defend the numbers, and every note a model carries."""
    first, second = (find_cohort(study, cohort)["label"].lower() for cohort in split_contrast(contrast))
    level = format_level(study)
    plain, exact, role, notes = [], [], None, {}
    for row in rows.itertuples(index=False):
        if row.role != role:
            plain.append(Group(ROLES[row.role]))
            exact.append(Group(ROLES[row.role]))
            role = row.role
        outcome = find_outcome(study, row.outcome)
        if row.status != "ok":
            notes[f"{outcome['label']}: {row.note}"] = None
        name = f"{outcome['label']}, {find_wave(study, row.wave)['label'].lower()}"
        plain.append((
            name, format_number(row.estimate, plus=True), format_interval(row.ci_low, row.ci_high),
            "higher" if outcome["higher_is"] == "better" else "lower",
            format_count(row.n_participants, min_cell=study["min_cell"]),
        ))  # fmt: skip
        exact.append((
            name, format_number(row.g, places=2, plus=True), format_interval(row.low, row.high, places=2),
            format_number(row.se, places=2), format_number(row.df, places=0), format_p(row.p),
            format_p(row.p_holm if pd.notna(row.p_holm) else row.p_bh),
        ))  # fmt: skip
    blocks = [
        Table(
            f"How much more the {first} cohort changed since the baseline than the {second} cohort",
            (Column("Outcome and survey"), Column("Difference in change, points", "right"),
             Column(f"{level} interval", "right"), Column("Better is", "right"), Column("People", "right")),
            tuple(plain), note="Points keep the scale's own sign: where lower is better, a minus is good news.",
        ),
        Details("For evaluators: standardised differences, degrees of freedom, p", (
            Table(
                f"{first.capitalize()} compared with {second}: the same differences, standardised",
                (Column("Outcome and survey"), Column("Hedges' g, plus is better", "right"),
                 Column(f"{level} interval", "right"), Column("SE, points", "right"), Column("df", "right"),
                 Column("p", "right"), Column("p, adjusted", "right")),
                tuple(exact), note=f"g: the difference in change over the pooled standard deviation at the baseline. "
                f"Adjusted p: Holm over the claims about main outcomes, Benjamini-Hochberg within a domain for further "
                f"outcomes; {DASH} where there is none.",
            ),
        )),
    ]  # fmt: skip
    if notes:
        blocks[1:1] = [Paragraph("Notes on single outcomes (hollow points in the picture):"), Items(tuple(notes))]
    return blocks


def _compose_before_after(results):
    study = results["study"]
    changes, estimates = read_table(results, "changes"), read_table(results, "estimates")
    blocks = [Heading(2, "What a before-and-after chart alone would have said", "before-after", "Before and after")]
    if changes.empty:
        return []
    rows, lead = [], None
    for contrast in study["contrasts"]:
        first, second = split_contrast(contrast)
        for row in select_rows(estimates, study=study, contrast=contrast).itertuples(index=False):
            here = changes[(changes["outcome"] == row.outcome) & (changes["wave"] == row.wave)].set_index("cohort")
            if not {first, second} <= set(here.index) or here.loc[[first, second], "change"].isna().any():
                continue
            lead = lead or _tell_story(row, here, study, first, second)
            rows.append((
                f"{find_outcome(study, row.outcome)['label']}, {find_wave(study, row.wave)['label'].lower()}",
                *(f"{format_number(here.loc[cohort, 'change'], plus=True)} ({WAYS[int(here.loc[cohort, 'better'])]})"
                  for cohort in (first, second)),
                format_number(row.estimate, plus=True),
            ))  # fmt: skip
    if not rows:
        return []
    one = len(study["contrasts"]) == 1
    names = [find_cohort(study, key)["label"] for key in split_contrast(study["contrasts"][0])] if one else (
        ["First cohort", "Second cohort"]
    )  # fmt: skip
    columns = (
        Column("Outcome and survey"), Column(f"{names[0]}: change, points", "right"),
        Column(f"{names[1]}: change, points", "right"), Column("Difference in change", "right"),
    )  # fmt: skip
    return [
        *blocks, Paragraph(lead), Paragraph(ELSEWHERE),
        Table("Change since the baseline in each cohort, and what is left between them", columns, tuple(rows)),
    ]  # fmt: skip


def _tell_story(row, here, study, first, second):
    """One outcome, told the short way and the long way; `changes` holds every number."""
    outcome, wave = find_outcome(study, row.outcome), find_wave(study, row.wave)
    told = {}
    for cohort in (first, second):
        moved = here.loc[cohort]
        told[cohort] = (
            f"from {format_number(moved['mean_before'])} to {format_number(moved['mean'])}, a change of "
            f"{format_number(moved['change'], plus=True)} points ({WAYS[int(moved['better'])]})"
        )
    names = {cohort: find_cohort(study, cohort)["label"].lower() for cohort in (first, second)}
    return (
        f"{outcome['label']}, {wave['label'].lower()}: the average of the {names[first]} cohort went {told[first]}. A "
        f"before-and-after chart would stop here. Over the same months the average of the {names[second]} cohort went "
        f"{told[second]}. What is left between the two is {format_number(row.estimate, plus=True)} points, with a "
        f"{format_level(study)} interval from {format_interval(row.ci_low, row.ci_high)}. {name_direction(outcome)}"
    )
