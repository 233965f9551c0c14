"""Which numbered columns a pattern that fits none may mean: "UCLA{item}" where the files have ucla_1 to ucla_20.

In: the headers of the files and the pattern. Out: the pattern that would fit. Only what resembles the declared name is
ever quoted, and only as a run of columns without a gap: a file without a header has people in it.
"""

import difflib
import re

from alongside.intake.columns import ITEM

_NUMBER = re.compile(r"\d+")
_ALIKE = 0.6  # of the letters, as for a misspelt key


def suggest_pattern(names, pattern, *, n_items):
    """(pattern, name of the first item, of the last), or None. names: headers; n_items: of the scale"""
    runs = {}
    for name in names:
        for match in _NUMBER.finditer(name):
            template = f"{name[: match.start()]}{ITEM}{name[match.end() :]}"
            if template.count(ITEM) == 1 and int(match[0]) <= n_items:
                runs.setdefault(template, {}).setdefault(int(match[0]), name)
    meant = _letters(pattern)
    whole = {template: run for template, run in runs.items() if set(run) >= set(range(1, n_items + 1))}
    alike = {template: _likeness(meant, _letters(template)) for template in whole}
    best = max(alike, key=alike.get, default=None)
    if best is None or alike[best] < _ALIKE:
        return None
    return best, whole[best][1], whole[best][n_items]


def _letters(template):
    return re.sub(r"[\W_]+", "", template.replace(ITEM, "").casefold())


def _likeness(one, other):
    """1 for the same letters; of ucla and ucla3 the shorter is in the longer"""
    if one and other and (one.startswith(other) or other.startswith(one)):
        return 1 - abs(len(one) - len(other)) / 100
    return difflib.SequenceMatcher(None, one, other).ratio()
