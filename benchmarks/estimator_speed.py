"""Seconds that the estimator needs, beside R's lme4 and the Rust-backed lme-python, on the same simulated panels.

In: sizes on the command line (default 400 4000 40000), a Python with lme-python and an Rscript with lme4 in
--lme-python and --rscript (each may be left out). Out: estimator_speed.csv and estimator_speed.md beside this file.
Models: `unstructured` (score ~ cohort * wave + age * wave, Kenward-Roger for every coefficient), `site` (random
intercept of participant and site), and refits at 400 participants. What a time holds: reading the formula, making the
design from a data frame, the fit; ours also the standard errors, Kenward-Roger degrees of freedom, p and intervals of
every coefficient as a data frame; lme4 and lme-python neither (`site, with Kenward-Roger` is lme-python with them, at
the smallest size only, because it takes seconds there). Reading the file does not count.
CPU seconds are what is compared, because the machine may be shared: one BLAS thread each, programs taking turns, the
best of a few runs each; wall seconds stand beside. `estimator_speed_figure.py` draws the result.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

FOLDER = Path(__file__).parent
WAVES = 4
FORMULA = "score ~ cohort * wave + age * wave"
WITH_DF = "site, with Kenward-Roger"
MODELS = ("unstructured", "site", WITH_DF)
SMALLEST = 400

OURS = """
import json, resource, sys, time
import pandas as pd
from alongside.mixed import Cluster, fit
data = pd.read_parquet(sys.argv[1])
options = dict(participant="id", wave="wave")
if sys.argv[2] == "site":
    options |= dict(covariance="random_intercept", clusters=[Cluster("site", by_wave=False)])
best = None
for _ in range(int(sys.argv[3])):
    wall, cpu = time.perf_counter(), time.process_time()
    model = fit("score ~ cohort * wave + age * wave", data, **options)
    fitted = time.process_time() - cpu
    table = model.coefficients()
    row = dict(cpu=time.process_time() - cpu, cpu_fit=fitted, wall=time.perf_counter() - wall)
    best = row if best is None or row["cpu"] < best["cpu"] else best
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
print(json.dumps(best | dict(gigabytes=memory, loglik=model.loglik, status=model.status)))
"""

RUST = """
import json, resource, sys, time
import pandas as pd
import lme_python
data = pd.read_csv(sys.argv[1])
for name in ("id", "site", "wave", "cohort"):
    data[name] = data[name].astype(str)
