"""What a word in a file's, a column's or an event's name says about when people were asked.

`read_occasion("results_w2")` -> the second wave. Only words that are used for nothing else are read; a name that says
two different things says nothing.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Occasion:
    """order: the earlier, the smaller; key: a wave's name; month: since the start, where the word says so"""

    order: float
    key: str
    label: str
    month: float | None = None


_WORDS = {
    "baseline": (0, "baseline", "Baseline"), "base": (0, "baseline", "Baseline"), "bl": (0, "baseline", "Baseline"),
    "pre": (0, "pre", "Before"), "pretest": (0, "pre", "Before"), "before": (0, "before", "Before"),
    "intake": (0, "intake", "Intake"), "entry": (0, "entry", "Entry"), "vorher": (0, "before", "Before"),
    "mid": (50, "mid", "Midway"), "midline": (50, "midline", "Midway"), "midway": (50, "midway", "Midway"),
    "post": (100, "post", "After"), "posttest": (100, "post", "After"), "after": (100, "after", "After"),
    "endline": (100, "endline", "End"), "exit": (100, "exit", "Exit"), "nachher": (100, "after", "After"),
    "followup": (200, "followup", "Follow-up"), "fu": (200, "followup", "Follow-up"),
}  # fmt: skip
_NUMBERED = {
    "w": "Wave", "wave": "Wave", "t": "Wave", "time": "Wave", "timepoint": "Wave", "round": "Round", "visit": "Visit",
    "occasion": "Occasion", "welle": "Wave", "survey": "Survey",
}  # fmt: skip
_MONTHS = r"(?:m|mo|month|months)"
_BEGIN, _END = r"(?:^|(?<=[^a-z0-9]))", r"(?:$|(?=[^a-z0-9]))"
_SIGN = r"[ _.-]?"
_PATTERNS = (
    (re.compile(f"{_BEGIN}(follow{_SIGN}up|fu){_SIGN}([0-9]{{1,2}}){_END}"), "followup"),
    (re.compile(f"{_BEGIN}{_MONTHS}{_SIGN}([0-9]{{1,2}}){_END}"), "month"),
    (re.compile(f"{_BEGIN}([0-9]{{1,2}}){_SIGN}{_MONTHS}{_END}"), "month"),
    (re.compile(f"{_BEGIN}({'|'.join(_NUMBERED)}){_SIGN}([0-9]{{1,2}}){_END}"), "numbered"),
    (re.compile(f"{_BEGIN}(follow{_SIGN}up){_END}"), "word"),
    (re.compile(f"{_BEGIN}({'|'.join(_WORDS)}){_END}"), "word"),
)


def find_occasions(name):
    """[(start, end, Occasion)] of all that a name says, none inside another."""
    lower, found = name.casefold(), []
    if len(lower) != len(name):
        return []  # a letter that becomes two: places would not be those of the name
    for pattern, kind in _PATTERNS:
        for match in pattern.finditer(lower):
            if not any(match.start() < end and start < match.end() for start, end, _ in found):
                found.append((match.start(), match.end(), _occasion(kind, match)))
    return found


def read_occasion(name):
    """The Occasion that a name says, or None where it says none or several."""
    found = {occasion for _, _, occasion in find_occasions(name)}
    return found.pop() if len(found) == 1 else None


def _occasion(kind, match):
    if kind == "followup":
        return Occasion(200 + int(match[2]), f"followup{int(match[2])}", f"Follow-up {int(match[2])}")
    if kind == "month":
        month = int(match[1])
        return Occasion(month + 0.5 if month else 0, f"month{month}", f"After {month} months", float(month))
    if kind == "numbered":
        number = int(match[2])
        sign = "t" if match[1] in ("t", "time", "timepoint") else "wave" if match[1] in ("w", "welle") else match[1]
        return Occasion(number, f"{sign}{number}", f"{_NUMBERED[match[1]]} {number}")
    order, key, label = _WORDS[re.sub(r"[ _.-]", "", match[1])]
    return Occasion(order, key, label)
