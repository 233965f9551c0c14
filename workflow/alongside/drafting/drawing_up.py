"""What all tables together say about the study: the parts of a study file, as far as exports can know them.

In: tables. Out: a `Plan`: what was recognised, each part with its reason. Steps: who people are; the scales
and the waves (`surveys`); which table is a roster, which belongs to no wave; consent; the cohort; facts about people;
at which waves each scale was asked.
"""

from dataclasses import dataclass, field

from alongside.drafting.cohorts import Cohort, recognise_cohort
from alongside.drafting.consent import Consent, recognise_consent
from alongside.drafting.constructs import name_construct
from alongside.drafting.identify import Identity, identify
from alongside.drafting.people import Facts, distinct_name, find_roster, recognise_facts
from alongside.drafting.placing import place_groups
from alongside.drafting.scales import Family
from alongside.drafting.surveys import read_surveys


@dataclass
class Outcome:
    """patterns: {wave: pattern or columns}; absent: waves without it; likely: {wave: pattern of another family}

    spare: [(table, group)] of its columns that are no wave's
    """

    name: str
    family: Family
    match: object
    patterns: dict
    absent: list = field(default_factory=list)
    likely: dict = field(default_factory=dict)
    spare: list = field(default_factory=list)
    single: bool = False


@dataclass
class Plan:
    """no_person: tables that are not used, nothing says who is in them; astray: those of them with a scale"""

    tables: list
    identity: Identity
    waves: list
    roster: object
    unplaced: list
    cohort: Cohort
    consent: Consent | None
    facts: Facts
    ways: dict
    missing: dict
    outcomes: list
    unmatched: list
    no_person: list
    astray: list


def draw_up(tables, codebooks, *, reserved):
    """codebooks: {id: Instrument}; reserved: names that no variable may have"""
    identity = identify(tables)
    found = read_surveys(tables, codebooks)
    known, waves, ways = found.tables, found.waves, found.ways
    surveys = [table for table in known if table.groups]
    roster = find_roster([table for table in known if table not in surveys] + surveys)
    items = {column.name for table in known for group in table.groups for column in group.columns}
    without = items | {table.id_column.name for table in known if table.id_column}
    without |= {wave.where[0] for wave in waves if wave.where}
    without |= {name for one in ways.values() for name in _told(one)}
    items_of = {table.where: {one.name for group in table.groups for one in group.columns} for table in known}
    consent = recognise_consent(roster, waves, surveys, without=items_of)
    without |= set(consent.why) if consent is not None else set()
    first = ([roster] if roster is not None else []) + (waves[0].tables if waves else surveys)
    cohort = recognise_cohort(known, first=first, without=without)
    without |= {cohort.column}
    about = [roster] if roster is not None else (waves[0].tables if waves else surveys)
    facts = recognise_facts(about, cohort, without=without, reserved=reserved) if about else Facts()
    taken = set(reserved) | set(facts.covariates) | set(facts.clusters) | {one.name for one in facts.dose.values()}
    outcomes, unmatched = _outcomes(found, taken, codebooks)
    placed = [table for wave in waves for table in wave.tables]
    return Plan(
        tables=known, identity=identity, waves=waves, roster=roster,
        unplaced=[table for table in known if table not in placed and table is not roster],
        cohort=cohort, consent=consent, facts=facts, ways=ways, missing=found.missing, outcomes=outcomes,
        unmatched=unmatched, no_person=found.no_person, astray=found.astray,
    )  # fmt: skip


def _single(family):
    return family.groups[0].single


def _told(ways):
    names = [ways.submitted, *(ways.complete or ())[:1], *ways.checks, *ways.others]
    return {name for name in names if name}


def _outcomes(found, reserved, codebooks):
    """(outcomes, families that no codebook fits)"""
    scales, matches, waves = found.scales, found.matches, found.waves
    outcomes, nameless, taken = [], [], set(reserved)
    for family in scales:
        match = None if _single(family) else matches[id(family)]
        patterns, spare = place_groups(family, waves)
        absent = [wave.key for wave in waves if wave.key not in patterns]
        if match is not None and match.instrument is None and absent and patterns:
            nameless.append((family, match, patterns, absent, spare))
            continue
        book = codebooks.get(match.instrument) if match is not None else None
        name = _name(family, match, book, taken, len(outcomes) + 1)
        outcomes.append(Outcome(name, family, match, patterns, absent, spare=spare, single=match is None))
    for family, match, patterns, absent, spare in nameless:
        if not _lend(outcomes, match, patterns, spare):
            name = _name(family, match, None, taken, len(outcomes) + 1)
            outcomes.append(Outcome(name, family, match, patterns, absent, spare=spare))
    return outcomes, [family for family in found.families if family not in scales]


def _name(family, match, book, taken, number):
    """A name for an outcome, which is `taken` then. book: the codebook, where one was recognised"""
    stem = family.stem.replace("{item}", "")
    if book is not None:
        stem = name_construct(book.name)
        stem = book.id if not stem or stem in taken else stem
    elif match is not None and any(group.pattern is None for group in family.groups):
        stem = f"scale_{number}"  # the columns are whole sentences
    name = distinct_name(stem, taken)
    taken.add(name.casefold())
    return name


def _lend(outcomes, match, patterns, spare):
    """Nameless items at the very waves at which a scale of as many items is absent: the same scale, renamed?"""
    fitting = [
        outcome
        for outcome in outcomes
        if outcome.match is not None
        and outcome.match.instrument in match.others
        and set(patterns) <= set(outcome.absent)
    ]
    if len(fitting) != 1:
        return False
    fitting[0].likely |= patterns
    fitting[0].spare += spare
    return True
