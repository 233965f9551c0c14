"""Numbers and surveys in the words of the funder's report: better or worse, and months after the start.

In: a number with the sign that says which way is better, or a survey of results["study"]. Out: texts. Nothing is
computed.
"""

import re

import pandas as pd

from alongside.figures.words import DASH, find_wave, format_end, format_number

NUMERALS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
START = "after the start"


def read_changes(results):
    """{(outcome, wave, cohort): change since the baseline, in points}, where it is known and may be shown."""
    rows = results["tables"]["changes"]
    return {(row["outcome"], row["wave"], row["cohort"]): row["change"] for row in rows if row["change"] is not None}


def say_better(value, *, sign, unit=" points"):
    """'2.9 points better'; what prints as 0.0 has no direction. sign: 1 where higher is better, else -1"""
    text = format_number(abs(value))
    if text == DASH:
        return DASH
    if text == "1.0" and unit:
        unit = unit.rstrip("s")
    return f"{text}{unit}{_name_way(value, sign)}"


def say_interval(low, high, *, sign):
    """'0.8 to 5.1 better'; '0.3 worse to 4.3 better' where the ends differ; the worse end first."""
    if pd.isna(low) or pd.isna(high):
        return DASH
    near, far = (low, high) if sign > 0 else (high, low)
    if near * far >= 0:
        first, last = sorted((near, far), key=abs)
        return f"{format_end(abs(first))} to {_say_end(last, sign)}"
    return f"{_say_end(near, sign)} to {_say_end(far, sign)}"


def _say_end(value, sign):
    way = "" if value == 0 else " better" if value * sign > 0 else " worse"
    return f"{format_end(abs(value))}{way}"


def find_way(value, sign):
    """'better', 'worse', or 'same' for what prints as 0.0"""
    if format_number(value) == format_number(0):
        return "same"
    return "better" if value * sign > 0 else "worse"


def _name_way(value, sign):
    way = find_way(value, sign)
    return "" if way == "same" else f" {way}"


def name_wave(study, wave):
    """The label of a survey within a sentence, with the months since the start where it does not hold them."""
    found = find_wave(study, wave)
    label = found["label"].lower()
    if found["since"] < 1 or _holds_months(label, found["since"]):
        return label
    return f"{label} ({_count_months(found['since'])} {START})"


def name_moments(study, waves):
    """'6 and 12 months after the start'; labels where a survey came less than a month after the start."""
    found = [find_wave(study, wave) for wave in waves]
    if any(wave["since"] < 1 for wave in found):
        return " and ".join(wave["label"].lower() for wave in found)
    first = [f"{wave['since']:g}" for wave in found[:-1]]
    return " and ".join([", ".join(first), _count_months(found[-1]["since"])] if first else
                        [_count_months(found[-1]["since"])]) + f" {START}"  # fmt: skip


def _count_months(months):
    return f"{months:g} month" if months == 1 else f"{months:g} months"


def _holds_months(label, months):
    """'at 12 months', 'after six months'; not 'six months later', which counts from the survey before."""
    names = [f"{months:g}"]
    if months == int(months) and months < len(NUMERALS):
        names.append(NUMERALS[int(months)])
    return "later" not in label and re.search(rf"\b({'|'.join(map(re.escape, names))})[ -]month", label) is not None
