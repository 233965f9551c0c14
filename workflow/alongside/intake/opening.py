"""Every export, opened once: which files there are, which of their sheets is meant, and their declared columns.

In: the study folder and the plan. Out: one `Block` for each table, wave and source in which it is listed, with the
declared columns as `Cells` (nothing else is read, so names, e-mails and free text never get further than the file),
and notes.

Steps: list the files; open each once; choose the sheet; recognise the layout; find the columns; read them; apply
corrections. A wave without files is not collected yet; a baseline without files is an error.
"""

import dataclasses
import difflib
from dataclasses import dataclass

import numpy as np

from alongside.errors import Mistake, UserError
from alongside.intake.blocks import Block, baseline_of, consent_column, fact_columns, id_columns
from alongside.intake.columns import Headers
from alongside.intake.dictionary import read_dictionary
from alongside.intake.places import find_items, find_roles, look_for, require_id
from alongside.intake.readers import Reading, list_files, open_table
from alongside.intake.shapes import recognise
from alongside.intake.text import TextSet
from alongside.tables.notes import Counted


@dataclass(frozen=True)
class Usage:
    """One mention of a file in the study file."""

    file: str
    wave: str
    source: str
    settings: object


def list_usages(folder, plan, *, problems):
    """(usages in the order of the study file, notes)"""
    usages, notes = [], []
    baseline = baseline_of(plan.waves)
    for key, wave in plan.waves.items():
        settings = wave.source or plan.source
        before = len(usages)
        for source, patterns in wave.files.items():
            found = {}
            for pattern in patterns:
                files = problems.attempt(list_files, folder, pattern)
                if files == []:
                    notes.append(f"wave {key}: no file matches {pattern}")
                found |= dict.fromkeys(files or ())
            usages += [Usage(file, key, source, settings) for file in found]
        if len(usages) == before:
            if key == baseline:
                problems.add(
                    Mistake(
                        f"waves.{key}.files",
                        f"no file matches {', '.join(p for patterns in wave.files.values() for p in patterns)}",
                        allowed="at least one file for the first wave",
                        remedy="copy the exports into the study folder, or mend the pattern",
                    )
                )
            notes.append(f"wave {key}: not yet collected")
    return usages, notes


def open_blocks(folder, plan, *, instruments, corrections, problems):
    """(blocks, notes)"""
    usages, notes = list_usages(folder, plan, problems=problems)
    blocks = []
    for mentions in _by_table(usages):
        found = problems.attempt(_open_file, folder, mentions, plan, instruments, corrections, problems)
        if found is not None:
            blocks += found[0]
            notes += found[1]
    order = {usage: place for place, usage in enumerate((u.wave, u.source, u.file) for u in usages)}
    return sorted(blocks, key=lambda block: order[block.wave, block.source, block.file]), notes


def _by_table(usages):
    """The usages that read a file alike: it is opened once for all of them."""
    tables = {}
    for usage in usages:
        read_as = usage.settings.sheet, usage.settings.format, usage.settings.dictionary, _reading(usage.settings)
        tables.setdefault((usage.file, *read_as), []).append(usage)
    return tables.values()


def _reading(settings):
    return Reading(encoding=settings.encoding, delimiter=settings.delimiter, decimal=settings.decimal)


def _open_file(folder, mentions, plan, instruments, corrections, problems):
    settings = mentions[0].settings
    table, layout, notes = _choose_table(folder, mentions[0].file, settings, id_columns(plan, mentions[0].wave))
    if settings.dictionary is not None:
        table, layout = _explain(table, layout, read_dictionary(folder, settings.dictionary))
    blocks = []
    for usage in mentions:
        block = _as_block(table, layout, usage)
        problems.attempt(find_roles, block, plan, problems)
        for name, outcome in plan.outcomes.items():
            items = problems.attempt(find_items, block, name, outcome, instruments)
            if items:
                block.items[name] = items
        blocks.append(block)
    _load(table, blocks, corrections, problems, notes)
    return blocks, notes


def _as_block(table, layout, usage):
    headers = Headers(layout, f"{table.file}, sheet {table.sheet}" if table.sheet else table.file)
    return Block(
        usage.file, table.sheet, usage.wave, usage.source, usage.settings, layout, headers, table.decimal,
        table.value_labels,
    )  # fmt: skip


def _explain(table, layout, dictionary):
    """The table and its layout with what a data dictionary says about its columns."""
    names = {name: place for place, name in enumerate(layout.names)}
    others = {
        other: names[column] for other, column in dictionary.aliases.items() if column in names and other not in names
    }
    return (
        dataclasses.replace(table, value_labels=table.value_labels | dictionary.labels),
        dataclasses.replace(layout, aliases=others | layout.aliases),
    )


