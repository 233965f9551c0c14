"""The first page: the question, the answer to each claim, what the design can carry, and what was not done."""

import pandas as pd

from alongside.figures.draw import read_table
from alongside.figures.words import (
    find_outcome,
    find_wave,
    format_count,
    format_number,
    join_words,
)
from alongside.judgement.wording import word_rejudged
from alongside.report.blocks import Finding, Heading, Items, Note, Paragraph, Quote, Strong
from alongside.report.designs import DESIGNS
from alongside.report.verdicts import show_verdict

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def compose_answer(results):
    study = results["study"]
    design = DESIGNS[study["design"]]
    blocks = [
        Heading(1, study["title"], "top"),
        Paragraph((Quote(study["question"]),), "lead"),
        Paragraph(write_setting(results), "small"),
        Heading(2, "The answer in one glance", "answer", "Answer"),
        Note("caution", design.name, (Paragraph(design.short), *_point_at_open_work(results))),
    ]
    claims = read_table(results, "claims")
    if claims.empty:
        blocks.append(Paragraph("The study file makes no claims, so no verdict is given. The numbers follow below."))
    else:
        blocks.append(Paragraph("In quotation marks, what the programme says. Below it, what these data say."))
        blocks += [_judge_claim(claim, results) for claim in claims.itertuples(index=False)]
        blocks += [Paragraph(sentence) for sentence in _say_what_stands(results, claims)]
    if results["not_done_yet"]:
        blocks.append(
            Note("information", "Asked for in the study file, not done by this version", (
                Items(tuple(results["not_done_yet"])),
            ))
        )  # fmt: skip
    blocks += [
        Heading(2, "What this study can and cannot tell", "design", "Design"),
        Paragraph((design.assigned,)),
        Paragraph((Strong("What it can carry. "), design.can)),
        Paragraph((Strong("What it cannot carry. "), design.cannot)),
    ]
    if study["adjust_for"]:
        names = join_words(name.replace("_", " ") for name in study["adjust_for"])
        blocks.append(Paragraph(f"The comparison allows for differences between the cohorts in {names}."))
    return blocks


def _say_what_stands(results, claims):
    """A sentence for each way of dealing with careless responses that the verdicts do not rest on."""
    rejudged = read_table(results, "rejudged")
    texts = claims.set_index("claim")["text"]
    for analysis, rows in rejudged.groupby("analysis", sort=False):
        sentence = word_rejudged(analysis, [texts[claim] for claim in rows.loc[~rows["same"].astype(bool), "claim"]])
        if sentence:
            yield sentence


def _point_at_open_work(results):
    """Whoever reads one page of paper must know that there is a list."""
    if not results["not_done_yet"]:
        return ()
    return (
        Paragraph("Part of what the study file asks for is not done by this version: see the list below the answers."),
    )


def write_setting(results):
    """Who, when, how many: one line."""
    study = results["study"]
    parts = [study["organisation"]] if study["organisation"] else []
    response = read_table(results, "response")
    if len(response):
        first = response[response["outcome"] == response["outcome"].iloc[0]]
        enrolled = first.drop_duplicates("cohort").set_index("cohort")["enrolled"]
        counts = [
            f"{cohort['label'].lower()} {format_count(enrolled.get(cohort['key']))}" for cohort in study["cohorts"]
        ]
        parts.append(f"people enrolled: {join_words(counts)}")
    parts.append("surveys: " + ", ".join(wave["label"].lower() + ("" if wave["collected"] else " (not yet collected)")
                                         for wave in study["waves"]))  # fmt: skip
    collected = results["provenance"]["data_collected"]
    if collected:
        parts.append(f"answers from {_write_month(collected['first'])} to {_write_month(collected['last'])}")
    return ". ".join(part[0].upper() + part[1:] for part in parts) + "."


def _write_month(text):
    """'2025-10' -> 'October 2025'"""
    year, month = text.split("-")
    return f"{MONTHS[int(month) - 1]} {year}"


def _judge_claim(claim, results):
    study = results["study"]
    label, tone = show_verdict(claim.verdict, design=study["design"])
    about = f"{find_outcome(study, claim.outcome)['label']}, {find_wave(study, claim.wave)['label'].lower()}"
    details = ()
    if pd.notna(claim.worthwhile):
        details = (f"Declared as worthwhile: {format_number(claim.worthwhile)} points or more",)
    return Finding(claim.text, about, label, tone, claim.sentence, details)
