"""What cannot be analysed is refused in one sentence: no baseline, waves without people in common, two sites at once.

In: the responses that count, the roster's people, the cluster columns. Out: complaints to `problems`.
"""

import numpy as np

from alongside.errors import Mistake
from alongside.intake.blocks import baseline_of
from alongside.intake.facts import ROSTER_WAVE, collect, find_split_people
from alongside.intake.ledger import NOT_FOUND
from alongside.intake.problems import name_rows
from alongside.tables.notes import word_count

LINKED_AT_LEAST = 10  # people on both sides before "nobody in common" says anything
LEFT_OUT = ("preview", "no-id")  # no responses at all; of waves without identifiers another sentence speaks


def check_baseline(rows, plan, *, problems):
    """Ends the reading where no response at the first wave counts. rows: judged responses"""
    baseline = baseline_of(plan.waves)
    reasons = rows.loc[rows["wave"] == baseline, "reason"]
    if (reasons == "").any():
        return
    problems.add(_say_nobody_counts(baseline, reasons, allowed="responses at the first wave"))
    problems.stop_if_any()


def _say_nobody_counts(wave, reasons, *, allowed):
    why = ", ".join(f"{rule} {count}" for rule, count in reasons.value_counts().items())
    return Mistake(
        f"wave {wave}",
        f"no response counts ({why})" if why else "its files hold no responses",
        allowed=allowed,
        remedy="look at the files of this wave, and at consent, withdrawn and where in the study file",
    )


def check_linked(rows, plan, *, roster, problems):
    """A wave in which nobody counts, or nobody is found who was at the first or in the roster, cannot be compared.

    rows: judged responses; roster: a Roster, or None
    """
    linked = rows[rows["reason"].isin(("", "not-in-roster", NOT_FOUND))]
    if roster is None:
        known, where = set(linked.loc[linked["wave"] == baseline_of(plan.waves), "person"]), "was there at wave "
        where += baseline_of(plan.waves)
    else:
        known, where = set(roster.persons[roster.persons >= 0]), f"is in {roster.block.file}"
    for wave in plan.waves:
        reasons = rows.loc[rows["wave"] == wave, "reason"]
        if (reasons == "no-id").sum() >= LINKED_AT_LEAST and reasons.isin(("no-id", "preview")).all():
            problems.add(
                Mistake(
                    f"wave {wave}",
                    f"none of its {(reasons == 'no-id').sum()} responses has an identifier: waves that cannot be "
                    "linked person by person cannot be compared here",
                    remedy="look at participants.id; an anonymous survey can be reported elsewhere, not linked",
                )
            )
        there = set(linked.loc[linked["wave"] == wave, "person"])
        if min(len(known), len(there)) >= LINKED_AT_LEAST and not known & there:
            problems.add(
                Mistake(
                    f"wave {wave}",
                    f"none of its {len(there)} people {where}: waves that cannot be linked person by person cannot be "
                    "compared here",
                    remedy="look at participants.id and source.id_cleaning: identifiers may be written differently",
                )
            )
        elif (~reasons.isin(LEFT_OUT)).sum() >= LINKED_AT_LEAST and not (reasons == "").any():
            problems.add(_say_nobody_counts(wave, reasons, allowed="responses that count, or no file yet"))


def check_split(tables, plan, *, problems):
    """One person in two sites at once: no model here can hold that. tables: as for `facts.collect`"""
    exports = [table for table in tables if table[3] != ROSTER_WAVE]
    for name in plan.participants.clusters:
        split = find_split_people(collect(f"cluster:{name}", exports))
        if len(split.person):
            file = split.file[0]
            problems.add(
                Mistake(
                    f"{file}, column {name}",
                    f"{word_count(len(np.unique(split.person)), 'people')} in two places of '{name}' at the same wave "
                    f"({name_rows(split.row[split.file == file])})",
                    allowed="one place a person at each wave",
                    remedy="decide which one counts, and write it into corrections.csv",
                )
            )
