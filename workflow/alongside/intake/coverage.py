"""Is everything there that the study file declares? Checked once for all files together.

Fails (complaints to `problems`) where a fact about people is in no file, an outcome is in no file of a wave at which it
is declared, or in several sources of one wave. Returns notes about columns that only some files have.
"""

from alongside.errors import Mistake
from alongside.instruments import find_measure
from alongside.intake.blocks import columns_of, fact_columns
from alongside.intake.columns import ITEM, say_which_are_like
from alongside.intake.likely_columns import suggest_pattern
from alongside.study.place import name_place


def check_declared_columns(blocks, roster, plan, *, instruments, folder, problems):
    """instruments: {id: codebook}; folder: the study's, for the line of the study file"""
    tables = [*blocks, *([roster] if roster is not None else [])]
    for role, column in fact_columns(plan.participants).items():
        _require_somewhere(role, column, tables, problems)
    if plan.participants.consent is not None:
        named = plan.participants.consent.column
        for wave, column in named.items():
            asked = [table for table in tables if (table.wave if table.wave in named else "otherwise") == wave]
            if asked:  # a wave that was not collected yet asks nobody
                _require_somewhere("consent", column, asked, problems)
    for name, outcome in plan.outcomes.items():
        absent = {}
        for wave in plan.waves:
            asked = [block for block in blocks if block.wave == wave and outcome.from_ in (None, block.source)]
            columns = columns_of(outcome, wave)
            if columns is not None and asked and _is_absent(name, asked, wave, problems):
                absent.setdefault(columns, []).extend(asked)
        for columns, asked in absent.items():
            _say_absent(name, outcome, columns, asked, plan, instruments, folder, problems)
    return _note_absent(blocks, problems)


def _require_somewhere(role, column, tables, problems):
    if any(role in table.roles for table in tables):
        return
    likely = next((like for table in tables if (like := say_which_are_like(table.headers, column))), "")
    problems.add(
        Mistake(
            f"participants, {role.partition(':')[0]}",
            f"no file has a column '{column}'{likely}",
            remedy="mend the name in the study file, or the header of the export or roster",
        )
    )


def _is_absent(name, asked, wave, problems):
    """Is the outcome in none of the tables of the wave? asked: those in which it may be"""
    sources = list(dict.fromkeys(block.source for block in asked if name in block.items))
    if len(sources) > 1:
        problems.add(
            Mistake(
                f"outcomes.{name}, wave {wave}",
                f"its columns are in {len(sources)} sources: {', '.join(sources)}",
                allowed="one source a wave",
                remedy=f"say which one counts (from: {sources[0]}), or declare two outcomes",
            )
        )
    return not sources


def _say_absent(name, outcome, columns, asked, plan, instruments, folder, problems):
    """One complaint for all waves and files at which the same columns were looked for."""
    key = "columns" if outcome.columns is not None else "column"
    waves = list(dict.fromkeys(block.wave for block in asked))
    by_wave = isinstance(outcome.columns, dict)
    wave = (waves[0] if waves[0] in outcome.columns else "otherwise",) if by_wave else ()
    remedy = "mend the columns in the study file"
    if len(waves) < len([one for one in plan.waves if columns_of(outcome, one) is not None]):
        remedy += f"; if it was not asked at {', '.join(waves)}, list its waves (waves: [...])"
    problems.add(
        Mistake(
            name_place(folder, "outcomes", name, key, *wave),
            f"no column fits {columns if isinstance(columns, str) else ', '.join(columns)} in "
            f"{', '.join(dict.fromkeys(block.where for block in asked))}",
            remedy=_suggest(outcome, columns, asked, instruments) or remedy,
        )
    )


def _suggest(outcome, columns, asked, instruments):
    if not isinstance(columns, str):
        return ""
    if ITEM not in columns:
        like = next((found[0] for block in asked if (found := block.headers.resembling(columns))), None)
        return f"did you mean '{like}'?" if like else ""
    names = dict.fromkeys(name for block in asked for name in block.headers.names)
    meant = suggest_pattern(names, columns, n_items=find_measure(outcome, instruments).n_scale)
    if meant is None:
        return ""
    pattern, first, last = meant
    return f'the files have {first} to {last}: columns: "{pattern}"'


def _note_absent(blocks, problems):
    """Notes for settings whose column some files lack; an error where all do."""
    notes = []
    for role in ("submitted", "started", "complete"):
        declared = [block for block in blocks if getattr(block.settings, role)]
        without = [block for block in declared if role not in block.roles]
        if declared and len(without) == len(declared):
            setting = getattr(declared[0].settings, role)
            column = setting.column if role == "complete" else setting
            problems.add(Mistake(f"source.{role}", f"no file has a column '{column}'", remedy="mend the study file"))
        elif without:
            files = list(dict.fromkeys(block.where for block in without))
            notes.append(f"source.{role}: not in {', '.join(files)}")
    for column in dict.fromkeys(name for block in blocks for name in block.settings.attention_checks):
        if not any(f"check:{column}" in block.roles for block in blocks):
            problems.add(
                Mistake("source.attention_checks", f"no file has a column '{column}'", remedy="mend the study file")
            )
    return notes
