"""Which responses count: one rule after another, each with its ledger rows and its line in the books.

In: `rows` of `selection.gather_rows`. Out: their column `reason`, "" for those that go on.

1. no-wave: the row belongs to no wave; preview: a test row, or what the survey tool calls spam; no-id: nobody's
2. withdrawn: listed in the study's withdrawn file
3. no-consent, before-consent, consent-not-found: see below
4. duplicates, by the declared rule, within person, wave and source
5. flagged: a sign of careless responding for which the study leaves responses out (exports.py, once answers are read)

Consent, where the study declares a column. If the roster has the column it decides, and whoever is not in the roster
has not consented. Otherwise a row that says anything but a declared value is set aside; of a row that says nothing the
person's last word at the same or an earlier wave decides; a consent that came later does not reach back. An identifier
of nobody who was ever asked is no refusal but, more likely, a slip: `consent-not-found`, looked through for slips.

Duplicates. A response without any answer never displaces one with answers. `last-complete` takes the latest finished
response, or the latest one where none is finished; first and last go by date alone; reject keeps none. Dates decide;
where two are equal or one is missing, the row further down in the files counts as the later one, and a note says so.

An unfinished response that is the only one stays, with the flag `unfinished`: its answered scales are data.

Rows of people who withdrew or did not consent carry nothing in the ledger but their row number.
"""

import numpy as np
import pandas as pd

from alongside.intake.ledger import NOT_FOUND, ROW
from alongside.intake.selection import CONSENTS, NOT_ASKED, REFUSES, SILENT
from alongside.tables.notes import Counted

FLAGGED_OUT = "flagged"
REMEDIES = {
    "no-wave": "look at where, between or months_since in the study file",
    "preview": "",
    "no-id": "find out who it is and enter the identifier in corrections.csv",
    "withdrawn": "",
    "no-consent": "",
    "before-consent": "",
    NOT_FOUND: "nobody with this identifier was asked: a slip goes into id_map.csv (see source.id_cleaning first); "
    "where this survey asked for consent itself, say so (participants.consent.column: {wave: column})",
    "not-in-roster": "a slip in the identifier: mend it in corrections.csv; somebody new: add them to the roster",
    "duplicate": "",
    "no-cohort": "enter the cohort in the roster, or in corrections.csv",
    FLAGGED_OUT: "declared in source.exclude_flagged; the rows with the action flagged say why",
}
SILENT_RULES = ("withdrawn", "no-consent", "before-consent", NOT_FOUND, "no-id", "preview")


def judge_rows(rows, *, plan, withdrawn, roster, books):
    """Gives `rows` its column `reason`; returns notes.

    withdrawn: set of person numbers; roster: None, or {person number: consent state}
    """
    rows["reason"] = ""
    notes = []
    set_aside(rows, rows["wave"].isna(), "no-wave", books)
    set_aside(rows, rows["preview"], "preview", books)
    set_aside(rows, rows["person"] < 0, "no-id", books)
    set_aside(rows, rows["person"].isin(withdrawn), "withdrawn", books)
    if plan.participants.consent is not None:
        _judge_consent(rows, roster, books)
    _judge_duplicates(rows, plan, books, notes)
    return notes


def set_aside(rows, which, rule, books):
    """Those of `which` that nothing has set aside before."""
    which = np.asarray(which, dtype=bool) & (rows["reason"] == "").to_numpy()
    n_in = int((rows["reason"] == "").sum())
    rows.loc[which, "reason"] = rule
    books.enter(
        rule, unit="responses", n_in=n_in, n_kept=int((rows["reason"] == "").sum()), n_set_aside=int(which.sum())
    )


def _judge_consent(rows, roster, books):
    if roster is not None:
        state = rows["person"].map(roster)
        set_aside(rows, state.isna(), "not-in-roster", books)
        set_aside(rows, state != CONSENTS, "no-consent", books)
        return
    person, state = rows["person"].to_numpy(), rows["consent"].to_numpy()
    standing, ever, asked = _ask_for_consent(rows)
    silent = np.isin(state, (SILENT, NOT_ASKED))
    unsaid = silent & (standing == SILENT)
    refused = (state == REFUSES) | (silent & (standing == REFUSES)) | (unsaid & ~ever[person] & asked[person])
    set_aside(rows, refused, "no-consent", books)
    set_aside(rows, unsaid & ever[person], "before-consent", books)
    set_aside(rows, unsaid & ~asked[person], NOT_FOUND, books)


