"""Where a declared scoring departs from the manual, in sentences for a report.

In: the parts and reversed items as published, and as declared (instruments/measure.py). Out: a sentence for each
departure, in the order method, reversed items, missing answers; none where both score alike.
"""

from alongside.instruments.codebook import COMMON_PRACTICE


def list_departures(published, declared, *, key, reversed_items):
    """published, declared: Parts; key, reversed_items: the items reversed in the manual and in the study"""
    sentences = [
        _of_method(published, declared),
        _of_key(key, reversed_items),
        _of_rule(published[0].rule, declared[0].rule),
    ]
    return tuple(sentence for sentence in sentences if sentence)


def _of_method(published, declared):
    if [part.scoring for part in published] == [part.scoring for part in declared]:
        return ""
    before, now = say_scores(published), say_scores(declared)
    if before == now:
        return f"The answers are {now} of the study's own, not by the manual's."
    return f"The answers are {now}; by the manual they are {before}."


def say_scores(parts):
    """What happens to the answers of all parts, in words: "summed"."""
    return "summed, subscale by subscale" if len(parts) > 1 else say_scoring(parts[0].scoring)


def say_scoring(scoring):
    """What happens to the answers, in words: "summed"."""
    return {
        "sum": "summed",
        "sum-of-subscales": f"summed over the subscales {', '.join(scoring.subscales)}",
        "mean": "averaged",
        "multiply": f"summed and multiplied by {scoring.factor or 1:.4g}",
        "table": "summed and converted by a table",
        "dichotomise-count": f"counted where they are {scoring.counts_from} or more",
    }[scoring.method]


def _of_key(key, reversed_items):
    if set(key) == set(reversed_items):
        return ""
    return f"{_say_reversed(reversed_items)}; by the manual {_say_reversed(key, again=True)}."


def _say_reversed(items, *, again=False):
    """ "Items 2 and 5 are reversed", or, again: "items 3 and 5 are"."""
    verb = "" if again else " reversed"
    if not items:
        return "none is" if again else "No item is reversed"
    noun = "item" if len(items) == 1 else "items"
    numbers = " and ".join(part for part in (", ".join(map(str, sorted(items)[:-1])), str(max(items))) if part)
    return f"{noun if again else noun.capitalize()} {numbers} {'is' if len(items) == 1 else 'are'}{verb}"


def _of_rule(published, declared):
    if [getattr(published, key) == getattr(declared, key) for key in ("max_missing", "how", "rounded")] == [True] * 3:
        return ""
    if published.published is False:
        before = "no rule is published"
    else:
        before = f"by {'its codebook' if published.published is True else 'common practice'} {say_rule(published)}"
    return f"Missing answers: {say_rule(declared)}; {before}."


def say_origin(rule):
    """Where a codebook's missing rule is known from, in words."""
    if rule.published == COMMON_PRACTICE:
        return "common practice, not published"
    return "published" if rule.published else "no rule is published"


def say_rule(rule):
    """A missing rule in words: "all items are needed"."""
    if rule.how == "none":
        return "all items are needed"
    most = f"up to {rule.max_missing} missing" if rule.max_missing > 1 else "one missing"
    per = " in each subscale" if rule.per == "subscale" else ""
    if rule.how == "sum-answered":
        return f"{most}{per}, and the answered items are summed"
    rounded = ", and the score is rounded" if rule.rounded else ""
    return f"{most}{per}, for which the mean of the answered items stands in{rounded}"
