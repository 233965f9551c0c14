"""What is fitted for one outcome: its rows, its formula, and what cannot be asked of it.

In: the panel and the plan. Out: a `Design`, or `NotEstimable` with a sentence that the report can print.

1. keep the rows at which the outcome was observed, at the baseline and the follow-ups (never at a retrospective wave);
2. cohorts and waves become Categoricals in the study's order, the comparison cohort and the baseline first;
3. every covariate of `adjust_for` enters with its wave interaction, because a main effect alone cannot adjust a
   change (methods 2): numbers centred at the participants' mean; a missing category is a category of its own, "not
   stated"; a missing number is the mean plus an indicator (missing-indicator method). Both are noted;
4. name, for each contrast and follow-up, what stands in the way of an answer: an empty cell, a comparison cohort that
   had been mentored by then, one cluster per cohort (confounded with the programme).

Order of rows and of labels comes from the panel alone: pseudonyms are never sorted or compared.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

NOT_STATED = "not stated"
NOT_MEASURED = "not measured"  # how every sentence begins that a later wave could make untrue
RANDOMISED = ("randomised", "cluster-randomised")


class NotEstimable(Exception):
    """There is no number to report; the message is a sentence for the report, without any participant's value."""


@dataclass(frozen=True)
class Design:
    """outcome: key; formula: fixed effects; frame: participant, cohort, wave, month, score, covariates, clusters.

    cohorts, waves: keys in order, the comparison cohort and the baseline first; contrasts: pairs of cohorts;
    obstacles: {(contrast, wave): sentence} for what cannot be answered; notes: sentences about the covariates.
    """

    outcome: str
    formula: str
    frame: pd.DataFrame
    cohorts: tuple
    waves: tuple
    contrasts: tuple
    clusters: tuple
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
    def people(self):
        """One row a participant, in the panel's order: who the averages are taken over."""
        return self.frame.drop_duplicates("participant")


def build_design(panel, *, outcome, plan):
    """The `Design` of one outcome; raises `NotEstimable` where change cannot be estimated at all.

    panel: rows are people x collected waves; outcome: key; plan: info, participants, waves, outcomes, analysis,
    contrasts, baseline, followups of the study
    """
    cohort = plan.participants.cohort
    cohorts = (cohort.comparison, *(level for level in cohort.levels if level != cohort.comparison))
    frame = panel.loc[panel[outcome].notna()]
    frame = frame.loc[frame["wave"].isin(plan.outcomes[outcome].waves)]
    waves = _observed_waves(frame, plan)
    frame = frame.loc[frame["wave"].isin(waves)]
    cohorts = tuple(name for name in cohorts if (frame["cohort"] == name).any())
    if len(cohorts) < 2:
        raise NotEstimable("fewer than two cohorts have a score, so there is nothing to compare")
    clusters = tuple(plan.participants.clusters)
    made = pd.DataFrame(
        {
            "participant": frame["participant"].to_numpy(),
            "cohort": pd.Categorical(frame["cohort"], categories=cohorts),
            "wave": pd.Categorical(frame["wave"], categories=waves),
            "month": frame["month"].to_numpy(float),
            "score": frame[outcome].to_numpy(float),
        }
    )
    for name in clusters:
        made[name] = frame[name].to_numpy()
    terms, notes = _add_covariates(made, frame, plan)
    return Design(
        outcome=outcome,
        formula=" + ".join(["score ~ cohort * wave", *(f"{_quote(term)} * wave" for term in terms)]),
        frame=made,
        cohorts=cohorts,
        waves=waves,
        contrasts=tuple(plan.contrasts),
        clusters=clusters,
        obstacles=_find_obstacles(made, clusters, plan),
        notes=notes,
        randomised=plan.info.design in RANDOMISED,
    )


def _observed_waves(frame, plan):
    observed = set(frame["wave"])
    if plan.baseline not in observed:
        raise NotEstimable(f"{NOT_MEASURED} at the baseline, so change since the baseline cannot be estimated")
    followups = tuple(wave for wave in plan.followups if wave in observed)
    if not followups:
        raise NotEstimable(f"{NOT_MEASURED} after the baseline: no follow-up wave has been collected yet")
    return (plan.baseline, *followups)


