"""Who is in the analysis, the books of every step, and what was withheld from every public table."""

from alongside.figures.draw import list_analysed, read_table
from alongside.figures.words import find_wave, format_count
from alongside.report.blocks import Column, Details, Group, Heading, Items, Paragraph, Table
from alongside.report.funder.people import tabulate_books, tabulate_reasons, tabulate_response, tabulate_rules

STAGES = ("enrolled", "answered", "scoreable", "analysed")


def compose_people(results):
    study = results["study"]
    outcomes = [outcome for outcome in study["outcomes"] if outcome["key"] in list_analysed(study)]
    flow, response = read_table(results, "flow"), read_table(results, "response")
    blocks = [Heading(2, "Who is in the analysis", "people", "People")]
    if flow.empty:
        blocks.append(Paragraph("Nobody could be counted."))
    else:
        blocks += [
            Paragraph("Each stage is a part of the one before it. Those who answered only some surveys stay in the "
                      "model with the answers they gave."),
            tabulate_response(response, study, outcomes),
            Details("Stage by stage", tuple(_tabulate_flow(flow, outcome, study) for outcome in outcomes)),
            Details("Why people have no score", (tabulate_reasons(results, outcomes),)),
        ]  # fmt: skip
    return [*blocks, *_compose_books(results)]


def _tabulate_flow(flow, outcome, study):
    there = flow[(flow["outcome"] == outcome["key"]) & (flow["reason"].fillna("") == "")]
    counts = {(row.wave, row.cohort, row.stage): row.n for row in there.itertuples(index=False)}
    rows = []
    for wave in dict.fromkeys(there["wave"]):
        rows.append(Group(find_wave(study, wave)["label"]))
        for cohort in study["cohorts"]:
            cells = [counts.get((wave, cohort["key"], stage), 0) for stage in STAGES]
            rows.append((cohort["label"], *(format_count(n) for n in cells)))
    columns = (Column("Cohort"), *(Column(stage.capitalize(), "right") for stage in STAGES))
    return Table(f"{outcome['label']}: from enrolled to analysed", columns, tuple(rows))


def _compose_books(results):
    study = results["study"]
    aside, tally = read_table(results, "set_aside"), read_table(results, "tally")
    blocks = [Heading(2, "The books", "books", "Books")]
    blocks.append(Paragraph(
        "At every step what came in is what was kept and what was set aside; the step fails otherwise. Rows and cells "
        "with their place in the files stand in the restricted ledger, which never leaves the evaluator."
    ))  # fmt: skip
    if len(tally):
        blocks.append(tabulate_books(tally, study, "In = kept + set aside, step by step"))
    if len(aside):
        blocks.append(tabulate_rules(aside))
    if results["notes"]:
        blocks += [Heading(3, "What was noticed while reading the files", "notes"), Items(tuple(results["notes"]))]
    return blocks


def compose_withheld(results):
    """Which numbers disclosure control took out of which table, and why; never what they were."""
    study = results["study"]
    withheld = read_table(results, "withheld")
    blocks = [
        Heading(2, "What was withheld", "withheld", "Withheld"),
        Paragraph(
            f"Numbers that rest on fewer than {study['min_cell']} people are taken out of every public table, and with "
            "them the numbers from which a reader could work them out. What remains of counts of people is rounded to "
            f"multiples of {study['round_to']}. “Fewer than {study['min_cell']}” also stands where a larger count is "
            "withheld because it would give away a smaller one beside it."
        ),
    ]
    if withheld.empty:
        return [*blocks, Paragraph("In this study nothing had to be withheld.")]
    rows, table = [], None
    for (name, column, reason), lines in withheld.groupby(["table", "column", "reason"], sort=False):
        if name != table:
            rows.append(Group(name.replace("_", " ")))
            table = name
        rows.append((column.replace("_", " "), reason, "; ".join(lines["row"])))
    columns = (Column("What was taken out"), Column("Why"), Column("In which rows"))
    return [*blocks, Details("Line by line", (Table("Withheld numbers, by public table", columns, tuple(rows)),))]
