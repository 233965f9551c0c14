"""A fit as rows of the tables: estimates, means, models, components.

In: a `Design` and its fit (estimator.py says what a fit offers), the design rows of every cohort and wave. Out: plain
dicts with every column of the schemas.
"""

import numpy as np
from scipy.special import stdtrit

from alongside.effects.contrasts import difference_in_change
from alongside.effects.effect_size import pool_sd
from alongside.effects.names import name_contrast
from alongside.effects.rows import NOTHING, describe_outcome, estimate_row, join_notes

UNDETERMINED = "the data do not determine this difference, or leave it fewer than two degrees of freedom"


def describe_contrasts(design, fit, rows, *, plan, analysis, sd_at=None):
    """Rows of estimates, one per declared contrast and follow-up that was asked.

    rows: from contrasts.average_rows; sd_at: "wave" for effect sizes on the standard deviation of the follow-up, else
    on the baseline's
    """
    confidence = plan.analysis.confidence
    made = []
    for pair, wave in asked(design.outcome, plan):
        place = describe_place(design.outcome, pair, wave, plan=plan, analysis=analysis) | {
            "n_participants": fit.participants,
            "n_observations": fit.observations,
        }
        obstacle = design.obstacles.get((pair, wave))
        if obstacle:
            made.append(estimate_row(place | {"note": obstacle}, NOTHING, confidence=confidence))
            continue
        weights = difference_in_change(rows, pair=pair, wave=wave, baseline=design.baseline)
        found = fit.combine(weights.to_frame().T).iloc[0]
        unknown = np.isnan(found["estimate"])
        place |= {
            "n_clusters": int(design.frame[design.clusters[0]].nunique()) if design.clusters else None,
            "covariance": fit.covariance,
            "df_method": fit.df_method,
            "status": "not-estimable" if unknown else fit.status,
            "note": UNDETERMINED if unknown else join_notes([*design.notes, *fit.notes]),
        }
        spread = pool_baseline(design, pair, wave if sd_at == "wave" else design.baseline)
        made.append(estimate_row(place, found, confidence=confidence, spread=spread))
    return made


def describe_nothing(name, seen, reason, *, plan, analysis):
    """Rows of estimates without numbers: the question was asked, and this is why there is no answer.

    seen: rows of the panel at which the outcome was observed
    """
    counts = {"n_participants": seen["participant"].nunique(), "n_observations": len(seen)}
    return [
        estimate_row(
            describe_place(name, pair, wave, plan=plan, analysis=analysis) | counts | {"note": reason},
            NOTHING,
            confidence=plan.analysis.confidence,
        )
        for pair, wave in asked(name, plan)
    ]


def asked(name, plan):
    """(contrast, wave) that the study file asks about this outcome."""
    return [(pair, wave) for pair in plan.contrasts for wave in plan.followups if wave in plan.outcomes[name].waves]


def describe_place(name, pair, wave, *, plan, analysis):
    """What names a row of estimates; everything that a fit would say is empty."""
    return {
        **describe_outcome(name, plan.outcomes[name]),
        "analysis": analysis,
        "contrast": name_contrast(pair),
        "wave": wave,
        "n_clusters": None,
        "covariance": "",
        "df_method": "",
        "status": "not-estimable",
        "note": "",
    }


def pool_baseline(design, pair, wave):
    """The pooled unadjusted standard deviation of two cohorts at a wave."""
    at_wave = design.frame.loc[design.frame["wave"] == wave]
    return pool_sd(*(at_wave.loc[at_wave["cohort"] == name, "score"].to_numpy() for name in pair))


def describe_means(design, fit, rows, *, plan, analysis):
    """Rows of means: each cohort at each wave at which it was seen."""
    counts = design.frame.groupby(["cohort", "wave"], observed=False).size()
    seen = rows.loc[[bool(counts[place]) for place in rows.index]]
    found = fit.combine(seen)
    reach = stdtrit(found["df"], (1 + plan.analysis.confidence) / 2) * found["se"]
    return [
        {
            "outcome": design.outcome,
            "analysis": analysis,
            "wave": wave,
            "month": plan.waves[wave].month,
            "cohort": cohort,
            "mean": found.at[(cohort, wave), "estimate"],
            "se": found.at[(cohort, wave), "se"],
            "ci_low": found.at[(cohort, wave), "estimate"] - reach[cohort, wave],
            "ci_high": found.at[(cohort, wave), "estimate"] + reach[cohort, wave],
            "n_participants": int(counts[cohort, wave]),
        }
        for cohort, wave in found.index
    ]


def describe_model(design, fit, *, formula, analysis, notes=()):
    """The row of a fit in models."""
    return {
        "outcome": design.outcome,
        "analysis": analysis,
        "formula": formula,
        "estimator": fit.estimator,
        "covariance": fit.covariance,
        "df_method": fit.df_method,
        "loglik": fit.loglik,
        "n_participants": fit.participants,
        "n_observations": fit.observations,
        "status": fit.status,
        "note": join_notes([*design.notes, *fit.notes, *notes]),
    }


def describe_no_model(name, seen, reason, *, analysis):
    """The row of models for an outcome that has none."""
    return {
        "outcome": name,
        "analysis": analysis,
        "formula": "",
        "estimator": "",
        "covariance": "",
        "df_method": "",
        "loglik": np.nan,
        "n_participants": seen["participant"].nunique(),
        "n_observations": len(seen),
        "status": "not-estimable",
        "note": reason,
    }


def describe_components(design, fit, *, analysis):
    """The rows of a fit in components."""
    return [
        {"outcome": design.outcome, "analysis": analysis, "component": name, "value": value}
        for name, value in fit.components.items()
    ]
