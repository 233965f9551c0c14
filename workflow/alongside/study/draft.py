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

    def at(self, *path):
        """What is written at `path`: a dict, a list, a text, or None."""
        block = self.tree
        for step in path:
            block = block.get(step) if isinstance(block, dict) else None
        return block

    def names(self, *path):
        """The names written in the block at `path`, in order."""
        block = self.at(*path)
        return tuple(block) if isinstance(block, dict) else ()

    def listed(self, *path):
        """The texts written in the list at `path`; one text alone is a list of one."""
        block = self.at(*path)
        items = block if isinstance(block, list) else [block]
        return tuple(item for item in items if isinstance(item, str))

    def sources(self, wave):
        """The names of a wave's sources; files without a name are the source 'survey'."""
        return self.names("waves", wave, "files") or ("survey",)


def list_contrasts(draft):
    """(cohort, cohort it is compared with): what the file declares, else each cohort with the comparison."""
    if draft.analysis is not None and draft.analysis.contrasts:
        return draft.analysis.contrasts
    comparison = draft.at("participants", "cohort", "comparison")
    levels = draft.names("participants", "cohort", "levels")
    return tuple((level, comparison) for level in levels if level != comparison) if comparison in levels else ()
