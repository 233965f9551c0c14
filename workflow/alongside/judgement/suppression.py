"""Which counts must not be shown, so that no small group can be seen or computed.

In: counts by key and the sums that connect them, total = part + part + ... Out: the keys to hide, with the reason.

1. primary: a count from 1 to min_cell - 1 is hidden. Zero may be shown: nobody is in it.
2. secondary: an attacker knows the sums, the rounding and that a hidden small count lies from 1 to min_cell - 1. Where
   this leaves fewer than three values for it, the smallest shown count beside it is hidden too, until none is left
   that can be narrowed down. Bounds are propagated through all sums together, so chains of totals are seen through.

Rounding protects by itself: with min_cell 10 and round_to 5 a single hidden part always keeps four possible values.
"""

import math

LEFT_OPEN = 3  # values that must remain possible for a hidden count
SMALL = "small"
BESIDE = "beside"


def round_count(n, round_to):
    """The nearest multiple of round_to, halves upwards."""
    return int((n + round_to / 2) // round_to * round_to)


def find_hidden(counts, sums, *, min_cell, round_to):
    """{key: "small" or "beside"} of the counts to hide.

    counts: {key: n}; sums: (key of the total, keys of its parts); two keys of one number are a sum of one part
    """
    hidden = {key: SMALL for key, n in counts.items() if 0 < n < min_cell}
    needed = min(LEFT_OPEN, min_cell - 1)
    while True:
        bounds = _propagate(_first_bounds(counts, hidden, min_cell, round_to), sums)
        narrow = [key for key, why in hidden.items() if why == SMALL and _values_left(bounds[key]) < needed]
        chosen = next(
            (key for key in (_choose_beside(one, counts, hidden, sums) for one in narrow) if key is not None), None
        )
        if chosen is None:
            return hidden
        hidden[chosen] = BESIDE


def _values_left(bound):
    low, high = bound
    return high - low + 1


def _first_bounds(counts, hidden, min_cell, round_to):
    """What each number says by itself: [low, high]."""
    bounds = {}
    for key, n in counts.items():
        if key in hidden:
            bounds[key] = (1, min_cell - 1) if hidden[key] == SMALL else (1, math.inf)
            continue
        shown = round_count(n, round_to)
        low, high = shown - round_to // 2, shown + (round_to - 1) // 2
        # a shown count is zero or at least min_cell; one that rounds to zero may be either
        possible = [low_high for low_high in ((0, 0), (max(low, min_cell), high)) if low <= low_high[0] <= low_high[1]]
        bounds[key] = (possible[0][0], possible[-1][1])
    return bounds


def _propagate(bounds, sums):
    """Tighten all bounds through all sums until nothing moves."""
    moved = True
    while moved:
        moved = False
        for total, parts in sums:
            for key in (total, *parts):
                low, high = _bound_from_sum(key, total, parts, bounds)
                tight = (max(bounds[key][0], low), min(bounds[key][1], high))
                if tight != bounds[key]:
                    bounds[key], moved = tight, True
    return bounds


def _bound_from_sum(key, total, parts, bounds):
    others = [bounds[part] for part in parts if part != key]
    low, high = sum(one[0] for one in others), sum(one[1] for one in others)
    if key == total:
        return low, high
    return bounds[total][0] - high, bounds[total][1] - low


def _choose_beside(key, counts, hidden, sums):
    """The smallest shown count in a sum with `key`, or further along through hidden counts; None if all are hidden."""
    reached, seen = {key}, set()
    while True:
        near = {other for total, parts in sums for other in (total, *parts) if reached & {total, *parts}}
        shown = [other for other in near if other not in hidden and counts[other] > 0]
        if shown:
            return min(shown, key=lambda other: (counts[other], list(counts).index(other)))
        if near <= seen:
            return None
        seen |= near
        reached |= near
