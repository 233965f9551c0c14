"""The study file as one model (what an editor completes), and the typed `Study` that the pipeline works with."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from alongside.instruments import load_instrument
from alongside.study.analysis import Analysis, Claim, Report
from alongside.study.outcomes import Outcome
from alongside.study.participants import Participants, StudyInfo
from alongside.study.pieces import put, take
from alongside.study.waves import Source, Wave
from alongside.typed_yaml.model import Model
from alongside.typed_yaml.scalars import Name, Variable, filled


class StudyFile(Model):
    """Everything the pipeline needs to know about a study, as its evaluator writes it."""

    study: StudyInfo
    """What the study is and what it asks."""
    participants: Participants
    """Who was asked, who they are, and how they came into their cohort."""
    waves: Annotated[dict[Name, Wave], filled]
    """When people were asked, in order; the first is the baseline."""
    source: Source = Source()
    """How the exports look; the same block under a wave says what is different there."""
    outcomes: Annotated[dict[Variable, Outcome], filled]
    """What was measured."""
    analysis: Analysis = Analysis()
    """What is computed."""
    claims: dict[Name, Claim] = Field(default={})
    """What the programme says it does."""
    report: Report = Report()
    """What is written."""


class Study(Model):
    """A checked study: every default filled in, every name known to exist."""

    slug: str
    """The folder's name."""
    folder: Path
    """The study's folder."""
    info: StudyInfo
    """The `study:` block."""
    participants: Participants
    waves: dict[str, Wave]
    source: Source
    outcomes: dict[str, Outcome]
    analysis: Analysis
    contrasts: tuple[tuple[str, str], ...]
    """(cohort, cohort that it is compared with), in the order of the report."""
    claims: dict[str, Claim]
    report: Report
    baseline: str
    """The first wave that is not retrospective."""
    followups: tuple[str, ...]
    """The waves after the baseline, retrospective ones left out, collected or not."""
    not_done_yet: tuple[str, ...] = Field(default=())
    """A sentence for everything that the file declares and this version does not do."""
    advice: tuple[str, ...] = Field(default=())
    """A sentence for everything that the file leaves unsaid and may not have meant."""
    look_after: tuple[str, ...] = Field(default=())
    """A sentence for each item whose answers may call for somebody: for the evaluator, not for funders."""

    @property
    def codebooks(self):
        """Ids of the codebooks of its scales, sorted."""
        return tuple(sorted({outcome.codebook for outcome in self.outcomes.values() if outcome.codebook}))

    def load_codebooks(self):
        """{id: Instrument}: the study's own codebook, or the one that comes with the package."""
        return {id: load_instrument(id, self.folder / "instruments") for id in self.codebooks}

    def slice(self, *names):
        """Plain pieces for Snakemake's params, {dotted name: value}: slice("waves", "participants.cohort")."""
        return take(self, names)


def rebuild_slice(plain):
    """The typed pieces of `Study.slice`, as a namespace: plan.waves, plan.participants.cohort."""
    return put(Study, plain)
