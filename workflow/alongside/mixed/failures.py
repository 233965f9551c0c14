"""What can go wrong between a formula and a number, as mistakes that the analyst can mend.

In: where it happened, what was found, what is allowed, what to do. Out: exceptions that derive from `UserError`.
Participants' values never stand in a message: rows are named by their position, columns by their name.
"""

from alongside.errors import Mistake, UserError


class MixedError(UserError):
    """A model that cannot be fitted, or a number that a fitted model cannot give."""


class DesignError(MixedError):
    """The formula and the data do not make a model."""


class StructureError(MixedError):
    """The covariance or cluster structure is unknown, or the data cannot carry it."""


class RequestError(MixedError):
    """A question that this fit cannot answer."""


def refuse(kind, where, found, *, allowed="", remedy=""):
    """Raise `kind` with one mistake."""
    raise kind(Mistake(where, found, allowed, remedy))
