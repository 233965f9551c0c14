"""The tables about scales as measures, without what rests on a few people.

In: `reliability`, `item_checks`, `inter_item`, `keying` and `instruments` as they were computed. Out: the same tables,
as they may be shown. The number of people who answered every item stands beside the flow's counts, so it is hidden
together with them (disclosure.py): `list_counts` says what the numbers are and how they add up, `control_scales` takes
out what `find_hidden` has named.

1. groups of fewer than min_cell people lose every number; items and pairs go with their wave's everyone;
2. the share at the lowest or highest score is hidden where few people have that score, or few have not; what is shown
   is the share of rounded counts;
3. an interval of an alpha or a correlation tells its number of people: in public it is that of the fewest people that
   the rounded number can stand for, and it goes where the number goes; all of them have three decimals (digits.py);
4. counts behind a contradiction are never shown, its numbers have two decimals as in its sentence; one of fewer than
   min_cell people loses its numbers and its sentence.
"""

import pandas as pd

from alongside.judgement.audit import texts
from alongside.judgement.books import round_column
from alongside.judgement.digits import DECIMALS
from alongside.judgement.suppression import SMALL, round_count
from alongside.sample.keying_table import join_sentences
from alongside.sample.psychometrics_numbers import limits_of_alpha, limits_of_correlation

SCALE = "scale"
TABLES = ("reliability", "item_checks", "inter_item", "keying", "instruments")
GROUP = ["outcome", "wave", "cohort"]
ENDS = ("floor", "ceiling")
NUMBERS = {
    "reliability": [
        "n", "alpha", "alpha_low", "alpha_high", "omega_total", *ENDS, "lowest_item_rest", "lowest_item",
    ],
    "item_checks": ["n", "item_rest", "item_rest_low", "item_rest_high", "alpha_without"],
    "inter_item": ["r", "n"],
}  # fmt: skip
LIMITS = {"reliability": ["alpha_low", "alpha_high"], "item_checks": ["item_rest_low", "item_rest_high"],
          "inter_item": []}  # fmt: skip
SHORTENED = ("alpha", "omega_total", "lowest_item_rest", "item_rest", "alpha_without", "r")
NAMED_BY = {"reliability": GROUP, "item_checks": ["outcome", "wave", "item"],
            "inter_item": ["outcome", "wave", "item_a", "item_b"]}  # fmt: skip


def list_counts(reliability, analysed):
    """({key: n}, [(total, parts)]) of the people behind each row. analysed: {(outcome, wave, cohort): key of the flow}

    keys: ("scale", outcome, wave, cohort, what), cohort '' is everyone
    """
    counts, sums = {}, []
    for (outcome, wave, cohort), row in _rows(reliability):
        place, n = (SCALE, outcome, wave, cohort), int(row.n)
        counts[*place, "complete"] = n
        for end in ENDS:
            at_end = _count_at(row, end)
            if at_end:  # nobody is a share that says nothing about a count
                counts |= {(*place, end): at_end, (*place, f"not {end}"): n - at_end}
                sums.append(((*place, "complete"), [(*place, end), (*place, f"not {end}")]))
        whole = analysed.get((outcome, wave, cohort))
        if whole is not None:
            key, n_analysed = whole
            counts[*place, "incomplete"] = n_analysed - n
            sums.append((key, [(*place, "complete"), (*place, "incomplete")]))
    cohorts = list(dict.fromkeys(cohort for _, _, cohort in texts(reliability, GROUP) if cohort))
    for _, outcome, wave, cohort, what in list(counts):
        parts = [key for one in cohorts if (key := (SCALE, outcome, wave, one, what)) in counts]
        if cohort == "" and parts and not what.startswith("not "):
            sums.append(((SCALE, outcome, wave, "", what), parts))
    return counts, sums


