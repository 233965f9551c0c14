"""The primary model of every continuous outcome: how much more did one cohort change than the other?

In: the panel and the plan. Out: `Effects`, four tables by the schemas of tables.py.

1. the design of each outcome (design.py) is fitted once (estimator.py);
2. estimates: for every declared contrast and follow-up the difference in change since the baseline, its effect size on
   the pooled unadjusted baseline standard deviation (analysis "primary") and on that of the follow-up, which published
   benchmarks usually use ("primary, follow-up SD"); beside it each cohort's own change ("before-after only");
3. means: each cohort at each wave, covariates at the participants' averages;
4. models and components: what was fitted, with every warning; analysis "baseline" holds the pooled baseline variance
   of each contrast, from which smallest worthwhile differences in standard deviations become points.

What cannot be estimated is a row with status not-estimable and a note that says why; it never stops other outcomes.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from alongside.effects.before_after import describe_changes
from alongside.effects.contrasts import average_rows, difference_in_change, name_contrast
from alongside.effects.design import NotEstimable, build_design
from alongside.effects.effect_size import pool_sd
from alongside.effects.estimator import fit_outcome
from alongside.effects.rows import NOTHING, describe_outcome, estimate_row, join_notes
from alongside.tables import COMPONENTS, ESTIMATES, MEANS, MODELS, check_table, empty_table

CONTINUOUS = ("scale", "score")
PRIMARY = "primary"
FOLLOWUP_SD = "primary, follow-up SD"
BASELINE = "baseline"


class Effects(NamedTuple):
    estimates: pd.DataFrame
    means: pd.DataFrame
    models: pd.DataFrame
    components: pd.DataFrame


def estimate_primary(panel, *, plan):
    """The primary analysis of all continuous outcomes (kind scale or score), in the study's order.

    panel: people x collected waves; plan: info, participants, waves, outcomes, analysis, contrasts, baseline and
    followups of the study
    """
    effects = Effects([], [], [], [])
    for name, outcome in plan.outcomes.items():
        if outcome.kind not in CONTINUOUS:
            continue
        try:
            design = build_design(panel, outcome=name, plan=plan)
        except NotEstimable as reason:
            _report_nothing(effects, panel, name, str(reason), plan)
            continue
        effects.components.extend(_baseline_variances(design))
        try:
            fit = fit_outcome(design, plan=plan)
        except NotEstimable as reason:
            _report_nothing(effects, panel, name, str(reason), plan)
        else:
            _report_fit(effects, design, fit, plan)
        effects.estimates.extend(describe_changes(design, plan=plan))
    return Effects(
        *(_as_table(rows, schema) for rows, schema in zip(effects, (ESTIMATES, MEANS, MODELS, COMPONENTS), strict=True))
    )


def pooled_component(pair):
    """The name under which components holds the pooled baseline variance of a contrast."""
    return f"pooled[{name_contrast(pair)}]"


def _as_table(rows, schema):
    return check_table(pd.DataFrame(rows), schema) if rows else empty_table(schema)


def _asked_followups(name, plan):
    return [wave for wave in plan.followups if wave in plan.outcomes[name].waves]


def _report_nothing(effects, panel, name, reason, plan):
    """Rows without numbers: the question was asked, and this is why there is no answer."""
    seen = panel.loc[panel[name].notna()]
    counts = {"n_participants": seen["participant"].nunique(), "n_observations": len(seen)}
    outcome = describe_outcome(name, plan.outcomes[name])
    for pair in plan.contrasts:
        for wave in _asked_followups(name, plan):
            effects.estimates.append(_nothing_row(outcome, pair, wave, counts, reason, plan))
    effects.models.append(
        {
            "outcome": name,
            "analysis": PRIMARY,
            "formula": "",
            "estimator": "",
            "covariance": "",
            "df_method": "",
            "loglik": np.nan,
            **counts,
            "status": "not-estimable",
            "note": reason,
        }
    )


def _nothing_row(outcome, pair, wave, counts, reason, plan):
    place = {
        **outcome,
        "analysis": PRIMARY,
        "contrast": name_contrast(pair),
        "wave": wave,
        **counts,
        "n_clusters": None,
        "covariance": "",
        "df_method": "",
        "status": "not-estimable",
        "note": reason,
    }
    return estimate_row(place, NOTHING, confidence=plan.analysis.confidence)


def _report_fit(effects, design, fit, plan):
    rows = average_rows(fit.columns, design)
    effects.estimates.extend(report_contrasts(design, fit, rows, plan=plan, analysis=PRIMARY))
    effects.means.extend(_report_means(design, fit, rows, plan))
    effects.models.append(describe_model(design, fit, analysis=PRIMARY))
    effects.components.extend(describe_components(design, fit, analysis=PRIMARY))


def report_contrasts(design, fit, rows, *, plan, analysis):
    """Rows of estimates for every declared contrast and follow-up that was asked."""
    outcome = describe_outcome(design.outcome, plan.outcomes[design.outcome])
    counts = {"n_participants": fit.participants, "n_observations": fit.observations}
    made, at_followup = [], []
    for pair in design.contrasts:
        for wave in _asked_followups(design.outcome, plan):
            obstacle = design.obstacles.get((pair, wave))
            if obstacle:
                made.append(_nothing_row(outcome, pair, wave, counts, obstacle, plan) | {"analysis": analysis})
                continue
            weights = difference_in_change(rows, pair=pair, wave=wave, baseline=design.baseline)
            found = fit.combine(weights.to_frame().T).iloc[0]
            place = {
                **outcome,
                "analysis": analysis,
                "contrast": name_contrast(pair),
                "wave": wave,
                **counts,
                "n_clusters": _count_clusters(design),
                "covariance": fit.covariance,
                "df_method": fit.df_method,
                "status": fit.status,
                "note": join_notes([*design.notes, *fit.notes]),
            }
            if np.isnan(found["estimate"]):
                place |= {"status": "not-estimable", "note": "the data do not determine this difference"}
            confidence = plan.analysis.confidence
            made.append(
                estimate_row(place, found, confidence=confidence, spread=_spread(design, pair, design.baseline))
            )
            if analysis == PRIMARY and place["status"] != "not-estimable":
                other = place | {"analysis": FOLLOWUP_SD}
                at_followup.append(
                    estimate_row(other, found, confidence=confidence, spread=_spread(design, pair, wave))
                )
    return made + at_followup


def _spread(design, pair, wave):
    at_wave = design.frame.loc[design.frame["wave"] == wave]
    return pool_sd(*(at_wave.loc[at_wave["cohort"] == name, "score"].to_numpy() for name in pair))


def _count_clusters(design):
    return int(design.frame[design.clusters[0]].nunique()) if design.clusters else None


def _report_means(design, fit, rows, plan):
    found = fit.combine(rows)
    reach = stats.t.ppf((1 + plan.analysis.confidence) / 2, found["df"]) * found["se"]
    counts = design.frame.groupby(["cohort", "wave"], observed=False).size()
    for (cohort, wave), one in found.iterrows():
        yield {
            "outcome": design.outcome,
            "analysis": PRIMARY,
            "wave": wave,
            "month": plan.waves[wave].month,
            "cohort": cohort,
            "mean": one["estimate"],
            "se": one["se"],
            "ci_low": one["estimate"] - reach[cohort, wave],
            "ci_high": one["estimate"] + reach[cohort, wave],
            "n_participants": int(counts[cohort, wave]),
        }


def describe_model(design, fit, *, analysis):
    """The row of a fit in models."""
    return {
        "outcome": design.outcome,
        "analysis": analysis,
        "formula": design.formula,
        "estimator": fit.estimator,
        "covariance": fit.covariance,
        "df_method": fit.df_method,
        "loglik": fit.loglik,
        "n_participants": fit.participants,
        "n_observations": fit.observations,
        "status": fit.status,
        "note": join_notes([*design.notes, *fit.notes]),
    }


def describe_components(design, fit, *, analysis):
    """The rows of a fit in components."""
    return [
        {"outcome": design.outcome, "analysis": analysis, "component": name, "value": value}
        for name, value in fit.components.items()
    ]


def _baseline_variances(design):
    for pair in design.contrasts:
        sd = _spread(design, pair, design.baseline).sd if set(pair) <= set(design.cohorts) else np.nan
        if not np.isnan(sd):
            yield {
                "outcome": design.outcome,
                "analysis": BASELINE,
                "component": pooled_component(pair),
                "value": sd**2,
            }
