"""Every export, read once: which tables exist, how they are laid out, where in them the declared columns are.

In: the study folder and the plan. Out: one `Block` for each table, wave and source in which it is listed, with the
declared columns as `Cells` (nothing else is read, so names, e-mails and free text never get further than the file),
and notes.

Steps: list the files; open each once; choose the sheet; recognise the layout; find the columns; read them; apply
corrections. A wave without files is not collected yet; a baseline without files is an error.
"""

from dataclasses import dataclass, field

import numpy as np

from alongside.errors import Mistake, UserError
from alongside.instruments import find_measure
from alongside.intake.cells import Cells
from alongside.intake.columns import ITEM, Headers, say_which_are_like
from alongside.intake.readers import list_files, open_table
from alongside.intake.shapes import recognise


@dataclass
class Block:
    """roles: what a column is for -> its place; items: outcome -> {item number: place}; an outcome of one column has
    item 0. rows: row numbers as a spreadsheet shows them; columns: place -> Cells, one a row."""

    file: str
    sheet: str
    wave: str
    source: str
    settings: object
    layout: object
    headers: Headers
    decimal_comma: bool
    value_labels: dict
    roles: dict[str, int] = field(default_factory=dict)
    items: dict[str, dict[int, int]] = field(default_factory=dict)
    rows: np.ndarray = None
    columns: dict[int, Cells] = None

    @property
    def where(self):
        return f"{self.file}, sheet {self.sheet}" if self.sheet else self.file

    def cells(self, role):
        """The Cells of a role, or None where this table does not have it."""
        place = self.roles.get(role)
        return None if place is None else self.columns[place]

    def name(self, place):
        return self.layout.names[place]


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


def baseline_of(waves):
    return next(key for key, wave in waves.items() if not wave.retrospective)


def open_blocks(folder, plan, *, instruments, corrections, problems):
    """(blocks, notes)"""
    usages, notes = list_usages(folder, plan, problems=problems)
    blocks = []
    for file in dict.fromkeys(usage.file for usage in usages):
        mentions = [usage for usage in usages if usage.file == file]
        found = problems.attempt(_open_file, folder, mentions, plan, instruments, corrections, problems)
        if found is not None:
            blocks += found[0]
            notes += found[1]
    order = {usage: place for place, usage in enumerate((u.wave, u.source, u.file) for u in usages)}
    return sorted(blocks, key=lambda block: order[block.wave, block.source, block.file]), notes


def _open_file(folder, mentions, plan, instruments, corrections, problems):
    table, layout, notes = _choose_table(
        folder, mentions[0].file, mentions[0].settings, id_columns(plan, mentions[0].wave)
    )
    headers = Headers(layout, f"{table.file}, sheet {table.sheet}" if table.sheet else table.file)
    blocks = []
    for usage in mentions:
        block = Block(
            usage.file, table.sheet, usage.wave, usage.source, usage.settings, layout, headers,
            table.decimal_comma, table.value_labels,
        )  # fmt: skip
        problems.attempt(_find_roles, block, plan, problems)
        for name, outcome in plan.outcomes.items():
            items = problems.attempt(_find_items, block, name, outcome, instruments)
            if items:
                block.items[name] = items
        blocks.append(block)
    _load(table, blocks, corrections, problems, notes)
    return blocks, notes


def _load(table, blocks, corrections, problems, notes):
    """Reads every column that one of the blocks needs, once."""
    first = blocks[0]
    wanted = {place for block in blocks for place in block.roles.values()}
    wanted |= {place for block in blocks for items in block.items.values() for place in items.values()}
    rows, columns = table.load(sorted(wanted), first.layout.first)
    rows, columns, blank = _drop_blank_rows(rows, columns)
    if blank:
        notes.append(f"{first.where}: {blank} rows with nothing in any declared column were skipped")
    if corrections is not None:
        columns = corrections.apply(table.file, first.headers, rows, columns, problems=problems)
    for block in blocks:
        block.rows, block.columns = rows, columns


def _choose_table(folder, file, settings, wanted):
    """(the RawTable to use, its Layout, notes): of a workbook, the one sheet that has the columns `wanted`"""
    tables = open_table(folder, file)
    layouts = [recognise(table, settings.format if len(tables) == 1 else "auto") for table in tables]
    notes = [note for table in tables for note in table.notes]
    if len(tables) == 1:
        chosen = 0
    else:
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
                    remedy="save the sheet that is meant as a file of its own",
                )
            )
        chosen = fitting[0]
        notes.append(f"{file}: sheet {tables[chosen].sheet} was read, {len(tables) - 1} other sheets were not")
    layout = layouts[chosen]
    notes.append(f"{file}: read as {layout.format} ({layout.why})")
    return tables[chosen], layout, notes


