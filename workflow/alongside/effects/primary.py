"""The primary model of every continuous outcome: how much more did one cohort change than the other?

In: the panel and the plan. Out: `Effects`, four tables by the schemas of alongside.tables. Each outcome's design
(design.py) is fitted once (estimator.py); from the fit come

* estimates: for every declared contrast and follow-up the difference in change since the baseline, with its effect size
  on the pooled unadjusted baseline standard deviation (analysis "primary") and on that of the follow-up, which
  published benchmarks usually use ("primary, follow-up SD"); cluster-robust intervals where the covariance is a
  fallback ("primary, robust errors"); beside them the witnesses (witnesses.py) and each cohort's own change
  (before_after.py);
* means: each cohort at each wave, covariates at the participants' averages;
* models and components: what was fitted, with every warning; analysis "baseline" holds the pooled baseline variance of
  each contrast, from which smallest worthwhile differences in standard deviations become points.

What cannot be estimated is a row with status not-estimable and a note that says why; it never stops other outcomes.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from alongside.effects.before_after import describe_changes
from alongside.effects.contrasts import average_rows
from alongside.effects.describe import (
    describe_components,
    describe_contrasts,
    describe_means,
    describe_model,
    describe_no_model,
    describe_nothing,
    pool_baseline,
)
from alongside.effects.design import NotEstimable, build_design
from alongside.effects.estimator import fit_outcome
from alongside.effects.names import BASELINE, CONTINUOUS, pooled_component
from alongside.effects.witnesses import compare_completers, crosscheck
from alongside.tables import COMPONENTS, ESTIMATES, MEANS, MODELS
from alongside.tables.analyses import FOLLOW_UP_SD, PRIMARY, ROBUST
from alongside.tables.check import check_table, empty_table


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
        if outcome.kind in CONTINUOUS:
            _estimate_outcome(effects, panel, name, plan)
    schemas = (ESTIMATES, MEANS, MODELS, COMPONENTS)
    return Effects(*(_as_table(rows, schema) for rows, schema in zip(effects, schemas, strict=True)))


def _estimate_outcome(effects, panel, name, plan):
    seen = panel.loc[panel[name].notna()]
    try:
        design = build_design(panel, outcome=name, plan=plan)
    except NotEstimable as reason:
        effects.estimates.extend(describe_nothing(name, seen, str(reason), plan=plan, analysis=PRIMARY))
        effects.models.append(describe_no_model(name, seen, str(reason), analysis=PRIMARY))
        return
    try:
        fit = fit_outcome(design, plan=plan)
    except NotEstimable as reason:
        effects.estimates.extend(describe_nothing(name, seen, str(reason), plan=plan, analysis=PRIMARY))
        effects.models.append(describe_no_model(name, seen, str(reason), analysis=PRIMARY))
    else:
        _report_fit(effects, design, fit, plan)
    estimates, models, components = crosscheck(design, plan=plan)
    effects.estimates.extend([*estimates, *compare_completers(design, plan=plan), *describe_changes(design, plan=plan)])
    effects.models.extend(models)
    effects.components.extend([*components, *_baseline_variances(design)])


def _report_fit(effects, design, fit, plan):
    rows = average_rows(fit.columns, design)
    place = {"plan": plan, "analysis": PRIMARY}
    effects.estimates.extend(describe_contrasts(design, fit, rows, **place))
    if fit.status == "fallback":
        robust = fit.with_robust_errors()
        effects.estimates.extend(describe_contrasts(design, robust, rows, plan=plan, analysis=ROBUST))
    at_followup = describe_contrasts(design, fit, rows, plan=plan, analysis=FOLLOW_UP_SD, sd_at="wave")
    effects.estimates.extend(row for row in at_followup if row["status"] != "not-estimable")
    effects.means.extend(describe_means(design, fit, rows, **place))
    effects.models.append(describe_model(design, fit, formula=design.formula, analysis=PRIMARY))
    effects.components.extend(describe_components(design, fit, analysis=PRIMARY))


def _baseline_variances(design):
    for pair in design.contrasts:
        sd = pool_baseline(design, pair, design.baseline).sd if set(pair) <= set(design.cohorts) else np.nan
        if not np.isnan(sd):
            place = {"outcome": design.outcome, "analysis": BASELINE, "component": pooled_component(pair)}
            yield place | {"value": sd**2}


def _as_table(rows, schema):
    return check_table(pd.DataFrame(rows), schema) if rows else empty_table(schema)
