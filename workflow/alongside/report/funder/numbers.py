"""The numbers behind the answer, and what a before-and-after chart alone would have said."""

import pandas as pd

from alongside.figures.draw import read_table
from alongside.figures.forest import ROLES, select_rows
from alongside.figures.words import (
    DASH,
    find_cohort,
    find_outcome,
    format_count,
    format_interval,
    format_level,
    format_number,
    format_p,
    join_words,
    name_direction,
    split_contrast,
)
from alongside.report.blocks import Column, Details, Group, Heading, Items, Paragraph, Table
from alongside.report.plain import name_wave, read_changes, say_better, say_interval
from alongside.tables.analyses import FOLLOW_UP_SD

ELSEWHERE = (
    "People tend to join a programme when things are bad, and things that are bad tend to get better by themselves. "
    "They also grow older, live through much else, and answer a familiar questionnaire differently. A chart of one "
    "cohort counts all of that for the programme."
)
FOLLOW_UP = "Published averages mostly use the standard deviation at follow-up, as the fourth column does. "


def compose_numbers(results):
    study = results["study"]
    blocks = [Heading(2, "The numbers behind it", "numbers", "Numbers")]
    estimates = read_table(results, "estimates")
    for contrast in study["contrasts"]:
        rows = select_rows(estimates, study=study, contrast=contrast)
        if len(rows):
            blocks += _tabulate_estimates(rows, estimates, study, contrast)
    if len(blocks) == 1:
        blocks.append(Paragraph("No difference could be estimated."))
    return [*blocks, *_compose_before_after(results)]


def _tabulate_estimates(rows, estimates, study, contrast):
    """One table for everybody, one for those who must defend the numbers, and every note that a model carries."""
    first, second = (find_cohort(study, cohort)["label"].lower() for cohort in split_contrast(contrast))
    level = format_level(study)
    later = select_rows(estimates, study=study, contrast=contrast, analysis=FOLLOW_UP_SD).set_index(["outcome", "wave"])
    plain, exact, role, notes = [], [], None, {}
    for row in rows.itertuples(index=False):
        if row.role != role:
            plain.append(Group(ROLES[row.role]))
            exact.append(Group(ROLES[row.role]))
            role = row.role
        outcome = find_outcome(study, row.outcome)
        if row.note:
            notes.setdefault(row.note, []).append(outcome["label"])
        name = f"{outcome['label']}, {name_wave(study, row.wave)}"
        plain.append((
            name, say_better(row.estimate, sign=row.improvement_sign),
            say_interval(row.ci_low, row.ci_high, sign=row.improvement_sign),
            format_count(row.n_participants),
        ))  # fmt: skip
        at = (row.outcome, row.wave)
        exact.append((
            name, format_number(row.g, places=2, plus=True), format_interval(row.low, row.high, places=2),
            format_number(later.loc[at, "g"] if at in later.index else None, places=2, plus=True),
            format_number(row.se, places=2), format_number(row.df, places=0), format_p(row.p),
            format_p(row.p_holm if pd.notna(row.p_holm) else row.p_bh),
        ))  # fmt: skip
    blocks = [
        Table(
            f"How much more the {first} cohort changed since the baseline than the {second} cohort",
            (Column("Outcome and survey"), Column("Difference in change", "right"),
             Column(f"{level} interval", "right"), Column("People", "right")),
            tuple(plain), note=f"Better: the {first} cohort changed more for the better than the {second} cohort, by "
            "so many points of the scale; worse: more for the worse.",
        ),
        Details("For evaluators: standardised differences, degrees of freedom, p", (
            Table(
                f"{first.capitalize()} compared with {second}: the same differences, standardised",
                (Column("Outcome and survey"), Column("Hedges' g, plus is better", "right"),
                 Column(f"{level} interval", "right"), Column("g, SD at follow-up", "right"),
                 Column("SE, points", "right"), Column("df", "right"), Column("p", "right"),
                 Column("p, adjusted", "right")),
                tuple(exact), note=f"g: the difference in change over the pooled standard deviation at the baseline. "
                f"{FOLLOW_UP if study['benchmarks'] else ''}Adjusted p: Holm over the claims about main "
                f"outcomes, Benjamini-Hochberg within a domain for further outcomes; {DASH} where there is none.",
            ),
        )),
    ]  # fmt: skip
    if notes:
        items = tuple(f"{join_words(dict.fromkeys(labels))}: {note}." for note, labels in notes.items())
        blocks[1:1] = [Details("Notes that the models carry", (Items(items),))]
    return blocks


def _compose_before_after(results):
    """Each cohort's change by itself, beside what is left between them; told for the first outcome."""
    study = results["study"]
    estimates, changes = read_table(results, "estimates"), read_changes(results)
    body, lead = [], None
    for contrast in study["contrasts"]:
        pair = split_contrast(contrast)
        names = [find_cohort(study, cohort)["label"] for cohort in pair]
        if len(study["contrasts"]) > 1:
            body.append(Group(f"{names[0]} and {names[1].lower()}"))
        for row in select_rows(estimates, study=study, contrast=contrast).itertuples(index=False):
            moved = [changes.get((row.outcome, row.wave, cohort)) for cohort in pair]
            if None in moved or pd.isna(row.estimate):
                continue
            lead = lead or _tell_story(row, moved, names, study)
            body.append((
                f"{find_outcome(study, row.outcome)['label']}, {name_wave(study, row.wave)}",
                *(say_better(change, sign=row.improvement_sign, unit="") for change in (*moved, row.estimate)),
            ))  # fmt: skip
    if lead is None:
        return []
    heads = names if len(study["contrasts"]) == 1 else ["First cohort", "Second cohort"]
    columns = (Column("Outcome and survey"), *(Column(f"{head}, points", "right") for head in heads),
               Column("Difference in change, points", "right"))  # fmt: skip
    return [
        Heading(2, "What a before-and-after chart alone would have said", "before-after", "Before and after"),
        Paragraph(lead),
        Paragraph(ELSEWHERE),
        Table(
            "Change since the baseline in each cohort, and the difference in change", columns, tuple(body),
            note="All three are from the same model: the last column is the first cohort's change minus the second's, "
            "but for rounding: each is rounded by itself. How much those changed who answered both "
            "surveys, with nothing allowed for, stands in the technical report; it need not agree with this table.",
        ),
    ]  # fmt: skip


def _tell_story(row, moved, names, study):
    outcome, sign = find_outcome(study, row.outcome), row.improvement_sign
    told = [say_better(change, sign=sign) for change in moved]
    interval = say_interval(row.ci_low, row.ci_high, sign=sign)
    return (
        f"{outcome['label']}, {name_wave(study, row.wave)}. {name_direction(outcome)} A chart of the "
        f"{names[0].lower()} cohort alone would have shown a change of {told[0]} and stopped there. Over the same "
        f"months the {names[1].lower()} cohort changed by {told[1]}. The difference in change between the two is "
        f"{say_better(row.estimate, sign=sign)} ({format_level(study)} interval: {interval})."
    )
