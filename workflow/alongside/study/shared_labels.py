"""A wording of a survey's answers, declared for one outcome, holds for every outcome that reads the same columns.

In: outcomes as written. Out: the outcomes with the labels of all that share their scale, columns and source; or one
`Problem` for each wording that two of them give different numbers. Subscales of one scale share their columns, and an
answer means the same whichever subscale is read.
"""

from alongside.typed_yaml.explain import Problem, quote


def share_labels(outcomes):
    """{name: Outcome}, each scale with the labels of those that read the same columns."""
    shared = {}
    for outcome in outcomes.values():
        shared.setdefault(_place(outcome), {}).update(outcome.labels)
    return {
        name: outcome.model_copy(update={"labels": {**shared[_place(outcome)], **outcome.labels}})
        if outcome.instrument is not None
        else outcome
        for name, outcome in outcomes.items()
    }


def check_shared_labels(draft):
    first = {}
    for name, outcome in (draft.outcomes or {}).items():
        for label, number in outcome.labels.items() if outcome.instrument is not None else ():
            other, meant = first.setdefault((_place(outcome), _alike(label)), (name, number))
            if meant != number:
                found = (
                    f"{quote(label)} is {number:g} here and {meant:g} in outcomes.{other}, which reads the same columns"
                )
                yield Problem(("outcomes", name, "labels", label), found, "one number for one wording")


def _place(outcome):
    """What two outcomes have in common that read the same columns."""
    return outcome.instrument, repr(outcome.columns), outcome.from_


def _alike(label):
    return " ".join(label.casefold().split())
