"""How often the check of the keys stops a well-keyed scale, and how often it sees a mis-keyed one.

    python benchmarks/keying_rates.py        writes benchmarks/keying_rates.md (fifteen minutes of one core)

In: nothing. Out: a table of rates for one wave. People answer items of one factor with unequal loadings (alpha as
named), on four-point scales, skewed as symptoms are; then the key is left as it is, or spoiled.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from alongside.sample.keying_rules import find_contradictions
from alongside.sample.psychometrics_items import ScoredItems

SEED, DATA_SETS = 20261122, 2000
CUTS = (0.0, 0.9, 1.6)  # of the standard normal distribution: half of the answers are the lowest


def draw_answers(rng, *, n, k, alpha, weakest=None):
    """n x k answers from 0 to 3 that all point the same way. weakest: the loading of one item, where it is set"""
    between = alpha / (k - alpha * (k - 1))  # the mean correlation that gives this alpha
    loadings = np.sqrt(between) * np.linspace(0.7, 1.3, k)
    if weakest is not None:
        loadings[0] = weakest
    loadings = np.minimum(loadings, 0.95)
    level = rng.standard_normal((n, 1)) * loadings + rng.standard_normal((n, k)) * np.sqrt(1 - loadings**2)
    return (level[:, :, None] > np.array(CUTS)).sum(axis=2).astype(float)


def stopped(answers, spoiled=(), reversed_items=()):
    """Does one wave of these answers stop? spoiled: places that are turned; reversed_items: as the key has them"""
    values = answers.copy()
    values[:, list(spoiled)] = 3 - values[:, list(spoiled)]
    k = values.shape[1]
    turned = np.isin(np.arange(k), list(reversed_items))
    items = ScoredItems(pd.DataFrame(index=range(len(values))), values, np.arange(1, k + 1), turned, (0.0, 3.0))
    return bool(find_contradictions(items, "before"))


def measure_rates():
    """One row a setting: the share of data sets that stop."""
    rng = np.random.default_rng(SEED)
    rows = []
    for k in (5, 10, 21):
        half = tuple(range(0, k, 2))
        for alpha in (0.7, 0.8, 0.9):
            for n in (30, 100, 300):
                counts = dict.fromkeys(("sound", "weak", "one", "order", "half"), 0)
                for _ in range(DATA_SETS):
                    answers = draw_answers(rng, n=n, k=k, alpha=alpha)
                    counts["sound"] += stopped(answers, reversed_items=half)
                    weak = draw_answers(rng, n=n, k=k, alpha=alpha, weakest=0.15)
                    counts["weak"] += stopped(weak, reversed_items=half)
                    counts["one"] += stopped(answers, spoiled=(k - 1,), reversed_items=half)
                    # two reversed items are not, and two others are: another order of the items
                    counts["order"] += stopped(answers, spoiled=(0, 2, 1, 3), reversed_items=half)
                    counts["half"] += stopped(answers, spoiled=half, reversed_items=half)
                rows.append((k, alpha, n, *(count / DATA_SETS for count in counts.values())))
    return rows


HEADER = f"""# The check of the keys: false alarms and detections, for one wave

Shares of {DATA_SETS:,} simulated data sets that stop (`python benchmarks/keying_rates.py`, seed {SEED}). Answers from 0
to 3, half of them 0; one factor, the largest loading nearly twice the smallest; alpha is that of the underlying
continuous answers. A stop is any of: an item, the reversed items, the whole scale.

* sound: the key is right. weak: it is right, and one item hardly belongs to the scale (loading .15).
* one item: the last item is keyed the wrong way. order: four items are, as when two circulating orders are mixed up.
* half: every second item is, as when a file holds its reversed items reversed already.

| items | alpha | people | sound | weak | one item | order | half |
|---|---|---|---|---|---|---|---|
"""


def write_table(rows):
    lines = [
        f"| {k} | {alpha} | {n} | " + " | ".join(f"{rate:.4f}" if place < 2 else f"{rate:.2f}" for place, rate in
        enumerate(rates)) + " |"
        for k, alpha, n, *rates in rows
    ]  # fmt: skip
    return HEADER + "\n".join(lines) + "\n"


if __name__ == "__main__":
    path = Path(__file__).with_suffix(".md")
    path.write_text(write_table(measure_rates()))
    print(path.read_text())
