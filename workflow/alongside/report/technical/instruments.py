"""The instruments: by which key each was scored, what departs from its manual, and how it behaves in these data."""

import pandas as pd

from alongside.figures.draw import describe_figures, list_figures, read_table
from alongside.figures.words import (
    DASH,
    find_cohort,
    find_outcome,
    find_wave,
    format_count,
    format_interval,
    format_number,
    join_words,
)
from alongside.report.blocks import Column, Details, Group, Heading, Items, Note, Paragraph, Picture, Table
from alongside.report.scalewords import RIGHTS, word_unchecked

EVERYBODY = ""


def compose_instruments(results):
    study = results["study"]
    scales = read_table(results, "instruments").fillna("")
    blocks = [Heading(2, "The instruments", "instruments", "Instruments")]
    recorded = [
        outcome["label"].lower()
        for outcome in study["outcomes"]
        if outcome["key"] not in set(scales["outcome"])
    ]  # fmt: skip
    if recorded:
        blocks.append(Paragraph(f"Taken as recorded, without a scale: {join_words(recorded)}."))
    if scales.empty:
        return blocks
    blocks.append(Paragraph(
        "Scales are named by their numbers only: no question's wording is in this project. Every number below comes "
        "from the people of this study who answered all questions of the scale, after reversal."
    ))  # fmt: skip
    figures, words = list_figures(results), describe_figures(results, kinds=("items",))
    for scale in scales.itertuples(index=False):
        outcome = find_outcome(study, scale.outcome)
        blocks.append(Heading(3, f"{outcome['label']}: {scale.name}", f"scale-{scale.outcome}"))
        blocks += _list_warnings(scale)
        blocks.append(_tabulate_key(scale, outcome))
        blocks += _tabulate_reliability(results, outcome)
        blocks += [Picture(name, words[name]) for name, kind in figures.items() if kind == ("items", scale.outcome)]
        blocks += _tabulate_items(results, outcome)
    return blocks


def split_lines(text):
    return [line for line in text.split("\n") if line]


def _list_warnings(scale):
    found = []
    for title, lines in (
        ("In these data something does not fit the key", scale.warnings),
        ("The data contradict the key, and the study file says why that is as it should be", scale.acknowledged),
    ):
        if lines:
            found.append(Note("caution", title, (Items(tuple(split_lines(lines))),)))
    return found


def _tabulate_key(scale, outcome):
    rows = [
        ("Scale", ", ".join(part for part in (scale.name, scale.version) if part)),
        ("Codebook", scale.instrument),
        ("Rights", f"{RIGHTS[scale.rights]}: {word_unchecked(scale.rights_note)}"),
        ("Scoring", scale.scoring),
        ("Items that make the score", f"{scale.n_items}, in the order “{scale.item_order}”"),
        ("Items reversed in this order", scale.reversed or "none"),
        ("Numbers in the files", scale.recorded),
        ("Range of the score", scale.range),
        ("Better is", "higher" if outcome["higher_is"] == "better" else "lower"),
        ("Missing answers", scale.missing_rule),
        ("Departures from the manual", word_unchecked("; ".join(split_lines(scale.departures))) or "none"),
        ("Not verified at the source", word_unchecked("; ".join(split_lines(scale.not_verified))) or "nothing"),
        ("Where the key was read", "; ".join(split_lines(scale.sources))),
        ("Fingerprint of the key", scale.key_hash),
    ]
    return Table(f"{outcome['label']}: the key that was used", (Column("Part"), Column("Here")), tuple(rows))


def _tabulate_reliability(results, outcome):
    study = results["study"]
    table = read_table(results, "reliability").fillna({"cohort": EVERYBODY, "note": ""})
    mine = table[table["outcome"] == outcome["key"]]
    if mine.empty:
        return []
    rows, notes = [], {}
    for wave, group in mine.groupby("wave", sort=False, observed=True):
        rows.append(Group(find_wave(study, wave)["label"]))
        for row in group.itertuples(index=False):
            name = find_cohort(study, row.cohort)["label"] if row.cohort else "Everybody"
            lowest = f" (item {row.lowest_item})" if pd.notna(row.lowest_item) else ""
            rows.append((
                name, format_count(row.n), format_number(row.alpha, places=2),
                format_interval(row.alpha_low, row.alpha_high, places=2), format_number(row.omega_total, places=2),
                f"{format_number(row.lowest_item_rest, places=2)}{lowest}",
                *(_write_share(share) for share in (row.floor, row.ceiling)),
            ))  # fmt: skip
            if row.note:
                where = f"{find_wave(study, wave)['label']}, {name.lower()}"
                notes.setdefault(row.note, []).append(where)
    columns = (
        Column("People"), Column("Answered all", "right"), Column("Alpha", "right"), Column("95% interval", "right"),
        Column("Omega", "right"), Column("Lowest item-rest correlation", "right"), Column("Floor", "right"),
        Column("Ceiling", "right"),
    )  # fmt: skip
    note = " ".join(f"{'; '.join(where)}: {note}." for note, where in notes.items())
    return [Table(f"{outcome['label']}: how consistent the answers are", columns, tuple(rows), note=note)]


def _write_share(percent):
    return DASH if pd.isna(percent) else f"{format_number(percent, places=0)}%"


def _tabulate_items(results, outcome):
    """One row an item, the surveys side by side."""
    study = results["study"]
    checks = read_table(results, "item_checks").fillna({"note": ""})
    mine = checks[checks["outcome"] == outcome["key"]]
    if mine.empty:
        return []
    waves = list(dict.fromkeys(mine["wave"]))
    rows = []
    for item, group in mine.groupby("item", sort=True):
        by_wave = {row.wave: row for row in group.itertuples(index=False)}
        against = [
            f"goes against its scale {find_wave(study, wave)['label'].lower()}"
            for wave, row in by_wave.items()
            if row.contradicts
        ]
        remarks = dict.fromkeys([*against, *(row.note for row in by_wave.values() if row.note)])
        rows.append((
            f"Item {item}", "reversed" if group["reversed"].iloc[0] else "as it is",
            *(_write_item(by_wave[wave]) if wave in by_wave else DASH for wave in waves), "; ".join(remarks),
        ))  # fmt: skip
    columns = (
        Column("Item"), Column("Scored"), *(Column(find_wave(study, wave)["label"], "right") for wave in waves),
        Column("Remark"),
    )  # fmt: skip
    table = Table(
        f"{outcome['label']}: each item's correlation with the rest of its scale, and its 95% interval", columns,
        tuple(rows), note="Correlations between single items, and alpha without each item, are in tables.xlsx.",
    )  # fmt: skip
    return [Details(f"Item by item: {outcome['label']}", (table,))]


def _write_item(row):
    if pd.isna(row.item_rest):
        return DASH
    interval = format_interval(row.item_rest_low, row.item_rest_high, places=2)
    return f"{format_number(row.item_rest, places=2)} ({interval})"
