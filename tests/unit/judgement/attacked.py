"""What the attackers of these tests have: the public tables of a small study, made by the real stages, nothing else.

Scores are whole numbers, as most scales give. Nothing is adjusted for, because that is the weakest case: the model's
means are then close to raw ones.
"""

from types import SimpleNamespace

import numpy as np
import pandas as pd

from alongside.effects.primary import estimate_primary
from alongside.effects.sensitivity import estimate_sensitivity
from alongside.judgement.bins import bin_scores
from alongside.judgement.claims import judge_claims
from alongside.judgement.disclosure import KNOWN, control_disclosure
from alongside.tables import SCHEMAS
from alongside.tables.check import empty_table

MONTHS = {"before": 0.0, "after": 6.0, "followup": 12.0}
PROTECTED = {"min_cell": 10, "round_to": 5}
OPEN = {"min_cell": 1, "round_to": 1}


def make_plan(*, cohorts=("mentored", "unmentored"), waves=tuple(MONTHS), worthwhile=None):
    """The last cohort is the comparison; every other one is held against it, and claimed to get better."""
    outcome = SimpleNamespace(
        kind="score", domain="mood", role="primary", higher_is="worse", smallest_worthwhile=worthwhile,
        waves=waves, min=0.0, max=80.0, instrument=None,
    )  # fmt: skip
    contrasts = tuple((one, cohorts[-1]) for one in cohorts[:-1])
    claims = {
        one: SimpleNamespace(text="It helps", outcome="mood", wave="after", direction="decrease", through={},
                             subgroup=None, contrast=(one, cohorts[-1]))
        for one in cohorts[:-1]
    }  # fmt: skip
    return SimpleNamespace(
        info=SimpleNamespace(design="self-selected"),
        participants=SimpleNamespace(
            cohort=SimpleNamespace(levels=dict.fromkeys(cohorts, ()), comparison=cohorts[-1], comparison_until=None),
            mentor=None, clusters=(), covariates={},
        ),
        waves={wave: SimpleNamespace(month=MONTHS[wave]) for wave in waves},
        outcomes={"mood": outcome},
        analysis=SimpleNamespace(adjust_for=(), confidence=0.95, covariance=("unstructured",), df="kenward-roger"),
        contrasts=contrasts, baseline="before", followups=waves[1:], claims=claims,
    )  # fmt: skip


def make_panel(sizes, *, waves=tuple(MONTHS), seed=1):
    """Whole scores of everybody at every wave. sizes: {cohort: people}"""
    rng = np.random.default_rng(seed)
    rows = []
    for cohort, n in sizes.items():
        for person in range(n):
            level = rng.normal(40, 6)
            rows += [
                (f"{cohort} {person}", cohort, wave, MONTHS[wave], float(np.clip(round(rng.normal(level, 5)), 0, 80)))
                for wave in waves
            ]
    return pd.DataFrame(rows, columns=["participant", "cohort", "wave", "month", "mood"])


def forget(panel, participants, wave):
    """The panel without the scores of some people at a wave."""
    return panel.assign(mood=panel["mood"].mask(panel["participant"].isin(participants) & (panel["wave"] == wave)))


def look_up(panel, participant, wave):
    return float(panel.loc[(panel["participant"] == participant) & (panel["wave"] == wave), "mood"].iloc[0])


def publish(panel, plan, *, limits, without=None):
    """The public tables. without: the panel without flagged responses"""
    plan.analysis.disclosure = SimpleNamespace(**limits)
    effects = estimate_primary(panel, plan=plan)
    more = estimate_sensitivity(panel, without=panel if without is None else without, included=panel, plan=plan)
    judged = judge_claims(effects.estimates, sensitivity=more.estimates, components=effects.components, plan=plan)
    made = {name: empty_table(SCHEMAS[name]) for name in KNOWN}
    made |= {"ledger-x": empty_table(SCHEMAS["ledger"]), "tally-x": empty_table(SCHEMAS["tally"])}
    made |= {"means": effects.means, "models": effects.models, "components": effects.components}
    made |= {"estimates": judged.estimates, "claims": judged.claims, "rejudged": judged.rejudged}
    made |= {"set_apart": more.set_apart, "flow": _count(panel)}
    made["distributions"] = bin_scores(panel, instruments={}, plan=plan, min_cell=limits["min_cell"])
    return control_disclosure(made, **limits)


def _count(panel):
    rows = []
    for (wave, cohort), group in panel.groupby(["wave", "cohort"], sort=False):
        n, seen = len(group), int(group["mood"].notna().sum())
        stages = [("enrolled", "", n), ("answered", "", seen), ("answered", "no-response", n - seen),
                  ("scoreable", "", seen), ("analysed", "", seen)]  # fmt: skip
        rows += [("mood", wave, cohort, stage, reason, n) for stage, reason, n in stages if n or not reason]
    return pd.DataFrame(rows, columns=SCHEMAS["flow"].names)


def pick(table, **where):
    """The one row that is asked for."""
    found = table
    for column, value in where.items():
        found = found[found[column].astype("str") == value]
    assert len(found) == 1, (where, len(found))
    return found.iloc[0]
