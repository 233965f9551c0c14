"""The public side of the check of the keys: what did not fit, and by which key each scale was scored.

In: findings with the reasons that acknowledge them, warnings, outcomes, codebooks. Out: the tables `keying` and
`instruments`.
"""

import pandas as pd

from alongside.instruments import find_measure
from alongside.instruments.departures import say_origin, say_rule, say_scores
from alongside.instruments.totals import find_total_measure
from alongside.sample.keying_words import word_finding
from alongside.tables import INSTRUMENTS, KEYING
from alongside.tables.check import check_table

ACKNOWLEDGED, WARNING = "acknowledged", "warning"


def tabulate_keying(acknowledged, warnings, *, plan, measures):
    """acknowledged: (outcome, finding, reason); warnings: (outcome, finding); measures: {outcome: Measure or None}"""
    rows = []
    for name, finding, reason in [*acknowledged, *((*one, "") for one in warnings)]:
        turned = measures[name].reversed if measures[name] else ()
        rows.append({
            "outcome": name, "wave": finding.wave, "finding": finding.finding, "item": finding.item, "r": finding.r,
            "r_low": finding.low, "r_high": finding.high, "n": finding.n,
            "action": ACKNOWLEDGED if reason else WARNING, "reason": reason,
            "sentence": word_finding(finding, reversed_items=turned),
        })  # fmt: skip
    order = list(plan.outcomes)
    rows.sort(key=lambda row: order.index(row["outcome"]))
    return check_table(pd.DataFrame(rows, columns=KEYING.names), KEYING)


def tabulate_instruments(keying, *, plan, instruments):
    """One row a scale, and a total that is said to be of a scale."""
    rows = []
    for name, outcome in plan.outcomes.items():
        measure, total_of = find_measure(outcome, instruments), find_total_measure(outcome, instruments)
        if measure or total_of:
            described = _describe(measure or total_of, outcome, instruments, elsewhere=measure is None)
            rows.append({"outcome": name, **described, "acknowledged": "", "warnings": ""})
    return join_sentences(pd.DataFrame(rows, columns=INSTRUMENTS.names), keying)


def join_sentences(table, keying):
    """The `instruments` table with what `keying` says of each outcome."""
    for column, action in (("acknowledged", ACKNOWLEDGED), ("warnings", WARNING)):
        said = [_sentences(keying[keying["outcome"] == name], action) for name in table["outcome"]]
        table = table.assign(**{column: pd.Series(said, index=table.index, dtype="str")})
    return check_table(table, INSTRUMENTS)


def _describe(measure, outcome, instruments, *, elsewhere):
    """elsewhere: was the score computed before the data came here?"""
    codebook = instruments[measure.instrument]
    scored = f"{say_scores(measure.parts)}" + (f" ({measure.scored_by})" if measure.scored_by else "")
    own = "the study's own rule" if outcome.scoring is not None and outcome.scoring.missing_rule is not None else None
    rules = dict.fromkeys(f"{say_rule(part.rule)} ({own or say_origin(part.rule)})" for part in measure.parts)
    recorded = outcome.recorded or measure.response
    return {
        "instrument": measure.instrument,
        "name": measure.name,
        "version": codebook.version,
        "rights": codebook.rights.status,
        "rights_note": codebook.rights.note,
        "key_hash": measure.key_hash,
        "item_order": "" if elsewhere else measure.order,
        "reversed": "" if elsewhere else ", ".join(map(str, measure.reversed)),
        "n_items": len(measure.items),
        "recorded": "" if elsewhere else f"{recorded[0]:g} to {recorded[1]:g}",
        "range": f"{measure.range.min:g} to {measure.range.max:g}",
        "higher_is": measure.higher_is,
        "scoring": "computed before the data came here" if elsewhere else scored,
        "missing_rule": "not known" if elsewhere else "; ".join(rules),
        "departures": "\n".join(measure.departures),
        "not_verified": "\n".join(f"{part.replace('_', ' ')}: {how}" for part, how in codebook.not_verified.items()),
        "sources": "\n".join(codebook.sources),
    }


def _sentences(own, action):
    """The sentences about one outcome, each with its wave and, where it is acknowledged, the study's reason."""
    lines = []
    for row in own[own["action"] == action].fillna({"reason": "", "wave": ""}).itertuples(index=False):
        where = f"{row.wave}: " if row.wave else ""
        reason = f" Acknowledged: {row.reason}" if row.reason else ""
        lines.append(f"{where}{row.sentence}{reason}")
    return "\n".join(lines)
