"""Every export of a study -> answers, people, responses, ledger, books, notes.

In: the study folder, the plan (participants, waves, source, outcomes), the codebooks by id, the pseudonym key. Out: an
`Intake`. Raw identifiers, names and free text end here: identifiers become keyed pseudonyms, what is not declared is
never read, and a value leaves only as a coded answer, a declared fact, or in the restricted ledger.

Steps: read the files (`blocks`); share their rows out among waves (`selection`); judge each response (`rules`);
settle who is in which cohort and what is known about people (`population`); turn cells into answers (`answers`); flag
careless responding (`careless`) and set aside what the study leaves out for it; balance the books.

Fails with `IntakeError`, a UserError with every mistake of the stage that was reached; its `restricted` table holds
the cells in question.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from alongside.intake.answers import read_answers, tabulate
from alongside.intake.careless import choose_excluded, flag_responses, join_flags
from alongside.intake.corrections import read_corrections
from alongside.intake.coverage import check_declared_columns
from alongside.intake.id_map import read_id_map
from alongside.intake.identity import pseudonym
from alongside.intake.ledger import FLAGGED, Books, Ledger
from alongside.intake.opening import open_blocks, open_roster
from alongside.intake.population import Population
from alongside.intake.problems import Problems
from alongside.intake.rules import FLAGGED_OUT, SILENT_RULES, judge_rows, named, set_aside, write_ledger
from alongside.intake.selection import check_shared_files, gather_rows, sources_of
from alongside.intake.suggestions import suggest_people
from alongside.intake.swapped import check_comparison
from alongside.intake.timing import list_impossible_dates
from alongside.tables import NOTES, RESPONSES
from alongside.tables.check import check_table
from alongside.tables.notes import list_notes

STAGE = "read_exports"


@dataclass(frozen=True)
class Intake:
    """notes: sentences about what was found and how many people they are about; no participant's value"""

    answers: pd.DataFrame
    flagged: pd.DataFrame
    people: pd.DataFrame
    responses: pd.DataFrame
    ledger: pd.DataFrame
    tally: pd.DataFrame
    notes: pd.DataFrame


def read_exports(study_folder, *, plan, instruments, key):
    """instruments: {id: codebook}; key: bytes of the study's pseudonym key"""
    ledger, books = Ledger(STAGE), Books(STAGE)
    problems = Problems(ledger)
    participants = plan.participants
    corrections = read_corrections(study_folder, participants.corrections) if participants.corrections else None
    blocks, notes = open_blocks(study_folder, plan, instruments=instruments, corrections=corrections, problems=problems)
    roster = None
    if participants.roster:
        found = problems.attempt(open_roster, study_folder, plan, corrections=corrections, problems=problems)
        roster, more = found or (None, [])
        notes += more
    if corrections is not None:
        corrections.check_all_used(problems)
    problems.stop_if_any()
    notes += check_declared_columns(
        blocks, roster, plan, instruments=instruments, folder=study_folder, problems=problems
    )
    check_shared_files(blocks, plan, problems=problems)
    problems.stop_if_any()

    population = Population(plan, roster, problems=problems, ledger=ledger)
    id_map = _read_id_map(study_folder, plan, blocks)
    rows, more = gather_rows(blocks, plan, starts=population.starts(), id_map=id_map, problems=problems)
    notes += more
    population.register(rows, study_folder, id_map)
    notes += judge_rows(
        rows, plan=plan, withdrawn=population.withdrawn, roster=population.roster_consents(), books=books
    )
    notes += population.settle(rows, blocks, books=books)
    names = np.array([pseudonym(one, key) for one in population.identifiers], dtype=object)
    people, more = population.describe(rows, names=names, key=key)
    check_comparison(people, participants, folder=study_folder, problems=problems)
    notes += more
    kept = rows[rows["reason"] == ""].reset_index(drop=True)
    kept["participant"] = population.places(kept["person"])
    grid = read_answers(
        kept, blocks, plan=plan, instruments=instruments, names=names[kept["person"]], ledger=ledger, problems=problems
    )
    problems.stop_if_any()
    books.enter(
        "answers", unit="cells", n_in=grid.n_filled, n_kept=int((~np.isnan(grid.values)).sum()),
        n_set_aside=grid.n_set_aside,
    )  # fmt: skip
    flags = flag_responses(grid, kept, blocks, plan=plan, instruments=instruments)
    left_out = _leave_out(choose_excluded(flags, kept, blocks), rows, grid, plan, books)
    names_of = {"people": people["participant"].tolist(), "waves": list(plan.waves), "sources": sources_of(plan)}
    answers, flagged = (tabulate(grid.take(which), kept[which], **names_of) for which in (~left_out, left_out))
    write_ledger(rows, pseudonyms=names, ledger=ledger)
    _flag_in_ledger(flags, kept, names, ledger)
    list_impossible_dates(rows, kept, blocks, names=names, ledger=ledger)
    suggest_people(rows, population, ledger=ledger, notes=notes)
    if corrections is not None:
        corrections.write_ledger(_persons_of_rows(rows, population, names), ledger=ledger)
    if id_map is not None:
        notes += id_map.write_ledger(_persons_of_rows(rows, population, names), ledger=ledger)
    return Intake(
        answers=answers,
        flagged=flagged,
        people=people,
        responses=_tabulate_responses(rows, join_flags(flags, len(kept)), names),
        ledger=ledger.table(),
        tally=books.table(),
        notes=check_table(pd.DataFrame(list_notes(notes), columns=NOTES.names), NOTES),
    )


