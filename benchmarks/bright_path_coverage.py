"""How often the 95 % intervals of the primary model hold the truth, over 100 Bright Path studies that nobody chose.

    python benchmarks/bright_path_coverage.py            (4 to 29 minutes on two shared cores)

In: data/bright-path (the simulation, study.yaml, truth.json). Out: benchmarks/bright_path_coverage.md, and the same on
the screen. Each study is simulated straight to a panel, without files and their mess, and goes through the function
that the pipeline calls (`estimate_primary`). Beside it the two easy answers: the change of the mentored alone (paired
t), and the difference in change of those seen at both waves without covariates (Welch's t).
"""

import datetime as dt
import json
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

PROJECT = Path(__file__).resolve().parents[1]
BRIGHT_PATH = PROJECT / "data" / "bright-path"
sys.path.insert(0, str(BRIGHT_PATH))

import simulate  # noqa: E402
from population import FOLLOWUPS, GENDERS, OUTCOMES, WAVES, draw_population  # noqa: E402

from alongside.effects.primary import PRIMARY, estimate_primary  # noqa: E402
from alongside.study import load_study  # noqa: E402

N_STUDIES = 100
WORKERS = 2
MODEL, PAIRED, RAW = "primary model", "change of the mentored alone", "difference without covariates"


def simulate_panel(number, study):
    """(population, panel) of one study. number: 0, 1, 2 ..., the only thing that differs between studies"""
    seed = np.random.SeedSequence([simulate.TRUTH_SEED, 3, number])
    population = draw_population(np.random.default_rng(seed), site_sizes=simulate.SITE_SIZES, n_late=simulate.N_LATE)
    person = np.repeat(np.arange(len(population.site)), len(WAVES))
    wave = np.tile(np.arange(len(WAVES)), len(population.site))
    panel = pd.DataFrame(
        {
            "participant": [f"p{one:04d}" for one in person],
            "cohort": pd.Categorical.from_codes(population.mentored[person].astype(int), ["unmentored", "mentored"]),
            "wave": pd.Categorical.from_codes(wave, WAVES),
            "month": np.array([study.waves[one].month for one in WAVES])[wave],
            "site": [f"s{one:02d}" for one in population.site[person]],
            "mentor_id": None,  # mentors are given out with the files, and do nothing in this simulation
            "age": population.age[person],
            "gender": np.array(GENDERS, dtype=object)[population.gender[person]],
            "first_generation": population.first_generation[person].astype(float),
        }
    )
    for outcome in OUTCOMES:
        panel[outcome] = population.observed_scores(outcome).T.ravel()
    return population, panel


def run_study(number):
    """Rows of (study, method, outcome, wave, estimate, se, ci_low, ci_high, status)."""
    study = load_study(BRIGHT_PATH / "study.yaml")
    population, panel = simulate_panel(number, study)
    estimates = estimate_primary(panel, plan=study).estimates
    rows = [
        (number, MODEL, row.outcome, row.wave, row.estimate, row.se, row.ci_low, row.ci_high, row.status)
        for row in estimates[estimates["analysis"] == PRIMARY].itertuples()
    ]
    for outcome in OUTCOMES:
        scores = population.observed_scores(outcome)
        for place, wave in enumerate(FOLLOWUPS, start=1):
            change = scores[place] - scores[0]
            seen = ~np.isnan(change)
            mentored, others = change[seen & population.mentored], change[seen & ~population.mentored]
            paired = stats.ttest_1samp(mentored, 0)
            welch = stats.ttest_ind(mentored, others, equal_var=False)
            for method, test, estimate in (
                (PAIRED, paired, mentored.mean()),
                (RAW, welch, mentored.mean() - others.mean()),
            ):
                low, high = test.confidence_interval(0.95)
                rows.append((number, method, outcome, wave, estimate, estimate / test.statistic, low, high, "ok"))
    return rows


def summarise(rows, truth):
    """One row for each method, outcome and wave; an interval that could not be had covers nothing."""
    columns = ["study", "method", "outcome", "wave", "estimate", "se", "low", "high", "status"]
    table = pd.DataFrame(rows, columns=columns)
    table["truth"] = [truth[row.outcome][row.wave]["mentored"] for row in table.itertuples()]
    table["covered"] = (table["low"] <= table["truth"]) & (table["truth"] <= table["high"])
    groups = table.groupby(["method", "outcome", "wave"], sort=False)
    summary = groups.agg(
        studies=("study", "size"),
        truth=("truth", "first"),
        mean=("estimate", "mean"),
        sd=("estimate", "std"),
        se=("se", "mean"),
        covered=("covered", "mean"),
        statuses=("status", lambda status: dict(status.value_counts())),
    )
    return summary.reset_index()


def write_report(summary, seconds):
    n = int(summary["studies"].max())
    model = summary[summary["method"] == MODEL]
    margin = 1.96 * np.sqrt(0.95 * 0.05 / n)
    lines = [
        "# Bright Path: do the intervals hold the truth?",
        "",
        f"Made by `benchmarks/bright_path_coverage.py` on {dt.date.today().isoformat()}: {n} simulated studies of "
        f"{sum(simulate.SITE_SIZES)} people at {len(simulate.SITE_SIZES)} sites, {seconds / 60:.0f} minutes.",
        f"A 95 % interval that is right covers between {0.95 - margin:.2f} and 1.00 of {n} studies,"
        " 19 times out of 20.",
        "Bias is the mean estimate minus the truth, with its Monte Carlo standard error; points of each scale.",
        "",
        f"Over all {len(model)} contrasts of the primary model: {model['covered'].mean():.3f} covered; "
        f"status of the estimates: {_count_statuses(model)}.",
    ]
    for method, rows in summary.groupby("method", sort=False):
        lines += [
            "",
            f"## {method[0].upper()}{method[1:]}",
            "",
            "| outcome | wave | truth | bias | SD of estimates | mean SE | covered |",
            "|---|---|---|---|---|---|---|",
        ]
        for row in rows.itertuples():
            bias = f"{row.mean - row.truth:+.2f} ({row.sd / np.sqrt(row.studies):.2f})"
            numbers = f"{row.truth:.2f} | {bias} | {row.sd:.2f} | {row.se:.2f} | {row.covered:.2f}"
            lines.append(f"| {row.outcome.replace('_', '-')} | {row.wave} | {numbers} |")
    text = "\n".join(lines) + "\n"
    (PROJECT / "benchmarks" / "bright_path_coverage.md").write_text(text)
    print(text)


def _count_statuses(model):
    counts = sum((Counter(statuses) for statuses in model["statuses"]), Counter())
    return ", ".join(f"{status} {number}" for status, number in counts.most_common())


def main(n_studies=N_STUDIES):
    started = time.monotonic()
    truth = json.loads((BRIGHT_PATH / "truth.json").read_text())["outcomes"]
    with ProcessPoolExecutor(WORKERS) as pool:
        rows = [row for rows in pool.map(run_study, range(n_studies)) for row in rows]
    write_report(summarise(rows, truth), time.monotonic() - started)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
