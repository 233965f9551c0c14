"""A `Plan` as the text of a study file: the blocks in their usual order, a reason beside everything.

What only people know is TODO: the study reader lists each of them, with what is allowed, until it is filled in. What
a file may hold about single persons is never written: values stand here only where several rows share them.
"""

import glob

from alongside.drafting.identify import list_candidates
from alongside.drafting.lines import OPEN, Lines, listing, many, mapping, printable, scalar
from alongside.drafting.writing_claims import write_analysis, write_claims
from alongside.drafting.writing_outcomes import write_outcomes
from alongside.drafting.writing_waves import write_source, write_waves

_TWICE_SHOWN = 5
DESIGNS = {
    "randomised": "chance decided, person by person",
    "cluster-randomised": "chance decided, school by school or site by site",
    "waitlist": "a date or a queue decided who began first; the others began later",
    "matched": "people like the mentored ones were picked for the comparison",
    "self-selected": "people, or those who referred them, chose",
}
"""How people came into their cohort: of two that fit, the later one promises less."""


def write_study(plan, *, title, prefix, exports, instruments):
    """prefix: folder of the exports below the study's, "raw/"; instruments: {id: Instrument}"""
    lines = Lines()
    _write_head(lines, plan, prefix, exports.unused)
    _write_study(lines, title)
    _write_participants(lines, plan, prefix)
    write_waves(lines, plan, path=lambda table: _path(prefix, table))
    write_source(lines, plan, dictionary=exports.dictionary and prefix + exports.dictionary)
    write_outcomes(lines, plan, instruments)
    write_analysis(lines, plan)
    write_claims(lines, plan, instruments)
    lines.gap()
    lines.say(
        0, "What may be added: more under analysis (how it is computed), and report (for whom, in which form).",
        "data/bright-path/study.yaml shows each of them, with comments.",
    )  # fmt: skip
    return lines.text()


def _path(prefix, table):
    """A file's name may hold what a pattern would read as a wildcard."""
    return prefix + glob.escape(table.file)


def _write_head(lines, plan, prefix, unused):
    lines.say(
        0, "A first draft, written by `alongside new`. What was recognised has its reason beside it: look at each. "
        "Every TODO is a decision that no export can tell; `alongside check` lists them, with what is allowed.",
        "Unknown keys are errors. Paths are relative to this file. Values are read as text: Yes, 01, -99 mean that.",
    )  # fmt: skip
    lines.gap()
    lines.list("What was read:", (
        f"{prefix}{printable(table.where)}: {many(table.n_rows, 'row')}; {table.layout.format} ({table.layout.why})"
        + _say_twice(table.twice) for table in plan.tables
    ))  # fmt: skip
    aside = unused | {table.where: "no column that says who somebody is" for table in plan.no_person}
    if plan.astray:
        lines.say(0, *(
            f"LOOK: {prefix}{printable(table.where)} holds answers to a scale and is not used, as no column says who "
            "somebody is. It may be the baseline. Give it a wave, and its column under participants.id."
            for table in plan.astray
        ))  # fmt: skip
    if aside:
        lines.list("What was not used:", (f"{prefix}{printable(name)}: {why}" for name, why in aside.items()))
    lines.gap()


def _say_twice(twice):
    """twice: {name: number of columns}"""
    if not twice:
        return ""
    shown = ", ".join(f"{n} are called {printable(name)}" for name, n in list(twice.items())[:_TWICE_SHOWN])
    more = f" and {len(twice) - _TWICE_SHOWN} more names" if len(twice) > _TWICE_SHOWN else ""
    return f". Columns that share a name are not used: {shown}{more}"


def _write_study(lines, title):
    lines.put(0, "study")
    lines.put(1, "title", scalar(title), "the folder's name; the first line of the report: change it")
    lines.say(1, "how people came into their cohort; where two fit, take the later one in this list:")
    lines.say(1, *(f"  {design}: {how}" for design, how in DESIGNS.items()))
    lines.put(1, "design", OPEN)
    lines.put(1, "question", OPEN, "what the study asks, in the programme's own words")
    lines.gap()


def _write_participants(lines, plan, prefix):
    lines.put(0, "participants")
    _write_id(lines, plan)
    if plan.roster is not None:
        why = f"one row a person, no items, {len(plan.roster.columns)} columns, most of them about people"
        lines.put(1, "roster", scalar(prefix + plan.roster.file), why)
    if plan.consent is not None:
        _write_consent(lines, plan)
    _write_cohort(lines, plan)
    _write_facts(lines, plan.facts)
    lines.say(1, "where they are needed: corrections: corrections.csv, withdrawn: withdrawn.csv, id_map: id_map.csv")
    lines.gap()


def _write_id(lines, plan):
    identity = plan.identity
    if identity.column is None:
        lines.say(1, "No column was recognised: none is called like an identifier, or finds people again.")
        lines.put(1, "id", OPEN, "the column that says who somebody is")
        return
    by_wave = {}
    for wave in plan.waves:
        names = {identity.by_table[table.where] for table in wave.tables if table.where in identity.by_table}
        if names != {identity.column}:
            by_wave[wave.key] = sorted(names - {identity.column})[0] if names else OPEN
    value = scalar(identity.column)
    if OPEN in by_wave.values():
        _write_ids(lines, plan, by_wave)
    else:
        if by_wave:
            value = mapping({key: scalar(name) for key, name in by_wave.items()} | {"otherwise": value})
        lines.put(1, "id", value, identity.why)
    for where, why in identity.reasons.items():
        lines.say(2, f"{printable(where)}: {printable(identity.by_table[where])}, {why}")
    for name, why in identity.others.items():
        lines.say(2, f"it could also be {printable(name)}: {why}")


