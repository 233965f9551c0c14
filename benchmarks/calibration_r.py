"""Studies of calibration.py by R, one by one: is the estimator lme4's, lmerTest's and pbkrtest's on every one of them?

In: cell (default 12), --studies (default 60; R takes two seconds for each). Out: calibration_r_<cell>.md beside this.
Model: random intercepts of person, site and site-by-wave (lme4 has no unstructured covariance beside them). The
contrast is that of calibration.py. R drops variances at zero and fits again (calibration_r.R), as alongside.mixed does;
beside it stands what R says with the zeros left in. Needs Rscript with lme4, lmerTest and pbkrtest.
"""

import argparse
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from calibration import CELLS, CONTRAST, FOLDER, simulate

from alongside.mixed import fit

METHODS = {"kr": ("kenward-roger", "expected"), "satterthwaite": ("satterthwaite", "observed")}


def fit_here(data):
    model = fit(
        "score ~ cohort * wave", data, participant="id", wave="wave", clusters=["site"], covariance="random_intercept"
    )
    out = {"loglik": model.loglik, "status": model.status}
    out["terms"] = " ".join("site" if term.kind == "intercept" else "site:wave" for term in model.terms)
    for name, (df, information) in METHODS.items():
        row = model.contrasts({"x": CONTRAST}, df=df, information=information).iloc[0]
        out |= {"estimate": row["estimate"], f"se_{name}": row["se"], f"df_{name}": row["df"], f"p_{name}": row["p"]}
    return out


def fit_in_r(studies):
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("studies.csv", "fits.csv")]
        pd.concat([data.assign(study=number) for number, data in enumerate(studies)]).to_csv(files[0], index=False)
        subprocess.run(["Rscript", FOLDER / "calibration_r.R", *files], check=True)
        return pd.read_csv(files[1], keep_default_na=False).set_index(["kind", "study"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cell", nargs="?", type=int, default=12)
    parser.add_argument("--studies", type=int, default=60)
    options = parser.parse_args()
    rngs = [np.random.default_rng([options.cell, study]) for study in range(options.studies)]
    studies = [simulate(CELLS[options.cell], rng) for rng in rngs]
    ours = pd.DataFrame([fit_here(data) for data in studies])
    theirs = fit_in_r(studies)
    whole, dropped = theirs.loc["whole"], theirs.loc["dropped"]
    same = (ours["terms"] == dropped["terms"]) & (ours["status"] != "boundary")
    both, r = ours[same], dropped[same]
    lines = [
        "# The same studies by R",
        "",
        f"Made by `calibration_r.py`: cell {options.cell} {CELLS[options.cell]}, {len(studies)} studies.",
        "",
        f"{int(same.sum())} studies keep the same cluster variances in both; over these, the largest difference",
        "",
        "```",
        f"log-likelihood        {(both['loglik'] - r['loglik']).abs().max():.1e}",
        f"estimate, in SE       {((both['estimate'] - r['estimate']).abs() / r['se_kr']).max():.1e}",
        f"SE, Kenward-Roger     {(both['se_kr'] / r['se_kr'] - 1).abs().max():.1e}",
        f"df, Kenward-Roger     {(both['df_kr'] / r['df_kr'] - 1).abs().max():.1e}",
        f"df, Satterthwaite     {(both['df_satterthwaite'] / r['df_satterthwaite'] - 1).abs().max():.1e}",
        "```",
        "",
        f"{int((~same).sum())} studies differ in what was kept, or have no variance between people.",
        "",
        "Rejections of the true null at .05, all studies:",
        "",
        "```",
        "                                 Kenward-Roger  Satterthwaite",
    ]
    for name, fits in (("alongside.mixed", ours), ("R, zeros dropped", dropped), ("R, zeros left in", whole)):
        rates = [(fits[f"p_{method}"] < 0.05).mean() for method in METHODS]
        lines.append(f"{name:33s}{rates[0]:13.4f}{rates[1]:15.4f}")
    (FOLDER / f"calibration_r_{options.cell}.md").write_text("\n".join([*lines, "```", ""]))


if __name__ == "__main__":
    main()
