"""A second scorer, for tests: one person at a time, in fractions, from the codebook's YAML as it stands.

It shares no code with the project: neither the typed codebooks nor the arrays of the scorer. It says what a person with
pencil and paper would, following the manual's words: reverse, see whether too much is missing, add up.
"""

from fractions import Fraction
from math import floor

import yaml


def read_book(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def number(text):
    return Fraction(str(text))


def first_order(book):
    return next(iter(book["orders"]))


def items_of(book, name, order):
    part = book["subscales"][name]
    return part["items"] if order == first_order(book) else part["items_in"][order]


def score(book, answers, *, order=None, subscale=None):
    """The total or a subscale's score of one person's answers ("none" where missing); None where there is none"""
    order = order or first_order(book)
    low, high = (number(limit) for limit in book["response"])
    turned = {} if book["orders"][order] == "none" else book["orders"][order]
    seen = {
        item: None if answer in (None, "none") else low + high - number(answer) if item in turned else number(answer)
        for item, answer in enumerate(answers, start=1)
    }
    if subscale is not None:
        return score_subscale(book, seen, subscale, order)
    method, rule = book["scoring"]["method"], book["missing_rule"]
    if method == "sum-of-subscales":
        parts = [score_subscale(book, seen, name, order) for name in book["scoring"]["subscales"]]
        return None if None in parts else sum(parts)
    assert rule.get("per", "scale") == "scale"
    return add_up(list(seen.values()), book["scoring"], rule)


def score_subscale(book, seen, name, order):
    part, shared = book["subscales"][name], book["missing_rule"]
    own_scoring = part.get("scoring") or (
        {"method": "sum"} if book["scoring"]["method"] in ("sum-of-subscales", "subscales-only") else book["scoring"]
    )
    if "missing_rule" in part:
        rule = part["missing_rule"]
    elif shared.get("per") == "subscale":
        rule = shared
    else:
        rule = {"max_missing": 0, "how": "none"}
    return add_up([seen[item] for item in items_of(book, name, order)], own_scoring, rule)


def add_up(values, scoring, rule):
    given = [value for value in values if value is not None]
    if not given or len(values) - len(given) > rule["max_missing"]:
        return None
    method = scoring["method"]
    if method == "mean":
        return sum(given) / len(given)
    if method == "dichotomise-count":
        given = [Fraction(value >= scoring["counts_from"]) for value in given]
    total = sum(given)
    if rule["how"] == "prorate":
        total += (len(values) - len(given)) * sum(given) / len(given)
        if rule.get("rounded") or method == "table":
            total = Fraction(floor(total + Fraction(1, 2)))
    if method == "table":
        return number(scoring["table"][int(total)])
    return total * number(scoring["factor"]) if method == "multiply" else total
