"""The pictures, each with its data in a table and a few lines on how to read it."""

from alongside.figures.draw import describe_figures, list_figures, read_table
from alongside.figures.words import (
    find_cohort,
    find_outcome,
    find_wave,
    format_count,
    format_interval,
    format_level,
    format_number,
    join_words,
)
from alongside.report.blocks import Column, Details, Group, Heading, Items, Paragraph, Picture, Table

UNITS = (
    "This picture counts in standard deviations, so that different scales can stand side by side, and its right is "
    "always better. The tables count in points of each scale."
)


def compose_pictures(results):
    study = results["study"]
    figures, words = list_figures(results), describe_figures(results, kinds=("forest", "trajectory"))
    blocks = [Heading(2, "The pictures", "pictures", "Pictures")]
    for name in (name for name, (kind, _) in figures.items() if kind == "forest"):
        blocks.append(Picture(name, words[name]))
    if len(blocks) > 1:
        blocks += [
            Paragraph(UNITS),
            *_explain_benchmarks(study),
            Details("How to read this picture", (_explain_forest(study),)),
        ]
    trajectories = [(name, key) for name, (kind, key) in figures.items() if kind == "trajectory"]
    if trajectories:
        blocks.append(Heading(3, "Outcome by outcome", "outcomes"))
        blocks.append(Paragraph(
            "Each point is a cohort's average at one survey. The shaded bars show how widely people differ, so that "
            "the distance between the averages can be seen for what it is."
        ))  # fmt: skip
        blocks += _show_outcome(results, *trajectories[0], words)
    for name, key in trajectories[1:]:
        label = find_outcome(study, key)["label"]
        blocks.append(Details(f"The same picture for: {label}", tuple(_show_outcome(results, name, key, words))))
    return blocks


def _show_outcome(results, name, key, words):
    label = find_outcome(results["study"], key)["label"]
    return [
        Picture(name, words[name]),
        Details(f"The numbers in this picture: {label}", (_tabulate_means(results, key),)),
    ]


def _explain_benchmarks(study):
    """What the dashed lines are: whoever sees them must not take them for a mark to pass."""
    if not study["benchmarks"]:
        return []
    lines = join_words(
        f"{item['value']:.2f} is the {item['label']}"
        for item in sorted(study["benchmarks"], key=lambda item: item["value"])
    )
    return [
        Paragraph(f"The dashed lines are for comparison: {lines}. They say what is usual, not what is enough.")
    ]  # fmt: skip


def _explain_forest(study):
    items = [
        "A point to the right of the black line: the first cohort changed more for the better than the second. To the "
        "left: more for the worse.",
        f"The bar is the {format_level(study)} interval: differences inside it agree with these data. A bar that "
        "crosses the black line leaves open which cohort did better.",
        "The unit is the standard deviation, the usual distance between people at the start. It lets outcomes with "
        "different scales stand side by side.",
    ]
    items += [f"Source of {item['value']:.2f}: {item['citation']}." for item in study["benchmarks"]]
    return Items(tuple(items))


def _tabulate_means(results, key):
    study = results["study"]
    outcome = find_outcome(study, key)
    means = read_table(results, "means")
    means = means[(means["outcome"] == key) & (means["analysis"] == "primary")]
    rows = []
    for cohort in study["cohorts"]:
        mine = means[means["cohort"] == cohort["key"]].sort_values("month", kind="stable")
        if len(mine):
            rows.append(Group(find_cohort(study, cohort["key"])["label"]))
        for row in mine.itertuples(index=False):
            count = format_count(row.n_participants)
            rows.append((
                find_wave(study, row.wave)["label"], format_number(row.mean),
                format_interval(row.ci_low, row.ci_high), count,
            ))  # fmt: skip
    columns = (
        Column("Survey"), Column("Mean, points", "right"), Column(f"{format_level(study)} interval", "right"),
        Column("People observed", "right"),
    )  # fmt: skip
    return Table(f"{outcome['label']}: means of each cohort, estimated by the model", columns, tuple(rows))
