"""The panel as it would be without the responses that show signs of careless responding, and with those left out.

In: scores, people, answers, the answers of responses that the study leaves out for a flag, responses. Out: two panels
and the count of flags.

without     the panel of the study, minus the scores from responses with a careless flag
included    the panel of the study, plus the scores from responses that were left out for a flag
flags       responses by wave, cohort and kind of flag, with sums over waves and cohorts; a person counts once a wave

A panel that equals the study's says that there was nothing to leave out or to put back; the stage that estimates
compares them outcome by outcome. A person stays in the panel when all their scores go.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from alongside.intake.rules import FLAGGED_OUT
from alongside.panel import build_panel
from alongside.scoring import score_answers
from alongside.tables import FLAGS
from alongside.tables.check import check_table
from alongside.tables.flags import ANY, CARELESS, EVERYWHERE, UNFINISHED, kind_of

PLACE = ["participant", "wave", "source"]


class Varied(NamedTuple):
    without: pd.DataFrame
    included: pd.DataFrame
    flags: pd.DataFrame


def vary_flagged(scores, *, people, answers, flagged, responses, instruments, plan):
    """flagged: answers of the responses that were left out; plan: participants, waves, outcomes"""
    counted = responses[responses["kept"] | (responses["reason"].fillna("") == FLAGGED_OUT)]
    kinds = _find_kinds(counted)
    careless = kinds[list(CARELESS)].any(axis=1)
    touched = _outcomes_of(counted.loc[careless & counted["kept"], PLACE], answers)
    key = ["participant", "wave", "outcome"]
    gone = pd.MultiIndex.from_frame(scores[key].astype("str")).isin(touched)
    back = score_answers(flagged, plan=plan, instruments=instruments).scores
    return Varied(
        without=build_panel(scores[~gone], people=people, plan=plan),
        included=build_panel(_join(scores, back, key), people=people, plan=plan),
        flags=_count(counted, kinds.assign(**{ANY: careless}), people, plan),
    )


def _find_kinds(responses):
    """One column of flags a kind, in the order of the responses."""
    texts, codes = np.unique(responses["flags"].fillna("").astype("str"), return_inverse=True)
    told = [{kind_of(flag) for flag in text.split(";")} for text in texts]
    kinds = (*CARELESS, UNFINISHED)
    return pd.DataFrame(
        {kind: np.array([kind in one for one in told], dtype=bool)[codes] for kind in kinds}, index=responses.index
    )


def _outcomes_of(places, answers):
    """(participant, wave, outcome) of the scores that rest on these responses."""
    own = answers[answers["participant"].isin(places["participant"])]
    places = pd.MultiIndex.from_frame(places.astype("str"))
    own = own[pd.MultiIndex.from_frame(own[PLACE].astype("str")).isin(places)]
    return pd.MultiIndex.from_frame(own[["participant", "wave", "outcome"]].astype("str").drop_duplicates())


def _join(scores, back, key):
    if back.empty:
        return scores
    joined = pd.concat([scores.astype(dict.fromkeys(key, "str")), back.astype(dict.fromkeys(key, "str"))])
    return joined.reset_index(drop=True)


def _count(responses, kinds, people, plan):
    """Rows for every wave and cohort, and for all of them ('')."""
    cohorts = people["cohort"].astype("str").set_axis(people["participant"].astype("str"))
    flagged = kinds.groupby([responses["participant"].astype("str"), responses["wave"].astype("str")]).any()
    wave = flagged.index.get_level_values(1)
    cohort = cohorts.reindex(flagged.index.get_level_values(0)).to_numpy()
    declared = plan.participants.cohort
    levels = [declared.comparison, *(level for level in declared.levels if level != declared.comparison)]
    shown = [ANY, *(kind for kind in kinds if kind != ANY and kinds[kind].any())]
    rows = []
    for at in (*(name for name in plan.waves if name in set(wave)), EVERYWHERE):
        for level in (*levels, EVERYWHERE):
            here = ((wave == at) | (at == EVERYWHERE)) & ((cohort == level) | (level == EVERYWHERE))
            rows += [
                {"wave": at, "cohort": level, "flag": kind, "n": int(flagged.loc[here, kind].sum())} for kind in shown
            ]
    return check_table(pd.DataFrame(rows, columns=FLAGS.names), FLAGS)
