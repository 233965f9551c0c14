"""Where in a table the declared columns are: the roles of a block and its items.

In: a block with its headers, and the plan. Out: `block.roles` (the identifier, facts about people, dates, marks of the
survey tool) and the places of an outcome's items. Only the identifier and the columns of `where` must be in every
table; what else is absent everywhere, `coverage` notices once for all files.

Fails with UserError for a column that must be there, for two columns that fit, and for a scale that is there in part.
"""

from alongside.errors import Mistake, UserError
from alongside.instruments import find_measure
from alongside.intake.blocks import columns_of, consent_column, fact_columns, id_columns
from alongside.intake.columns import ITEM, say_which_are_like


def find_roles(block, plan, problems):
    """Places of everything but answers. Only the identifier must be in every table."""
    participants, settings, wave = plan.participants, block.settings, plan.waves[block.wave]
    require_id(block, id_columns(plan, block.wave), problems)
    for name in wave.where:
        _require(block, f"where:{name}", name, problems, f"waves.{block.wave}.where")
    optional = fact_columns(participants) | {"consent": consent_column(participants, block.wave)}
    optional |= {f"check:{name}": name for name in settings.attention_checks}
    optional["submitted"] = settings.submitted or block.layout.submitted
    optional["complete"] = settings.complete.column if settings.complete else (block.layout.complete or (None,))[0]
    optional["seconds"] = None if settings.started else block.layout.seconds
    optional["started"] = settings.started or block.layout.started
    optional["ended"] = optional["submitted"] if settings.started else block.layout.ended or optional["submitted"]
    optional["preview"] = (block.layout.preview or (None,))[0]
    optional["start"] = wave.months_since and wave.months_since.column
    look_for(block, optional, problems)


def look_for(block, columns, problems):
    for role, name in columns.items():
        place = problems.attempt(block.headers.find, name) if name else None
        if place is not None:
            block.roles[role] = place


def require_id(block, columns, problems):
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
            allowed="the column that tells who answered; without it waves cannot be linked"
            if role[:3] == "id:"
            else "the columns of `where` in every source of the wave",
            remedy=f"mend {key} in the study file, or the header of the export",
        )
    )


def find_items(block, name, outcome, instruments):
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
        tagged = (block.headers.find(column, is_tag=True) for column in columns)
        places = dict(zip(numbers, tagged, strict=True))
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
