"""From the text of a cell to the number that it means.

In: what the study file and the codebook say about one outcome in one export. Out: an `AnswerCode`, which gives for
every different text the number in the codebook's coding and the kind of cell it is.

Tried in this order: blank; one of the study's `missing`; a label (the study file's before the codebook's); a number.
Labels are compared without regard to case, spaces, punctuation and the kind of quotation mark, never by meaning.
Numbers are moved from the `recorded` base to the codebook's.

Kinds: a number outside the allowed range or between two answers is `out-of-range` or `not-an-answer`: the cell is set
aside, with a row in the ledger. Text that is no number and no known label is `unknown`: it stops the run, because a
wording that is not understood is usually a whole column's, and dropping it would quietly lose one end of a scale. The
ways out are in the message: `labels:` for a wording, `missing:` for a mark of no answer, corrections.csv for one cell.
"""

from dataclasses import dataclass, field

import numpy as np

from alongside.intake.text import UNCLEAR, TextSet, normalise, read_number

ANSWER, BLANK, MISSING, UNKNOWN, OUT_OF_RANGE, NOT_AN_ANSWER = range(6)
RULES = {OUT_OF_RANGE: "out-of-range", NOT_AN_ANSWER: "not-an-answer", UNKNOWN: "unknown-text"}

YES_NO = {"yes": 1.0, "y": 1.0, "true": 1.0, "checked": 1.0, "no": 0.0, "n": 0.0, "false": 0.0, "unchecked": 0.0}


@dataclass(frozen=True)
class AnswerCode:
    """low, high: smallest and largest number in the file, None where there is no limit
    base: (low, high) of the codebook's coding where it differs from the file's
    whole: are only whole numbers answers?
    """

    low: float | None = None
    high: float | None = None
    base: tuple[float, float] | None = None
    whole: bool = True
    labels: dict[str, float] = field(default_factory=dict)
    missing: TextSet = field(default_factory=lambda: TextSet(()))
    decimal: str = UNCLEAR

    def read(self, text):
        """(number, kind)"""
        if not text or text.isspace():
            return np.nan, BLANK
        if text in self.missing:
            return np.nan, MISSING
        label = self.labels.get(normalise(text))
        if label is not None:
            return label, ANSWER
        number = read_number(text, decimal=self.decimal)
        if number is None:
            return np.nan, UNKNOWN
        if (self.low is not None and number < self.low) or (self.high is not None and number > self.high):
            return np.nan, OUT_OF_RANGE
        if self.whole and not number.is_integer():
            return np.nan, NOT_AN_ANSWER
        return self._to_base(number), ANSWER

    def read_column(self, cells):
        """(numbers, kinds), one a row"""
        numbers, kinds = np.empty(len(cells.texts)), np.empty(len(cells.texts), dtype=np.int8)
        for place, text in enumerate(cells.texts):
            numbers[place], kinds[place] = self.read(text)
        return numbers[cells.codes], kinds[cells.codes]

    def _to_base(self, number):
        if self.base is None:
            return number
        low, high = self.base
        return low + (number - self.low) * (high - low) / (self.high - self.low)

    @property
    def allowed(self):
        """What may stand in a cell, in words."""
        numbers = "a whole number" if self.whole else "a number"
        if self.low is not None and self.high is not None:
            numbers += f" from {self.low:g} to {self.high:g}"
        elif self.low is not None:
            numbers += f" of at least {self.low:g}"
        elif self.high is not None:
            numbers += f" of at most {self.high:g}"
        return numbers

    @property
    def allowed_with_labels(self):
        return f"{self.allowed}; {', '.join(self.labels)}" if self.labels else self.allowed


def code_outcome(outcome, *, instrument, missing, decimal):
    """The AnswerCode of an outcome. instrument: its codebook, or None where it has none; missing: a TextSet."""
    extra = {normalise(text): float(number) for text, number in outcome.labels.items()}
    common = {"missing": missing, "decimal": decimal}
    if instrument is not None:
        low, high = instrument.response.min, instrument.response.max
        recorded = outcome.recorded or (low, high)
        return AnswerCode(
            low=float(recorded[0]),
            high=float(recorded[1]),
            base=(float(low), float(high)) if outcome.recorded else None,
            labels={normalise(text): float(number) for text, number in instrument.labels.items()} | extra,
            **common,
        )
    if outcome.kind == "yes-no":
        return AnswerCode(low=0.0, high=1.0, labels=YES_NO | extra, **common)
    if outcome.kind == "count":
        return AnswerCode(low=outcome.min if outcome.min is not None else 0.0, high=outcome.max, **common)
    return AnswerCode(low=outcome.min, high=outcome.max, whole=outcome.kind == "ordinal", labels=extra, **common)


def code_covariate(covariate, *, decimal=UNCLEAR):
    """The AnswerCode of a covariate or dose of kind number or yes-no."""
    if covariate.kind == "yes-no":
        return AnswerCode(low=0.0, high=1.0, labels=YES_NO, decimal=decimal)
    return AnswerCode(low=covariate.min, high=covariate.max, whole=False, decimal=decimal)
