"""How the items of one scale hang together, wave by wave.

In: the public tables `inter_item`, `item_checks` and `reliability`, the study's description. Out: a Figure for one
outcome, or its description in words. Items are numbers; their wording is nowhere in the project.

A block for each wave: on the left the correlations between items, after reversal, as a triangle of tiles; on the right
each item's correlation with the rest of the scale and its interval. Dark is a strong correlation; one below zero is
another colour and carries a stroke, so that it can be seen in a grey print. An item that goes against its scale is
named in bold. A wave with too few people is a sentence.
"""

import functools

import pandas as pd

from alongside.figures.style import (
    COMPARISON,
    GRID,
    INK,
    MARGIN,
    MUTED,
    OTHERS,
    PAPER,
    RULE,
    Sheet,
    choose_ticks,
    lines_height,
    measure_text,
    styled,
    wrap_text,
)
from alongside.figures.words import (
    find_outcome,
    find_wave,
    format_count,
    format_interval,
    format_number,
    join_words,
)

GAP = 10


@styled
def draw_items(tables, *, study, outcome, variant):
    """The figure of one outcome. tables: {name: frame} of inter_item, item_checks and reliability, all outcomes"""
    blocks = _select_blocks(tables, study, outcome)
    most = max(len(block.items) for block in blocks)
    pitch = max(variant.small * 1.32, min(150 / most, variant.size * 1.9))
    head, foot = variant.size * 3.3, variant.small * 3.0
    inner = variant.points - 4 * MARGIN
    notes = [wrap_text(block.note or "Not shown.", width=inner, size=variant.small) for block in blocks]
    heights = [
        head + (len(block.items) * pitch + foot if block.shown else lines_height(note, variant.small) + variant.size)
        for block, note in zip(blocks, notes, strict=True)
    ]
    described, legend = find_outcome(study, outcome), variant.size * 2
    sheet = Sheet(
        variant, title=f"How the items hang together: {described['label']}",
        lines=["Left: correlations between items, the darker the stronger. Right: of each item with the rest of the "
               "scale, with its 95% interval."],
        footer=_write_footer(described, blocks, study), height=legend + sum(heights), left=MARGIN, right=MARGIN,
        above=0, below=4,
    )  # fmt: skip
    sheet.axes.set_xlim(0, sheet.width)
    sheet.axes.set_ylim(0, sheet.height)
    sheet.axes.set_xticks([])
    sheet.axes.set_yticks([])
    drawn = [block.items[["item_rest", "item_rest_low"]] for block in blocks if block.shown]
    lowest = min([-0.05, *(float(numbers.min(axis=None)) for numbers in drawn)])
    _draw_legend(sheet, sheet.height)
    top = sheet.height - legend
    for block, height, note in zip(blocks, heights, notes, strict=True):
        _write_head(sheet, block, top)
        if block.shown:
            _draw_block(sheet, block, top - head, pitch, lowest)
        else:
            sheet.write(0, top - head + variant.small * 0.1, note, size=variant.small, va="top")
        top -= height
    return sheet.figure


def describe_items(tables, *, study, outcome):
    """The same in words."""
    sentences = [f"Tiles and points: how the items hang together, {find_outcome(study, outcome)['label']}."]
    for block in _select_blocks(tables, study, outcome):
        sentences.append(f"{block.label}: {block.summary}.")
        if block.shown:
            row = block.items.loc[block.items["item_rest"].idxmin()]
            sentences.append(
                f"Correlations with the rest of the scale go from {format_number(row['item_rest'], places=2)} "
                f"(item {row['item']}) to {format_number(block.items['item_rest'].max(), places=2)}."
            )
        if block.against:
            sentences.append(f"Against the scale: {_name_items(block.against)}.")
    return " ".join(sentences)


class _Block:
    """One wave: its rows of all three tables, and the words at its head."""

    def __init__(self, wave, tables, study):
        self.label = find_wave(study, wave)["label"]
        self.items, self.pairs = tables["item_checks"], tables["inter_item"]
        everyone = tables["reliability"][tables["reliability"]["cohort"].fillna("") == ""].iloc[0]
        self.shown = bool(self.items["item_rest"].notna().any())
        self.against = self.items.loc[self.items["contradicts"], "item"].tolist()
        self.summary = _write_summary(everyone)
        self.note = everyone["note"] if isinstance(everyone["note"], str) else ""


def _select_blocks(tables, study, outcome):
    own = {name: frame[frame["outcome"] == outcome] for name, frame in tables.items()}
    waves = [wave["key"] for wave in study["waves"] if wave["key"] in set(own["item_checks"]["wave"])]
    return [_Block(wave, {name: frame[frame["wave"] == wave] for name, frame in own.items()}, study) for wave in waves]


def _write_summary(row):
    people = f"people: {format_count(row['n'])}"
    if pd.isna(row["alpha"]):
        return people
    alpha = f"alpha {format_number(row['alpha'], places=2)}"
    interval = format_interval(row["alpha_low"], row["alpha_high"], places=2)
    omega = f", omega {format_number(row['omega_total'], places=2)}" if pd.notna(row["omega_total"]) else ""
    return f"{alpha} ({interval}){omega}, {people}"


def _write_footer(described, blocks, study):
    scale = described["instrument"]["name"] if described["instrument"] else ""
    turned = sorted({item for block in blocks for item in block.items.loc[block.items["reversed"], "item"]})
    lines = [
        f"{scale}. Items are numbered as in the questionnaire"
        + (f"; reversed before this: {', '.join(map(str, turned))}." if turned else "; none is reversed."),
        "People who answered every item. A stroke marks a correlation below zero.",
    ]
    if study["round_to"] > 1:
        lines[1] += f" Counts are rounded to the nearest {study['round_to']}."
    return lines


