"""Analysis and claims: contrasts name cohorts, adjustment names covariates, claims name what was measured."""

from alongside.study.checks.common import unknown, unknown_among
from alongside.study.draft import list_contrasts
from alongside.typed_yaml.explain import Problem, quote


def check_analysis(draft):
    analysis = draft.analysis
    if analysis is None:
        return
    cohorts = draft.names("participants", "cohort", "levels")
    for position, pair in enumerate(analysis.contrasts or ()):
        path = ("analysis", "contrasts", position)
        for cohort in pair:
            if cohort not in cohorts:
                yield unknown(path, cohort, cohorts, what="a cohort")
        if pair[0] == pair[1]:
            yield Problem(path, f"{quote(pair[0])} against itself", "two different cohorts")
    covariates = draft.names("participants", "covariates")
    yield from unknown_among(("analysis", "adjust_for"), analysis.adjust_for, covariates, what="a covariate")
    reference = analysis.missing.reference
    if reference is not None and reference not in cohorts:
        yield unknown(("analysis", "missing", "reference"), reference, cohorts, what="a cohort")


def check_claims(draft):
    for name, claim in (draft.claims or {}).items():
        path = ("claims", name)
        yield from _measured(draft, (*path, "outcome"), claim.outcome, (*path, "wave"), claim.wave)
        for outcome, wave in claim.through.items():
            at = (*path, "through", outcome)
            yield from _measured(draft, at, outcome, at, wave)
            yield from _through(draft, at, claim, outcome, wave)
        yield from _about_one_contrast(draft, (*path, "contrast"), claim)
        subgroups = draft.listed("participants", "subgroups")
        if claim.subgroup is not None and claim.subgroup not in subgroups:
            yield unknown((*path, "subgroup"), claim.subgroup, subgroups, what="a subgroup")


def _about_one_contrast(draft, path, claim):
    """A claim is held against one contrast: the one it names, or the only one there is."""
    made = list_contrasts(draft)
    if claim.contrast is None and len(made) > 1:
        remedy = "name the one that the claim is about; for several, write the claim several times"
        yield Problem(path, f"the study compares in {len(made)} ways", " | ".join(map(" - ".join, made)), remedy)
    elif claim.contrast is not None and made and claim.contrast not in made:
        remedy = "declare it under analysis.contrasts if it is to be made"
        yield Problem(path, f"found {quote(' - '.join(claim.contrast))}", " | ".join(map(" - ".join, made)), remedy)


def _measured(draft, outcome_path, outcome, wave_path, wave):
    """The outcome exists, the wave exists, is a follow-up, and the outcome was asked then."""
    outcomes, waves = draft.names("outcomes"), draft.names("waves")
    typed = (draft.outcomes or {}).get(outcome)
    if outcome not in outcomes:
        yield unknown(outcome_path, outcome, outcomes, what="an outcome")
    if wave not in waves:
        yield unknown(wave_path, wave, waves, what="a wave")
    elif wave == waves[0]:
        yield Problem(wave_path, f"{quote(wave)} is the baseline", ", ".join(waves[1:]) + ": a wave after it")
    elif typed is not None and wave not in typed.asked_at(waves):
        found = f"{quote(outcome)} was not asked at {quote(wave)}"
        remedy = f"add it to outcomes.{outcome} if it was"
        yield Problem(wave_path, found, ", ".join(typed.asked_at(waves)), remedy)
    elif (draft.waves or {}).get(wave) is not None and draft.waves[wave].retrospective:
        yield Problem(wave_path, f"{quote(wave)} is retrospective", "a wave that was asked at its time")


def _through(draft, at, claim, outcome, wave):
    """What carries an effect is another outcome, and comes no later than the effect."""
    waves = draft.names("waves")
    if outcome == claim.outcome:
        yield Problem(at, f"{quote(outcome)} cannot carry its own effect", "another outcome")
    if wave in waves and claim.wave in waves and waves.index(wave) > waves.index(claim.wave):
        yield Problem(at, f"{quote(wave)} comes after {quote(claim.wave)}", "the claim's wave or one before it")
