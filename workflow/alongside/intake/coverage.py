"""Is everything there that the study file declares? Checked once for all files together.

Fails (complaints to `problems`) where a fact about people is in no file, an outcome is in no file of a wave at which it
is declared, or in several sources of one wave. Returns notes about columns that only some files have.
"""

from alongside.errors import Mistake
from alongside.intake.blocks import columns_of, fact_columns
from alongside.intake.columns import say_which_are_like


def check_declared_columns(blocks, roster, plan, *, problems):
    tables = [*blocks, *([roster] if roster is not None else [])]
    for role, column in fact_columns(plan.participants).items():
        if not any(role in table.roles for table in tables):
            likely = next((like for table in tables if (like := say_which_are_like(table.headers, column))), "")
            problems.add(
                Mistake(
                    f"participants, {role.partition(':')[0]}",
                    f"no file has a column '{column}'{likely}",
                    remedy="mend the name in the study file, or the header of the export or roster",
                )
            )
    for name, outcome in plan.outcomes.items():
        for wave in plan.waves:
            _check_outcome(name, outcome, [block for block in blocks if block.wave == wave], wave, problems)
    return _note_absent(blocks, problems)


def _check_outcome(name, outcome, blocks, wave, problems):
    columns = columns_of(outcome, wave)
    asked = [block for block in blocks if outcome.from_ in (None, block.source)]
    if columns is None or not asked:
        return
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
    if not sources:
        problems.add(
            Mistake(
                f"outcomes.{name}, wave {wave}",
                f"no column fits {columns if isinstance(columns, str) else ', '.join(columns)} in "
                f"{', '.join(block.where for block in asked)}",
                remedy="mend the columns in the study file; if it was not asked then, list its waves",
            )
        )


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
