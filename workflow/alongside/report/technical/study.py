"""The study: its question, its design, what was declared and what of it is not done yet."""

from alongside.figures.words import find_cohort, format_number, format_range, join_words, name_direction, split_contrast
from alongside.judgement.wording import word_allowed
from alongside.report.blocks import Column, Heading, Items, Note, Paragraph, Quote, Strong, Table
from alongside.report.designs import DESIGNS
from alongside.report.funder.answer import write_setting
from alongside.report.funder.method import tabulate_estimand

DONE = "This version does everything that the study file declares."


def compose_study(results):
    study = results["study"]
    design = DESIGNS[study["design"]]
    open_work = results["not_done_yet"]
    allowed = word_allowed([name.replace("_", " ") for name in study["adjust_for"]])
    return [
        Heading(1, study["title"], "top"),
        Paragraph((Quote(study["question"]),), "lead"),
        Paragraph(write_setting(results), "small"),
        Heading(2, "The study and its design", "study", "Study"),
        Note("caution", design.name, (Paragraph(design.assigned), Paragraph((Strong("Can carry. "), design.can)),
                                      Paragraph((Strong("Cannot carry. "), design.cannot)), Paragraph(allowed))),
        tabulate_estimand(results),
        _tabulate_settings(study),
        _tabulate_waves(study),
        _tabulate_outcomes(study),
        Heading(3, "Declared and not done yet", "open-work"),
        Items(tuple(open_work)) if open_work else Paragraph(DONE),
        *_say_look_after(results),
    ]  # fmt: skip


def _say_look_after(results):
    """Not work left open and nothing for funders: what no program should do instead of a person."""
    if not results["look_after"]:
        return []
    return [
        Heading(3, "Answers that may call for somebody", "look-after"),
        Note("caution", "For the evaluator", (Items(tuple(results["look_after"])),)),
    ]


def _tabulate_settings(study):
    """The choices of the study file that decide numbers."""
    covariances = join_words(name.replace("_", " ") for name in study["covariance"])
    rounding = f"; counts rounded to multiples of {study['round_to']}" if study["round_to"] > 1 else ""
    rows = [
        ("Headline", study["headline"].replace("-", " ")),
        ("Covariances of a person's surveys, tried in this order", covariances),
        ("Degrees of freedom", study["df"]),
        ("Intervals", f"{100 * study['confidence']:g}%"),
        ("Assigned to a cohort by", study["assigned_by"]),
        ("Smallest group shown", f"{study['min_cell']} people{rounding}"),
        ("Seed of random numbers", str(study["seed"])),
    ]
    return Table("Settings of the analysis", (Column("Setting"), Column("In this study")), tuple(rows))


def _tabulate_waves(study):
    rows = tuple(
        (
            wave["label"], format_number(wave["month"], places=0 if float(wave["month"]).is_integer() else 1),
            _name_state(wave, study),
        )
        for wave in study["waves"]
    )  # fmt: skip
    return Table("The surveys", (Column("Survey"), Column("Month", "right"), Column("State")), rows)


def _name_state(wave, study):
    parts = ["collected" if wave["collected"] else "not yet collected"]
    if wave["key"] == study["baseline"]:
        parts.append("baseline")
    if wave["retrospective"]:
        parts.append("asked in hindsight, not used as an outcome")
    return ", ".join(parts)


def _tabulate_outcomes(study):
    rows = []
    for outcome in study["outcomes"]:
        worthwhile = outcome["worthwhile"]
        declared = f"{worthwhile['value']:g} {_name_unit(worthwhile['unit'])}" if worthwhile else "not declared"
        rows.append((
            outcome["label"], outcome["role"], outcome["domain"].replace("_", " "), outcome["kind"],
            format_range(outcome), name_direction(outcome), declared, "yes" if outcome["modelled"] else "no",
        ))  # fmt: skip
    columns = tuple(
        Column(label)
        for label in ("Outcome", "Role", "Domain", "Kind", "Range", "Direction", "Worthwhile from", "Analysed")
    )
    return Table("The outcomes", columns, tuple(rows))


def _name_unit(unit):
    return {"sd": "standard deviations", "points": "points"}[unit]


def name_contrast(contrast, study):
    """'mentored - unmentored' -> 'Mentored compared with unmentored'"""
    first, second = (find_cohort(study, cohort)["label"] for cohort in split_contrast(contrast))
    return f"{first} compared with {second.lower()}"
