"""Alongside: from survey exports of a mentoring programme to an honest answer to "did mentoring help?"."""

__version__ = "0.1.0"
