"""The curve of seconds against participants, from estimator_speed.csv.

In: estimator_speed.csv beside this file. Out: docs/images/estimator-speed.svg, linked from docs/estimator.md.
"""

from pathlib import Path

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt
import pandas as pd

FOLDER = Path(__file__).parent
TARGET = FOLDER.parent / "docs" / "images" / "estimator-speed.svg"
LINES = {  # in the order of the legend, slowest first
    ("lme4", "site"): ("lme4: random intercept + site", "#8a8a8a", "s"),
    ("lme-python", "site"): ("lme-python: random intercept + site", "#b35806", "^"),
    ("alongside.mixed", "site"): ("alongside.mixed: the same, with Kenward-Roger", "#1b5e7d", "o"),
    ("alongside.mixed", "unstructured"): ("alongside.mixed: unstructured, with Kenward-Roger", "#5aa6c4", "o"),
}


def draw(table):
    """Log seconds against log participants."""
    plt.rcParams.update({"svg.hashsalt": "alongside", "svg.fonttype": "none", "font.family": "sans-serif"})
    figure, axes = plt.subplots(figsize=(7.6, 4.2), layout="constrained")
    for (program, model), (label, colour, marker) in LINES.items():
        mine = table[(table["program"] == program) & (table["model"] == model)].dropna(subset=["cpu"])
        mine = mine.sort_values("participants")
        axes.plot(mine["participants"], mine["cpu"], color=colour, marker=marker, markersize=5, label=label)
    axes.set(xscale="log", yscale="log", xlabel="participants (4 waves, sites of 40)", ylabel="CPU seconds")
    axes.set(xlim=(300, 1.4e6), ylim=(0.002, 200))
    ticks = sorted(table["participants"].unique())
    axes.set_xticks(ticks, [f"{n:,}" for n in ticks])
    axes.set_yticks([0.01, 0.1, 1, 10, 100], ["0.01", "0.1", "1", "10", "100"])
    axes.minorticks_off()
    axes.grid(axis="y", color="#dddddd", linewidth=0.6)
    axes.legend(frameon=False, loc="upper left", fontsize=9)
    axes.spines[["top", "right"]].set_visible(False)
    return figure


if __name__ == "__main__":
    draw(pd.read_csv(FOLDER / "estimator_speed.csv")).savefig(TARGET, metadata={"Date": None, "Creator": None})
