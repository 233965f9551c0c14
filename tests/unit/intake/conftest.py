"""A study small enough to work out by hand: one scale of three items, two waves, two cohorts."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from alongside.instruments import load_instrument
from alongside.intake.exports import read_exports
from alongside.study import load_study, rebuild_slice
from alongside.tables.notes import say_note

KEY = b"a key for tests, and for nothing else"

CODEBOOK = """
id: tiny3
name: A scale for tests
version: 3 items
citation: nobody, nowhere
rights: {status: free, note: made up}
n_items: 3
response: [0, 3]
labels: {Never: 0, Sometimes: 1, "Don't often": 2, Always: 3}
orders: {usual: [2]}
scoring: {method: sum}
missing_rule: {max_missing: 0, how: none, published: false, note: all items}
range: [0, 9]
higher_is: better
sources: [made up]
examples:
  - {what: all smallest, answers: [0, 0, 0], score: 3}
"""

STUDY = """
study: {{title: Tiny, design: self-selected, question: does it work}}
participants:
  id: {id}
  cohort:
    column: arm
    levels: {{mentored: [Mentored, 1], alone: [Wait list, 0]}}
    comparison: alone
{participants}
waves:
{waves}
source:
{source}
outcomes:
{outcomes}
"""

WAVES = """
  before: {label: Before, month: 0, files: raw/w1*}
  after: {label: After, month: 6, files: raw/w2*}
"""
OUTCOMES = """
  mood: {instrument: tiny3, columns: "m_{item}", domain: d, role: primary}
"""


class Study:
    """`files` are written as given (text, or bytes); `read()` runs the intake on them."""

    def __init__(self, folder):
        self.folder = folder / "tiny"
        (self.folder / "raw").mkdir(parents=True)
        (self.folder / "instruments").mkdir()
        (self.folder / "instruments" / "tiny3.yaml").write_text(CODEBOOK)

    def write(self, files):
        for name, content in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return self

    def declare(self, *, id="pid", participants="", waves=WAVES, source="  format: auto", outcomes=OUTCOMES):
        blocks = {"id": id, "participants": _indent(participants), "waves": waves, "source": _indent(source)}
        (self.folder / "study.yaml").write_text(STUDY.format(outcomes=outcomes, **blocks))
        return self

    def plan(self):
        if not (self.folder / "study.yaml").exists():
            self.declare()
        study = load_study(self.folder / "study.yaml")
        plan = rebuild_slice(study.slice("participants", "waves", "source", "outcomes"))
        scales = {one.instrument for one in plan.outcomes.values() if one.instrument}
        return plan, {name: load_instrument(name, self.folder / "instruments") for name in scales}

    def read(self, files=None, *, key=KEY):
        if files is not None:
            self.write(files)
        plan, instruments = self.plan()
        return read_exports(Path(self.folder), plan=plan, instruments=instruments, key=key)


def _indent(text):
    return "\n".join(f"  {line.strip()}" if not line.startswith("  ") else line for line in text.splitlines())


@pytest.fixture
def study(tmp_path):
    return Study(tmp_path)


@pytest.fixture
def look():
    """Reads an Intake the way a person would."""

    def values(intake, outcome="mood"):
        """{wave: [[answers of the first person, NaN-free, as (item, value)], ...]}"""
        table = intake.answers[intake.answers["outcome"] == outcome]
        people = intake.people["participant"].tolist()
        found = {}
        for row in table.itertuples():
            found.setdefault((people.index(row.participant), row.wave), {})[int(row.item)] = row.value
        return found

    def rules(intake):
        """{rule: [(file, row), ...]}"""
        found = {}
        for row in intake.ledger.itertuples():
            found.setdefault(row.rule, []).append((row.file, None if row.row != row.row else int(row.row)))
        return found

    def reasons(intake):
        table = intake.responses
        return {(row.file, int(row.row), row.wave): row.reason for row in table.itertuples() if not row.kept}

    def notes(intake):
        """The notes as the evaluator's screen shows them"""
        return [say_note(*note) for note in intake.notes.itertuples(index=False)]

    return SimpleNamespace(values=values, rules=rules, reasons=reasons, notes=notes)