def _load(table, blocks, corrections, problems, notes):
    """Reads every column that one of the blocks needs, once."""
    first = blocks[0]
    wanted = {place for block in blocks for place in block.roles.values()}
    wanted |= {place for block in blocks for items in block.items.values() for place in items.values()}
    rows, columns = table.load(sorted(wanted), first.layout.first)
    rows, columns, blank = _drop_blank_rows(rows, columns)
    if blank:
        notes.append(Counted(f"{first.where}: skipped, for nothing stands in any declared column", "rows", blank))
    if corrections is not None:
        columns = corrections.apply(first, rows, columns, problems=problems)
    for block in blocks:
        block.rows, block.columns = rows, _blank_missing_codes(block, columns)


def _blank_missing_codes(block, columns):
    """What the program writes where there is nothing is blank; a code whose label the study file calls missing is
    written as that label, as if the label had been exported."""
    missing, blanks, changed = TextSet(block.settings.missing), block.layout.blanks, dict(columns)
    for place, cells in columns.items():
        if any(text.strip() in blanks for text in cells.texts):
            cells = changed[place] = cells.replace(lambda text: "" if text.strip() in blanks else text)
        marks = {code: label for code, label in block.meanings(place).items() if label in missing}
        if marks:
            changed[place] = cells.replace(lambda text, marks=marks: marks.get(text.strip(), text))
    return changed


def _choose_table(folder, file, settings, wanted):
    """(the RawTable to use, its Layout, notes): of a workbook the declared sheet, or the one with columns `wanted`"""
    tables = open_table(folder, file, _reading(settings))
    notes = [note for table in tables for note in table.notes]
    if settings.sheet is not None:
        table = _declared_sheet(tables, file, settings.sheet)
        layout = recognise(table, settings.format)
    elif len(tables) == 1:
        table, layout = tables[0], recognise(tables[0], settings.format)
    else:
        table, layout = _only_sheet_with(tables, file, wanted)
        notes.append(f"{file}: sheet {table.sheet} was read, and none of its other sheets")
    notes.append(f"{table.where}: read as {layout.format} ({layout.why})")
    return table, layout, notes


def _declared_sheet(tables, file, sheet):
    found = [table for table in tables if table.sheet.strip() == sheet.strip()]
    if found:
        return found[0]
    like = difflib.get_close_matches(sheet, [table.sheet for table in tables if table.sheet], n=3, cutoff=0.6)
    raise UserError(
        Mistake(
            file,
            f"no sheet '{sheet}' with anything in it"
            + (f" (it has {', '.join(map(repr, like))})" if like else "")
            + ("" if tables[0].sheet else ": it is no workbook"),
            remedy="mend source.sheet in the study file, of the wave or of the whole study",
        )
    )


def _only_sheet_with(tables, file, wanted):
    layouts = [recognise(table, "auto") for table in tables]
    fitting = [
        place
        for place, layout in enumerate(layouts)
        if all(Headers(layout, file).find(column) is not None for column in wanted)
    ]
    if len(fitting) != 1:
        raise UserError(
            Mistake(
                file,
                f"{len(fitting) or 'none'} of {len(tables)} sheets have the column {', '.join(wanted)}",
                allowed="exactly one sheet with it",
                remedy="say which one is meant: source.sheet, of the wave or of the whole study",
            )
        )
    return tables[fitting[0]], layouts[fitting[0]]


def _drop_blank_rows(rows, columns):
    """Rows in which every declared column is blank are lines of the file, not responses."""
    filled = np.zeros(len(rows), dtype=bool)
    for cells in columns.values():
        filled |= cells.spread(lambda text: bool(text) and not text.isspace(), bool)
    if filled.all():
        return rows, columns, 0
    return rows[filled], {place: cells.take(filled) for place, cells in columns.items()}, int((~filled).sum())


ROSTER = "roster"


def open_roster(folder, plan, *, corrections, problems):
    """(the roster as a Block of no wave, notes)"""
    name = plan.participants.roster
    starts = {wave.months_since.column for wave in plan.waves.values() if wave.months_since}
    columns = plan.participants.id.get("otherwise") or id_columns(plan, baseline_of(plan.waves))
    table, layout, notes = _choose_table(folder, name, _of_small_files(plan.source), columns)
    block = _as_block(table, layout, Usage(name, ROSTER, ROSTER, plan.source))
    require_id(block, columns, problems)
    facts = fact_columns(plan.participants) | {"consent": consent_column(plan.participants, None)}
    look_for(block, facts | {f"start:{column}": column for column in starts}, problems)
    _load(table, [block], corrections, problems, notes)
    return block, notes


def _of_small_files(settings):
    """What is declared about exports says nothing about how a roster was saved, only how people write dates."""
    as_found = dict.fromkeys(("sheet", "encoding", "delimiter", "decimal", "dictionary"))
    return settings.model_copy(update={"format": "auto"} | as_found)
