"""The first lines: for each main outcome how both groups moved, and what is known of the difference between them.

In: results. Out: one `Glance` for each contrast and main outcome: sentences of the wording file, chosen by rules from
the changes, estimates and claims, without a number but the months. Nothing here goes further than the verdicts:

1. closer to zero than the worthwhile difference on both sides: alike    4. the whole interval better, not so: leaning
2. the whole interval worse: worse                                       5. all below the worthwhile one: ruled out
3. the whole interval better, and adjusted p below .05: better           6. open

A difference that no claim declared beforehand has no adjusted p: it may lean, not confirm. Harm needs no adjusted p.
Surveys that say the same in a row are told in one sentence.

Of one group, better or worse is said only where its own interval (the before-after rows) lies on that side of zero:
0.2 of 30 points is not news of harm. A change whose whole interval is smaller than the worthwhile difference is hardly
one. Where no interval may be shown, the worthwhile difference alone decides.
"""

import itertools
from dataclasses import dataclass

import pandas as pd

from alongside.figures.draw import read_table
from alongside.figures.forest import select_rows
from alongside.figures.words import find_cohort, find_outcome, split_contrast
from alongside.judgement.levels import CONFIRMED
from alongside.judgement.wording import read_wording
from alongside.report.plain import find_way, name_moments, read_changes
from alongside.tables.analyses import BEFORE_AFTER

UNSURE = "unsure"


@dataclass(frozen=True)
class Glance:
    """label: of the outcome; about: the groups compared; state: key of the wording's states, or mixed"""

    label: str
    about: str
    state: str
    title: str
    sentences: tuple[str, ...]


def compose_glances(results):
    """One for each contrast and main outcome that has estimates."""
    study = results["study"]
    estimates, changes = read_table(results, "estimates"), read_changes(results)
    spans = _read_spans(estimates)
    glances = []
    for contrast in study["contrasts"]:
        rows = select_rows(estimates, study=study, contrast=contrast)
        collected = [wave["key"] for wave in study["waves"] if wave["collected"]]
        rows = rows[(rows["role"] == "primary") & rows["wave"].isin(collected)]
        names = _name_groups(study, contrast)
        for outcome, mine in rows.groupby("outcome", sort=False, observed=True):
            worthwhile = _find_worthwhile(results, outcome, contrast)
            states = [(row.wave, find_state(row, worthwhile=worthwhile)) for row in mine.itertuples(index=False)]
            moved = _say_moved(_list_moves(mine, changes, spans, split_contrast(contrast), worthwhile), names)
            glances.append(_compose(find_outcome(study, outcome)["label"], moved, states, names, study))
    return glances


def find_state(row, *, worthwhile):
    """Key of the wording's states. row: of select_rows; worthwhile: points, or None where it is not known"""
    if pd.isna(row.estimate) or pd.isna(row.ci_low):
        return "unknown"
    low, high = sorted((row.improvement_sign * row.ci_low, row.improvement_sign * row.ci_high))
    if worthwhile is not None and -worthwhile < low and high < worthwhile:
        return "alike"
    if high < 0:
        return "worse"
    if low > 0:
        adjusted = row.p_holm if pd.notna(row.p_holm) else row.p_bh
        return "better" if pd.notna(adjusted) and adjusted < CONFIRMED else "leaning"
    return "ruled-out" if worthwhile is not None and high < worthwhile else "open"


def _find_worthwhile(results, outcome, contrast):
    """Points: as a claim about this outcome carries them, or as the study file declares them."""
    claims = read_table(results, "claims")
    mine = claims[(claims["outcome"] == outcome) & (claims["contrast"] == contrast) & claims["worthwhile"].notna()]
    if len(mine):
        return mine["worthwhile"].iloc[0]
    declared = find_outcome(results["study"], outcome)["worthwhile"]
    return declared["value"] if declared and declared["unit"] == "points" else None


def _name_groups(study, contrast):
    first, second = (find_cohort(study, cohort)["label"].lower() for cohort in split_contrast(contrast))
    pair = read_wording()["glance"]["pair" if len(study["contrasts"]) == 1 else "pair-of-several"]
    return {"first": first, "second": second, "both": pair.format(first=first, second=second)}


def _read_spans(estimates):
    """{(outcome, wave, cohort): interval of that cohort's change by itself}, where it is known and may be shown."""
    rows = estimates[(estimates["analysis"] == BEFORE_AFTER) & estimates["ci_low"].notna()]
    return {(row.outcome, row.wave, row.contrast): (row.ci_low, row.ci_high) for row in rows.itertuples(index=False)}


def find_move(change, span, *, sign, worthwhile):
    """Key of the wording's ways for one group. span: interval of its change, or None; worthwhile: points, or None"""
    way = find_way(change, sign)
    if span is not None:
        low, high = span
        if worthwhile is not None and -worthwhile < low and high < worthwhile:
            return "same"
        return way if (low > 0 and change > 0) or (high < 0 and change < 0) else UNSURE
    if way == "same" or (worthwhile is not None and abs(change) < worthwhile):
        return "same"
    return UNSURE if worthwhile is None else way


def _list_moves(rows, changes, spans, pair, worthwhile):
    """(way of the first group, way of the second) for each survey at which both changes are known."""
    moves = []
    for row in rows.itertuples(index=False):
        places = [(row.outcome, row.wave, cohort) for cohort in pair]
        if all(place in changes for place in places):
            moves.append(tuple(
                find_move(changes[place], spans.get(place), sign=row.improvement_sign, worthwhile=worthwhile)
                for place in places
            ))  # fmt: skip
    return moves


def _say_moved(moves, names):
    """One sentence: the way that both groups went at every survey, or where that differs, up to the last one."""
    if not moves:
        return ()
    wording = read_wording()["glance"]
    way, other = moves[-1]
    filled = dict(names)
    if way == other:
        key = "both-unsure" if way == UNSURE else "both"
    elif UNSURE in (way, other):
        key = "one-unsure"
        filled |= {"sure": names["first"], "unsure": names["second"]}
        if way == UNSURE:
            way, filled = other, filled | {"sure": names["second"], "unsure": names["first"]}
    else:
        key = "apart"
    ways = wording["ways"]
    template = wording["moved"][key + ("" if len(set(moves)) == 1 else "-at-last")]
    return (" ".join(template.format(way=ways.get(way), other_way=ways.get(other), **filled).split()),)


def _compose(label, moved, states, names, study):
    wording = read_wording()["glance"]
    sentences, before = list(moved), None
    for state, group in itertools.groupby(states, key=lambda pair: pair[1]):
        when = name_moments(study, [wave for wave, _ in group])
        template = wording["states"][state]
        if state == "open" and before == "better":
            template = wording["open-after-better"]
        sentences.append(" ".join(template.format(When=when[:1].upper() + when[1:], **names).split()))
        before = state
    overall = states[0][1] if len({state for _, state in states}) == 1 else "mixed"
    title = wording["labels"][overall].format(**names)
    about = f"{names['first']} compared with {names['second']}"
    return Glance(label, about[:1].upper() + about[1:], overall, title, tuple(sentences))
