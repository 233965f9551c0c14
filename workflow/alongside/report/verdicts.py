"""How a verdict looks: a short label and a sign. What it says comes from the wording file, word for word.

Every key of the wording file must be here (a test compares them); an unknown verdict is a bug and stops the report.
A claim such as "mentoring reduces isolation" is about what the programme does. Where chance did not form the cohorts,
data can be in line with it and cannot support it, and somebody who reads nothing but the label must not think so.
"""

from alongside.report.designs import DESIGNS

VERDICTS = {
    "supported": ("Supported", "for"),
    "supported-small": ("Supported, but small", "for"),
    "suggestive": ("Suggestive, not confirmed", "open"),
    "no-clear-evidence": ("No clear evidence", "open"),
    "practically-none": ("Practically no difference", "against"),
    "ruled-out": ("A worthwhile difference is ruled out", "against"),
    "contradicted": ("The data point the other way", "against"),
    "not-measured": ("Not measured yet", "untested"),
    "not-testable": ("Cannot be tested", "untested"),
    "not-done": ("Not tested yet", "untested"),
}
WITHOUT_CHANCE = {
    "supported": ("In line with the claim", "in-line"),
    "supported-small": ("In line with the claim, but small", "in-line"),
}


def show_verdict(key, *, design):
    """(label, tone) of a verdict in a study of this design."""
    return VERDICTS[key] if DESIGNS[design].chance else WITHOUT_CHANCE.get(key, VERDICTS[key])
