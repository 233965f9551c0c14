"""What is fitted for one outcome: its rows, its formula, and what cannot be asked of it.

In: the panel and the plan. Out: a `Design`, or `NotEstimable` with a sentence that the report can print.

1. keep the rows at which the outcome was observed, at the baseline and the follow-ups (never at a retrospective wave);
2. cohorts and waves become Categoricals in the study's order, the comparison cohort and the baseline first;
3. every covariate of `adjust_for` enters with its wave interaction, because a main effect alone cannot adjust a
   change (methods 2);
4. name what stands in the way of each contrast (obstacles.py).

The same model is written twice: `formula`, as people write it, and `explicit`, with one column a cell of cohort and
wave (all cohorts share the baseline's where they were formed by chance) and numbers for categories. The second can
also be fitted where a cohort was not seen at a wave, and by programs that know no constrained baseline.

People and clusters become numbers in the panel's order: pseudonyms are never sorted, compared or passed on.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from alongside.effects.covariates import choose_independent, make_covariate
from alongside.effects.names import NOT_MEASURED
from alongside.effects.obstacles import find_obstacles

RANDOMISED = ("randomised", "cluster-randomised")
CELL = "_cell"  # no name of the study's own begins so


class NotEstimable(Exception):
    """There is no number to report; the message is a sentence for the report, without any participant's value."""


@dataclass(frozen=True)
class Design:
    """formula, explicit: fixed effects; frame: participant, cohort, wave, month, score, covariates, clusters.

    cohorts, waves: keys in order, the comparison cohort and the baseline first; contrasts: pairs of cohorts; clusters:
    columns, outermost first; mentor: the column of mentors, None without; obstacles: {(contrast, wave): sentence};
    notes: sentences about the covariates; randomised: do the cohorts share a baseline mean
    """

    outcome: str
    formula: str
    explicit: str
    frame: pd.DataFrame
    cohorts: tuple
    waves: tuple
    contrasts: tuple
    clusters: tuple
    mentor: str | None
    obstacles: dict
    notes: tuple
    randomised: bool

    @property
    def baseline(self):
        return self.waves[0]

    @property
    def followups(self):
        return self.waves[1:]

    @property
    def complete(self):
        """Was every cohort seen at every wave?"""
        return bool((pd.crosstab(self.frame["cohort"], self.frame["wave"], dropna=False) > 0).all(axis=None))

    @property
    def people(self):
        """One row a participant, in the panel's order: who the averages are taken over."""
        return self.frame.drop_duplicates("participant")

    def place(self, people, cohort, wave):
        """`people` as if they were in this cohort at this wave; None for a cell that nobody was ever in."""
        cell = name_cell(cohort, wave, baseline=self.baseline, shared=self.randomised)
        cells = self.frame[CELL].cat.categories
        if cell not in cells:
            return None
        size = len(people)
        return people.assign(
            cohort=pd.Categorical([cohort] * size, categories=self.cohorts),
            wave=pd.Categorical([wave] * size, categories=self.waves),
            **{CELL: pd.Categorical([cell] * size, categories=cells)},
        )


