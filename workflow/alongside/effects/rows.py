"""Rows of the estimates table: one place where an estimate becomes a line.

In: what was estimated, about which outcome, contrast and wave. Out: plain dicts with every column of the schema.
"""

import numpy as np
from scipy.special import stdtr, stdtrit  # t; `scipy.stats` takes a second to import

from alongside.effects.effect_size import EffectSize, improvement_index, standardise

NO_SIZE = EffectSize(np.nan, np.nan, np.nan)


def estimate_row(place, found, *, confidence, spread=None):
    """place: outcome ... wave, counts, covariance, df_method, status, note; found: estimate, se, df.

    spread: standard deviation for the effect size; without it there is none
    """
    statistic = found["estimate"] / found["se"]
    reach = stdtrit(found["df"], (1 + confidence) / 2) * found["se"]
    size = NO_SIZE
    if spread is not None:
        size = standardise(
            found["estimate"], se=found["se"], df=found["df"], spread=spread, confidence=confidence
        )  # fmt: skip
    return {
        "subgroup": "",
        "subgroup_level": "",
        "p_bh": np.nan,
        "p_holm": np.nan,
        **place,
        "estimate": found["estimate"],
        "se": found["se"],
        "df": found["df"],
        "statistic": statistic,
        "p": 2 * stdtr(found["df"], -abs(statistic)),
        "ci_low": found["estimate"] - reach,
        "ci_high": found["estimate"] + reach,
        "effect_size": size.value,
        "es_low": size.low,
        "es_high": size.high,
        "improvement_index": improvement_index(place["improvement_sign"] * size.value),
    }


NOTHING = {"estimate": np.nan, "se": np.nan, "df": np.nan}


def describe_outcome(name, outcome):
    """The columns that are the same in every row of an outcome."""
    return {
        "outcome": name,
        "domain": outcome.domain,
        "role": outcome.role,
        "improvement_sign": 1 if outcome.higher_is == "better" else -1,
    }


def join_notes(notes):
    return "; ".join(note for note in notes if note)
