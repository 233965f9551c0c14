"""The primary model asked again: would another choice have given another answer?

In: the panel, the panels without the flagged responses and with those that were left out (sample/flagged.py), the plan.
Out: rows for estimates, and how many people's scores stand in only one of two analyses, those of the classical
witnesses (witnesses.py, before_after.py) among them: see apart.py.

* "without flagged responses": responses with a sign of careless responding, left out with all their scores;
* "with flagged responses": those that the study file leaves out, put back;
* "covariance by cohort": each cohort has a covariance of its own (methods 2); the same people.

Where a panel holds the same scores of an outcome as the study's own, the question has no second answer: its rows have
no numbers, and a note says so. Putting back has rows only where something was left out.
"""

from typing import NamedTuple

import pandas as pd

from alongside.effects.apart import count_classical, count_differing, find_differing
from alongside.effects.contrasts import average_rows
from alongside.effects.describe import describe_contrasts, describe_nothing
from alongside.effects.design import NotEstimable, build_design
from alongside.effects.estimator import fit_outcome
from alongside.effects.names import CONTINUOUS, NO_FLAGS
from alongside.tables import ESTIMATES, SET_APART
from alongside.tables.analyses import BY_COHORT, WITH_FLAGGED, WITHOUT_FLAGGED
from alongside.tables.check import check_table, empty_table


class Sensitivity(NamedTuple):
    estimates: pd.DataFrame
    set_apart: pd.DataFrame


def estimate_sensitivity(panel, *, without, included, plan):
    """without, included: panels of the same people; plan: as for the primary analysis"""
    estimates, apart = [], []
    for name, outcome in plan.outcomes.items():
        if outcome.kind not in CONTINUOUS:
            continue
        left_out, put_back = (find_differing(panel, other, name) for other in (without, included))
        if not put_back.empty:
            estimates += ask_again(included, name, plan=plan, analysis=WITH_FLAGGED)
            apart += count_differing(included, put_back, name, WITH_FLAGGED, plan)
        if not left_out.empty:
            estimates += ask_again(without, name, plan=plan, analysis=WITHOUT_FLAGGED)
            apart += count_differing(without, left_out, name, WITHOUT_FLAGGED, plan)
        elif put_back.empty:
            seen = panel.loc[panel[name].notna()]
            estimates += describe_nothing(name, seen, NO_FLAGS, plan=plan, analysis=WITHOUT_FLAGGED)
        estimates += ask_again(panel, name, plan=plan, analysis=BY_COHORT, covariance_by="cohort")
        apart += count_classical(panel, name, plan)
    return Sensitivity(_as_table(estimates, ESTIMATES), _as_table(apart, SET_APART))


def ask_again(panel, name, *, plan, analysis, covariance_by=None):
    """Rows of estimates of the primary model of one outcome, fitted to another panel or with another covariance."""
    try:
        design = build_design(panel, outcome=name, plan=plan)
        fit = fit_outcome(design, plan=plan, covariance_by=covariance_by)
    except NotEstimable as reason:
        seen = panel.loc[panel[name].notna()]
        return describe_nothing(name, seen, str(reason), plan=plan, analysis=analysis)
    return describe_contrasts(design, fit, average_rows(fit.columns, design), plan=plan, analysis=analysis)


def _as_table(rows, schema):
    return check_table(pd.DataFrame(rows), schema) if rows else empty_table(schema)
