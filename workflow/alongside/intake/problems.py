"""Mistakes in the data that stop a run, gathered so that one reading reports all of them.

The message names file, column, number of cells, first rows and what is allowed, never a value. The values stand in
`IntakeError.restricted`, the ledger as far as it was written, from which restricted/check.html is made.
"""

from alongside.errors import UserError
from alongside.intake.check_page import list_rows, write_check_page


class IntakeError(UserError):
    """A UserError that also carries the cells it is about, for the restricted folder. restricted: a LEDGER table"""

    def __init__(self, *mistakes, restricted):
        super().__init__(*mistakes)
        self.restricted = restricted

    def write_page(self, title):
        """restricted/check.html as text"""
        return write_check_page(self.restricted, title=title, mistakes=self.mistakes)

    def __reduce__(self):
        return _rebuild, (self.mistakes, self.restricted)


def _rebuild(mistakes, restricted):
    return IntakeError(*mistakes, restricted=restricted)


class Problems:
    """Mistakes so far. `attempt` runs a function and keeps what it complains about. ledger: of the same stage"""

    def __init__(self, ledger):
        self._mistakes = []
        self._ledger = ledger

    def add(self, mistake):
        if mistake not in self._mistakes:
            self._mistakes.append(mistake)

    def attempt(self, function, *args, **keywords):
        """The function's result, or None where it raised a UserError."""
        try:
            return function(*args, **keywords)
        except UserError as error:
            for mistake in error.mistakes:
                self.add(mistake)
            return None

    def stop_if_any(self):
        if self._mistakes:
            raise IntakeError(*self._mistakes, restricted=self._ledger.table())


def name_rows(rows):
    """'row 4', 'rows 4, 9 and 12 more' for messages."""
    return f"row{'s' if len(rows) > 1 else ''} {list_rows(rows)}"


def count_cells(n):
    """'1 cell holds', '1,200 cells hold'"""
    return "1 cell holds" if n == 1 else f"{n:,} cells hold"
