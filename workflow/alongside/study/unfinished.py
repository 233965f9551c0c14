"""What a study file can declare and this version does not do yet: ONE table, printed by the run and in the report.

A line is deleted from `UNFINISHED` by whoever finishes what it names. Only what the file says is listed: defaults
that nobody wrote are not.
"""

from typing import NamedTuple


class Unfinished(NamedTuple):
    """keys: what of the file is not done; found: the draft -> what to name in the sentence, or nothing."""

    keys: tuple[str, ...]
    found: object
    sentence: str


def _declared(block, key):
    """The value of a key that the file itself holds, else None."""
    return getattr(block, key) if block is not None and key in block.model_fields_set else None


def _named(names):
    return ", ".join(names)


def _outcomes_of_kind(kind):
    def found(draft):
        return _named(name for name, outcome in draft.outcomes.items() if outcome.kind == kind)

    return found


def _claims_with(key):
    def found(draft):
        return _named(name for name, claim in (draft.claims or {}).items() if getattr(claim, key))

    return found


def _chosen(key, *, block, without=()):
    """The values of a list in the file, those left out that are done."""

    def found(draft):
        return _named(value for value in _declared(getattr(draft, block), key) or () if value not in without)

    return found


UNFINISHED = (
    Unfinished(
        ("analysis.sensitivity_weights",),
        _chosen("sensitivity_weights", block="analysis"),
        "Weights ({}) are declared but not computed yet.",
    ),
    Unfinished(
        ("analysis.headline",),
        lambda draft: "yes" if _declared(draft.analysis, "headline") == "balanced" else "",
        "The balanced comparison is declared as the headline but not computed yet; the difference in change leads.",
    ),
    Unfinished(
        ("analysis.missing", "analysis.missing.reference", "analysis.missing.tipping_points"),
        lambda draft: "yes" if _declared(draft.analysis, "missing") else "",
        "What the missing answers could have been (reference-based imputation, tipping points) is not tried out yet.",
    ),
    Unfinished(
        ("claims.*.through",),
        _claims_with("through"),
        "Claims about a step in between ({}) are not judged yet: what carries a difference is not computed.",
    ),
    Unfinished(
        ("claims.*.subgroup",),
        _claims_with("subgroup"),
        "Claims about a part of the young people ({}) are not judged yet.",
    ),
    Unfinished(
        ("participants.subgroups",),
        lambda draft: _named(draft.participants.subgroups),
        "Results by subgroup ({}) are declared but not computed yet.",
    ),
    Unfinished(
        ("participants.dose",),
        lambda draft: _named(draft.participants.dose),
        "The amount of mentoring ({}) is declared but not related to outcomes yet.",
    ),
    Unfinished(
        ("outcomes.*.kind",),
        _outcomes_of_kind("yes-no"),
        "Yes-or-no outcomes ({}) are declared but not analysed yet.",
    ),
    Unfinished(
        ("outcomes.*.kind",),
        _outcomes_of_kind("ordinal"),
        "Ordinal outcomes ({}) are declared but not analysed yet.",
    ),
    Unfinished(
        ("outcomes.*.kind",),
        _outcomes_of_kind("count"),
        "Counted outcomes ({}) are declared but not analysed yet.",
    ),
    Unfinished(
        ("report.formats",),
        _chosen("formats", block="report", without=("html",)),
        "Reports as {} are declared but not written yet.",
    ),
)


def list_unfinished(draft):
    """A sentence for everything declared in a (faultless) draft that is not done yet, in the table's order."""
    return tuple(line.sentence.format(named) for line in UNFINISHED if (named := line.found(draft)))
