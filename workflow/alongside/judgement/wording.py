"""Verdicts in words: resources/wording.yaml holds every sentence, this module fills in numbers and names.

In: a verdict's key, the design, and what stands behind it. Out: one sentence or two. Which words a design can carry is
decided here once: "Assignment ... lowered isolation" only where chance formed the cohorts, else "changed more than".
Amounts are positive numbers, better or worse, so that no reader has to know which way a scale runs.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

RANDOMISED = ("randomised", "cluster-randomised")
MOST_PLACES = 4


@dataclass(frozen=True)
class Facts:
    """What a sentence is about; estimate, low and high are positive in the claimed direction, in points.

    direction: increase or decrease, as claimed; claimed_better: is that way the better one;
    worthwhile: points or None; detectable: points;
    reason: why there is no verdict; size, doubt: keys of the wording's parts; names are keys of the study file
    """

    outcome: str
    cohort: str
    other: str
    direction: str
    claimed_better: bool = True
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
    """Why a claim has no verdict."""
    return read_wording()["reasons"][key].format(**numbers)


def word_allowed(names):
    """What the comparison allows for. names: as a reader sees them"""
    sentences = read_wording()["allowed"]
    if not names:
        return sentences["nothing"]
    joined = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return sentences["named"].format(names=joined)


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
        "direction": _way(1, facts),
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
        words["best"] = _number(facts.estimate, places)
        words["least"] = _number(facts.low, places)
        words["amount"] = _amount(facts.estimate, facts, places)
        words["interval"] = _interval(facts, places)
        words["span"] = "between " + _interval(facts, places).replace(" to ", " and ", 1)
        words["towards"] = _way(facts.estimate, facts)
        if facts.low > 0 or facts.high < 0:
            words["sign"] = wording["parts"]["sign"].format_map(words)
    if facts.detectable is not None:
        words["reach"] = wording["parts"]["reach"].format_map(words)
    words["size"] = wording["parts"]["size"][facts.size].format_map(words) if facts.size else ""
    words["doubt"] = wording["parts"]["doubt"][facts.doubt] if facts.doubt else ""
    return words


def _choose_places(facts):
    """The fewest decimal places that print no number as zero, and each on its side of the worthwhile difference."""
    numbers = [one for one in (facts.estimate, facts.low, facts.high, facts.detectable) if one]
    for places in range(1, MOST_PLACES):
        small = any(0 < abs(number) < 10**-places for number in (*numbers, facts.worthwhile or 0))
        if not small and all(_keeps_side(number, facts.worthwhile, places) for number in numbers):
            return places
    return MOST_PLACES


def _keeps_side(number, worthwhile, places):
    if worthwhile is None:
        return True
    return (float(_number(number, places)) < float(_number(worthwhile, places))) == (abs(number) < worthwhile)


def _number(value, places):
    return f"{abs(value):.{places}f}"


def _points(value, places):
    text = _number(value, places)
    return f"{text} point" if float(text) == 1 else f"{text} points"


def _way(value, facts):
    """'better' or 'worse'; value: positive in the claimed direction"""
    return read_wording()["better"]["good" if (value >= 0) == facts.claimed_better else "bad"]


def _amount(value, facts, places):
    """'2.7 points better'; without a direction where it rounds to nothing."""
    text = _points(value, places)
    return text if float(_number(value, places)) == 0 else f"{text} {_way(value, facts)}"


def _interval(facts, places):
    """'0.4 to 4.9 points better', or both ends with their own direction."""
    low, high = facts.low, facts.high
    if (low >= 0) == (high >= 0):
        near, far = sorted((low, high), key=abs)
        return f"{_number(near, places)} to {_amount(far, facts, places)}"
    return f"{_amount(low, facts, places)} to {_amount(high, facts, places)}"
