"""A checked draft as a `Study`: everything that follows from elsewhere is filled in.

A scale's direction and only item order from its codebook; the labels that another outcome declares for its columns; all
waves for an outcome that names none; contrasts of each cohort with the comparison; a wave's own export settings laid
over the study's; weights where the study is not randomised; the comparison as reference for missing answers.
"""

from alongside.instruments import load_instrument, take_measure
from alongside.instruments.totals import split_score_of
from alongside.study.advice import NOT_RANDOMISED, give_advice, name_safety_items
from alongside.study.analysis import Analysis, Report
from alongside.study.draft import list_contrasts
from alongside.study.shared_labels import share_labels
from alongside.study.unfinished import list_unfinished
from alongside.study.waves import Source
from alongside.study.whole import Study


def resolve(draft):
    """The `Study` of a draft without problems."""
    participants = draft.participants
    cohort = participants.cohort
    source = draft.source or Source()
    verdict_waves = [name for name, wave in draft.waves.items() if not wave.retrospective]
    analysis = draft.analysis or Analysis()
    contrasts = list_contrasts(draft)
    study = Study(
        slug=draft.folder.name,
        folder=draft.folder,
        info=draft.study,
        participants=participants,
        waves={name: _with_source(wave, source) for name, wave in draft.waves.items()},
        source=source,
        outcomes={
            name: _with_codebook(outcome.model_copy(update={"waves": outcome.asked_at(draft.waves)}), draft.folder)
            for name, outcome in share_labels(draft.outcomes).items()
        },
        analysis=_with_defaults(analysis, draft.study.design, cohort.comparison),
        contrasts=contrasts,
        claims={
            name: claim.model_copy(update={"contrast": claim.contrast or contrasts[0]})
            for name, claim in (draft.claims or {}).items()
        },
        report=draft.report or Report(),
        baseline=verdict_waves[0],
        followups=tuple(verdict_waves[1:]),
    )
    return study.model_copy(
        update={
            "not_done_yet": list_unfinished(draft),
            "advice": give_advice(draft),
            "look_after": name_safety_items(draft),
        }
    )


def _with_source(wave, source):
    if wave.source is None:
        return wave
    own = {name: getattr(wave.source, name) for name in wave.source.model_fields_set}
    return wave.model_copy(update={"source": source.model_copy(update=own)})


def _with_codebook(outcome, folder):
    if outcome.score_of is not None:
        id, subscale = split_score_of(outcome.score_of)
        total = take_measure(load_instrument(id, folder / "instruments"), subscale=subscale)
        return outcome.model_copy(update={"higher_is": total.higher_is, "min": total.range.min, "max": total.range.max})
    if outcome.instrument is None:
        return outcome
    instrument = load_instrument(outcome.instrument, folder / "instruments")
    measure = take_measure(instrument, order=outcome.order, subscale=outcome.subscale, declared=outcome.scoring)
    return outcome.model_copy(update={"higher_is": measure.higher_is, "order": measure.order})


def _with_defaults(analysis, design, comparison):
    update = {"missing": analysis.missing.model_copy(update={"reference": analysis.missing.reference or comparison})}
    if "sensitivity_weights" not in analysis.model_fields_set and design in NOT_RANDOMISED:
        update["sensitivity_weights"] = ("entropy", "overlap")
    return analysis.model_copy(update=update)
