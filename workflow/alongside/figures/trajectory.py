"""Where each cohort stood at each wave: model means with intervals, before the spread of everybody's scores.

In: means (primary analysis), distributions (bands of at least min_cell people, after disclosure control) and the
study's description. Out: a Figure for one outcome, or its description in words.

Steps: reserve room for the labels; draw each cohort's bands beside its wave; draw means, intervals and the lines
between them; name the cohorts at the end of their lines.

The vertical axis runs over the scores that people really have, not over the means alone: a difference then looks as
large as it is among people. Time is drawn to scale.
"""

import itertools

import pandas as pd

from alongside.figures.style import (
    GRID,
    INK,
    LEADING,
    MUTED,
    PAPER,
    RULE,
    Sheet,
    choose_ticks,
    mark_cohorts,
    measure_text,
    spread_positions,
    styled,
    wrap_text,
)
from alongside.figures.words import (
    find_outcome,
    find_wave,
    format_interval,
    format_level,
    format_number,
    join_words,
    name_assignment,
    name_direction,
    name_scale,
)

DODGE = 4.5  # points between the middle of a wave and the markers beside it


@styled
def draw_trajectory(means, *, distributions, study, outcome, variant):
    """The figure of one outcome.

    means, distributions: public tables, all outcomes; rows of other outcomes and analyses are ignored
    study: results["study"]; variant: style.WIDE or style.NARROW
    A mean that is missing (suppressed) is left out and its line is broken there.
    """
    means = _select_means(means, outcome)
    bands = distributions[(distributions["outcome"] == outcome) & distributions["n"].notna()]
    shown = set(means.loc[means["mean"].notna(), "cohort"])
    cohorts = [cohort for cohort in study["cohorts"] if cohort["key"] in shown]
    marks = mark_cohorts(study["cohorts"])
    described = find_outcome(study, outcome)
    waves = [wave for wave in study["waves"] if wave["key"] in set(means["wave"])]

    names = {cohort["key"]: wrap_text(cohort["label"], width=76, size=variant.size, bold=True) for cohort in cohorts}
    room = 18 + max(measure_text(line, variant.size, True) for name in names.values() for line in name.split("\n"))
    left = 38
    plan = _plan_waves(
        [wave["month"] for wave in waves], [wave["label"] for wave in waves],
        width=variant.points - left - room, size=variant.small, most=30 if variant.narrow else 62,
    )  # fmt: skip
    sheet = Sheet(
        variant, title=described["label"], lines=[name_scale(described), name_direction(described)],
        footer=_write_footer(cohorts, study), height=255 if variant.narrow else 300,
        left=left, right=room, above=12, below=plan["below"],
    )  # fmt: skip
    axes = sheet.axes
    axes.set_xlim(*plan["limits"])
    axes.set_ylim(*_find_limits(means, bands))
    axes.set_xticks([])
    axes.set_yticks(choose_ticks(axes.get_ylim(), most=6))
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    point = (plan["limits"][1] - plan["limits"][0]) / sheet.width  # months in one point

    _draw_bands(axes, bands, waves=waves, cohorts=cohorts, marks=marks, half=plan["half"] * point, point=point)
    ends = {}
    for position, cohort in enumerate(cohorts):
        shift = (position - (len(cohorts) - 1) / 2) * 2 * DODGE * point
        rows = means[means["cohort"] == cohort["key"]].set_index("wave").reindex([wave["key"] for wave in waves])
        months = [wave["month"] + shift for wave in waves]
        _draw_means(axes, months, rows, marks[cohort["key"]])
        seen = rows["mean"].last_valid_index()
        ends[cohort["key"]] = sheet.to_points(find_wave(study, seen)["month"] + shift, rows.loc[seen, "mean"])
    _write_ends(sheet, ends, names, marks)
    _write_waves(sheet, plan)
    better = "better \N{RIGHTWARDS ARROW}" if described["higher_is"] == "better" else "\N{LEFTWARDS ARROW} better"
    sheet.write(-left + 4 + variant.small / 2, sheet.height / 2, better, size=variant.small, colour=MUTED,
                rotation=90, ha="center")  # fmt: skip
    return sheet.figure


def describe_trajectory(means, *, study, outcome):
    """The same in words, for those who do not see the picture."""
    means = _select_means(means, outcome)
    described = find_outcome(study, outcome)
    sentences = [
        f"Line chart: {described['label']}, mean of each cohort at each wave with {format_level(study)} intervals, "
        f"over the spread of people's scores. {name_direction(described)}"
    ]
    for cohort in study["cohorts"]:
        rows = means[(means["cohort"] == cohort["key"]) & means["mean"].notna()]
        if len(rows):
            steps = [
                f"{format_number(row.mean)} ({format_interval(row.ci_low, row.ci_high)}) "
                f"{find_wave(study, row.wave)['label'].lower()}"
                for row in rows.rename_axis(None).itertuples(index=False)
            ]
            sentences.append(f"{cohort['label']}: {join_words(steps)}.")
    return " ".join(sentences)


def _select_means(means, outcome):
    return means[(means["outcome"] == outcome) & (means["analysis"] == "primary")].sort_values("month", kind="stable")


def _write_footer(cohorts, study):
    if len(cohorts) == 2:
        sides = f"left of each wave {cohorts[0]['label'].lower()}, right {cohorts[1]['label'].lower()}"
    else:
        sides = f"beside each wave, from the left: {join_words(cohort['label'].lower() for cohort in cohorts)}"
    bands = f", in bands of at least {study['min_cell']} people" if study["min_cell"] > 1 else ""
    return [
        f"Points: means estimated by the model, with {format_level(study)} intervals. Shaded: how people's scores are "
        f"spread{bands} ({sides}).",
        name_assignment(study["design"]),
    ]