best = None
for _ in range(int(sys.argv[3])):
    wall, cpu = time.perf_counter(), time.process_time()
    model = lme_python.lmer("score ~ cohort * wave + age * wave + (1 | id) + (1 | site)", data, reml=True)
    if sys.argv[2] != "site":
        model.with_kenward_roger(data)
    row = dict(cpu=time.process_time() - cpu, wall=time.perf_counter() - wall)
    best = row if best is None or row["wall"] < best["wall"] else best
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
print(json.dumps(best | dict(gigabytes=memory, loglik=model.log_likelihood)))
"""

LME4 = """
suppressMessages({library(lme4); library(jsonlite)})
a <- commandArgs(TRUE); d <- read.csv(a[1])
for (v in c("id", "site", "wave", "cohort")) d[[v]] <- factor(d[[v]])
best <- NULL
for (i in seq_len(as.integer(a[3]))) {
  s <- system.time(m <- lmer(score ~ cohort * wave + age * wave + (1 | id) + (1 | site), d))
  if (is.null(best) || s[["user.self"]] + s[["sys.self"]] < best$cpu)
    best <- list(cpu = s[["user.self"]] + s[["sys.self"]], wall = s[["elapsed"]], loglik = as.numeric(logLik(m)))
}
cat(toJSON(best, auto_unbox = TRUE, digits = 10))
"""


def simulate(n, seed=0):
    """n people in sites of 40, four waves, 2 to 20 percent of the answers missing."""
    rng = np.random.default_rng(seed)
    site = np.arange(n) // 40
    cohort, age = rng.integers(0, 2, n), rng.normal(13, 2, n)
    score = 0.7 * rng.normal(size=(n, 1)) + 0.3 * rng.normal(size=n // 40 + 1)[site][:, None]
    score = (
        score + 0.8 * rng.normal(size=(n, WAVES)) + cohort[:, None] * np.array([0, 0.1, 0.2, 0.2]) + 0.05 * age[:, None]
    )
    data = pd.DataFrame(
        {
            "id": np.repeat(np.arange(n), WAVES),
            "site": np.repeat(site, WAVES),
            "wave": pd.Categorical.from_codes(np.tile(np.arange(WAVES), n), ["a", "b", "c", "d"]),
            "cohort": pd.Categorical.from_codes(np.repeat(cohort, WAVES), ["comparison", "mentored"]),
            "age": np.repeat(age, WAVES),
            "score": score.ravel(),
        }
    )
    return data[rng.random(len(data)) > np.tile([0.02, 0.1, 0.15, 0.2], n)].reset_index(drop=True)


def run(command, program, suffix, *arguments):
    with tempfile.NamedTemporaryFile("w", suffix=suffix) as script:
        script.write(program)
        script.flush()
        made = subprocess.run(
            [*command, script.name, *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | {name: "1" for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "RAYON_NUM_THREADS")},
        )
    if made.returncode:
        said = [line for line in made.stderr.splitlines() if "panicked" in line or "Error" in line]
        return {"status": "failed", "note": (said or [f"exit {made.returncode}"])[0][:60]}
    return json.loads(made.stdout.strip().splitlines()[-1])


def refits(data):
    """2,000 bootstrap and 5,000 permutation refits of the unstructured model without covariate."""
    from alongside.mixed import fit_many

    n = data["id"].nunique()
    rng = np.random.default_rng(1)
    counts = rng.multinomial(n, np.ones(n) / n, size=2000).astype(float)
    cohort = data.drop_duplicates("id")["cohort"].astype(str).to_numpy()
    labels = np.stack([rng.permutation(cohort) for _ in range(5000)])
    out = []
    for model, options in (
        ("bootstrap 2000", {"weights": counts}),
        ("permutations 5000", {"permute": "cohort", "labels": labels}),
    ):
        rounds = []
        for _ in range(4):
            wall, cpu = time.perf_counter(), time.process_time()
            many = fit_many("score ~ cohort * wave", data, participant="id", wave="wave", **options)
            rounds.append((time.process_time() - cpu, time.perf_counter() - wall))
        cpu, wall = min(rounds)
        row = {"cpu": cpu, "wall": wall, "status": f"{many.converged.mean():.4f} converged"}
        out.append({"participants": n, "model": model, "program": "alongside.mixed", **row})
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", nargs="*", type=int, default=[400, 4000, 40000])
    parser.add_argument("--lme-python", help="a Python that can import lme_python")
    parser.add_argument("--rscript", help="an Rscript with lme4 and jsonlite")
    parser.add_argument("--lme-python-limit", type=int, default=1_000_000, help="largest size given to lme-python")
    parser.add_argument("--lme4-limit", type=int, default=40_000, help="largest size given to lme4")
    parser.add_argument("--add", action="store_true", help="measure these sizes only, keep the others as they were")
    options = parser.parse_args()
    rows = refits(simulate(400)) if not options.add else before(options.sizes)
    for n in options.sizes:
        rows += compare(n, simulate(n), options)
        write(sorted(rows, key=lambda row: row["participants"]))


def before(sizes):
    """Rows of the last result that this run does not measure anew: other sizes, and the refits."""
    table = pd.read_csv(FOLDER / "estimator_speed.csv")
    rows = table[~(table["participants"].isin(sizes) & table["model"].isin(MODELS))].to_dict("records")
    return [{name: value for name, value in row.items() if pd.notna(value)} for row in rows]


def compare(n, data, options):
    """One row a program and model: the round with the least CPU seconds; in a round every program runs in turn."""
    rounds, times = (6, 60) if n <= 400 else (4, 20) if n <= 4000 else (3, 3) if n <= 40000 else (1, 1)
    with tempfile.TemporaryDirectory() as folder:
        parquet, csv = Path(folder) / "panel.parquet", Path(folder) / "panel.csv"
        data.to_parquet(parquet)
        data.to_csv(csv, index=False)
        ours = [sys.executable]
        engines = {("alongside.mixed", model): (ours, OURS, ".py", parquet) for model in ("unstructured", "site")}
        if options.lme_python and n <= options.lme_python_limit:
            engines["lme-python", "site"] = ([options.lme_python], RUST, ".py", csv)
            if n <= SMALLEST:
                engines["lme-python", WITH_DF] = ([options.lme_python], RUST, ".py", csv)
        if options.rscript and n <= options.lme4_limit:
            engines["lme4", "site"] = ([options.rscript], LME4, ".R", csv)
        best = {}
        for _ in range(rounds):
            for (program, model), engine in engines.items():
                repeats = 1 if model == WITH_DF else times if program != "lme4" else 3 if n <= 4000 else 1
                found = run(*engine, model, repeats)
                if (program, model) not in best or found.get("cpu", np.inf) < best[program, model].get("cpu", np.inf):
                    best[program, model] = found
    return [{"participants": n, "model": model, "program": program, **row} for (program, model), row in best.items()]


def ratios(table):
    """CPU seconds of the fastest other program on the site model, divided by ours, by size."""
    site = table[(table["model"] == "site") & table["cpu"].notna()]
    ours = site[site["program"] == "alongside.mixed"].set_index("participants")["cpu"]
    others = site[site["program"] != "alongside.mixed"].groupby("participants")["cpu"].min()
    return (others / ours).dropna()


def write(rows):
    table = pd.DataFrame(rows).round(4)
    table.to_csv(FOLDER / "estimator_speed.csv", index=False)
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6
    text = [
        "# Speed of the estimator",
        "",
        f"Made by `estimator_speed.py`. CPU seconds; the machine's load was {load}; largest process {peak:.1f} GB.",
        "Every time includes reading the formula and making the design from a data frame. `alongside.mixed` also",
        "includes standard errors, Kenward-Roger degrees of freedom, p and intervals of every coefficient as a data",
        "frame; lme4 and lme-python only the fit, unless the model says otherwise.",
        "",
        "Times as fast as the fastest of them on the site model: "
        + "; ".join(f"{ratio:.1f} at {n:,} participants" for n, ratio in ratios(table).items())
        + ".",
        "",
        "```",
        table.to_string(index=False, na_rep=""),
        "```",
        "",
    ]
    (FOLDER / "estimator_speed.md").write_text("\n".join(text))


if __name__ == "__main__":
    main()
