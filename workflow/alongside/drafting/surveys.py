"""The scales that the files hold and the waves at which they were asked, once it is known who people are.

In: the tables, with their `id_column` where one was recognised; the codebooks. Out: `Surveys`.

A file with a scale in which nothing says who somebody is must not vanish: the next file would become the baseline. It
is used where it is a wave of its own, and somebody has to say which column names its people. Where no wave can be made
of it, or it would change the waves of the other files, it stays aside, and the months of all waves are left open.
"""

from dataclasses import dataclass, field, replace

from alongside.drafting.candidates import match_codebooks
from alongside.drafting.responses import read_days, read_missing, read_ways
from alongside.drafting.scales import find_groups, gather_families
from alongside.drafting.statements import join_families
from alongside.drafting.waves import recognise_waves


@dataclass
class Surveys:
    """tables: those that are used; families: item groups; scales: those of them that are scales; waves: in order

    matches: {id of a family: Match}; ways: {where: Ways}; missing: {text: why}
    no_person: tables that are not used, as nothing says who is in them; astray: those of them that hold a scale
    """

    tables: list
    families: list
    scales: list
    matches: dict
    ways: dict
    missing: dict
    waves: list
    no_person: list = field(default_factory=list)
    astray: list = field(default_factory=list)


def read_surveys(tables, codebooks):
    """codebooks: {id: Instrument}"""
    known = [table for table in tables if table.id_column is not None]
    if not known or len(known) == len(tables):
        return _read(tables, codebooks)
    alone = _read(known, codebooks)
    whole = _read(tables, codebooks)
    nameless = [table for table in tables if table.groups and table not in known]
    if nameless and _keeps_the_waves(whole.waves, alone.waves, nameless):
        used = [table for table in tables if table in known or table in nameless]
        return _leave_out(whole, [table for table in tables if table not in used], used)
    # once more: reading writes into the tables, and the last one that wrote was that of all files
    found = _leave_out(_read(known, codebooks), [table for table in tables if table not in known], known)
    found.astray = nameless
    if nameless:
        _open_months(found.waves)
    return found


def _read(tables, codebooks):
    for table in tables:
        table.groups = find_groups(table, without={table.id_column.name} if table.id_column is not None else set())
    families = join_families(gather_families(tables))
    ways = {table.where: read_ways(table) for table in tables}
    missing = read_missing(families, codebooks)
    several = [family for family in families if not family.groups[0].single]
    matches = {id(one): match_codebooks(one, codebooks, missing=list(missing)) for one in several}
    scales = [one for one in families if one.groups[0].single or _is_scale(matches[id(one)])]
    for table in tables:
        table.groups = [group for family in scales for where, group in family.places if where is table]
    surveys = [table for table in tables if table.groups]
    waves = recognise_waves(surveys, {table.where: read_days(table, ways[table.where]) for table in surveys})
    return Surveys(tables, families, scales, matches, ways, missing, waves)


def _is_scale(match):
    return match.instrument is not None or bool(match.others)


def _keeps_the_waves(waves, alone, nameless):
    """Are the nameless files waves of their own, beside the waves that the others have without them?"""
    sides = [{table in nameless for table in wave.tables} for wave in waves]
    if not waves or any(len(side) > 1 for side in sides):
        return False
    others = [wave for wave, side in zip(waves, sides, strict=True) if side == {False}]
    return not alone or [_places(wave) for wave in others] == [_places(wave) for wave in alone]


def _places(wave):
    return sorted(table.where for table in wave.tables)


def _leave_out(surveys, tables, used):
    return replace(
        surveys,
        tables=used,
        families=[family for family in surveys.families if any(table in used for table, _ in family.places)],
        no_person=tables,
    )


def _open_months(waves):
    """Any of the files that were left out may hold the baseline."""
    for number, wave in enumerate(waves, start=1):
        wave.month, wave.why_month = None, "months since the baseline, which may be in a file that is not used yet"
        wave.label = wave.occasion.label if wave.occasion else f"Wave {number}"
