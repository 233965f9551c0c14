"""What the estimates say about each claim of the programme.

In: estimates and components of the primary analysis, estimates of sensitivity analyses, the plan. Out: claims (one row
each, with verdict and sentence); each claim judged again on every sensitivity analysis; all estimates, with adjusted p.

With the estimate and its interval [L, U] positive in the claimed direction and the smallest worthwhile difference d in
points, the first that matches (methods 10):

1. not measured, not testable, or not done yet          5. L > 0: suggestive, not confirmed
2. -d < L and U < d: practically none                  6. U < d: a benefit of d is ruled out
3. U < 0: contradicted                                 7. no clear evidence, with what the study could have detected
4. L > 0 and adjusted p < .05: supported (small where the estimate is below d)

A d in standard deviations is taken from the pooled unadjusted baseline standard deviation of the two cohorts. Without
a declared d, steps 2 and 6 do not apply. A claim is about one contrast: its own `contrast`, or the only one there is.

Judged again, the rows of a sensitivity analysis stand in for the primary's, Holm's family included; d stays. Where a
sensitivity analysis has no second answer to give (effects/sensitivity.py), the primary's row stays.

Verdicts come from the numbers as they were computed; sentences hold them as the public tables do (digits.py).
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import stdtrit  # quantiles of t; `scipy.stats` takes a second to import

from alongside.effects.names import BASELINE, CONTINUOUS, NO_FLAGS, NOT_MEASURED, name_contrast, pooled_component
from alongside.judgement.digits import find_unit, round_claimed, round_significant, round_to_unit
from alongside.judgement.levels import CONFIRMED
from alongside.judgement.multiplicity import adjust_p_values
from alongside.judgement.wording import Facts, word_reason, word_verdict
from alongside.tables import CLAIMS, REJUDGED
from alongside.tables.analyses import BY_COHORT, PRIMARY, WITH_FLAGGED, WITHOUT_FLAGGED
from alongside.tables.check import check_table, empty_table

POWER = 0.80
NOT_JUDGED = ("not-measured", "not-testable", "not-done")
JUDGED_AGAIN = (WITHOUT_FLAGGED, WITH_FLAGGED, BY_COHORT)


class Judgement(NamedTuple):
    claims: pd.DataFrame
    rejudged: pd.DataFrame
    estimates: pd.DataFrame


@dataclass(frozen=True)
class Evidence:
    """estimate, low, high: positive in the claimed direction; p_adjusted: missing for exploratory outcomes."""

    estimate: float
    low: float
    high: float
    p: float
    p_adjusted: float
    detectable: float


def judge_claims(estimates, *, sensitivity, components, plan):
    """sensitivity: estimates of other analyses; plan: info, outcomes, analysis, contrasts and claims of the study"""
    adjusted = adjust_p_values(_join(estimates, sensitivity, plan), plan=plan)
    claims = [_judge(name, claim, adjusted, components, plan) for name, claim in plan.claims.items()]
    again = [row for analysis in JUDGED_AGAIN for row in _judge_again(analysis, adjusted, claims, components, plan)]
    return Judgement(
        check_table(pd.DataFrame(claims), CLAIMS) if claims else empty_table(CLAIMS),
        check_table(pd.DataFrame(again), REJUDGED) if again else empty_table(REJUDGED),
        adjusted,
    )


def _join(estimates, sensitivity, plan):
    """All estimates, outcome by outcome."""
    if sensitivity.empty:
        return estimates
    both = pd.concat([frame.astype({"outcome": "str"}) for frame in (estimates, sensitivity)], ignore_index=True)
    order = both["outcome"].map(list(plan.outcomes).index)
    return both.loc[order.sort_values(kind="stable").index].reset_index(drop=True)


def _judge_again(analysis, estimates, claims, components, plan):
    """Rows of rejudged: nothing where the analysis was not made."""
    key = ["outcome", "contrast", "wave", "subgroup", "subgroup_level"]
    there = estimates["analysis"] == analysis
    answered = there & (estimates["note"].fillna("") != NO_FLAGS)
    if not answered.any():
        return
    replaced = pd.MultiIndex.from_frame(estimates.loc[answered, key].fillna("").astype("str"))
    own = pd.MultiIndex.from_frame(estimates[key].fillna("").astype("str")).isin(replaced)
    stand_in = estimates[answered | ((estimates["analysis"] == PRIMARY) & ~own)].assign(analysis=PRIMARY)
    stand_in = adjust_p_values(stand_in.reset_index(drop=True), plan=plan)
    for first, (name, claim) in zip(claims, plan.claims.items(), strict=True):
        if first["verdict"] in NOT_JUDGED:
            continue
        verdict = _judge(name, claim, stand_in, components, plan)["verdict"]
        yield {"claim": name, "analysis": analysis, "verdict": verdict, "same": verdict == first["verdict"]}


def find_verdict(evidence, *, worthwhile):
    """Key of the verdict on a testable claim. worthwhile: d in points, or None"""
    low, high = evidence.low, evidence.high
    if worthwhile is not None and -worthwhile < low and high < worthwhile:
        return "practically-none"
    if high < 0:
        return "contradicted"
    if low > 0 and evidence.p_adjusted < CONFIRMED:
        return "supported" if worthwhile is None or evidence.estimate >= worthwhile else "supported-small"
    if low > 0:
        return "suggestive"
    if worthwhile is not None and high < worthwhile:
        return "ruled-out"
    return "no-clear-evidence"


def find_detectable(se, df, *, confidence):
    """The smallest true difference that a two-sided test at this level finds with 80 % power (Bloom 1995)."""
    return (stdtrit(df, (1 + confidence) / 2) + stdtrit(df, POWER)) * se


def convert_worthwhile(outcome, *, name, pair, components):
    """The smallest worthwhile difference in points, or None where it is not declared or cannot be converted."""
    declared = outcome.smallest_worthwhile
    if declared is None or declared.unit == "points":
        return None if declared is None else declared.value
    mine = (
        (components["outcome"] == name)
        & (components["analysis"] == BASELINE)
        & (components["component"] == pooled_component(pair))
    )
    return declared.value * float(np.sqrt(components.loc[mine, "value"].iloc[0])) if mine.any() else None


def _judge(name, claim, estimates, components, plan):
    outcome, pair = plan.outcomes[claim.outcome], claim.contrast
    worthwhile = convert_worthwhile(outcome, name=claim.outcome, pair=pair, components=components)
    row = _find_row(estimates, claim, pair)
    row_of_claim = {
        "claim": name,
        "text": claim.text,
        "outcome": claim.outcome,
        "wave": claim.wave,
        "contrast": name_contrast(pair),
        "worthwhile": np.nan if worthwhile is None else worthwhile,
    }
    protected = plan.analysis.disclosure.min_cell > 1
    facts = {
        "outcome": claim.outcome,
        "cohort": pair[0],
        "other": pair[1],
        "direction": claim.direction,
        "confidence": plan.analysis.confidence,
        "worthwhile": round_significant(worthwhile) if protected and worthwhile is not None else worthwhile,
    }
    refused = _find_refusal(claim, outcome, row)
    if refused:
        verdict, reason = refused
        numbers = dict.fromkeys(("estimate", "ci_low", "ci_high", "p", "p_adjusted"), np.nan)
        sentence = word_verdict(verdict, Facts(**facts, reason=reason), design=plan.info.design)
        return row_of_claim | numbers | {"verdict": verdict, "sentence": sentence}
    evidence = _weigh(row, claim, outcome, plan)
    verdict = find_verdict(evidence, worthwhile=worthwhile)
    shown = _shorten(evidence, find_unit(row), worthwhile) if protected else evidence
    told = Facts(
        **facts,
        estimate=shown.estimate,
        low=shown.low,
        high=shown.high,
        claimed_better=(claim.direction == "increase") == (row["improvement_sign"] > 0),
        detectable=shown.detectable,
        size=_judge_size(evidence, verdict, worthwhile),
        doubt="exploratory" if outcome.role == "exploratory" else "many-questions",
    )
    return row_of_claim | {
        "estimate": evidence.estimate,
        "ci_low": evidence.low,
        "ci_high": evidence.high,
        "p": evidence.p,
        "p_adjusted": evidence.p_adjusted,
        "verdict": verdict,
        "sentence": word_verdict(verdict, told, design=plan.info.design),
    }


def _find_row(estimates, claim, pair):
    """The row of the primary analysis that the claim is about, or None."""
    found = estimates[
        (estimates["analysis"] == PRIMARY)
        & (estimates["outcome"] == claim.outcome)
        & (estimates["wave"] == claim.wave)
        & (estimates["contrast"] == name_contrast(pair))
        & (estimates["subgroup"].fillna("") == "")
    ]
    return None if found.empty else found.iloc[0]


def _find_refusal(claim, outcome, row):
    """(verdict, reason) of a claim that cannot be judged, else None."""
    if claim.through:
        return "not-done", word_reason("mechanism")
    if claim.subgroup is not None:
        return "not-done", word_reason("subgroup")
    if outcome.kind not in CONTINUOUS:
        return "not-done", word_reason("kind")
    if row is None:
        return "not-measured", word_reason("unasked")
    if pd.isna(row["estimate"]):
        return "not-measured" if row["note"].startswith(NOT_MEASURED) else "not-testable", row["note"]
    return None


def _weigh(row, claim, outcome, plan):
    sign = 1 if claim.direction == "increase" else -1
    low, high = sorted((sign * row["ci_low"], sign * row["ci_high"]))
    adjusted = {"primary": row["p_holm"], "secondary": row["p_bh"], "exploratory": np.nan}[outcome.role]
    return Evidence(
        estimate=sign * row["estimate"],
        low=low,
        high=high,
        p=row["p"],
        p_adjusted=adjusted,
        detectable=find_detectable(row["se"], row["df"], confidence=plan.analysis.confidence),
    )


def _shorten(evidence, unit, worthwhile):
    """The numbers as the public tables show them: a sentence may not say more, nor anything else."""
    estimate, low, high = round_claimed(evidence.estimate, evidence.low, evidence.high, unit, worthwhile=worthwhile)
    return replace(evidence, estimate=estimate, low=low, high=high, detectable=round_to_unit(evidence.detectable, unit))


def _judge_size(evidence, verdict, worthwhile):
    if not verdict.startswith("supported"):
        return None
    if worthwhile is None:
        return "undeclared"
    if verdict == "supported-small":
        return "small"
    return "enough" if evidence.low >= worthwhile else "may-be-smaller"