def _add_covariates(made, frame, plan):
    """Add the columns of `adjust_for` to `made`; return their names in the formula and the notes."""
    terms, notes = [], []
    for name in plan.analysis.adjust_for:
        values = frame[name].reset_index(drop=True)
        first = ~made["participant"].duplicated()
        if plan.participants.covariates[name].kind == "number":
            added, note = _number_columns(name, values.astype(float), first)
        else:
            added, note = _category_columns(name, values)
        for column, column_values in added.items():
            made[column] = column_values
            terms.append(column)
        notes += note
    return terms, tuple(notes)


def _number_columns(name, values, first):
    missing = values.isna()
    centre = values[first].mean()
    if values.nunique() < 2:
        return {}, [f"{name} is left out: it does not differ between people"]
    columns = {name: (values - centre).fillna(0.0).to_numpy()}
    if not missing.any():
        return columns, []
    columns[f"{name}_not_stated"] = missing.to_numpy(float)
    return columns, [f"{name} was not stated by everybody: the mean stands in, with an indicator"]


def _category_columns(name, values):
    labels = values.map({0.0: "no", 1.0: "yes"}) if pd.api.types.is_numeric_dtype(values) else values.astype("object")
    missing = labels.isna()
    known = [level for level in _levels(values, labels) if (labels == level).any()]
    levels = [*known, NOT_STATED] if missing.any() else known
    if len(levels) < 2:
        return {}, [f"{name} is left out: it does not differ between people"]
    column = pd.Categorical(labels.where(~missing, NOT_STATED), categories=levels)
    return {name: column}, [f"{name} was not stated by everybody: a category of its own"] if missing.any() else []


def _levels(values, labels):
    """In the panel's own order where it has one, else sorted: labels are the study's words, not people."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        return list(values.cat.categories)
    return sorted(labels.dropna().unique())


def _find_obstacles(frame, clusters, plan):
    """{(contrast, wave): sentence}, the first obstacle of each."""
    counts = pd.crosstab(frame["cohort"], frame["wave"], dropna=False)
    confounded = _confounded_cohorts(frame, clusters)
    late = _waves_after(plan)
    obstacles = {}
    for pair in plan.contrasts:
        for wave in plan.followups:
            sentence = _obstacle(pair, wave, counts, confounded, late, plan)
            if sentence:
                obstacles[pair, wave] = sentence
    return obstacles


def _obstacle(pair, wave, counts, confounded, late, plan):
    if wave not in counts.columns or counts[wave].sum() == 0:
        return f"{NOT_MEASURED} at wave {wave} so far"
    for name in pair:
        for seen_at in (plan.baseline, wave):
            if name not in counts.index or counts.at[name, seen_at] == 0:
                return f"nobody in {name} has a score at wave {seen_at}"
    if wave in late and plan.participants.cohort.comparison in pair:
        return f"the comparison cohort had been mentored by wave {wave}"
    for name in pair:
        if name in confounded:
            return f"all of {name} is in one {confounded[name]}, which cannot be told apart from the programme"
    return ""


def _waves_after(plan):
    """Follow-ups after the last wave at which nobody in the comparison had been mentored."""
    until = plan.participants.cohort.comparison_until
    if until is None:
        return ()
    order = [plan.baseline, *plan.followups]
    return tuple(order[order.index(until) + 1 :]) if until in order else ()


def _confounded_cohorts(frame, clusters):
    """{cohort: cluster level}: cohorts that lie in one cluster which holds nobody of another cohort (WWC: one unit)."""
    people = frame.drop_duplicates("participant")
    found = {}
    for level in clusters:
        cohorts_in = people.groupby(level, sort=False, observed=True)["cohort"].nunique()
        for cohort, members in people.groupby("cohort", sort=False, observed=True):
            units = members[level].dropna().unique()
            if len(units) == 1 and cohorts_in[units[0]] == 1 and members[level].notna().all():
                found.setdefault(cohort, level)
    return found


def nested_labels(frame, clusters):
    """{level: whole numbers}: a label of an inner level counts within its outer one; missing labels stay apart.

    Numbers are given in order of appearance, so that no label's value matters. A participant in no cluster of a level
    becomes a cluster of one.
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
