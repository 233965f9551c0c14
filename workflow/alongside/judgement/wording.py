"""Verdicts in words: resources/wording.yaml holds every sentence, this module fills in numbers and names.

In: a verdict's key, the design, and what stands behind it. Out: one sentence or two. Which words a design can carry is
decided here once: "Assignment ... lowered isolation" only where chance formed the cohorts, else "changed more than".
Amounts are positive numbers with a direction, so that no reader has to know which way a scale runs.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

RANDOMISED = ("randomised", "cluster-randomised")
OPPOSITE = {"increase": "decrease", "decrease": "increase"}


@dataclass(frozen=True)
class Facts:
    """What a sentence is about; estimate, low and high are positive in the claimed direction, in points.

    direction: increase or decrease, as claimed; worthwhile: points or None; detectable: points;
    reason: why there is no verdict; size, doubt: keys of the wording's parts; names are keys of the study file
    """

    outcome: str
    cohort: str
    other: str
    direction: str
    confidence: float = 0.95
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    worthwhile: float | None = None
    detectable: float | None = None
    size: str | None = None
    doubt: str | None = None
    reason: str = ""


@cache
def read_wording():
    """The wording file as plain dicts."""
    return yaml.safe_load(files("alongside").joinpath("resources", "wording.yaml").read_text(encoding="utf-8"))


def word_verdict(verdict, facts, *, design):
    """The sentence of a verdict. verdict: key of the wording file; design: of the study file"""
    wording = read_wording()
    template = wording["verdicts"][verdict]["effect" if design in RANDOMISED else "association"]
    return " ".join(template.format_map(_fill(facts, wording)).split())


def word_reason(key, **numbers):
    """Why a claim cannot be tested."""
    return read_wording()["reasons"][key].format(**numbers)


def word_rejudged(analysis, changed):
    """Do the verdicts stand in this analysis? None where that is not said. changed: texts of claims"""
    sentences = read_wording()["rejudged"].get(analysis)
    if sentences is None:
        return None
    return sentences["other"].format(claims="; ".join(changed)) if changed else sentences["same"]


def _fill(facts, wording):
    places = _choose_places(facts)
    outcome = facts.outcome.replace("_", " ")
    words = {
        "outcome": outcome,
        "Outcome": outcome[:1].upper() + outcome[1:],
        "cohort": facts.cohort.replace("_", " "),
        "other": facts.other.replace("_", " "),
        "level": f"{100 * facts.confidence:g}%",
        "direction": wording["directions"][facts.direction],
        "moved": wording["moved"][facts.direction],
        "caution": wording["parts"]["caution"],
        "reason": facts.reason,
        "worthwhile": "" if facts.worthwhile is None else _points(facts.worthwhile, places),
        "detectable": "" if facts.detectable is None else _points(facts.detectable, places),
        "reach": "",
        "sign": "",
    }
    if facts.estimate is not None:
        words["points"] = _points(facts.estimate, places)
        words["amount"] = _amount(facts.estimate, facts.direction, places)
        words["interval"] = _interval(facts.low, facts.high, facts.direction, places)
        words["span"] = _span(facts.low, facts.high, facts.direction, places)
        if facts.low > 0 or facts.high < 0:
            towards = wording["directions"][_way(facts.estimate, facts.direction)]
            words["sign"] = wording["parts"]["sign"].format(direction=towards)
    if facts.detectable is not None:
        words["reach"] = wording["parts"]["reach"].format_map(words)
    words["size"] = wording["parts"]["size"][facts.size].format_map(words) if facts.size else ""
    words["doubt"] = wording["parts"]["doubt"][facts.doubt] if facts.doubt else ""
    return words


def _choose_places(facts):
    """One decimal place, two where one would print a number as zero."""
    numbers = [facts.estimate, facts.low, facts.high, facts.worthwhile, facts.detectable]
    return 2 if any(number is not None and 0 < abs(number) < 0.1 for number in numbers) else 1


def _number(value, places):
    return f"{abs(value):.{places}f}"


def _points(value, places):
    text = _number(value, places)
    return f"{text} point" if float(text) == 1 else f"{text} points"


def _way(value, direction):
    return direction if value >= 0 else OPPOSITE[direction]


def _amount(value, direction, places):
    """'2.7 points towards lower scores'; without a direction where it rounds to nothing."""
    text = _points(value, places)
    if float(_number(value, places)) == 0:
        return text
    return f"{text} {read_wording()['directions'][_way(value, direction)]}"


def _interval(low, high, direction, places):
    """'0.4 to 4.9 points towards lower scores', or both ends with their own direction."""
    if (low >= 0) == (high >= 0):
        near, far = sorted((abs(low), abs(high)))
        return f"{_number(near, places)} to {_amount(far if high >= 0 else -far, direction, places)}"
    return f"{_amount(low, direction, places)} to {_amount(high, direction, places)}"


def _span(low, high, direction, places):
    return "between " + _interval(low, high, direction, places).replace(" to ", " and ", 1)
