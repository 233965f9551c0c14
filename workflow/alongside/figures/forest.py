"""All outcomes side by side: standardised differences in change on one axis where right is always better.

In: estimates (analysis "primary", everyone), the study's description. Out: a Figure for one contrast, or its
description in words.

Steps: order rows by role, outcome and wave; lay out the labels (beside the intervals on a page, above them on a
phone); draw zero, the published averages, intervals and points; print each number with its interval.

A filled point is a model that fitted as planned; a hollow one carries a note in the report's table; a row without a
point could not be estimated and says so.
"""

import pandas as pd

from alongside.figures.style import (
    GRID,
    INK,
    MARGIN,
    MUTED,
    OTHERS,
    PAPER,
    Sheet,
    choose_ticks,
    measure_text,
    styled,
    wrap_text,
)
from alongside.figures.words import (
    find_cohort,
    find_outcome,
    find_wave,
    format_interval,
    format_level,
    format_number,
    name_assignment,
    split_contrast,
)

ROLES = {"primary": "Main outcomes", "secondary": "Further outcomes", "exploratory": "Exploratory outcomes"}
COLOUR = OTHERS[0].colour


@styled
def draw_forest(estimates, *, study, contrast, variant):
    """The figure of one contrast; estimates: the public table, other contrasts, analyses and subgroups are ignored."""
    rows = select_rows(estimates, study=study, contrast=contrast)
    first, second = (find_cohort(study, cohort)["label"] for cohort in split_contrast(contrast))
    layout = _lay_out(rows, study, variant)
    limits = _find_limits(rows, study)
    labels = _place_benchmarks(study["benchmarks"], limits, layout, variant)
    ends = 9 + 13 * (1 + max((label["row"] for label in labels), default=-1))
    sheet = Sheet(
        variant, title=f"{first} compared with {second.lower()}: all outcomes",
        lines=[f"Difference in change since the baseline, in standard deviations, {format_level(study)} intervals."],
        footer=_write_footer(rows, study), height=layout["height"], left=layout["left"], right=layout["right"],
        above=ends + 13, below=24,
    )  # fmt: skip
    axes = sheet.axes
    axes.set_xlim(*limits)
    axes.set_ylim(0, layout["height"])
    axes.set_yticks([])
    ticks = choose_ticks(limits, most=6 if variant.narrow else 8)
    axes.set_xticks(ticks, [format_number(tick, places=1, plus=True) for tick in ticks])
    axes.grid(axis="x", color=GRID, linewidth=0.8)
    axes.axvline(0, color=INK, linewidth=1.1, zorder=2)
    _write_ends(sheet, height=layout["height"] + ends, left=layout["left"], right=layout["right"])
    for label in labels:
        axes.axvline(label["value"], color=MUTED, linewidth=1, linestyle=(0, (2, 2)), zorder=1.5)
        sheet.write(label["x"], layout["height"] + 8 + 13 * label["row"], label["text"], colour=MUTED,
                    size=variant.small - 0.6, ha=label["side"])  # fmt: skip
    for text in layout["texts"]:
        sheet.write(*text["at"], text["text"], **text["options"])
    for y, row in zip(layout["positions"], rows.itertuples(index=False), strict=True):
        _draw_row(sheet, y, row)
    return sheet.figure


def describe_forest(estimates, *, study, contrast):
    """The same in words."""
    rows = select_rows(estimates, study=study, contrast=contrast)
    first, second = (find_cohort(study, cohort)["label"] for cohort in split_contrast(contrast))
    sentences = [
        f"Chart of standardised differences in change, {first.lower()} compared with {second.lower()}, with "
        f"{format_level(study)} intervals; above zero the {first.lower()} cohort changed more for the better."
    ]
    for row in rows.itertuples(index=False):
        name = f"{find_outcome(study, row.outcome)['label']}, {find_wave(study, row.wave)['label'].lower()}"
        sentences.append(f"{name}: {_write_numbers(row)}.")
    for benchmark in study["benchmarks"]:
        sentences.append(f"Reference line at {benchmark['value']:.2f}: {benchmark['label']}.")
    return " ".join(sentences)


def select_rows(estimates, *, study, contrast, analysis="primary"):
    """Rows of one contrast and analysis by role, outcome and wave; g, low, high: the improvement axis."""
    chosen = estimates[
        (estimates["analysis"] == analysis)
        & (estimates["contrast"] == contrast)
        & (estimates["subgroup"].fillna("") == "")
    ].copy()  # fmt: skip
    sign = chosen["improvement_sign"].astype(float)
    chosen["g"] = sign * chosen["effect_size"]
    limits = pd.concat([sign * chosen["es_low"], sign * chosen["es_high"]], axis=1)
    chosen["low"], chosen["high"] = limits.min(axis=1), limits.max(axis=1)
    ranks = pd.DataFrame({
        "role": chosen["role"].map({role: rank for rank, role in enumerate(ROLES)}),
        "outcome": chosen["outcome"].map({item["key"]: rank for rank, item in enumerate(study["outcomes"])}),
        "wave": chosen["wave"].map({item["key"]: rank for rank, item in enumerate(study["waves"])}),
    })  # fmt: skip
    return chosen.loc[ranks.sort_values(["role", "outcome", "wave"], kind="stable").index].reset_index(drop=True)


def _write_numbers(row):
    if pd.isna(row.g):
        return "could not be estimated"
    return f"{format_number(row.g, places=2, plus=True)} ({format_interval(row.low, row.high, places=2)})"


def _write_footer(rows, study):
    footer = [name_assignment(study["design"])]
    if study["benchmarks"]:
        cited = "; ".join(f"{item['value']:.2f} {item['short']}: {item['citation']}" for item in study["benchmarks"])
        footer.insert(0, f"Dashed lines: published averages, for orientation ({cited}).")
    if ((rows["status"] != "ok") & rows["g"].notna()).any():
        footer.insert(0, "Hollow points: see the note in the report's table of numbers.")
    return footer


