"""What a study file without a mistake leaves unsaid and may not have meant, in sentences for check, run and report.

In: a (faultless) draft. Out: a sentence for each. Nothing is decided here: the evaluator adds a line, or says that
nothing is meant, and the sentence is gone. Apart from these, and there to stay: the answers that somebody has to read
because they may call for help. That is the evaluator's business and no funder's, so it is kept by itself.
"""

from alongside.instruments import load_instrument

NOT_RANDOMISED = ("waitlist", "matched", "self-selected")


def give_advice(draft):
    return tuple(_unadjusted(draft))


def name_safety_items(draft):
    """Items of the study's scales whose answers somebody has to see, whatever the study asks."""
    scales = dict.fromkeys(outcome.instrument for outcome in draft.outcomes.values() if outcome.instrument)
    return tuple(
        f"{scale} item {safety.item}: an answer of {safety.from_} or more may call for somebody to look after the "
        "person. This program does not look at single answers: have somebody read them in every export, as soon as it "
        "comes."
        for scale in scales
        for safety in load_instrument(scale, draft.folder / "instruments").safety_items
    )


def _unadjusted(draft):
    """Where chance did not form the cohorts, what is known about people is used, or left out on purpose."""
    covariates = draft.participants.covariates
    said = draft.analysis is not None and "adjust_for" in draft.analysis.model_fields_set
    if said or not covariates or draft.study.design not in NOT_RANDOMISED:
        return
    n = len(covariates)
    declared, none = ("1 covariate is", "it is not") if n == 1 else (f"{n} covariates are", "none is")
    yield (
        f"{declared} declared ({', '.join(covariates)}) and {none} adjusted for: add analysis.adjust_for, or say "
        "adjust_for: [] if that is meant."
    )
