"""The `waves:` and `source:` blocks of a draft."""

from collections import Counter

from alongside.drafting.lines import OPEN, listing, many, mapping, printable, scalar

_NAMES_SHOWN = 12


def write_waves(lines, plan, *, path):
    """path: function(table) -> the file as the study file writes it"""
    if not plan.waves:
        lines.say(0, "No wave was recognised: no file has items of a scale, or nothing says when they were asked.")
        lines.put(0, "waves", OPEN, "{before: {label: Before, month: 0, files: raw/...}, after: ...}")
        lines.gap()
        return
    lines.put(0, "waves", comment="in order; the first is the baseline. Names and labels are yours")
    usual = usual_ways(plan)
    for wave in plan.waves:
        lines.put(1, wave.key, comment=wave.why)
        lines.put(2, "label", scalar(wave.label))
        month = OPEN if wave.month is None else f"{wave.month:g}"
        lines.put(2, "month", month, wave.why_month or "months since the baseline; nothing in the files says how many")
        files = dict.fromkeys(path(table) for table in wave.tables)
        _put_files(lines, files)
        if wave.where:
            lines.put(2, "where", mapping({wave.where[0]: listing(wave.where[1])}))
        if wave.between:
            lines.put(2, "between", listing(wave.between), "the days in between: look whether they are right")
        own = _own_ways(wave, plan, usual)
        if own:
            lines.put(2, "source", mapping(own), "here it differs")
    if len(plan.waves) == 1:
        lines.put(1, "later", comment="only one wave was recognised; there must be two")
        lines.put(2, "label", OPEN)
        lines.put(2, "month", OPEN, "months since the baseline")
        lines.put(2, "files", OPEN, "a path or a pattern; the files need not be there yet")
    for table in plan.unplaced:
        _say_unplaced(lines, table, path)
    lines.gap()


def _put_files(lines, files):
    if len(files) == 1:
        lines.put(2, "files", scalar(next(iter(files))))
        return
    lines.put(2, "files")
    for file in files:
        lines.item(3, scalar(file))


def _say_unplaced(lines, table, path):
    names = [column.name for column in table.columns if column is not table.id_column]
    shown = ", ".join(printable(name) for name in names[:_NAMES_SHOWN]) + (", ..." if len(names) > _NAMES_SHOWN else "")
    lines.say(
        1, f"{printable(table.where)} is in no wave: it holds no answers to a scale. If it belongs to one, name the "
        f"sources there, as in files: {{survey: raw/..., records: {scalar(path(table))}}}; its columns: {shown}",
    )  # fmt: skip


def usual_ways(plan):
    """(column of the submission, column of the end) that most waves have"""
    told = [_told(wave, plan) for wave in plan.waves]
    return tuple(_most(one[place] for one in told) for place in (0, 1))


def _told(wave, plan):
    """The columns that the tables of a wave agree about"""
    ways = [plan.ways[table.where] for table in wave.tables]
    submitted = _most(one.submitted for one in ways)
    return submitted, _most(one.complete[0] if one.complete else None for one in ways)


def _most(values):
    counted = Counter(value for value in values if value is not None)
    return counted.most_common(1)[0][0] if counted else None


def _own_ways(wave, plan, usual):
    """What a wave has to say against the usual"""
    submitted, complete = _told(wave, plan)
    own = {}
    if submitted is not None and submitted != usual[0]:
        own["submitted"] = scalar(submitted)
    if complete is not None and complete != usual[1]:
        own["complete"] = _complete(wave.tables, plan, complete)
    sheets = {table.sheet for table in wave.tables}
    if any(_has_other_sheets(table, plan) for table in wave.tables) and len(sheets) == 1:
        own["sheet"] = scalar(sheets.pop())
    return own


def _has_other_sheets(table, plan):
    return sum(other.file == table.file for other in plan.tables) > 1


def _complete(tables, plan, column):
    ways = [plan.ways[table.where].complete for table in tables]
    values = sorted({value for one in ways if one and one[0] == column for value in one[1]})
    return mapping({"column": scalar(column), "is": listing(values)})


def write_source(lines, plan, *, dictionary):
    """dictionary: the path of REDCap's data dictionary, or None"""
    surveys = [table for wave in plan.waves for table in wave.tables]
    submitted, complete = usual_ways(plan)
    lines.put(0, "source", comment="how the exports look; any key can be repeated under a wave")
    lines.put(1, "format", "auto")
    if dictionary is not None:
        lines.put(1, "dictionary", scalar(dictionary), "REDCap's data dictionary: what the codes mean")
    ways = [plan.ways[table.where] for table in surveys]
    if submitted is not None:
        one = next(way for way in ways if way.submitted == submitted)
        others = [name for name in one.others if name != submitted]
        also = f"; there are also {', '.join(map(printable, others))}" if others else ""
        lines.put(1, "submitted", scalar(submitted), f"when it was answered: {one.why_submitted}{also}")
    if any(way.either for way in ways):
        lines.put(1, "dates", OPEN, "day-first | month-first: in some files no date tells which")
    if complete is not None:
        why = next(way.why_complete for way in ways if way.complete and way.complete[0] == complete)
        lines.put(1, "complete", _complete(surveys, plan, complete), why)
    if plan.missing:
        why = "mean no answer: " + "; ".join(f"{printable(text)} {why}" for text, why in plan.missing.items())
        lines.put(1, "missing", listing(plan.missing), why)
    checks = {name: told for way in ways for name, told in way.checks.items()}
    if checks:
        why = "; ".join(f"{printable(name)}: the answer of {share:.0%}" for name, (_, share) in checks.items())
        lines.put(1, "attention_checks", mapping({name: scalar(told[0]) for name, told in checks.items()}), why)
    lines.put(1, "duplicates", "last-complete", f"first | last | last-complete | reject{_say_twice(plan)}")
    if plan.identity.cleaning:
        why = "; ".join(f"{step}: {why}" for step, why in plan.identity.cleaning.items())
        lines.put(1, "id_cleaning", listing(plan.identity.cleaning), why)
    lines.gap()


def _say_twice(plan):
    """How many people answered one wave more than once, where the waves are files."""
    if any(wave.where or wave.between for wave in plan.waves):
        return ""
    twice = sum(
        sum(n > 1 for n in Counter(one for table in wave.tables for one in table.ids if one).values())
        for wave in plan.waves
        if all(table.id_column is not None for table in wave.tables)
    )
    return f"; {many(twice, 'person has', 'people have')} more than one row at a wave" if twice else ""
