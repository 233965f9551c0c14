"""The scale of a total that was computed before the data came here: `score_of: who5`, `score_of: dass21.depression`.

In: what the study file says, and the codebooks. Out: the scale's `Measure` as published, by which the total is held to
be scored. Fails with `UserError` for a scale that has no total.
"""

from alongside.instruments.measure import take_measure


def split_score_of(text):
    """(id of the codebook, subscale or None)"""
    id, _, subscale = text.partition(".")
    return id, subscale or None


def find_total_measure(outcome, instruments):
    """The Measure of the scale whose total an outcome is, else None. instruments: {id: Instrument}"""
    if outcome.score_of is None:
        return None
    id, subscale = split_score_of(outcome.score_of)
    return take_measure(instruments[id], subscale=subscale)
