"""Exports in, answers out: nobody lost, nobody confused with another."""

from alongside.intake.exports import Intake, read_exports

__all__ = ["Intake", "read_exports"]