def id_columns(plan, wave):
    columns = plan.participants.id
    return columns.get(wave) or columns["otherwise"]


def _find_roles(block, plan, problems):
    """Places of everything but answers. Only the identifier must be in every table."""
    participants, settings, wave = plan.participants, block.settings, plan.waves[block.wave]
    _require_id(block, id_columns(plan, block.wave), problems)
    for name in wave.where:
        _require(block, f"where:{name}", name, problems, f"waves.{block.wave}.where")
    optional = fact_columns(participants)
    optional |= {f"check:{name}": name for name in settings.attention_checks}
    optional["submitted"] = settings.submitted or block.layout.submitted
    optional["complete"] = settings.complete.column if settings.complete else (block.layout.complete or (None,))[0]
    optional["seconds"] = block.layout.seconds
    optional["preview"] = (block.layout.preview or (None,))[0]
    optional["start"] = wave.months_since and wave.months_since.column
    _look_for(block, optional, problems)


def fact_columns(participants):
    """role -> column of everything that is known about people; they may stand in any table or in the roster"""
    columns = {"cohort": participants.cohort.column}
    columns |= {f"cluster:{name}": name for name in participants.clusters}
    columns |= {f"covariate:{name}": one.column or name for name, one in participants.covariates.items()}
    columns |= {f"dose:{name}": one.column or name for name, one in participants.dose.items()}
    if participants.mentor:
        columns["mentor"] = participants.mentor
    if participants.consent:
        columns["consent"] = participants.consent.column
    return columns


def _look_for(block, columns, problems):
    for role, name in columns.items():
        place = problems.attempt(block.headers.find, name) if name else None
        if place is not None:
            block.roles[role] = place


def _require_id(block, columns, problems):
    for place, name in enumerate(columns):
        _require(block, f"id:{place}", name, problems, "participants.id")


def _require(block, role, name, problems, key):
    place = problems.attempt(block.headers.find, name)
    if place is not None:
        block.roles[role] = place
        return
    problems.add(
        Mistake(
            block.where,
            f"no column '{name}'{say_which_are_like(block.headers, name)}",
            remedy=f"mend {key} in the study file, or the header of the export",
        )
    )


def columns_of(outcome, wave):
    """What the study file says about an outcome's columns at a wave: a pattern, a tuple, a name, or None: not asked."""
    if wave not in outcome.waves:
        return None
    columns = outcome.columns if outcome.columns is not None else outcome.column
    return columns.get(wave, columns.get("otherwise")) if isinstance(columns, dict) else columns


def _find_items(block, name, outcome, instruments):
    """{item: place}, all of them or none; a scale that is there in part is an error."""
    columns = columns_of(outcome, block.wave)
    if columns is None or outcome.from_ not in (None, block.source):
        return {}
    if isinstance(columns, str) and ITEM not in columns:
        place = block.headers.find(columns)
        return {} if place is None else {0: place}
    measure = find_measure(outcome, instruments)
    if isinstance(columns, str):
        places = block.headers.find_items(columns, measure.n_scale)
    else:
        numbers = range(1, measure.n_scale + 1) if len(columns) == measure.n_scale else measure.items
        places = dict(zip(numbers, map(block.headers.find, columns), strict=True))
    found = {item: places[item] for item in measure.items if places.get(item) is not None}
    absent = [item for item in measure.items if item not in found]
    if found and absent:
        raise UserError(
            Mistake(
                block.where,
                f"{len(found)} of the {len(measure.items)} items of {name} are there; missing: "
                f"{', '.join(map(str, absent))}",
                allowed="all items of a scale, or none",
                remedy=f"look at the header, and at outcomes.{name}.columns in the study file",
            )
        )
    return found


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
    name, settings = plan.participants.roster, plan.source
    starts = {wave.months_since.column for wave in plan.waves.values() if wave.months_since}
    columns = plan.participants.id.get("otherwise") or id_columns(plan, baseline_of(plan.waves))
    table, layout, notes = _choose_table(folder, name, settings.model_copy(update={"format": "auto"}), columns)
    where = f"{table.file}, sheet {table.sheet}" if table.sheet else table.file
    block = Block(name, table.sheet, ROSTER, ROSTER, settings, layout, Headers(layout, where), table.decimal_comma, {})
    _require_id(block, columns, problems)
    _look_for(block, fact_columns(plan.participants) | {f"start:{column}": column for column in starts}, problems)
    _load(table, [block], corrections, problems, notes)
    return block, notes
