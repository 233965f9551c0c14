"""What a user did, where, what is allowed, and what to do about it.

Two kinds of failure exist and never mix. A `UserError` is about the study file, a codebook or the data, and
its message is written for the evaluator who will mend it. Everything else is our bug: `step` shows the type of
the exception and our own frames, never its message, because libraries print cells of data in theirs.

A value found in a study file or a codebook may be quoted. A value found in participants' data may not: `found`
then names its kind ("text where a number from 0 to 3 is expected"), and the value itself goes to `restricted/`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mistake:
    """One thing that a user can put right.

    where: file, and row, line, column or key, as the user's own program shows them
    found: what stands there; for participants' data its kind, never the value
    allowed: what may stand there ("" where `found` says it all)
    remedy: the next thing to do
    """

    where: str
    found: str
    allowed: str = ""
    remedy: str = ""

    def __str__(self):
        parts = [f"{self.where}: {self.found}"]
        if self.allowed:
            parts.append(f"    allowed: {self.allowed}")
        if self.remedy:
            parts.append(f"    to do:   {self.remedy}")
        return "\n".join(parts)


class UserError(Exception):
    """One or more mistakes of the user's, all that could be found in one reading."""

    def __init__(self, *mistakes):
        if not mistakes:
            raise ValueError("a UserError needs at least one Mistake")
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(str(mistake) for mistake in mistakes))

    def __reduce__(self):
        return type(self), self.mistakes