def build_design(panel, *, outcome, plan):
    """The `Design` of one outcome; raises `NotEstimable` where change cannot be estimated at all.

    panel: rows are people x collected waves; outcome: key; plan: info, participants, waves, outcomes, analysis,
    contrasts, baseline, followups of the study
    """
    frame = panel.loc[panel[outcome].notna() & panel["wave"].isin(plan.outcomes[outcome].waves)]
    waves = _observed_waves(frame, plan)
    frame = frame.loc[frame["wave"].isin(waves)]
    cohorts = _observed_cohorts(frame, plan)
    randomised = plan.info.design in RANDOMISED
    clusters = tuple(plan.participants.clusters)
    made = pd.DataFrame(
        {
            "participant": pd.factorize(frame["participant"])[0],
            "cohort": pd.Categorical(frame["cohort"], categories=cohorts),
            "wave": pd.Categorical(frame["wave"], categories=waves),
            "month": frame["month"].to_numpy(float),
            "score": frame[outcome].to_numpy(float),
        }
    )
    made[CELL] = _make_cells(made, waves[0], randomised)
    for name in clusters:
        made[name] = number_labels(frame[name])
    mentor = plan.participants.mentor
    if mentor is not None:
        made[mentor] = number_labels(frame[mentor].where(frame["cohort"] != plan.participants.cohort.comparison))
    covariates = _make_covariates(made, frame, plan)
    for covariate in covariates:
        for name, values in {**covariate.dummies(), **covariate.columns}.items():
            made[name] = values
    terms = [name for covariate in covariates for name in covariate.columns]
    numbers = [name for covariate in covariates for name in covariate.dummies()]
    return Design(
        outcome=outcome,
        formula=" + ".join(["score ~ cohort * wave", *(f"{_quote(name)} * wave" for name in terms)]),
        explicit=" + ".join([f"score ~ 0 + {CELL}", *(f"{_quote(name)} + {_quote(name)}:wave" for name in numbers)]),
        frame=made,
        cohorts=cohorts,
        waves=waves,
        contrasts=tuple(plan.contrasts),
        clusters=clusters,
        mentor=mentor if mentor is not None and made[mentor].notna().any() else None,
        obstacles=find_obstacles(made, clusters, plan),
        notes=tuple(note for covariate in covariates for note in covariate.notes),
        randomised=randomised,
    )


def _observed_waves(frame, plan):
    observed = set(frame["wave"])
    if plan.baseline not in observed:
        raise NotEstimable(f"{NOT_MEASURED} at the baseline, so change since the baseline cannot be estimated")
    followups = tuple(wave for wave in plan.followups if wave in observed)
    if not followups:
        raise NotEstimable(f"{NOT_MEASURED} after the baseline: no follow-up wave has been collected yet")
    return (plan.baseline, *followups)


def _observed_cohorts(frame, plan):
    cohort = plan.participants.cohort
    order = (cohort.comparison, *(level for level in cohort.levels if level != cohort.comparison))
    observed = tuple(name for name in order if (frame["cohort"] == name).any())
    if len(observed) < 2:
        raise NotEstimable("fewer than two cohorts have a score, so there is nothing to compare")
    return observed


def name_cell(cohort, wave, *, baseline, shared):
    """One mean of the model: 'mentored, after'; 'everybody, before' where the cohorts share the baseline."""
    return f"everybody, {wave}" if shared and wave == baseline else f"{cohort}, {wave}"


def _make_cells(made, baseline, shared):
    names = [
        name_cell(cohort, wave, baseline=baseline, shared=shared)
        for cohort, wave in zip(made["cohort"], made["wave"], strict=True)
    ]
    order = [
        name_cell(cohort, wave, baseline=baseline, shared=shared)
        for wave in made["wave"].cat.categories
        for cohort in made["cohort"].cat.categories
    ]
    seen = set(names)
    return pd.Categorical(names, categories=[name for name in dict.fromkeys(order) if name in seen])


def _make_covariates(made, frame, plan):
    first = ~made["participant"].duplicated()
    covariates = [
        make_covariate(
            name,
            frame[name].reset_index(drop=True),
            kind=plan.participants.covariates[name].kind,
            first=first,
            wave=made["wave"],
        )
        for name in plan.analysis.adjust_for
    ]
    return choose_independent(covariates, cell=made[CELL].array, wave=made["wave"].array)


def number_labels(labels):
    """Labels as '0', '1', ... in order of appearance; missing ones stay missing."""
    codes = pd.factorize(labels)[0]
    return np.where(codes < 0, None, codes.astype(str).astype(object))


def nested_codes(frame, clusters):
    """{level: whole numbers}: a label of an inner level counts within its outer one; missing labels stay apart.

    Numbers are given in order of appearance. A participant in no cluster of a level becomes a cluster of one.
    """
    outer = np.zeros(len(frame), dtype=int)
    person = pd.factorize(frame["participant"])[0]
    codes = {}
    for level in clusters:
        label = pd.factorize(frame[level])[0]
        alone = np.where(label < 0, person, -1)
        outer = pd.factorize(pd.MultiIndex.from_arrays([outer, label, alone]))[0]
        codes[level] = outer
    return codes


def _quote(name):
    return name if name.isidentifier() else f"`{name}`"