def _find_limits(rows, study):
    values = [*rows["low"].dropna(), *rows["high"].dropna(), *(item["value"] for item in study["benchmarks"])]
    reach = [min([-0.35, *values]), max([0.45, *values])]
    return reach[0] - 0.05, reach[1] + 0.05


def _lay_out(rows, study, variant):
    """Heights from the bottom of the plot for every row, and all texts beside them, in points."""
    step, gap = variant.size * 2.0, variant.size * 2.5
    items, previous_role, previous_outcome = [], None, None
    for index, row in enumerate(rows.itertuples(index=False)):
        if row.role != previous_role:
            items.append(("role", ROLES[row.role], gap if items else variant.size * 1.5))
        if variant.narrow and row.outcome != previous_outcome:
            items.append(("outcome", find_outcome(study, row.outcome)["label"], step))
        if variant.narrow:
            items.append(("label", row, variant.size * 1.7))
        lead = row.outcome != previous_outcome
        items.append(("row", (index, row, lead), step * (0.75 if variant.narrow else 1.12 if lead else 1)))
        previous_role, previous_outcome = row.role, row.outcome
    height = sum(item[2] for item in items) + step * 0.6
    numbers = [_write_numbers(row) for row in rows.itertuples(index=False)]
    widest = max(measure_text(text, variant.small) for text in numbers)
    names = 104
    waves = max(measure_text(find_wave(study, wave)["label"], variant.small) for wave in rows["wave"])
    left = 16 if variant.narrow else 4 + names + min(waves, 100) + 12
    right = 16 if variant.narrow else widest + 22
    width = variant.points - left - right

    texts, positions, y = [], [], height
    for kind, content, room in items:
        y -= room
        if kind == "role":
            texts.append(_text(4 - left, y, content, size=variant.small, colour=MUTED, weight="bold"))
        elif kind == "outcome":
            texts.append(_text(4 - left, y, content, weight="bold"))
        elif kind == "label":
            texts.append(_text(4 - left, y, find_wave(study, content.wave)["label"], size=variant.small))
            texts.append(_text(width + right - 6, y, _write_numbers(content), size=variant.small, ha="right"))
        else:
            index, row, lead = content
            positions.append(y)
            if not variant.narrow:
                if lead:
                    label = wrap_text(find_outcome(study, row.outcome)["label"], width=names, size=variant.size)
                    texts.append(_text(4 - left, y, label, weight="bold"))
                wave = wrap_text(find_wave(study, row.wave)["label"], width=100, size=variant.small)
                texts.append(_text(4 - left + names, y, wave, size=variant.small, colour=MUTED))
                texts.append(_text(width + 14, y, numbers[index], size=variant.small))
    return {"height": height, "left": left, "right": right, "texts": texts, "positions": positions}


def _text(x, y, text, **options):
    # lines of the plot pass behind its words, never through them
    return {"at": (x, y), "text": text, "options": {"bbox": {"facecolor": PAPER, "linewidth": 0, "pad": 1.2}} | options}


def _write_ends(sheet, *, height, left, right):
    """What the two ends mean, above the plot and on either side of zero, as far as the figure has room there."""
    zero, _ = sheet.to_points(0, 0)
    worse, better = "\N{LEFTWARDS ARROW} worse", "better \N{RIGHTWARDS ARROW}"
    room = [measure_text(text, sheet.variant.small, True) + MARGIN for text in (worse, better)]
    end = max(zero - 6, room[0] - left)
    start = max(min(zero + 6, sheet.width + right - room[1]), end + 12)
    options = {"size": sheet.variant.small, "colour": INK, "weight": "bold"}
    sheet.write(end, height, worse, ha="right", **options)
    sheet.write(start, height, better, ha="left", **options)


def _place_benchmarks(benchmarks, limits, layout, variant):
    """Where the names of the dashed lines stand: the smallest to the left of its line, others to the right.

    A name that would leave the figure goes to the other side of its line, and one row up if that side is taken.
    """
    width = variant.points - layout["left"] - layout["right"]
    placed = []
    for rank, benchmark in enumerate(sorted(benchmarks, key=lambda item: item["value"])):
        x = (benchmark["value"] - limits[0]) / (limits[1] - limits[0]) * width
        name = f"{benchmark['short']} {benchmark['value']:.2f}"
        room = measure_text(name, variant.small) + MARGIN
        fits = {"right": x - room > -layout["left"], "left": x + room < width + layout["right"]}
        wish, other = ("right", "left") if rank == 0 else ("left", "right")
        side = wish if fits[wish] else other
        if side == "left":
            name = f"{benchmark['value']:.2f} {benchmark['short']}"
        row = sum(label["side"] == side for label in placed)
        x += 2 if side == "right" else -2
        placed.append({"value": benchmark["value"], "x": x, "text": name, "side": side, "row": row})
    return placed


def _draw_row(sheet, y, row):
    if pd.isna(row.g):
        return
    axes, strong = sheet.axes, row.role == "primary"
    axes.plot([row.low, row.high], [y, y], color=PAPER, linewidth=5, zorder=2.8, solid_capstyle="butt")
    axes.plot([row.low, row.high], [y, y], color=COLOUR, linewidth=2.6 if strong else 1.5, zorder=3,
              solid_capstyle="butt")  # fmt: skip
    axes.plot([row.g], [y], marker="o" if strong else "D", markersize=7.4 if strong else 5.4, zorder=4,
              markerfacecolor=COLOUR if row.status == "ok" else PAPER, markeredgecolor=COLOUR,
              markeredgewidth=1.5)  # fmt: skip
