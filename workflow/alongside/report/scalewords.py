"""Scales in words: who may use them, what was not checked, how consistent their answers are: for people who have never
heard of alpha.

The steps are those in common use since Nunnally (1978): from .70 on a scale can carry comparisons between groups, below
it is a weak instrument, whatever else is right.
"""

STEPS = ((0.9, "very consistent"), (0.8, "consistent"), (0.7, "consistent enough"), (0.5, "weakly consistent"))
LOWEST = "hardly consistent"
UNKNOWN = "not known"
RIGHTS = {
    "free": "free to use",
    "conditions": "free under conditions",
    "registration": "after registration",
    "permission": "with the owner's permission",
}

NOT_CHECKED = "not yet checked against the original publication"


def word_unchecked(text):
    """A codebook's mark "from memory" as it concerns a reader."""
    return text.replace("from memory", NOT_CHECKED)


def word_consistency(alphas):
    """alphas: one a survey, missing ones left out. The least of them counts."""
    if not alphas:
        return UNKNOWN
    least = min(alphas)
    return next((words for step, words in STEPS if least >= step), LOWEST)
