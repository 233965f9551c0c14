"""A human's decisions about who is who: id_map.csv.

One row a decision: found (the identifier as it stands in an export), person (the identifier that this person has),
reason; and, where it holds only there, file and wave. Both identifiers are compared after the declared id_cleaning, and
an identifier of several columns is written with " / " between its parts. The decisions are applied after the cleaning
and before anybody is counted; each row that they change is in the ledger. Nobody is ever joined without one.

Fails with UserError where nobody has the identifier that was found, where nobody has the person's, and where two
decisions contradict each other. No identifier is quoted: the message names the row of id_map.csv.
"""

import numpy as np

from alongside.errors import Mistake, UserError
from alongside.intake.decisions import read_decisions
from alongside.intake.identity import clean_written
from alongside.intake.ledger import CHANGED, Ledger
from alongside.tables.notes import Counted


class IdMap:
    """decisions: dictionaries of file, wave, found, person (cleaned), written (as found), reason, line"""

    def __init__(self, name, decisions):
        self._name, self._decisions = name, decisions
        self._mapped = {decision["line"]: {} for decision in decisions}
        self._others = set()

    def apply(self, block, ids):
        """The identifiers of a block's rows with the decisions in them; `ids` itself stays as it is."""
        changed, untouched = ids.copy(), np.ones(len(ids), dtype=bool)
        for decision in self._decisions:
            if decision["file"] in ("", block.file) and decision["wave"] in ("", block.wave):
                at = np.flatnonzero(ids == decision["found"])
                changed[at], untouched[at] = decision["person"], False
                self._mapped[decision["line"]] |= {(*block.table, int(block.rows[place])): None for place in at}
        self._others |= set(ids[untouched])
        return changed

    def check(self, roster_ids, *, problems):
        """After every block: does each decision speak of somebody? roster_ids: cleaned, empty without a roster"""
        known = self._others | set(roster_ids)
        for decision in self._decisions:
            where = f"{self._name}, row {decision['line']}"
            if not self._mapped[decision["line"]]:
                problems.add(
                    Mistake(
                        where,
                        "nobody has the identifier in `found`" + _scope(decision),
                        remedy="compare it with the export, letter by letter; the decision may be older than the file",
                    )
                )
            elif decision["person"] not in known:
                problems.add(
                    Mistake(
                        where,
                        "nobody has the identifier in `person`",
                        allowed="an identifier of the roster or of another export",
                        remedy="mend it; an identifier that is only written differently everywhere: source.id_cleaning",
                    )
                )

    def known_as(self):
        """{identifier as found: the person's}, wherever it was decided"""
        return {decision["found"]: decision["person"] for decision in self._decisions}

    def write_ledger(self, persons, *, ledger: Ledger):
        """persons: {(file, sheet, row): pseudonym} of everybody who may be named; returns notes"""
        for decision in self._decisions:
            for file, sheet, row in self._mapped[decision["line"]]:
                person = persons.get((file, sheet, row))
                ledger.add(
                    rule="identifier-mapped", action=CHANGED, file=file, sheet=sheet, row=row, participant=person,
                    found=decision["written"] if person else None, remedy=decision["reason"] if person else "",
                )  # fmt: skip
        joined = Counted(f"joined to a person as {self._name} says", "identifiers", len(self.known_as()))
        return [joined] if joined.n else []


def _scope(decision):
    places = [f"{key} {decision[key]}" for key in ("file", "wave") if decision[key]]
    return f" in {', '.join(places)}" if places else ""


def read_id_map(folder, name, *, cleaning, waves, files):
    """The IdMap of a file. waves, files: names that a decision may be limited to"""
    decisions, mistakes = [], []
    for read in read_decisions(folder, name, required=("found", "person", "reason"), optional=("file", "wave")):
        decision = {key: value.strip() if key in ("file", "wave", "reason") else value for key, value in read.items()}
        decision["written"] = decision["found"].strip()
        decision |= {key: clean_written(decision[key], cleaning) for key in ("found", "person")}
        fault = _find_fault(decision, decisions, waves, files)
        if fault:
            mistakes.append(Mistake(f"{name}, row {decision['line']}", *fault))
        decisions.append(decision)
    persons = {decision["person"]: decision["line"] for decision in decisions}
    mistakes += [
        Mistake(
            f"{name}, row {decision['line']}",
            f"`found` is the `person` of row {persons[decision['found']]}",
            allowed="for each person one identifier that the others lead to",
            remedy="name the last one in both rows",
        )
        for decision in decisions
        if decision["found"] in persons and decision["found"] != decision["person"]
    ]
    if mistakes:
        raise UserError(*mistakes)
    return IdMap(name, decisions)


def _find_fault(decision, before, waves, files):
    """(found, allowed, remedy) of what is wrong with a decision by itself or beside those above it, or None"""
    for key in ("found", "person"):
        if not decision[key]:
            return f"`{key}` is empty", "an identifier", "a response of nobody: corrections.csv"
    if decision["found"] == decision["person"]:
        return "`found` and `person` are the same after the declared id_cleaning", "two identifiers", "delete the row"
    if decision["wave"] and decision["wave"] not in waves:
        return "no such wave", ", ".join(waves), "write the wave's key, or leave it empty for all waves"
    if decision["file"] and decision["file"] not in files:
        return "no wave of the study has this file", "", "write its path as in the study folder, such as raw/wave1.csv"
    for other in before:
        meet = all(not decision[key] or not other[key] or decision[key] == other[key] for key in ("file", "wave"))
        if meet and other["found"] == decision["found"]:
            said = "says the same" if other["person"] == decision["person"] else "says it is somebody else"
            return f"row {other['line']} {said}", "one decision about an identifier", "delete one of them"
    return None
