"""How well each scale hangs together in these data: the stage `measure_scales`.

In: answers, people (for their cohorts), the codebooks, the findings of the keying check. Out: `reliability` (a row for
each scale, wave and cohort, and for everyone), `item_checks` (a row for each item at each wave) and `inter_item` (a row
for each pair). Only people who answered every item that makes the score count; missing is never zero.

Alpha and its interval (Feldt) come from pingouin, omega total from one factor by minimum residuals, item-rest
correlations have Fisher's interval; every interval is a 95% interval. An item to which everybody gave the same answer
is left out of alpha, omega and the correlations, as R's psych does; it still counts in the score, and a note says so.
Where a number cannot be computed it is missing and the note says why: too few people, one item, two items (omega needs
three), no variance.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from alongside.instruments import find_measure
from alongside.sample.psychometrics_items import read_items
from alongside.sample.psychometrics_numbers import (
    FEWEST,
    alpha_without_each,
    correlate_with_rest,
    limits_of_correlation,
    omega_total,
)
from alongside.tables import INTER_ITEM, ITEM_CHECKS, RELIABILITY
from alongside.tables.check import check_table

EVERYONE = ""


class Measured(NamedTuple):
    reliability: pd.DataFrame
    item_checks: pd.DataFrame
    inter_item: pd.DataFrame


def measure_scales(answers, *, people, keying, plan, instruments):
    """answers, people, keying: tables; plan.outcomes; instruments: {id: codebook}"""
    cohort = people.assign(participant=people["participant"].astype("str")).set_index("participant")["cohort"]
    levels = [str(level) for level in cohort.astype("category").cat.categories]
    reliability, checks, pairs = [], [], []
    for name, outcome in plan.outcomes.items():
        measure = find_measure(outcome, instruments)
        if measure is None:
            continue
        items = read_items(answers, name=name, measure=measure)
        groups = cohort.reindex(items.keys["participant"].astype("str")).astype("str").to_numpy()
        for wave in items.waves:
            place = {"outcome": name, "wave": wave}
            here = (items.keys["wave"] == wave).to_numpy()
            everyone = items.only(here)
            reliability.append(place | {"cohort": EVERYONE} | _reliability(everyone))
            if len(levels) > 1:
                reliability += [
                    place | {"cohort": level} | _reliability(items.only(here & (groups == level))) for level in levels
                ]
            against = _items_against(keying, name, wave)
            checks += [place | row for row in _check_items(everyone, against)]
            pairs += [place | row for row in _correlate_pairs(everyone)]
    return Measured(
        check_table(pd.DataFrame(reliability, columns=RELIABILITY.names), RELIABILITY),
        check_table(pd.DataFrame(checks, columns=ITEM_CHECKS.names), ITEM_CHECKS),
        check_table(pd.DataFrame(pairs, columns=INTER_ITEM.names), INTER_ITEM),
    )


def _reliability(items):
    """The numbers of one row of `reliability`."""
    complete = items.complete()
    values, (low, high) = complete.values, items.limits
    n, k = len(values), len(items.numbers)
    row = {"n": n, "n_items": k} | dict.fromkeys(RELIABILITY.names[5:-1], np.nan)
    notes = _never_answered(items)
    if n:
        row |= {
            "floor": 100 * float((values == low).all(axis=1).mean()),
            "ceiling": 100 * float((values == high).all(axis=1).mean()),
        }
    varying = _varying(values)
    notes += _name_constant(items, varying)
    if n < FEWEST:
        notes.append(f"fewer than {FEWEST} people answered every item")
    elif varying.sum() < 2:
        notes.append("a single item: no internal consistency" if k == 1 else "fewer than two items vary")
    else:
        row |= _consistency(values[:, varying], items.numbers[varying], notes)
    return row | {"note": "; ".join(notes)}


def _consistency(values, numbers, notes):
    # pingouin takes two seconds to import, and only this stage needs it here
    import pingouin

    k = values.shape[1]
    rest = correlate_with_rest(values)
    row = {}
    if np.var(values.sum(axis=1)) < 1e-12:
        notes.append("the score is the same for everybody")
    else:
        alpha, (low, high) = pingouin.cronbach_alpha(pd.DataFrame(values))
        row |= {"alpha": float(alpha), "alpha_low": float(low), "alpha_high": float(high)}
    if k < 3:
        notes.append("omega needs three items")
    elif "alpha" in row:
        omega, _, at_limit = omega_total(np.corrcoef(values, rowvar=False))
        row["omega_total"] = float(omega)
        if np.isnan(omega):
            notes.append("one factor could not be fitted")
        elif at_limit:
            notes.append("one factor explains an item completely: omega is not to be trusted")
    if not np.isnan(rest).all():
        lowest = int(np.nanargmin(rest))
        row |= {"lowest_item_rest": float(rest[lowest]), "lowest_item": int(numbers[lowest])}
    return row


def _check_items(items, against):
    """Rows of `item_checks` without their place. against: items that the keying check found to go against the scale"""
    values = items.complete().values
    n, varying = len(values), _varying(values)
    numbers = np.full((4, len(items.numbers)), np.nan)
    if n >= FEWEST and varying.sum() > 1:
        rest = correlate_with_rest(values[:, varying])
        numbers[:, varying] = [rest, *limits_of_correlation(rest, n), alpha_without_each(values[:, varying])]
    for place, item in enumerate(items.numbers.tolist()):
        rest, low, high, without = numbers[:, place]
        note = ""
        if n < FEWEST:
            note = f"fewer than {FEWEST} people answered every item"
        elif np.isnan(rest):
            note = "the other items do not vary" if varying[place] else "everybody gave the same answer"
        yield {
            "item": item, "reversed": bool(items.reversed[place]), "n": n, "item_rest": rest, "item_rest_low": low,
            "item_rest_high": high, "alpha_without": without, "contradicts": item in against, "note": note,
        }  # fmt: skip


def _correlate_pairs(items):
    """Rows of `inter_item` without their place."""
    values = items.complete().values
    n, varying = len(values), _varying(values)
    r = np.full((len(items.numbers), len(items.numbers)), np.nan)
    if n >= FEWEST and varying.sum() > 1:
        r[np.ix_(varying, varying)] = np.corrcoef(values[:, varying], rowvar=False)
    for a, b in zip(*np.triu_indices(len(items.numbers), 1), strict=True):
        yield {"item_a": items.numbers[a], "item_b": items.numbers[b], "r": r[a, b], "n": n}


def _varying(values):
    if not len(values):
        return np.zeros(values.shape[1], dtype=bool)
    return np.ptp(values, axis=0) > 0


def _never_answered(items):
    absent = items.numbers[np.isnan(items.values).all(axis=0)]
    return [f"nobody answered item {_listed(absent)}"] if len(absent) else []


def _name_constant(items, varying):
    constant = items.numbers[~varying]
    if not 0 < len(constant) < len(items.numbers):
        return []
    return [f"everybody gave the same answer to item {_listed(constant)}, left out of alpha, omega and correlations"]


def _listed(numbers):
    return ", ".join(map(str, numbers))


def _items_against(keying, name, wave):
    own = keying[(keying["outcome"] == name) & (keying["wave"] == wave) & keying["item"].notna()]
    return set(own["item"].astype(int))
