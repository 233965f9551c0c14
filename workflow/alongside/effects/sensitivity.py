"""The primary model asked again: would another choice have given another answer?

In: the panel, the panels without the flagged responses and with those that were left out (sample/flagged.py), the plan.
Out: rows for estimates, and how many people's scores stand in only one of two analyses (disclosure control needs it:
two estimates that differ by one person tell about that person).

* "without flagged responses": responses with a sign of careless responding, left out with all their scores;
* "with flagged responses": those that the study file leaves out, put back;
* "covariance by cohort": each cohort has a covariance of its own (methods 2); the same people.

Where a panel holds the same scores of an outcome as the study's own, the question has no second answer: its rows have
no numbers, and a note says so. Putting back has rows only where something was left out.
"""

from typing import NamedTuple

import pandas as pd

from alongside.effects.contrasts import average_rows
from alongside.effects.describe import asked, describe_contrasts, describe_nothing
from alongside.effects.design import NotEstimable, build_design
from alongside.effects.estimator import fit_outcome
from alongside.effects.names import CONTINUOUS, NO_FLAGS, name_contrast
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
            apart += _count_apart(put_back, name, WITH_FLAGGED, plan)
        if not left_out.empty:
            estimates += ask_again(without, name, plan=plan, analysis=WITHOUT_FLAGGED)
            apart += _count_apart(left_out, name, WITHOUT_FLAGGED, plan)
        elif put_back.empty:
            seen = panel.loc[panel[name].notna()]
            estimates += describe_nothing(name, seen, NO_FLAGS, plan=plan, analysis=WITHOUT_FLAGGED)
        estimates += ask_again(panel, name, plan=plan, analysis=BY_COHORT, covariance_by="cohort")
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


def find_differing(panel, other, name):
    """participant, cohort and wave of the scores of an outcome that stand in only one of two panels."""
    keys = ["participant", "wave"]
    mine, theirs = (one.loc[one[name].notna(), [*keys, "cohort"]].astype("str") for one in (panel, other))
    both = mine.merge(theirs, how="outer", on=[*keys, "cohort"], indicator=True)
    return both.loc[both["_merge"] != "both", [*keys, "cohort"]]


def _count_apart(differing, name, analysis, plan):
    """People of a contrast whose score differs at the baseline or the wave: what a difference of estimates is about."""
    for pair, wave in asked(name, plan):
        here = differing["cohort"].isin(pair) & differing["wave"].isin([plan.baseline, wave])
        place = {"outcome": name, "analysis": analysis, "contrast": name_contrast(pair), "wave": wave}
        yield place | {"n": differing.loc[here, "participant"].nunique()}


def _as_table(rows, schema):
    return check_table(pd.DataFrame(rows), schema) if rows else empty_table(schema)
