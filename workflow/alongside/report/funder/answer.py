"""The first page: the question, the answer in a few lines and claim by claim, and what the design can carry."""

import pandas as pd

from alongside.figures.draw import read_table
from alongside.figures.words import (
    find_outcome,
    format_count,
    format_end,
    format_range,
    join_words,
)
from alongside.judgement.wording import word_allowed, word_rejudged
from alongside.report.blocks import Finding, Heading, Items, Note, Paragraph, Quote, Strong
from alongside.report.designs import DESIGNS
from alongside.report.funder.glance import compose_glances
from alongside.report.funder.starts import say_starts
from alongside.report.plain import name_wave
from alongside.report.verdicts import show_verdict

NO_CLAIMS = "The study file makes no claims, so there is no verdict, only what the data say about each main outcome."
OPEN_WORK = "This program does not do everything yet that the study file asks for; the technical report lists the rest."
STOP = "If you have ten minutes, you can stop here."
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def compose_answer(results):
    study = results["study"]
    design = DESIGNS[study["design"]]
    glances = compose_glances(results)
    claims = read_table(results, "claims")
    blocks = [
        Heading(1, study["title"], "top"),
        Paragraph((Quote(study["question"]),), "lead"),
        Paragraph(write_setting(results), "small"),
        Heading(2, "The answer in one glance", "answer", "Answer"),
    ]
    if glances and len(claims):
        several = len(study["contrasts"]) > 1
        blocks.append(Items(tuple(
            (Strong(f"{glance.label}{f', {glance.about.lower()}' if several else ''}. "), " ".join(glance.sentences))
            for glance in glances
        )))  # fmt: skip
    blocks.append(Note("caution", design.name, (
        Paragraph(design.short), *map(Paragraph, say_starts(results)), *_point_at_open_work(results),
    )))  # fmt: skip
    if claims.empty:
        blocks.append(Paragraph(NO_CLAIMS))
        blocks += [_show_glance(glance) for glance in glances]
    else:
        blocks.append(Paragraph("In quotation marks, what the programme says. Below it, what these data say."))
        blocks += [_judge_claim(claim, results) for claim in claims.itertuples(index=False)]
        blocks += [Paragraph(sentence) for sentence in _say_what_stands(results, claims)]
    blocks += [
        Heading(2, "What this study can and cannot tell", "design", "Design"),
        Paragraph((design.assigned,)),
        Paragraph((Strong("What it can carry. "), design.can)),
        Paragraph((Strong("What it cannot carry. "), design.cannot)),
    ]
    return [
        *blocks,
        Paragraph(word_allowed([name.replace("_", " ") for name in study["adjust_for"]])),
        Paragraph((Strong(STOP), " What follows are the pictures and the numbers behind the answer, who was lost, and "
                   "how it was done.")),
    ]  # fmt: skip


def _show_glance(glance):
    """A card for one outcome, where there is no claim that it could answer."""
    tone = "open" if glance.state in ("open", "unknown", "mixed") else "neutral"
    return Finding("", f"{glance.label}. {glance.about}", glance.title, tone, " ".join(glance.sentences))


def _say_what_stands(results, claims):
    """A sentence for each way of dealing with careless responses that the verdicts do not rest on."""
    rejudged = read_table(results, "rejudged")
    texts = claims.set_index("claim")["text"]
    for analysis, rows in rejudged.groupby("analysis", sort=False):
        sentence = word_rejudged(analysis, [texts[claim] for claim in rows.loc[~rows["same"].astype(bool), "claim"]])
        if sentence:
            yield sentence


def _point_at_open_work(results):
    """Whoever reads one page must know that something is missing; what, is for evaluators."""
    if not results["not_done_yet"]:
        return ()
    return (Paragraph(OPEN_WORK),)


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
    about = f"{find_outcome(study, claim.outcome)['label']}, {name_wave(study, claim.wave)}"
    size = _say_size(claim, find_outcome(study, claim.outcome)) if pd.notna(claim.estimate) else ""
    return Finding(claim.text, about, label, tone, claim.sentence, (size,) if size else ())


def _say_size(claim, outcome):
    """What counts as worthwhile, as it was declared, and of how many points; '' where neither is known."""
    ends = format_range(outcome)
    scale = f"on a scale from {ends}" if ends else ""
    if pd.isna(claim.worthwhile):
        return scale[:1].upper() + scale[1:]
    number, declared = format_end(claim.worthwhile), outcome["worthwhile"]
    size = f"{number} {'point' if float(number) == 1 else 'points'}"
    if declared and declared["unit"] == "sd":
        unit = "standard deviation" if declared["value"] == 1 else "standard deviations"
        said = f"{declared['value']:g} {unit} or more, here {size}{f' {scale}' if scale else ''}"
    else:
        said = f"{size} or more{f', {scale}' if scale else ''}"
    return f"Declared as worthwhile: {said}"
