"""p values that allow for the number of questions asked.

In: estimates and the plan. Out: the same estimates with `p_holm` and `p_bh` filled in (methods 8).

* Holm over the primary claims: every outcome, contrast and wave that a claim about a primary outcome names. The family
  is what was declared: a claim that cannot be tested yet counts as p = 1, so that a verdict does not become weaker when
  the next wave arrives. Claims about mechanisms and subgroups ask other questions.
* Benjamini-Hochberg within each domain, over all contrasts and follow-ups of its secondary outcomes.

Exploratory outcomes get neither: they can suggest, not confirm. Only rows of the primary analysis of everyone count.
"""

import numpy as np
import pandas as pd

from alongside.effects.names import name_contrast
from alongside.tables.analyses import PRIMARY


def adjust_p_values(estimates, *, plan):
    """plan: outcomes, claims"""
    adjusted = estimates.copy()
    adjusted["p_holm"] = adjust(adjusted, list_claimed(plan), method="holm")
    adjusted["p_bh"] = np.nan
    secondary = _main_rows(adjusted) & (adjusted["role"] == "secondary") & adjusted["p"].notna()
    for _, rows in adjusted[secondary].groupby("domain", sort=False, observed=True):
        adjusted.loc[rows.index, "p_bh"] = adjust_all(rows["p"], method="benjamini-hochberg")
    return adjusted


def list_claimed(plan):
    """(outcome, contrast, wave) of the family, in order, whether they were estimated or not."""
    family = [
        (claim.outcome, name_contrast(claim.contrast), claim.wave)
        for claim in plan.claims.values()
        if plan.outcomes[claim.outcome].role == "primary" and not claim.through and claim.subgroup is None
    ]
    return list(dict.fromkeys(family))


def adjust(estimates, family, *, method):
    """A column of p values adjusted over `family`, missing elsewhere."""
    rows = estimates[_main_rows(estimates)]
    places = dict(zip(zip(rows["outcome"], rows["contrast"], rows["wave"], strict=True), rows.index, strict=True))
    column = pd.Series(np.nan, index=estimates.index)
    found = [estimates.at[places[one], "p"] if one in places else np.nan for one in family]
    if family:
        for one, before, after in zip(
            family, found, adjust_all(np.nan_to_num(found, nan=1.0), method=method), strict=True
        ):
            if not np.isnan(before):
                column[places[one]] = after
    return column


def adjust_all(p, *, method):
    """Adjusted p values of one family, in the order of `p`. method: a key of METHODS"""
    p = np.asarray(p, dtype=float)
    order = np.argsort(p)
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(METHODS[method](p[order]), 1.0)
    return adjusted


def _holm(p):
    """p: ascending. The smallest times their number, the next times one less, and never below the one before (1979)"""
    return np.maximum.accumulate(p * np.arange(len(p), 0, -1))


def _benjamini_hochberg(p):
    """p: ascending. Each over its share of the places, and never above the one after it (1995)"""
    return np.minimum.accumulate((p / (np.arange(1, len(p) + 1) / len(p)))[::-1])[::-1]


METHODS = {"holm": _holm, "benjamini-hochberg": _benjamini_hochberg}


def _main_rows(estimates):
    return (estimates["analysis"] == PRIMARY) & (estimates["subgroup"].fillna("") == "")
