"""What contradicts a key, in words: for the screen of whoever can mend it, and for the report.

In: `Finding`s (keying_rules.py). Out: sentences without a count or a participant's value, the names under which a study
file acknowledges them, and the `Mistake` that stops a run.
"""

from alongside.errors import Mistake
from alongside.sample.keying_rules import DIRECTION, ITEM, REVERSED, SCORES, UNUSED, WAVES, WHOLE


def name_finding(finding):
    """What the study file calls it: 'item 4', 'whole scale'."""
    return f"item {finding.item}" if finding.finding == ITEM else finding.finding


def word_finding(finding, *, reversed_items=()):
    """One sentence, without the outcome, the wave and any count."""
    interval = f"{_short(finding.r)} (95% interval {_short(finding.low)} to {_short(finding.high)})"
    if finding.finding == ITEM:
        return f"Item {_name_item(finding, reversed_items)}, goes against the rest of its scale: {interval}."
    return {
        REVERSED: f"The reversed items, taken together, go against the others: {interval}.",
        WHOLE: f"The items do not add up to one score; alpha is {interval}.",
        WAVES: f"People's scores go the opposite way to those at wave {finding.more}: {interval}.",
        SCORES: finding.more,
        DIRECTION: f"Better scores go with worse scores of {finding.more}: {interval}.",
        UNUSED: finding.more,
    }[finding.finding]


def describe_mistake(name, findings, *, measure, hint):
    """The Mistake for one outcome. findings: those that the study file does not acknowledge, wave by wave"""
    turned = measure.reversed if measure else ()
    lines = []
    for wave in dict.fromkeys(finding.wave for finding in findings):
        here = [finding for finding in findings if finding.wave == wave]
        where = f"{wave} (people: {here[0].n:,})" if wave else f"all waves (values: {here[0].n:,})"
        items = [
            f"item {_name_item(one, turned)}: {_short(one.r)} (at most {_short(one.high)})"
            for one in here if one.finding == ITEM
        ]  # fmt: skip
        if items:
            lines.append(f"{where}: against the rest of the scale go " + "; ".join(items))
        lines += [f"{where}: {word_finding(one)}" for one in here if one.finding != ITEM]
    scale = f" ({measure.name}, item order {measure.order})" if measure else ""
    in_order = sorted(findings, key=lambda one: (one.item is None, one.item or 0))
    names = ", ".join(f"{one}: why" for one in dict.fromkeys(map(name_finding, in_order)))
    return Mistake(
        f"outcomes.{name}{scale}",
        "\n        ".join(["the data contradict the key", *lines]),
        allowed="correlations that are not clearly below zero (upper 95% limit) after the declared reversal"
        if measure
        else "",
        remedy=f"{hint}.\n             If the data are right as they are, say why in the study file: "
        f"outcomes.{name}.keying_acknowledged: {{{names}}}",
    )


def _name_item(finding, reversed_items):
    return f"{finding.item}, {'reversed' if finding.item in reversed_items else 'not reversed'}"


def _short(number):
    """Two decimals; what is below zero never reads as zero."""
    return f"{number:.2f}" if abs(number) >= 0.005 else f"{number:.1g}"
