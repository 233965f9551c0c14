"""Participants: identifiers by wave, cohorts, assignment, subgroups."""

from alongside.study.checks.common import unknown, unknown_among, wave_keys
from alongside.typed_yaml.explain import Problem

COHORT = ("participants", "cohort")


def check_participants(draft):
    people = draft.participants
    if people is None:
        return
    waves = draft.names("waves")
    yield from wave_keys(("participants", "id"), people.id, waves, needed=waves)
    if people.consent is not None:
        yield from wave_keys(("participants", "consent", "column"), people.consent.column, waves, needed=())
    levels = draft.names(*COHORT, "levels")
    if people.cohort.comparison not in levels:
        yield unknown((*COHORT, "comparison"), people.cohort.comparison, levels, what="a cohort")
    yield from _comparison_until(draft, waves)
    yield from _assignment(draft)
    yield from _subgroups(people, draft.names("participants", "covariates"))


def _comparison_until(draft, waves):
    until = draft.participants.cohort.comparison_until
    path = (*COHORT, "comparison_until")
    followups = waves[1:]
    if until is None:
        if draft.study is not None and draft.study.design == "waitlist":
            allowed = "the last wave at which nobody in the comparison had been mentored; required for waitlist"
            yield Problem(path, "missing", allowed, absent=True)
    elif until not in waves:
        yield unknown(path, until, waves, what="a wave")
    elif until not in followups:
        yield Problem(path, f"found '{until}', which is the baseline", ", ".join(followups) + ": a wave after it")


def _assignment(draft):
    by = draft.participants.cohort.assigned_by
    clusters = draft.listed("participants", "clusters")
    path = (*COHORT, "assigned_by")
    clustered = draft.study is not None and draft.study.design == "cluster-randomised"
    if clustered and by == "person":
        written = "assigned_by" in draft.participants.cohort.model_fields_set
        found = "found 'person', but the design is cluster-randomised" if written else "missing"
        allowed = ", ".join(clusters) or "a cluster"
        remedy = "name the cluster that was assigned as a whole" + ("" if clusters else ", and list it under clusters")
        yield Problem(path, found, allowed, remedy, absent=not written)
    elif by != "person" and by not in clusters:
        yield unknown(path, by, ("person", *clusters), what="a cluster")


def _subgroups(people, covariates):
    path = ("participants", "subgroups")
    yield from unknown_among(path, people.subgroups, covariates, what="a covariate")
    for position, name in enumerate(people.subgroups):
        covariate = people.covariates.get(name)
        if covariate is not None and covariate.kind == "number":
            found = f"'{name}' is a number"
            yield Problem((*path, position), found, "a covariate of kind category or yes-no: subgroups have levels")