def _write_head(sheet, block, top):
    size = sheet.variant.size
    sheet.write(0, top - size * 1.2, block.label, weight="bold")
    sheet.write(0, top - size * 2.5, block.summary, size=sheet.variant.small, colour=MUTED)


def _draw_block(sheet, block, first, pitch, lowest):
    """Tiles and points of one wave, below `first`."""
    variant = sheet.variant
    items = block.items["item"].tolist()
    label = max(measure_text(str(item), variant.small, True) for item in items) + 5
    tile = min(pitch * 1.35, sheet.width * (0.46 if variant.narrow else 0.5) / len(items))
    rows = {item: first - (at + 0.5) * pitch for at, item in enumerate(items)}
    columns = {item: label + at * tile for at, item in enumerate(items)}
    for item in items:
        weight = "bold" if item in block.against else "normal"
        sheet.write(label - 5, rows[item], str(item), size=variant.small, ha="right", weight=weight)
    _draw_tiles(sheet.axes, block.pairs, rows, columns, tile, pitch)
    _write_columns(sheet, columns, tile, first - len(items) * pitch - variant.small * 0.75)
    left = label + len(items) * tile + (GAP if variant.narrow else 2 * GAP)
    _draw_points(sheet, block, rows, (left, sheet.width - 6), lowest, pitch)


def _draw_tiles(axes, pairs, rows, columns, tile, pitch):
    """The triangle below the diagonal: row item_b, column item_a."""
    corners = [(columns[pair.item_a], rows[pair.item_b] - pitch / 2) for pair in pairs.itertuples(index=False)]
    _fill_tiles(axes, corners, pairs["r"], tile, pitch)


def _fill_tiles(axes, corners, values, width, height):
    """Tiles of the colours of `values`, with a stroke in those below zero. corners: lower left, in points"""
    from matplotlib.collections import LineCollection, PolyCollection

    together, against = _colour_maps()
    squares = [[(x, y), (x + width, y), (x + width, y + height), (x, y + height)] for x, y in corners]
    colours = [GRID if pd.isna(r) else (together if r >= 0 else against)(abs(r)) for r in values]
    axes.add_collection(PolyCollection(squares, facecolors=colours, edgecolors=PAPER, linewidths=0.5))
    strokes = [
        [(x + width * 0.22, y + height / 2), (x + width * 0.78, y + height / 2)]
        for (x, y), r in zip(corners, values, strict=True)
        if r < 0
    ]
    axes.add_collection(LineCollection(strokes, colors=INK, linewidths=0.9))


@functools.cache
def _colour_maps():
    """(for correlations above zero, below)"""
    from matplotlib.colors import LinearSegmentedColormap

    ends = {"together": OTHERS[0].colour, "against": COMPARISON.colour}
    return [LinearSegmentedColormap.from_list(name, [PAPER, colour]) for name, colour in ends.items()]


def _draw_legend(sheet, top):
    """What a tile's darkness means."""
    size, side = sheet.variant.small, sheet.variant.size
    y, x = top - 1.6 * side, 0.0
    for value, words in ((0.0, "0"), (0.25, "0.25"), (0.5, "0.5"), (0.75, "0.75"), (1.0, "1"), (-0.4, "below 0")):
        _fill_tiles(sheet.axes, [(x, y)], [value], side, side)
        if value == 0:  # white on white
            sheet.axes.plot([x, x + side, x + side, x, x], [y, y, y + side, y + side, y], color=RULE, linewidth=0.6)
        sheet.write(x + side + 3, y + side / 2, words, size=size, colour=MUTED)
        x += side + measure_text(words, size) + 12


def _write_columns(sheet, columns, tile, y):
    """Numbers under the tiles, as many as there is room for; the last item has no column."""
    items = list(columns)[:-1]
    widest = max(measure_text(str(item), sheet.variant.small) for item in items) + 3
    every = next(step for step in (1, 2, 5, 10, 20, 50) if step * tile >= widest)
    for at, item in enumerate(items):
        if at % every == 0:
            sheet.write(columns[item] + tile / 2, y, str(item), size=sheet.variant.small, ha="center", colour=MUTED)


def _draw_points(sheet, block, rows, room, lowest, pitch):
    axes, variant = sheet.axes, sheet.variant
    left, right = room

    def place(value):
        return left + (value - lowest) / (1 - lowest) * (right - left)

    top, bottom = max(rows.values()) + pitch / 2, min(rows.values()) - pitch / 2
    for tick in choose_ticks((lowest, 1.0), most=4 if variant.narrow else 6):
        colour, width = (INK, 0.9) if tick == 0 else (RULE, 0.6)
        axes.plot([place(tick)] * 2, [bottom, top], color=colour, linewidth=width)
        text = format_number(tick, places=1 if tick else 0)
        sheet.write(place(tick), bottom - variant.small * 0.75, text, size=variant.small, ha="center", colour=MUTED)
    known = block.items[block.items["item_rest"].notna()]
    for against, mark in ((False, OTHERS[0]), (True, COMPARISON)):
        mine = known[known["contradicts"] == against]
        y = [rows[item] for item in mine["item"]]
        axes.hlines(y, place(mine["item_rest_low"]), place(mine["item_rest_high"]), color=mark.colour, linewidth=1.3)
        axes.plot(
            place(mine["item_rest"]), y, linestyle="none", marker=mark.marker, color=mark.colour,
            markersize=variant.size * 0.42, markerfacecolor=mark.colour if mark.filled else PAPER,
        )  # fmt: skip


def _name_items(items):
    return join_words(f"item {item}" for item in items)