def control_scales(tables, hidden, *, min_cell, round_to, audit, why, withheld):
    """The public tables, by name.

    hidden: {key: reason} from find_hidden; why: {reason: sentence}; withheld: what a note says of such a row
    """
    reliability = tables["reliability"]
    groups = texts(reliability, GROUP)
    reasons = [hidden.get((SCALE, *group, "complete")) for group in groups]
    public = {"reliability": _take_out("reliability", reliability, reasons, audit, why, withheld)}
    of_everyone = {group[:2]: reason for group, reason in zip(groups, reasons, strict=True) if group[2] == ""}
    for name in ("item_checks", "inter_item"):
        own = [of_everyone.get(place) for place in texts(tables[name], ["outcome", "wave"])]
        public[name] = _take_out(name, tables[name], own, audit, why, withheld)
    for end in ENDS:
        public["reliability"][end] = _show_shares(reliability, groups, hidden, end, round_to, audit, why)
    for name in NUMBERS:
        public[name] = round_column(public[name], "n", round_to)
        if min_cell > 1:
            shortened = [column for column in public[name] if column in SHORTENED]
            public[name] = public[name].round(dict.fromkeys(shortened, DECIMALS))
    for name, columns in LIMITS.items():
        if columns:
            limits = _find_limits(public[name], columns, min_cell=min_cell, round_to=round_to)
            public[name][columns] = limits.round(DECIMALS) if min_cell > 1 else limits
    public["keying"] = _control_keying(tables["keying"], min_cell, audit, why, withheld)
    public["instruments"] = join_sentences(tables["instruments"], public["keying"])
    return public


def _take_out(name, frame, reasons, audit, why, withheld):
    """Small groups lose everything, others at most their count and what would tell it."""
    small = [why[SMALL] if reason == SMALL else None for reason in reasons]
    beside = [why[reason] if reason not in (None, SMALL) else None for reason in reasons]
    taken = audit.take_out(name, frame, beside, columns=["n", *LIMITS[name]], named_by=NAMED_BY[name])
    taken = audit.take_out(name, taken, small, columns=NUMBERS[name], named_by=NAMED_BY[name])
    if "note" in taken:
        taken.loc[[reason is not None for reason in small], "note"] = withheld
    return taken


def _find_limits(frame, columns, *, min_cell, round_to):
    """Limits for the fewest people that each shown number can stand for; missing where they or the number are."""
    found = []
    for row in frame.itertuples(index=False):
        if pd.isna(row.n) or pd.isna(getattr(row, columns[0])):
            found.append((None, None))
            continue
        fewest = max(int(row.n) - round_to // 2, min_cell)
        if columns == LIMITS["reliability"]:
            found.append(limits_of_alpha(row.alpha, n=fewest, k=int(row.n_items)))
        else:
            found.append(limits_of_correlation(row.item_rest, fewest))
    return pd.DataFrame(found, index=frame.index, columns=columns, dtype="float64")


def _show_shares(reliability, groups, hidden, end, round_to, audit, why):
    """Percent of rounded counts, missing where the count itself may not be shown."""
    shares = []
    for group, (_, row) in zip(groups, _rows(reliability), strict=True):
        keys = [(SCALE, *group, what) for what in ("complete", end, f"not {end}")]
        reasons = [hidden[key] for key in keys if key in hidden]
        n = round_count(int(row.n), round_to)
        if reasons or n == 0:
            shares.append(None)
        else:
            shares.append(100 * min(round_count(_count_at(row, end), round_to), n) / n)
        if reasons:
            audit.note("reliability", " / ".join(part for part in group if part), end, why[reasons[0]])
    return pd.Series(shares, index=reliability.index, dtype="float64")


def _control_keying(keying, min_cell, audit, why, withheld):
    few = (keying["n"] < min_cell).to_numpy(dtype=bool)
    reasons = [why[SMALL] if one else None for one in few]
    numbers = ["r", "r_low", "r_high"]
    made = audit.take_out("keying", keying, reasons, columns=numbers, named_by=["outcome", "finding"])
    made.loc[few, "sentence"] = withheld
    made[numbers] = made[numbers].round(2)  # more decimals would tell n
    return made.assign(n=pd.Series(pd.NA, index=made.index, dtype="Int64"))


def _rows(reliability):
    return zip(texts(reliability, GROUP), reliability.itertuples(index=False), strict=True)


def _count_at(row, end):
    share = getattr(row, end)
    return 0 if pd.isna(share) else round(share * int(row.n) / 100)
