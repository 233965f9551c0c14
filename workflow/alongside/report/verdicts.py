"""How a verdict looks: a short label and a sign. What it says comes from the wording file, word for word.

Every key of the wording file must be here (a test compares them); an unknown verdict is a bug and stops the report.
"""

VERDICTS = {
    "supported": ("Supported", "for"),
    "supported-small": ("Supported, but small", "for"),
    "suggestive": ("Suggestive, not confirmed", "open"),
    "no-clear-evidence": ("No clear evidence", "open"),
    "practically-none": ("Practically no difference", "against"),
    "ruled-out": ("A worthwhile difference is ruled out", "against"),
    "contradicted": ("The data point the other way", "against"),
    "not-measured": ("Not measured", "untested"),
    "not-testable": ("Cannot be tested", "untested"),
}


def show_verdict(key):
    """(label, tone) of a verdict."""
    return VERDICTS[key]