def _find_limits(means, bands):
    values = pd.concat([means["ci_low"], means["ci_high"], means["mean"], bands["low"], bands["high"]]).dropna()
    room = 0.03 * (values.max() - values.min())
    return values.min() - room, values.max() + room


def _plan_waves(months, labels, *, width, size, most):
    """Where waves and their labels go.

    half: the room on either side of a wave for its bands, points; limits: of the time axis; labels: (month, text, row)
    with neighbours in different rows where they would touch; below: the height all rows take.
    """
    gaps = [later - earlier for earlier, later in itertools.pairwise(months)]
    span = months[-1] - months[0] or 1.0
    share = min(gaps, default=span) / span
    half = min(most, 0.44 * share * (width - 16) / (1 + 0.88 * share))
    edge = half + 8
    month = span / (width - 2 * edge)  # months in one point
    limits = (months[0] - edge * month, months[0] + span + edge * month)
    spacing = min(gaps, default=span) / month
    for rows in range(1, len(months) + 1):
        allowed = min(rows * spacing, width) - 7
        if rows == len(months) or max(measure_text(w, size) for label in labels for w in label.split()) <= allowed:
            break
    # the outermost labels may reach past the axis on one side only, so they get no more than the others
    wrapped = [wrap_text(label, width=min(allowed, 96), size=size) for label in labels]
    heights = [max((w.count("\n") + 1) * size * LEADING for w in wrapped[row::rows]) for row in range(rows)]
    offsets = [6 + sum(heights[:row]) + 3 * row for row in range(rows)]
    placed = [(m, text, offsets[i % rows]) for i, (m, text) in enumerate(zip(months, wrapped, strict=True))]
    return {"half": half, "limits": limits, "labels": placed, "size": size, "below": offsets[-1] + heights[-1] + 8}


def _write_waves(sheet, plan):
    foot = sheet.axes.get_ylim()[0]
    for month, text, offset in plan["labels"]:
        x, _ = sheet.to_points(month, foot)
        sheet.write(x, -offset, text, size=plan["size"], colour=INK, ha="center", va="top")
        sheet.axes.axvline(month, color=RULE, linewidth=0.8, zorder=1)


def _draw_bands(axes, bands, *, waves, cohorts, marks, half, point):
    """Bars whose area is the share of the cohort's people in a band; two cohorts back to back, more side by side."""
    if bands.empty:
        return
    totals = bands.groupby(["wave", "cohort"], observed=True)["n"].transform("sum")
    density = (bands["n"] / totals / (bands["high"] - bands["low"])).astype(float)
    longest = density.max()
    mirrored = len(cohorts) == 2
    length = half if mirrored else 2 * half / len(cohorts)
    for wave in waves:
        for position, cohort in enumerate(cohorts):
            rows = bands[(bands["wave"] == wave["key"]) & (bands["cohort"] == cohort["key"])]
            if mirrored:
                start, sign = wave["month"] + (-0.6 if position == 0 else 0.6) * point, (-1 if position == 0 else 1)
            else:
                start, sign = wave["month"] - half + position * length, 1
            axes.barh(
                rows["low"], sign * density[rows.index] / longest * (length - point), left=start, align="edge",
                height=rows["high"] - rows["low"], color=marks[cohort["key"]].tint, edgecolor=PAPER, linewidth=0.6,
                zorder=0.6,
            )  # fmt: skip


def _draw_means(axes, months, rows, mark):
    axes.plot(months, rows["mean"], color=mark.colour, linestyle=mark.line, linewidth=1.7, zorder=3)
    axes.vlines(months, rows["ci_low"], rows["ci_high"], color=mark.colour, linewidth=1.5, zorder=3.5)
    for limit in ("ci_low", "ci_high"):
        axes.plot(months, rows[limit], linestyle="none", marker="_", markersize=6, markeredgewidth=1.5,
                  color=mark.colour, zorder=3.5)  # fmt: skip
    axes.plot(months, rows["mean"], linestyle="none", marker=mark.marker, markersize=5.6, zorder=4,
              markerfacecolor=mark.colour if mark.filled else PAPER, markeredgecolor=mark.colour,
              markeredgewidth=1.4)  # fmt: skip


def _write_ends(sheet, ends, names, marks):
    """Names at the right end, moved apart where they would touch, each with a thin line to its last point."""
    keys = list(ends)
    tallest = max(name.count("\n") + 1 for name in names.values())
    gap = tallest * sheet.variant.size * LEADING + 2
    heights = spread_positions([ends[key][1] for key in keys], gap=gap)
    for key, height in zip(keys, heights, strict=True):
        x, y = ends[key]
        (x0, x1), (y0, y1) = sheet.axes.get_xlim(), sheet.axes.get_ylim()
        to_x, to_y = (x1 - x0) / sheet.width, (y1 - y0) / sheet.height
        sheet.axes.plot(
            [x0 + (x + 5) * to_x, x0 + (sheet.width + 3) * to_x, x0 + (sheet.width + 9) * to_x],
            [y0 + y * to_y, y0 + height * to_y, y0 + height * to_y],
            color=marks[key].colour, linewidth=0.8, zorder=2.5, clip_on=False,
        )  # fmt: skip
        sheet.write(sheet.width + 12, height, names[key], colour=marks[key].colour, weight="bold")
