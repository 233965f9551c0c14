"""The rules of intake, scoring and flow in a reader's words.

In: names as they stand in the ledger, the tally and the flow ("no-consent", "straight-line:isolation"). Out: words. A
rule without words of its own is written with spaces for its hyphens, so that a new one is never hidden.
"""

WORDS = {
    "no-wave": "belongs to none of the surveys",
    "preview": "test row of the survey tool",
    "no-id": "no identifier",
    "withdrawn": "person withdrew",
    "no-consent": "no consent",
    "before-consent": "answered before consenting",
    "consent-not-found": "nobody with this identifier was asked for consent",
    "not-in-roster": "not on the enrolment list",
    "duplicate": "answered twice, another response counts",
    "no-cohort": "cohort not known",
    "people": "people with a response that counts",
    "answers": "answers to single questions",
    "out-of-range": "answer outside the scale",
    "flagged": "flagged, and left out as declared",
    "attention-check": "attention check failed",
    "straight-line": "same answer throughout",
    "long-string": "long run of the same answer",
    "unfinished": "survey not finished",
    "too-fast": "answered faster than one can read",
    "waves-out-of-order": "answered before an earlier survey",
    "unreadable-date": "date that cannot be read",
    "ambiguous-date": "date that may be day/month or month/day",
    "ended-before-started": "ended before it began",
    "cohort-conflict": "two cohorts named for one person",
    "identifier-near-miss": "identifier looks like a slip of another",
    "identifier-mapped": "identifier joined to a person by hand",
    "correction": "corrected by hand",
    "no-response": "did not answer this survey",
    "not-answered": "answered the survey, not this scale",
    "too-few-items": "too few questions of the scale answered",
}
STAGES = {"read_exports": "Reading", "score_answers": "Scoring"}


def word_rule(rule):
    """'straight-line:self_esteem' -> 'same answer throughout (self esteem)'"""
    name, _, about = rule.partition(":")
    words = WORDS.get(name, name.replace("-", " "))
    return f"{words} ({about.strip().replace('_', ' ')})" if about else words


def word_stage(stage):
    """'read_exports: no-id' -> 'Reading: no identifier'"""
    name, _, rule = stage.partition(": ")
    words = STAGES.get(name, name.replace("_", " "))
    return f"{words}: {word_rule(rule)}" if rule else words
