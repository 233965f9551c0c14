"""Make the demonstration study: `python simulate.py` writes the study's files and planted.json;
`python simulate.py truth` writes truth.json as well (about a minute).

In: nothing but the seed below. Out: the same bytes every time. `population.py` says who the people are and what
mentoring does to them, `exports.py` how the files look, README.md what both mean for a reader.
"""

import json
import sys
from pathlib import Path

import numpy as np
from exports import write_exports
from population import FOLLOWUPS, OUTCOMES, SCALES, WAVES, draw_population

SEED = 20251134  # chosen to be typical: README.md says how
TRUTH_SEED = 20251101
SITE_SIZES = (46, 41, 38, 36, 34, 33, 31, 29, 28, 26, 24, 21, 18, 15)
N_LATE = 12
TRUTH_PEOPLE, TRUTH_CHUNK, TRUTH_SITE = 200_000, 20_000, 40
BIAS_REPEATS = 10


def make_study(folder, *, seed=SEED):
    """Write the files below `folder`; return what was planted."""
    people, files = (np.random.default_rng(child) for child in np.random.SeedSequence(seed).spawn(2))
    population = draw_population(people, site_sizes=SITE_SIZES, n_late=N_LATE)
    planted = write_exports(files, population, folder)
    (folder / "planted.json").write_text(json.dumps(planted, indent=2) + "\n")
    return planted


def compute_truth(*, seed=TRUTH_SEED, n_people=TRUTH_PEOPLE):
    """outcome -> wave -> mean difference between both potential outcomes in observed scores (and in enrolment).

    "mentored": over those who chose mentoring, which is what the study estimates; "everyone": over all.
    "standard_error": Monte Carlo error of "mentored". No survey is missed and no item skipped here.
    """
    differences = {outcome: [] for outcome in (*OUTCOMES, "still_enrolled")}
    mentored, baseline = [], {outcome: [] for outcome in OUTCOMES}
    for child in np.random.SeedSequence([seed, 1]).spawn(n_people // TRUTH_CHUNK or 1):
        sites = (TRUTH_SITE,) * (min(n_people, TRUTH_CHUNK) // TRUTH_SITE)
        population = draw_population(np.random.default_rng(child), site_sizes=sites)
        mentored.append(population.mentored)
        for outcome in OUTCOMES:
            scale = SCALES[outcome]
            with_mentor, without = (scale.score(population.answers_if[joined][outcome]) for joined in (True, False))
            differences[outcome].append((with_mentor - without)[1:])
            baseline[outcome].append(without[0])
        enrolled = population.enrolled_if
        differences["still_enrolled"].append(enrolled[True][None].astype(float) - enrolled[False][None])
    joined = np.concatenate(mentored)
    truth = {}
    for outcome, chunks in differences.items():
        by_wave = np.concatenate(chunks, axis=1)
        truth[outcome] = {
            wave: {
                "mentored": round(float(values[joined].mean()), 4),
                "everyone": round(float(values.mean()), 4),
                "standard_error": round(float(values[joined].std() / np.sqrt(joined.sum())), 4),
            }
            for wave, values in zip(FOLLOWUPS, by_wave, strict=False)
        }
        if outcome in OUTCOMES:
            truth[outcome]["baseline_sd"] = round(float(np.concatenate(baseline[outcome]).std()), 4)
    return {"people": len(joined), "mentored": int(joined.sum()), "outcomes": truth}


def compute_residual_bias(*, seed=TRUTH_SEED, n_people=TRUTH_PEOPLE, repeats=BIAS_REPEATS):
    """How far the adjusted and the unadjusted difference in change of very many complete people are from the truth.

    Scores are bounded, so a point of the latent level is worth a little less near the ends, and people with other
    lasting levels change by a little less: what remains of that is measured here. Expected scores are used in place of
    answers (no noise of the items); ordinary least squares of the change on cohort and covariates.
    """
    adjusted, raw = [], []
    for child in np.random.SeedSequence([seed, 2]).spawn(repeats):
        sites = (TRUTH_SITE,) * (n_people // TRUTH_SITE)
        population = draw_population(np.random.default_rng(child), site_sizes=sites)
        adjusted.append([])
        raw.append([])
        for outcome in OUTCOMES:
            for wave in range(1, len(WAVES)):
                change, effect = _expected_change(population, outcome, wave)
                raw[-1].append(_slope(change, population, covariates=False) - effect)
                adjusted[-1].append(_slope(change, population, covariates=True) - effect)
    pairs = [(outcome, wave) for outcome in OUTCOMES for wave in FOLLOWUPS]
    bias = {outcome: {} for outcome in OUTCOMES}
    for (outcome, wave), with_covariates, without in zip(pairs, np.array(adjusted).T, np.array(raw).T, strict=True):
        bias[outcome][wave] = {
            "adjusted": round(float(with_covariates.mean()), 4),
            "adjusted_standard_error": round(float(with_covariates.std(ddof=1) / np.sqrt(repeats)), 4),
            "unadjusted": round(float(without.mean()), 4),
        }
    return bias


def _expected_change(population, outcome, wave):
    scale = SCALES[outcome]
    with_mentor, without = (scale.expected_score(level) for level in population.levels(outcome, wave))
    before = scale.expected_score(population.latent[outcome][0])
    lived = np.where(population.mentored, with_mentor, without)
    return lived - before, (with_mentor - without)[population.mentored].mean()


def _slope(change, population, *, covariates):
    columns = [np.ones(len(change)), population.mentored]
    if covariates:
        columns += [population.age, population.gender == 1, population.gender == 2, population.first_generation]
    return np.linalg.lstsq(np.column_stack(columns).astype(float), change, rcond=None)[0][1]


if __name__ == "__main__":
    here = Path(__file__).resolve().parent
    make_study(here)
    if "truth" in sys.argv[1:]:
        truth = compute_truth() | {"residual_bias": compute_residual_bias()}
        (here / "truth.json").write_text(json.dumps(truth, indent=2) + "\n")
