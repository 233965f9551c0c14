"""A study file while it is being checked: its blocks as far as they could be typed, and the names as written.

A block that could not be typed is None (or empty, for blocks of named things). Names are looked up in what was
written, so that an outcome with a fault in it is still a known outcome when a claim names it.
"""

from dataclasses import dataclass, field, replace
from pathlib import Path

from alongside.study.analysis import Analysis, Claim, Report
from alongside.study.outcomes import Outcome
from alongside.study.participants import Participants, StudyInfo
from alongside.study.waves import Source, Wave


@dataclass(frozen=True)
class Draft:
    tree: dict
    folder: Path = Path()
    study: StudyInfo | None = None
    participants: Participants | None = None
    waves: dict[str, Wave] | None = field(default_factory=dict)
    source: Source | None = None
    outcomes: dict[str, Outcome] | None = field(default_factory=dict)
    analysis: Analysis | None = None
    claims: dict[str, Claim] | None = field(default_factory=dict)
    report: Report | None = None

    def with_folder(self, folder):
        return replace(self, folder=folder)

    def written_sources(self, wave):
        """The names of a wave's sources; files without a name are the source 'survey'."""
        block = self.tree["waves"][wave]
        files = block.get("files") if isinstance(block, dict) else None
        return tuple(files) if isinstance(files, dict) else ("survey",)

    def written(self, *path):
        """The names written in the block (or the values of the list) at `path`, in order."""
        block = self.tree
        for step in path:
            block = block.get(step) if isinstance(block, dict) else None
        if isinstance(block, dict):
            return tuple(block)
        if isinstance(block, list):
            return tuple(item for item in block if isinstance(item, str))
        return (block,) if isinstance(block, str) else ()