def _ask_for_consent(rows):
    """(what stands at each row's wave, and by person number: consented at any wave, was ever asked).

    The last place of both is that of nobody's rows. Of two answers at one wave the consent stands.
    """
    person, state = rows["person"].to_numpy(), rows["consent"].to_numpy()
    wave, waves = rows["wave"].cat.codes.to_numpy(), len(rows["wave"].cat.categories)
    said = np.full((person.max(initial=-1) + 2, waves + 1), SILENT, dtype=np.int8)
    for meaning in (REFUSES, CONSENTS):
        which = (rows["reason"] == "").to_numpy() & (state == meaning)
        said[person[which], wave[which]] = meaning
    asked = np.zeros(len(said), dtype=bool)
    asked[person[state != NOT_ASKED]] = True
    for at in range(1, waves):
        said[:, at] = np.where(said[:, at] == SILENT, said[:, at - 1], said[:, at])
    return said[person, wave], (said == CONSENTS).any(axis=1), asked


def _judge_duplicates(rows, plan, books, notes):
    left = rows[rows["reason"] == ""]
    keys = [left["person"].to_numpy(), left["wave"].cat.codes.to_numpy(), left["source"].cat.codes.to_numpy()]
    twice = left[pd.DataFrame(dict(enumerate(keys))).duplicated(keep=False).to_numpy()]
    losers = np.zeros(len(rows), dtype=bool)
    if len(twice):
        rules = {key: (wave.source or plan.source).duplicates for key, wave in plan.waves.items()}
        winner, undecided = _pick(twice, twice["wave"].astype("str").map(rules).to_numpy())
        losers[twice.index[~winner]] = True
        for wave, people in twice["wave"][undecided].value_counts(sort=False).items():
            if people:
                text = f"wave {wave}: answered more than once, and the order of the rows decided because no date does"
                notes.append(Counted(text, "people", int(people)))
    set_aside(rows, losers, "duplicate", books)


def _pick(rows, rule):
    """Two flags a row: the response counts; it counts, but nothing other than the order of rows decided that.

    rows: only people who answered a wave more than once; rule: the declared rule, one a row
    """
    group = rows.groupby(["person", "wave", "source"], observed=True, sort=False).ngroup().to_numpy()
    candidate = np.ones(len(rows), dtype=bool)

    def prefer(better):
        return candidate & (better | ~_any_of(group, candidate & better))

    candidate = prefer(rows["filled"].to_numpy() > 0)
    candidate = prefer((rule != "last-complete") | rows["finished"].to_numpy())
    dates = rows["submitted"].to_numpy().astype("datetime64[s]")
    dated = ~_any_of(group, candidate & np.isnat(dates))
    order = np.where(rule == "first", -1, 1) * np.where(np.isnat(dates), 0, dates.astype(np.int64))
    latest = pd.Series(np.where(candidate, order, np.iinfo(np.int64).min)).groupby(group).transform("max").to_numpy()
    candidate &= ~dated | (order == latest)
    tied = pd.Series(candidate).groupby(group).transform("sum").to_numpy() > 1
    position = np.where(rule == "first", -1, 1) * np.arange(len(rows))
    last = pd.Series(np.where(candidate, position, np.iinfo(np.int64).min)).groupby(group).transform("max").to_numpy()
    winner = candidate & (position == last) & (rule != "reject")
    return winner, winner & tied


def _any_of(group, flags):
    return np.bincount(group, weights=flags, minlength=group.max() + 1)[group] > 0


def write_ledger(rows, *, pseudonyms, ledger):
    """A ledger row for every response that was set aside."""
    for rule, group in rows[rows["reason"] != ""].groupby("reason", sort=True):
        anonymous = rule in SILENT_RULES
        ledger.add(
            rule=rule, action=ROW, file=group["file"].astype(str).to_numpy(),
            sheet=group["sheet"].astype(str).to_numpy(), row=group["row"].to_numpy(), participant=None if anonymous
            else named(group["person"], pseudonyms), remedy=REMEDIES[rule],
        )  # fmt: skip


def named(persons, pseudonyms):
    """Pseudonyms of person numbers, None for nobody."""
    names = np.append(pseudonyms, None)
    return names[np.asarray(persons, dtype=np.int64)]
