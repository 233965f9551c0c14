"""How often 95% intervals cover and true null hypotheses are rejected, over simulated studies.

In: cells by number (default all; --list prints them), --studies (default 2000), --statsmodels (how many studies of
each cell statsmodels also fits, default 0). Out: one row a cell and method in calibration.csv beside this file, added
as each cell ends (a cell that is there is not run again), and calibration.md with the tables.
Cells: n = 24, 60, 200 people; 6 or 12 sites; intraclass correlation 0, .03, .10; people assigned within sites, or whole
sites assigned. Three waves, correlation .6 and .5 between waves, site effects with correlation .8 from wave to wave,
dropout that depends on the score seen last (MAR, about 15% a wave).
Model: score ~ cohort * wave, unstructured, site and site-by-wave variances, dropped when estimated at zero. The
contrast is the difference in change at the last wave, truly zero, so the rate of rejection is the type I error and one
minus it the coverage. Methods: Kenward-Roger with observed and with expected information, Satterthwaite and z from the
same fit; statsmodels MixedLM (random intercepts of person and site, its own z).
"""

import argparse
import itertools
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

from alongside.mixed import MixedError, fit

FOLDER = Path(__file__).parent
WAVES = 3
WITHIN = np.array([[1.0, 0.6, 0.5], [0.6, 1.0, 0.6], [0.5, 0.6, 1.0]])
CELLS = list(itertools.product((24, 60, 200), (6, 12), (0.0, 0.03, 0.10), ("people", "sites")))
METHODS = {
    "kenward-roger observed": {"df": "kenward-roger", "information": "observed"},
    "kenward-roger expected": {"df": "kenward-roger", "information": "expected"},
    "satterthwaite observed": {"df": "satterthwaite", "information": "observed"},
    "z": {"df": "z"},
}
OUTSIDE = "statsmodels z"
CONTRAST = "cohort[T.mentored]:wave[T.w2]"


def simulate(cell, rng):
    n, sites, icc, assigned = cell
    site = np.arange(n) % sites
    cohort = (site % 2) if assigned == "sites" else (np.arange(n) // sites) % 2
    across = np.full((WAVES, WAVES), 0.8) + 0.2 * np.eye(WAVES)
    effects = rng.multivariate_normal(np.zeros(WAVES), icc * across, size=sites)
    score = effects[site] + rng.multivariate_normal(np.zeros(WAVES), (1 - icc) * WITHIN, size=n)
    seen = np.ones((n, WAVES), bool)
    for wave in range(1, WAVES):
        leaves = rng.random(n) < 1 / (1 + np.exp(1.9 - 0.8 * score[:, wave - 1]))
        seen[:, wave] = seen[:, wave - 1] & ~leaves
    data = pd.DataFrame(
        {
            "id": np.repeat(np.arange(n), WAVES),
            "site": np.repeat(site, WAVES),
            "wave": pd.Categorical.from_codes(np.tile(np.arange(WAVES), n), ["w0", "w1", "w2"]),
            "cohort": pd.Categorical.from_codes(np.repeat(cohort, WAVES), ["comparison", "mentored"]),
            "score": score.ravel(),
        }
    )
    return data[seen.ravel()].reset_index(drop=True)


def run_cell(number, studies, by_statsmodels):
    cell = CELLS[number]
    rejected = {method: [] for method in METHODS}
    state = {"ok": 0, "other": 0, "refused": 0}
    outside = []
    for study in range(studies):
        data = simulate(cell, np.random.default_rng([number, study]))
        if study < by_statsmodels:
            outside.append(statsmodels_p(data))
        try:
            model = fit("score ~ cohort * wave", data, participant="id", wave="wave", clusters=["site"])
        except MixedError:
            state["refused"] += 1
            continue
        state["ok" if model.status in ("ok", "partial") else "other"] += 1
        for method, options in METHODS.items():
            p = model.contrasts({"x": CONTRAST}, **options)["p"].item()
            if np.isfinite(p):  # there is none below two degrees of freedom
                rejected[method].append(p < 0.05)
    rows = [row(number, cell, method, hits, studies, state) for method, hits in rejected.items()]
    if outside:
        hits = [p < 0.05 for p in outside if np.isfinite(p)]
        rows.append(row(number, cell, OUTSIDE, hits, len(outside), {}))
    return rows


def row(number, cell, method, hits, studies, state):
    rate = float(np.mean(hits)) if hits else np.nan
    low, high = stats.binomtest(int(np.sum(hits)), len(hits)).proportion_ci() if hits else (np.nan, np.nan)
    names = ("people", "sites", "icc", "assigned")
    out = {"cell": number} | dict(zip(names, cell, strict=True)) | {"method": method, "type_1_error": round(rate, 4)}
    return out | {"low": round(low, 4), "high": round(high, 4), "fits": len(hits), "studies": studies} | state


def describe(done):
    """The text of calibration.md: rates pooled over alike cells (their studies are independent), then every cell."""
    kind = done["assigned"].map({"people": "people in sites", "sites": "whole sites"})
    icc = done["icc"].map("{:.2f}".format).where(done["assigned"] == "sites", "all")
    size = done["people"].map(lambda people: "24" if people == 24 else "60, 200")
    sites = done["sites"].astype(str).where((done["assigned"] == "people") & (done["people"] == 24), "both")
    alike = done.assign(assigned=kind, icc=icc, people=size, sites=sites, hits=done["type_1_error"] * done["fits"])
    sums = alike.groupby(["assigned", "people", "sites", "icc", "method"], sort=False)[["hits", "fits"]].sum()
    pooled = (sums["hits"] / sums["fits"]).round(3).unstack("method").reset_index().rename_axis(columns=None)
    pooled = pooled[["assigned", "people", "sites", "icc", *METHODS, *([OUTSIDE] if OUTSIDE in pooled else [])]]
    text = [
        "# Calibration of the estimator",
        "",
        "Made by `calibration.py`; nominal is .05. Cells that are alike, pooled:",
    ]
    text += ["", "```", pooled.to_string(index=False), "```", "", "Every cell; low and high: exact 95%", ""]
    return "\n".join([*text, "```", done.to_string(index=False, na_rep=""), "```", ""])


def statsmodels_p(data):
    """p of the contrast by MixedLM; missing where it raises or does not converge (both count as no answer)."""
    from statsmodels.formula.api import mixedlm

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = mixedlm(
                "score ~ cohort * wave", data, groups="site", re_formula="1", vc_formula={"id": "0 + C(id)"}
            ).fit(reml=True)
        except (np.linalg.LinAlgError, ValueError):
            return np.nan
    return float(found.pvalues["cohort[T.mentored]:wave[T.w2]"]) if found.converged else np.nan


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cells", nargs="*", type=int)
    parser.add_argument("--studies", type=int, default=2000)
    parser.add_argument("--statsmodels", type=int, default=0)
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    if options.list:
        print("\n".join(f"{number}: {cell}" for number, cell in enumerate(CELLS)))
        return
    path = FOLDER / "calibration.csv"
    done = pd.read_csv(path) if path.exists() else pd.DataFrame(columns=["cell"])
    for number in options.cells or range(len(CELLS)):
        if number in set(done["cell"]):
            continue
        rows = pd.DataFrame(run_cell(number, options.studies, options.statsmodels))
        done = rows if done.empty else pd.concat([done, rows], ignore_index=True).sort_values("cell", kind="stable")
        done.to_csv(path, index=False)
        (FOLDER / "calibration.md").write_text(describe(done))


if __name__ == "__main__":
    main()
