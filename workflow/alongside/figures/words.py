"""Numbers and names as a reader sees them: one way to print each, in figures and reports alike.

Missing numbers print as a dash, suppressed counts as "fewer than" the smallest count that may be shown. Minus signs
are real minus signs; a value that rounds to zero has no sign.
"""

import pandas as pd

MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"
SPACE = "\N{NO-BREAK SPACE}"
MOST_PLACES = 4


def format_number(value, *, places=1, plus=False):
    """'1.2'; '+0.4' where the sign carries meaning; a dash where there is no number."""
    if pd.isna(value):
        return DASH
    text = f"{value:.{places}f}"
    if float(text) == 0:
        return text.lstrip("-")
    if text.startswith("-"):
        return MINUS + text[1:]
    return f"+{text}" if plus else text


def format_interval(low, high, *, places=1):
    """'0.1 to 3.2'; a dash where there is none."""
    if pd.isna(low) or pd.isna(high):
        return DASH
    return f"{format_end(low, places=places)} to {format_end(high, places=places)}"


def format_end(value, *, places=1):
    """An end of an interval: with more places where it would print as zero and is not, for a reader looks for zero."""
    while value != 0 and abs(value) < 0.5 * 10**-places and places < MOST_PLACES:
        places += 1
    return format_number(value, places=places)


def format_count(value):
    """A count, or that disclosure control has taken it away: for being small, or for standing beside a small one."""
    return "not shown" if pd.isna(value) else f"{int(value):,}"


def format_p(value):
    """Three places; 'below 0.001' where that would print as nothing."""
    if pd.isna(value):
        return DASH
    return "below 0.001" if value < 0.001 else f"{value:.3f}"


def format_limit(value):
    """An end of a scale: whole where it is whole."""
    return format_number(value, places=0 if float(value).is_integer() else 1)


def format_range(outcome):
    """'20 to 80', kept on one line; '' where the ends are not known."""
    if outcome["min"] is None or outcome["max"] is None:
        return ""
    return f"{format_limit(outcome['min'])}{SPACE}to{SPACE}{format_limit(outcome['max'])}"


def format_level(study):
    """'95%': the level of the study's intervals."""
    return f"{100 * study['confidence']:g}%"


def join_words(words):
    """'a', 'a and b', 'a, b and c'."""
    words = list(words)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def find_outcome(study, outcome):
    """The description of one outcome in results['study']."""
    return next(item for item in study["outcomes"] if item["key"] == outcome)


def find_wave(study, wave):
    """The description of one wave in results['study']."""
    return next(item for item in study["waves"] if item["key"] == wave)


def find_cohort(study, cohort):
    """The description of one cohort in results['study']."""
    return next(item for item in study["cohorts"] if item["key"] == cohort)


def split_contrast(contrast):
    """'mentored - unmentored' -> ('mentored', 'unmentored')."""
    first, second = contrast.split(" - ")
    return first, second


def name_direction(outcome):
    """'Lower scores are better.'"""
    return "Higher scores are better." if outcome["higher_is"] == "better" else "Lower scores are better."


def name_scale(outcome):
    """'UCLA Loneliness Scale, 20 to 80', as much of it as is known."""
    parts = [outcome["instrument"]["name"]] if outcome["instrument"] else []
    if outcome["min"] is not None and outcome["max"] is not None:
        parts.append(f"{format_limit(outcome['min'])} to {format_limit(outcome['max'])}")
    return ", ".join(parts)


def name_assignment(design):
    """One clause about who decided who was mentored; it travels with every figure."""
    return {
        "randomised": "Cohorts were formed by chance.",
        "cluster-randomised": "Whole groups were assigned to the cohorts by chance.",
        "waitlist": "The comparison cohort was waiting for its turn; cohorts were not formed by chance.",
        "matched": "The comparison cohort was chosen to be similar; cohorts were not formed by chance.",
        "self-selected": "Cohorts were not formed by chance: people chose, or were chosen.",
    }[design]
