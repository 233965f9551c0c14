"""Who answered, who was lost, and what was set aside."""

import pandas as pd

from alongside.figures.draw import describe_figures, list_analysed, list_figures, read_table
from alongside.figures.words import find_outcome, format_count, format_number
from alongside.report.blocks import Column, Details, Group, Heading, Items, Paragraph, Picture, Table
from alongside.tables.rulewords import word_rule, word_stage


def compose_people(results):
    return [*_compose_flow(results), *_compose_set_aside(results)]


def _compose_flow(results):
    study = results["study"]
    analysed = list_analysed(study)
    outcomes = [outcome for outcome in study["outcomes"] if outcome["key"] in analysed]
    response = read_table(results, "response")
    blocks = [Heading(2, "Who answered, and who was lost", "people", "People")]
    if response.empty:
        return [*blocks, Paragraph("Nobody could be counted.")]
    figures, words = list_figures(results), describe_figures(results, kinds=("flow",))
    drawn = [name for name, (kind, _) in figures.items() if kind == "flow"]
    ranked = sorted(drawn, key=lambda name: find_outcome(study, figures[name][1])["role"] != "primary")
    blocks += [
        Paragraph("People who leave a survey are seldom like those who stay. The more are missing, and the more "
                  "unequally, the less the numbers above can carry. Those who answered only some of the surveys stay "
                  "in the analysis with the answers they gave."),
        Picture(ranked[0], words[ranked[0]]),
        Details("The same for every outcome", (tabulate_response(response, study, outcomes),)),
        Details("Why answers are missing", (tabulate_reasons(results, outcomes),)),
    ]  # fmt: skip
    return blocks


def tabulate_response(response, study, outcomes):
    cohorts = [cohort for cohort in study["cohorts"] if cohort["key"] in set(response["cohort"])]
    rows = []
    for outcome in outcomes:
        mine = response[response["outcome"] == outcome["key"]]
        if len(mine):
            rows.append(Group(outcome["label"]))
        for wave in study["waves"]:
            here = mine[mine["wave"] == wave["key"]].set_index("cohort")
            if len(here):
                rows.append((wave["label"], *(_write_cell(here, cohort["key"]) for cohort in cohorts)))
    columns = (Column("Survey"), *(Column(f"{cohort['label']}: analysed of enrolled", "right") for cohort in cohorts))
    return Table("People in the analysis, of all enrolled, by outcome and survey", columns, tuple(rows))


def _write_cell(here, cohort):
    if cohort not in here.index:
        return format_number(None)
    row = here.loc[cohort]
    counts = [format_count(row[stage]) for stage in ("analysed", "enrolled")]
    share = "" if pd.isna(row["percent"]) else f" ({format_number(row['percent'], places=0)}%)"
    return f"{counts[0]} of {counts[1]}{share}"


def tabulate_reasons(results, outcomes):
    """One row a reason, the cohorts side by side; reasons that nobody had are left out."""
    study = results["study"]
    flow = read_table(results, "flow")
    left = flow[(flow["reason"].fillna("") != "") & (flow["n"].isna() | (flow["n"] > 0))]
    counts = {(row.outcome, row.wave, row.reason, row.cohort): row.n for row in left.itertuples(index=False)}
    cohorts = [cohort for cohort in study["cohorts"] if cohort["key"] in set(flow["cohort"])]
    rows = []
    for outcome in outcomes:
        mine = left[left["outcome"] == outcome["key"]]
        if len(mine):
            rows.append(Group(outcome["label"]))
        for wave in study["waves"]:
            for reason in mine.loc[mine["wave"] == wave["key"], "reason"].unique():
                keys = [(outcome["key"], wave["key"], reason, cohort["key"]) for cohort in cohorts]
                cells = (format_count(counts.get(key, 0)) for key in keys)
                rows.append((wave["label"], word_rule(reason), *cells))
    columns = (Column("Survey"), Column("Reason"), *(Column(cohort["label"], "right") for cohort in cohorts))
    return Table("Why people have no score at a survey", columns, tuple(rows))


def _compose_set_aside(results):
    study = results["study"]
    aside, tally = read_table(results, "set_aside"), read_table(results, "tally")
    blocks = [
        Heading(2, "What was set aside, and why", "set-aside", "Set aside"),
        Paragraph("Exports of surveys are untidy. Nothing is dropped in silence: every row and every cell that was set "
                  "aside or changed is counted here, and listed with its file and row for the evaluator."),
    ]  # fmt: skip
    used = tally[tally["n_set_aside"].isna() | (tally["n_set_aside"] > 0)]
    if len(used):
        blocks.append(tabulate_books(used, study, "Where something was set aside"))
    if len(aside):
        blocks.append(Details("Rule by rule", (tabulate_rules(aside),)))
    if len(tally):
        blocks.append(Details("The books of every step", (tabulate_books(tally, study, "In = kept + set aside"),)))
    if results["notes"]:
        blocks.append(Details("What the program noticed while reading", (Items(tuple(results["notes"])),)))
    return blocks


def tabulate_rules(aside):
    rows = tuple((word_rule(row.rule), row.action, format_count(row.n)) for row in aside.itertuples(index=False))
    columns = (Column("Rule"), Column("What was done"), Column("Times", "right"))
    return Table("How often each rule acted", columns, rows)


def tabulate_books(tally, study, caption):
    rows = tuple(
        (
            word_stage(row.stage), row.unit,
            *(format_count(n) for n in (row.n_in, row.n_kept, row.n_set_aside)),
        )
        for row in tally.itertuples(index=False)
    )  # fmt: skip
    columns = (Column("Step"), Column("Unit"), Column("Came in", "right"), Column("Kept", "right"),
               Column("Set aside", "right"))  # fmt: skip
    note = f"Each count is rounded to the nearest {study['round_to']} by itself." if study["round_to"] > 1 else ""
    return Table(caption, columns, rows, note=note)
