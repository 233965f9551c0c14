"""Other programs and other methods asked the same question, so that the primary answer does not stand alone.

In: a `Design`. Out: rows for estimates, models and components.

* "crosscheck: random intercept": the random-intercept form of the primary model (methods 2.2), fitted by statsmodels'
  MixedLM and by alongside.mixed to the same columns. The rows hold statsmodels' numbers; the notes say whether both
  agree to 1e-3 of a standard error, and by how much they do not, and whether least squares on the same columns is more
  than one standard error away (dropout that depends on scores can do that). Where chance formed the cohorts both share
  the baseline mean. It knows no effects of clusters by wave, so where whole clusters are in one cohort its interval is
  too narrow: it checks the arithmetic, not the design.
* "completers only": what an analysis of the people seen at every wave would say: pingouin's mixed analysis of variance
  of each contrast's two cohorts at the baseline and one follow-up, whose interaction F is the square of this t.
"""

import warnings

import numpy as np

from alongside.effects.contrasts import average_rows, difference_in_change
from alongside.effects.crosscheck import fit_random_intercept
from alongside.effects.describe import asked, describe_components, describe_contrasts, describe_model, describe_place
from alongside.effects.design import NotEstimable
from alongside.effects.estimator import fit_mixed
from alongside.effects.names import name_contrast
from alongside.effects.rows import NOTHING, estimate_row, join_notes
from alongside.mixed import Cluster
from alongside.tables.analyses import COMPLETERS, CROSSCHECK

SAME = 1e-3  # of a standard error
JUMP = 1.0
FEWEST = 10  # completers in each cohort; of fewer the difference would say more about them than about the programme


def crosscheck(design, *, plan):
    """(rows of estimates, rows of models, rows of components); nothing but the reason where one of them cannot fit."""
    formula = design.explicit if design.randomised or not design.complete else design.formula
    try:
        theirs = fit_random_intercept(formula, design.frame, participant="participant", clusters=design.clusters)
    except NotEstimable as reason:
        places = _answerable(design, plan)
        return [_no_row(design, pair, wave, str(reason), plan, CROSSCHECK) for pair, wave in places], [], []
    rows = average_rows(theirs.columns, design)
    estimates = describe_contrasts(design, theirs, rows, plan=plan, analysis=CROSSCHECK)
    verdicts = _compare(design, theirs, rows, formula, plan)
    for row in estimates:
        row["note"] = join_notes([*verdicts.get((row["contrast"], row["wave"]), ()), row["note"]])
    said = dict.fromkeys(sentence for sentences in verdicts.values() for sentence in sentences)
    model = describe_model(design, theirs, formula=formula, analysis=CROSSCHECK, notes=said)
    return estimates, [model], describe_components(design, theirs, analysis=CROSSCHECK)


def _compare(design, theirs, rows, formula, plan):
    """{(contrast, wave): sentences} about alongside.mixed and least squares on the same columns."""
    answerable = _answerable(design, plan)
    try:
        ours = fit_mixed(
            formula,
            design,
            covariance=["random_intercept"],
            clusters=[Cluster(name, by_wave=False) for name in design.clusters],
            df="kenward-roger",
        )
    except NotEstimable as reason:
        return {
            (name_contrast(pair), wave): [f"alongside.mixed has no such fit: {reason}"] for pair, wave in answerable
        }
    own_rows = average_rows(ours.columns, design)
    said = {}
    for pair, wave in answerable:
        place = {"pair": pair, "wave": wave, "baseline": design.baseline}
        weights = difference_in_change(rows, **place)
        first = theirs.combine(weights.to_frame().T).iloc[0]
        second = ours.combine(difference_in_change(own_rows, **place).to_frame().T).iloc[0]
        apart = abs(first["estimate"] - second["estimate"]) / second["se"]
        agrees = "agrees with alongside.mixed on the same model"
        differs = f"differs from alongside.mixed on the same model by {apart:.4f} standard errors"
        said[name_contrast(pair), wave] = [agrees if apart <= SAME else differs]
        jump = abs(first["estimate"] - weights.to_numpy() @ theirs.least_squares) / first["se"]
        if jump > JUMP:
            said[name_contrast(pair), wave].append(f"least squares is {jump:.1f} standard errors away")
    return said


def compare_completers(design, *, plan):
    """Rows of estimates of the people seen at every wave."""
    # imported here: it takes three seconds that other parts of the package do not need
    from pingouin import mixed_anova

    wide = design.frame.pivot(index="participant", columns="wave", values="score").dropna()
    cohort_of = design.people.set_index("participant")["cohort"].reindex(wide.index)
    made = []
    for pair, wave in _answerable(design, plan):
        mine = cohort_of.isin(pair)
        scores = wide.loc[mine, [design.baseline, wave]]
        change = scores[wave] - scores[design.baseline]
        groups = [change[cohort_of[mine] == name] for name in pair]
        if min(len(group) for group in groups) < FEWEST or change.nunique() < 2:
            made.append(
                _no_row(
                    design, pair, wave, "fewer than ten people of a cohort were seen at every wave", plan, COMPLETERS
                )
            )
            continue
        long = scores.astype(float).melt(ignore_index=False, value_name="score", var_name="wave").reset_index()
        long["cohort"] = long["participant"].map(cohort_of).astype(str)
        long["wave"] = long["wave"].astype(str)
        with warnings.catch_warnings():
            # pingouin uses a form of pandas that will be withdrawn one day; nobody who runs a study can change that
            warnings.filterwarnings("ignore", category=DeprecationWarning, module="pingouin")
            table = mixed_anova(
                long, dv="score", within="wave", between="cohort", subject="participant", correction=False
            )
        interaction = table.set_index("Source").loc["Interaction"]
        estimate = groups[0].mean() - groups[1].mean()
        found = {
            "estimate": estimate,
            "se": abs(estimate) / np.sqrt(interaction["F"]),
            "df": float(interaction["DF2"]),
        }
        place = describe_place(design.outcome, pair, wave, plan=plan, analysis=COMPLETERS) | {
            "n_participants": len(change),
            "n_observations": 2 * len(change),
            "df_method": "mixed analysis of variance",
            "status": "ok",
            "note": "people seen at every wave, unadjusted: who stays is seldom chance",
        }
        made.append(estimate_row(place, found, confidence=plan.analysis.confidence))
    return made


def _answerable(design, plan):
    return [place for place in asked(design.outcome, plan) if place not in design.obstacles]


def _no_row(design, pair, wave, reason, plan, analysis):
    place = describe_place(design.outcome, pair, wave, plan=plan, analysis=analysis)
    counts = {"n_participants": len(design.people), "n_observations": len(design.frame)}
    return estimate_row(place | counts | {"note": reason}, NOTHING, confidence=plan.analysis.confidence)
