"""The analyses of estimates.csv in a reader's words: what each one is, and what its distance from the primary means.

The names stand in tables/analyses.py (a test holds the words to them). An analysis without words of its own is shown
under its name, so that a new one is never hidden.
"""

from alongside.tables.analyses import (
    BEFORE_AFTER,
    BY_COHORT,
    COMPLETERS,
    CROSSCHECK,
    FOLLOW_UP_SD,
    PRIMARY,
    ROBUST,
    WITH_FLAGGED,
    WITHOUT_FLAGGED,
)

WORDS = {
    PRIMARY: (
        "Primary",
        "The model that the study file declares: every answer of everybody at every survey, the covariates and the "
        "covariance named under each outcome's model. Verdicts rest on this row alone.",
    ),
    FOLLOW_UP_SD: (
        "Primary, SD at follow-up",
        "The same difference over the standard deviation at the follow-up instead of the baseline, as published "
        "averages mostly do. Only g differs.",
    ),
    ROBUST: (
        "Primary, robust errors",
        "The same difference with standard errors that do not rest on the covariance being right (CR2, degrees of "
        "freedom after Bell and McCaffrey). A much wider interval says that the covariance of the model does not fit.",
    ),
    CROSSCHECK: (
        "Cross-check: random intercept",
        "A simpler model, in which any two surveys of a person are equally alike, fitted by a second program "
        "(statsmodels MixedLM). That model is also fitted by the program that made the primary row; where the two "
        "programs disagree by more than a thousandth of a standard error, its note says by how much. Its distance from "
        "the primary row shows how much the answer rests on the covariance.",
    ),
    COMPLETERS: (
        "Completers only",
        "A mixed analysis of variance (pingouin) of those who answered the baseline and this survey as well as all "
        "others, with nothing allowed for. Those who stay are seldom like those who leave: a distance from the primary "
        "row says that missing answers or covariates matter, not which of the two is right.",
    ),
    WITHOUT_FLAGGED: (
        "Without flagged responses",
        "The primary model without the responses that were flagged as careless. A distance from the primary row says "
        "that the answer leans on responses that may not have been meant.",
    ),
    WITH_FLAGGED: (
        "With flagged responses",
        "The primary model with the responses that were flagged as careless, which the study file leaves out. A "
        "distance from the primary row says that the answer leans on leaving them out.",
    ),
    BY_COHORT: (
        "Covariance by cohort",
        "The primary model with a covariance of its own for each cohort. A distance from the primary row says that the "
        "cohorts spread or hang together differently.",
    ),
    BEFORE_AFTER: (
        "One cohort alone",
        "The change of the people of one cohort who answered both surveys, compared with nobody.",
    ),
}


def name_analysis(key):
    return WORDS[key][0] if key in WORDS else key[:1].upper() + key[1:]


def explain_analysis(key):
    """A sentence or two, '' where there are none."""
    return WORDS[key][1] if key in WORDS else ""
