"""Numbers that follow from the public tables: made once and stored, so that what a page prints can be looked up.

In: public tables, after disclosure control. Out: tables of their own in results.json (listed in results.py). What rests
on a suppressed number stays missing.
"""

import re

import numpy as np
import pandas as pd

from alongside.tables.analyses import BEFORE_AFTER, FOLLOW_UP_SD, PRIMARY, ROBUST

NO_COMPARISON = (PRIMARY, FOLLOW_UP_SD, ROBUST, BEFORE_AFTER)  # the primary estimate itself, or another question
BASELINE = "baseline"  # value of `analysis` in components for what is known before any model
PLACE = ["outcome", "contrast", "wave", "subgroup", "subgroup_level"]
PAIR = re.compile(r"covariance\[(?P<first>.+), (?P<second>.+)\]")


def derive_response(flow):
    """Enrolled, answered and analysed people side by side, and analysed as a percentage of enrolled.

    A suppressed count stays missing, and so does a percentage that rests on one.
    """
    there = flow[flow["reason"].fillna("") == ""]
    wide = there.pivot_table(
        index=["outcome", "wave", "cohort"], columns="stage", values="n", aggfunc="first", sort=False, dropna=False,
        observed=True,
    )  # fmt: skip
    wide = wide.reindex(columns=["enrolled", "answered", "analysed"]).dropna(how="all").reset_index()
    wide.columns.name = None
    wide["percent"] = 100 * wide["analysed"].astype("Float64") / wide["enrolled"].astype("Float64")
    return wide


def derive_distances(estimates):
    """How far every other analysis of the same question lies from the primary one.

    Columns: the place, analysis, apart (points, its estimate minus the primary), apart_se (in standard errors of the
    primary). Rows that ask another question or repeat the primary estimate are left out.
    """
    keyed = estimates.assign(**{name: estimates[name].fillna("") for name in PLACE})
    primary = keyed.loc[keyed["analysis"] == PRIMARY, [*PLACE, "estimate", "se"]]
    others = keyed[~keyed["analysis"].isin(NO_COMPARISON)]
    joined = others.merge(primary, on=PLACE, suffixes=("", "_primary"))
    apart = joined["estimate"] - joined["estimate_primary"]
    return joined[[*PLACE, "analysis"]].assign(apart=apart, apart_se=apart / joined["se_primary"])


def derive_changes(means, *, baseline):
    """How far each cohort's mean in the primary model moved since the baseline: outcome, wave, cohort, change.

    Two cohorts' changes subtract to the primary estimate of their difference in change: the same model made both.
    """
    mine = means[means["analysis"] == PRIMARY].assign(wave=means["wave"].astype("str"))
    start = mine.loc[mine["wave"] == baseline, ["outcome", "cohort", "mean"]]
    later = mine[mine["wave"] != baseline].merge(start, on=["outcome", "cohort"], suffixes=("", "_start"))
    return later[["outcome", "wave", "cohort"]].assign(change=later["mean"] - later["mean_start"])


def derive_starts(means, components, *, baseline, contrasts):
    """How far apart two cohorts' means in the primary model began: outcome, contrast, apart (points), apart_sd.

    apart_sd: in pooled standard deviations at the baseline. Where a mean or that is withheld there is no number.
    """
    mine = means[(means["analysis"] == PRIMARY) & (means["wave"].astype("str") == baseline)]
    values = {
        (row.outcome, row.cohort): row.mean for row in mine[["outcome", "cohort", "mean"]].itertuples(index=False)
    }
    pooled = components[components["analysis"] == BASELINE].set_index(["outcome", "component"])["value"]
    rows = []
    for outcome in dict.fromkeys(mine["outcome"]):
        for contrast in contrasts:
            first, second = (values.get((outcome, cohort), np.nan) for cohort in contrast.split(" - "))
            spread = np.sqrt(pooled.get((outcome, f"pooled[{contrast}]"), np.nan))
            rows.append((outcome, contrast, first - second, (first - second) / spread))
    return pd.DataFrame(rows, columns=["outcome", "contrast", "apart", "apart_sd"])


def derive_correlations(components):
    """Covariances of the waves with their correlations: outcome, analysis, first, second, covariance, correlation."""
    parts = components["component"].str.extract(PAIR)
    found = pd.concat([components[["outcome", "analysis", "value"]], parts], axis=1).dropna(subset=["first"])
    found = found.rename(columns={"value": "covariance"})
    own = found[found["first"] == found["second"]].set_index(["outcome", "analysis", "first"])["covariance"]
    sizes = [
        own.reindex(pd.MultiIndex.from_frame(found[["outcome", "analysis", wave]])).to_numpy()
        for wave in ("first", "second")
    ]
    spread = np.sqrt(sizes[0] * sizes[1])
    found["correlation"] = found["covariance"].to_numpy() / np.where(spread > 0, spread, np.nan)
    return found[["outcome", "analysis", "first", "second", "covariance", "correlation"]].reset_index(drop=True)
