"""The `outcomes:` block of a draft, and what was left out of it."""

from alongside.drafting.lines import OPEN, listing, many, mapping, printable, scalar
from alongside.drafting.people import distinct_name, is_personal, is_yes_no

_OTHERS_SHOWN = 40
_ROLE = "primary | secondary | exploratory"


def write_outcomes(lines, plan, instruments):
    """instruments: {id: Instrument}"""
    if not plan.outcomes:
        lines.say(
            0, "No scale of the library was recognised; `.venv/bin/alongside instruments` lists them. A scale of "
            "your own is a codebook instruments/<id>.yaml beside this file; a single column is an outcome of kind "
            "score or yes-no.",
        )  # fmt: skip
        lines.put(0, "outcomes", OPEN, '{anxiety: {instrument: gad7, columns: "gad_{item}", domain: ..., role: ...}}')
    else:
        lines.put(0, "outcomes", comment="names are yours; delete what is not of interest")
        for outcome in plan.outcomes:
            lines.put(1, outcome.name)
            if outcome.single:
                _write_single(lines, outcome)
            else:
                _write_scale(lines, outcome, plan, instruments)
            lines.put(2, "domain", OPEN, "a word of yours: outcomes of one domain are looked at together")
            lines.put(2, "role", OPEN, _ROLE)
            lines.put(2, "smallest_worthwhile", OPEN, "0.2 sd, or 1.5 points; delete the line where nobody can say")
        names = {outcome.name for outcome in plan.outcomes}
        for table in plan.unplaced if plan.waves else ():
            _propose_records(lines, table, plan, names)
    _say_unmatched(lines, plan)
    _say_other_columns(lines, plan)


def _write_scale(lines, outcome, plan, instruments):
    match = outcome.match
    book = instruments.get(match.instrument)
    if book is None:
        lines.say(2, *(f"it could be {id}: {why}" for id, why in match.others.items()))
        lines.put(2, "instrument", OPEN, f"{match.why}; nothing else says which scale it is")
    else:
        lines.put(2, "instrument", match.instrument, match.why)
        lines.say(2, *(f"it could also be {id}: {why}" for id, why in match.others.items()))
        if len(book.orders) > 1:
            lines.put(2, "order", OPEN, " | ".join(book.orders) + ": compare with the questionnaire")
    if match.recorded:
        low, high = match.recorded
        lines.put(2, "recorded", listing([f"{low:g}", f"{high:g}"]), match.why_recorded)
    _write_columns(lines, outcome)
    if match.unknown:
        lines.put(2, "labels", comment=f"wordings that the codebook of {book.id} does not have")
        allowed = f"a number from {book.response.min:g} to {book.response.max:g}"
        for text in match.unknown:
            lines.put(3, text, OPEN, f"{allowed}: what this answer counts in the codebook")
    if match.rare:
        cells = many(match.rare, "cell holds", "cells hold")
        lines.say(2, f"{cells} other text: `alongside check` will name the rows.")
    if outcome.absent and not outcome.likely:
        waves = [wave.key for wave in plan.waves if wave.key not in outcome.absent]
        if waves:
            lines.put(2, "waves", listing(waves), f"not found at {', '.join(outcome.absent)}")


def _write_columns(lines, outcome):
    patterns = outcome.patterns
    if not patterns:
        shapes = list(dict.fromkeys(group.shape for group in outcome.family.groups))
        if outcome.single or outcome.spare or len(shapes) > 1:
            found = ", ".join(_say_shape(shape) for shape in shapes)
            key, what = ("column", "or columns: {wave: column}") if outcome.single else ("columns", "{wave: columns}")
            lines.put(2, key, OPEN, f"{what}; nothing says which wave these are of: {found}")
            return
        patterns = {"": shapes[0]}
    if outcome.spare:
        found = ", ".join(f"{_say_shape(group.shape)} in {printable(table.where)}" for table, group in outcome.spare)
        lines.say(2, f"Not used, nothing says which of the waves they are of: {found}")
    different = list(dict.fromkeys(patterns.values()))
    if outcome.family.joined:
        lines.say(2, "Their names differ, their questions are the same word for word: look whether it is one scale.")
    if outcome.single:
        lines.put(2, "columns", mapping({wave: scalar(names[0]) for wave, names in patterns.items()}))
    elif outcome.likely:
        _write_likely(lines, outcome, different)
    elif any(isinstance(shape, tuple) for shape in different):
        _list_columns(lines, patterns, different)
    elif len(different) == 1:
        lines.put(2, "columns", scalar(different[0]))
    else:
        lines.put(2, "columns", mapping({wave: scalar(pattern) for wave, pattern in patterns.items()}))


def _list_columns(lines, patterns, different):
    lines.put(2, "columns", comment="in the order of the scale's items: compare with the questionnaire")
    if len(different) == 1:
        for name in different[0]:
            lines.item(3, scalar(name))
        return
    for wave, shape in patterns.items():
        _put_shape(lines, wave, shape)


def _put_shape(lines, wave, shape, *, first=()):
    if isinstance(shape, str):
        lines.put(3, wave, scalar(shape))
        return
    lines.put(3, wave)
    for name in (*first, *map(scalar, shape)):
        lines.item(4, name)


