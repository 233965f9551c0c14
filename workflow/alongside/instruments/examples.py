"""Which kinds of worked example a codebook must hold, so that a wrong key cannot agree with all of them.

In: an `Instrument`. Out: the kinds that are missing. The examples' scores are not computed here.

Needed are: all smallest answers; all largest; a mixed one, complete; one at the limit of the missing rule with its
score, and one beyond it without; and one in every item order. Where there is no total the subscales' scores count.
"""

from alongside.instruments.measure import take_measure


def list_missing_kinds(instrument):
    """What no example shows, in words; nothing where all kinds are there."""
    low, high = instrument.response
    answers = [example.answers for example in instrument.examples]
    complete = [given for given in answers if None not in given]
    limits = [_limits(example, instrument) for example in instrument.examples]
    shown = {
        "all smallest answers": any(set(given) == {low} for given in complete),
        "all largest answers": any(set(given) == {high} for given in complete),
        "a mixed one without missing answers": any(len(set(given)) > 1 for given in complete),
        "as many missing as the rule allows, with its score": any(at for at, _ in limits),
        "one more missing than the rule allows, and no score": any(beyond for _, beyond in limits),
    }
    used = {example.order or next(iter(instrument.orders)) for example in instrument.examples}
    shown |= {f"one in the order {order}": order in used for order in instrument.orders}
    return [kind for kind, there in shown.items() if not there]


def _limits(example, instrument):
    """(is it at the limit of the missing rule, is it one beyond?)"""
    stated = dict(example.subscales)
    if instrument.scoring.method != "subscales-only":
        stated = {None: example.score}
    at = beyond = False
    for subscale, score in stated.items():
        parts = take_measure(instrument, order=example.order, subscale=subscale).parts
        over = [
            sum(example.answers[item - 1] is None for item in group) - part.rule.max_missing
            for part in parts
            for group in part.groups
        ]
        at |= max(over) == 0 and score is not None
        beyond |= max(over) == 1 and score is None
    return at, beyond