def _read_id_map(folder, plan, blocks):
    if not plan.participants.id_map:
        return None
    return read_id_map(
        folder, plan.participants.id_map, cleaning=plan.source.id_cleaning, waves=list(plan.waves),
        files={block.file for block in blocks},
    )  # fmt: skip


def _leave_out(which, rows, grid, plan, books):
    """Sets aside the kept rows that the study leaves out for a flag; returns `which`, flags a kept row."""
    if any((wave.source or plan.source).exclude_flagged for wave in plan.waves.values()):
        in_rows = np.zeros(len(rows), dtype=bool)
        in_rows[np.flatnonzero(rows["reason"] == "")[which]] = True
        set_aside(rows, in_rows, FLAGGED_OUT, books)
        answered = (~np.isnan(grid.values)).sum(axis=1)
        books.enter(
            FLAGGED_OUT, unit="cells", n_in=int(answered.sum()), n_kept=int(answered[~which].sum()),
            n_set_aside=int(answered[which].sum()),
        )  # fmt: skip
    return which


def _flag_in_ledger(flags, kept, names, ledger):
    for flag, up in flags.items():
        rows = kept[up]
        if len(rows):
            ledger.add(
                rule=flag, action=FLAGGED, file=rows["file"].astype(str).to_numpy(), row=rows["row"].to_numpy(),
                sheet=rows["sheet"].astype(str).to_numpy(), participant=names[rows["person"]],
            )  # fmt: skip


def _persons_of_rows(rows, population, names):
    """{(file, sheet, row): pseudonym} for rows whose person may be named in the ledger"""
    open_rows = rows[~rows["reason"].isin(SILENT_RULES)]
    places = zip(open_rows["file"], open_rows["sheet"], open_rows["row"], strict=True)
    found = dict(zip(places, names[open_rows["person"]], strict=True))
    return found | population.roster_rows(names)


def _tabulate_responses(rows, flags, names):
    kept = (rows["reason"] == "").to_numpy()
    all_flags = np.full(len(rows), "", dtype=object)
    all_flags[kept | (rows["reason"] == FLAGGED_OUT).to_numpy()] = flags
    participant = named(rows["person"], names)
    participant[rows["reason"].isin(SILENT_RULES).to_numpy()] = None
    table = pd.DataFrame(
        {
            "file": pd.Categorical(rows["file"].astype("str")),
            "sheet": pd.Categorical(rows["sheet"].astype("str")),
            "row": rows["row"].astype("int64"),
            "wave": rows["wave"].astype("object").where(rows["wave"].notna(), "").astype("str"),
            "source": rows["source"],
            "participant": participant,
            "submitted": rows["submitted"],
            "kept": kept,
            "reason": rows["reason"].to_numpy(),
            "flags": all_flags,
        }
    )
    return check_table(table, RESPONSES)