def _write_ids(lines, plan, by_wave):
    """by_wave: {wave: column}, TODO where nothing says who is in it"""
    lines.put(1, "id")
    for key, name in by_wave.items():
        wave = next(wave for wave in plan.waves if wave.key == key)
        if name == OPEN:
            candidates = [one for table in wave.tables for one in list_candidates(table, without=_items_of(table))]
            told = "; ".join(f"{printable(name)} ({n:,} different in {rows:,} rows)" for name, n, rows in candidates)
            where = ", ".join(printable(table.where) for table in wave.tables)
            lines.say(2, f"nothing in {where} says who somebody is. Look at: {told or 'its columns; none fits'}")
        lines.put(2, key, name if name == OPEN else scalar(name))
    lines.put(2, "otherwise", scalar(plan.identity.column), plan.identity.why)


def _items_of(table):
    return {column.name for group in table.groups for column in group.columns}


def _write_consent(lines, plan):
    consent = plan.consent
    lines.put(1, "consent", comment="everybody who did not agree is left out, and only counted")
    if list(consent.by_wave) == ["otherwise"]:
        column, why = next(iter(consent.why.items()))
        lines.put(2, "column", scalar(column), printable(why))
    elif not consent.by_wave:
        lines.put(2, "column", OPEN, f"{{wave: column}}; found: {', '.join(map(printable, consent.why))}")
    else:
        lines.put(2, "column")
        for key, column in consent.by_wave.items():
            lines.put(3, key, scalar(column), printable(consent.why[column]))
    if consent.late:
        lines.say(
            2, "No file of the first wave has it, and a consent does not reach back: with it, answers from before are "
            "left out. Delete the block only if people agreed in another way, and list those who refused as withdrawn.",
        )  # fmt: skip
    decided = consent.clear and not consent.late
    seen = ", ".join(map(printable, consent.others if decided else dict.fromkeys([*consent.agrees, *consent.others])))
    rare = many(consent.rare, "answer") + " that hardly anybody gives" if consent.rare else ""
    told = " and ".join(part for part in (seen, rare) if part)
    why = f"the values that mean consent{'; not taken for one' if decided else '; found'}: {told or 'nothing else'}"
    lines.put(2, "is", listing(consent.agrees) if decided else OPEN, why)


def _write_cohort(lines, plan):
    cohort = plan.cohort
    lines.put(1, "cohort")
    if cohort.column is None:
        lines.say(2, "No column was recognised" + (f"; look at {_named(cohort.others)}." if cohort.others else "."))
        lines.put(2, "column", OPEN, "the column that says who was mentored")
        lines.put(2, "levels", OPEN, "each cohort with its values: {mentored: [Yes], others: [No]}")
        lines.put(2, "comparison", OPEN, "the cohort that was not mentored")
        return
    lines.put(2, "column", scalar(cohort.column), cohort.why)
    if cohort.others:
        lines.say(2, f"it could also be {_named(cohort.others)}")
    if cohort.late:
        lines.say(2, "The first wave does not have it: whoever had left by then has no cohort, and is left out.")
    lines.put(2, "levels", comment="a name of yours: the values in the files")
    for name, values in cohort.levels.items():
        why = "; ".join(cohort.merged[value] for value in values if value in cohort.merged)
        lines.put(3, name, listing(values), why)
    if cohort.rare:
        cells = many(cohort.rare, "cell holds", "cells hold")
        lines.say(2, f"{cells} a value that nobody else has: `alongside check` will name the rows.")
    lines.put(2, "comparison", OPEN, f"{' | '.join(cohort.levels)}: the cohort that was not mentored")
    if plan.waves:
        last = plan.waves[-1].key
        lines.say(2, f"comparison_until: {last}   (required for waitlist: the last wave at which none of them was)")


def _write_facts(lines, facts):
    if facts.clusters:
        why = "; ".join(f"{printable(name)}: {why}" for name, why in facts.clusters.items())
        lines.put(1, "clusters", listing(facts.clusters), f"outermost first. {why}")
    if facts.mentor:
        lines.put(1, "mentor", scalar(facts.mentor[0]), facts.mentor[1])
    if facts.covariates:
        lines.put(1, "covariates", comment="known before the programme starts: delete what is not")
        for fact in facts.covariates.values():
            more = "; min and max, where you know them" if fact.kind == "number" else ""
            lines.put(2, fact.name, mapping({"kind": fact.kind} | _column_of(fact)), printable(fact.why) + more)
    if facts.dose:
        lines.put(1, "dose", comment="measured in the mentored cohort")
        for fact in facts.dose.values():
            lines.put(2, fact.name, mapping({"kind": "number", "min": "0"} | _column_of(fact)), fact.why)


def _column_of(fact):
    return {"column": scalar(fact.column)} if fact.column != fact.name else {}


def _named(names):
    return ", ".join(printable(name) for name in names)
