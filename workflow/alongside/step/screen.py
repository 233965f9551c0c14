"""One logger for a step: the same lines in the rule's log file and on the screen.

Warnings of libraries are logged by category and place. Their text is left out: pandas and others quote the cells
that they warn about.
"""

import logging
import sys
import warnings
from pathlib import Path


def open_log(path, rule):
    """A logger named after the rule; the file is begun afresh."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    log = logging.getLogger(f"alongside.step.{rule}")
    log.setLevel(logging.INFO)
    log.propagate = False
    for handler in list(log.handlers):
        log.removeHandler(handler)
        handler.close()
    form = logging.Formatter(f"  {rule}: %(message)s")
    for handler in (logging.FileHandler(path, mode="w", encoding="utf-8"), logging.StreamHandler(sys.stderr)):
        handler.setFormatter(form)
        log.addHandler(handler)
    warnings.showwarning = _without_text(log)
    return log


def _without_text(log):
    def show(message, category, filename, lineno, file=None, line=None):
        log.warning(f"{category.__name__} from {Path(filename).name}, line {lineno}")

    return show


def describe_tables(given, made):
    """'answers 5,120, people 420 -> scores 1,240': rows of every table that came in and went out."""
    came, went = _rows(given), _rows(made)
    return f"{came} -> {went}" if came and went else came or went or "done"


def _rows(values):
    tables = {name: value for name, value in values.items() if hasattr(value, "columns")}
    return ", ".join(f"{name} {len(table):,}" for name, table in tables.items() if name not in ("ledger", "tally"))