def _write_likely(lines, outcome, different):
    """Columns of another name, as many at the very waves at which the scale is absent: somebody has to say so."""
    lines.put(2, "columns")
    for wave, shape in outcome.likely.items():
        if isinstance(shape, tuple):
            lines.say(
                3, f"{wave}: as many columns. The same scale? Then delete the line {OPEN}, and look at their order."
            )
            _put_shape(lines, wave, shape, first=(OPEN,))
        else:
            # in quotes, as a pattern must stand
            lines.put(3, wave, f'"{OPEN}"', f"as many columns are called {_say_shape(shape)}. The same scale?")
    if len(different) == 1 and isinstance(different[0], str):
        lines.put(3, "otherwise", scalar(different[0]))
        return
    for wave, shape in outcome.patterns.items():
        _put_shape(lines, wave, shape)


def _say_shape(shape):
    """gad_{item}; or how the first of many columns is called"""
    if isinstance(shape, str) or len(shape) == 1:
        return printable(shape if isinstance(shape, str) else shape[0])
    return f"{printable(shape[0])} and {len(shape) - 1} more"


def _write_single(lines, outcome):
    lines.put(2, "kind", "score", "one column of numbers a wave; min and max, where you know them")
    _write_columns(lines, outcome)
    lines.put(2, "higher_is", OPEN, "better | worse")


def _propose_records(lines, table, plan, names):
    """An outcome, commented out, for each column of a file without a wave that may be one. names: those taken"""
    facts = (*plan.facts.covariates.values(), *plan.facts.dose.values())
    known = {table.id_column.name if table.id_column else "", plan.cohort.column, *(fact.column for fact in facts)}
    found = {one.name: kind for one in table.columns if one.name not in known and (kind := _kind_of_record(one))}
    if not found:
        return
    lines.say(
        1, f"{printable(table.where)} is in no wave yet (see waves). Once it is there as `records`, each of its "
        "columns can be an outcome: take the # away, and delete what is not of interest.",
    )  # fmt: skip
    for name, kind in found.items():
        names.add(own := distinct_name(name, names))
        lines.put_aside(1, own)
        lines.put_aside(2, "kind", kind, "yes-no | count | score: docs/your-own-study.md says which are analysed today")
        lines.put_aside(2, "column", scalar(name))
        lines.put_aside(2, "from", "records")
        lines.put_aside(2, "waves", listing(wave.key for wave in plan.waves), "those whose files name the records")
        lines.put_aside(2, "higher_is", OPEN, "better | worse")
        lines.put_aside(2, "domain", OPEN)
        lines.put_aside(2, "role", OPEN, _ROLE)


def _kind_of_record(column):
    """yes-no, count or score; "" for dates, words, names and empty columns"""
    if not column.filled or column.is_dated or is_personal(column.name):
        return ""
    if is_yes_no(column):
        return "yes-no"
    if not column.is_numeric or column.words:
        return ""
    return "count" if all(number >= 0 and number.is_integer() for number in column.numbers) else "score"


def _say_unmatched(lines, plan):
    for family in plan.unmatched:
        numbers = family.numbers()
        span = f", answers {min(numbers):g} to {max(numbers):g}" if numbers else ""
        where = ", ".join(dict.fromkeys(printable(table.where) for table, _ in family.places))
        different = list(dict.fromkeys(group.shape for group in family.groups))
        shapes, each = ", ".join(map(_say_shape, different)), " each" if len(different) > 1 else ""
        lines.say(
            0, f"{shapes} in {where}: {family.n_items} columns{each}{span}; no codebook of the library fits their "
            "number and answers. If it is a scale, write its codebook: instruments/<id>.yaml beside this file.",
        )  # fmt: skip


def _say_other_columns(lines, plan):
    """Names of columns that nothing was recognised in; those that hold names or addresses are left out."""
    facts = plan.facts
    known = {plan.cohort.column, facts.mentor and facts.mentor[0], *facts.clusters}
    known |= set(plan.consent.why) if plan.consent is not None else set()
    known |= {fact.column for fact in (*facts.covariates.values(), *facts.dose.values())}
    known |= {wave.where[0] for wave in plan.waves if wave.where}
    for ways in plan.ways.values() if plan.waves else ():
        known |= {ways.submitted, *(ways.complete or ())[:1], *ways.checks, *ways.others}
    used = [table for wave in plan.waves for table in wave.tables] + ([plan.roster] if plan.roster else [])
    used = used if plan.waves else plan.tables
    rest = {}
    for table in used:
        unmatched = [group for family in plan.unmatched for where, group in family.places if where is table]
        items = {column.name for group in (*table.groups, *unmatched) for column in group.columns}
        for column in table.columns:
            if column.name not in known | items and column is not table.id_column and not is_personal(column.name):
                rest.setdefault(column.name, _kind_of(column))
    if rest:
        shown = ", ".join(f"{printable(name)} ({kind})" for name, kind in list(rest.items())[:_OTHERS_SHOWN])
        more = f" and {len(rest) - _OTHERS_SHOWN} more" if len(rest) > _OTHERS_SHOWN else ""
        lines.say(0, f"Columns that nothing was recognised in: {shown}{more}.")


def _kind_of(column):
    if not column.filled:
        return "empty"
    if column.is_dated:
        return "dates"
    if column.is_numeric:
        return "numbers"
    return f"{len(column.counts)} different answers" if column.levels else "text"
