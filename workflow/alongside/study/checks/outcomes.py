"""Outcomes: instruments that exist, item orders, recorded numbers and labels that fit the codebook, known waves."""

from dataclasses import replace

from alongside.errors import UserError
from alongside.instruments import list_instruments, load_instrument, take_measure
from alongside.instruments.declared import declared_problems
from alongside.instruments.measure import no_total
from alongside.study.checks.common import unknown_among, wave_keys
from alongside.typed_yaml.explain import Problem, did_you_mean, quote


def check_outcomes(draft):
    waves = draft.names("waves")
    for name, outcome in (draft.outcomes or {}).items():
        path = ("outcomes", name)
        yield from unknown_among((*path, "waves"), outcome.waves, waves, what="a wave")
        if isinstance(outcome.columns, dict):
            yield from wave_keys((*path, "columns"), outcome.columns, waves, needed=outcome.waves)
        yield from _source(draft, path, outcome)
        if outcome.instrument is not None:
            yield from _instrument(draft.folder / "instruments", path, outcome)


def _source(draft, path, outcome):
    if outcome.from_ is None or not draft.names("waves"):
        return
    asked = outcome.asked_at(draft.names("waves"))
    named = dict.fromkeys(source for wave in asked for source in draft.sources(wave))
    if outcome.from_ not in named:
        found = f"{quote(outcome.from_)} is not a source of its waves"
        remedy = did_you_mean(outcome.from_, named) or "name the source under the wave: files: {records: raw/...}"
        yield Problem((*path, "from"), found, ", ".join(named), remedy)


def _instrument(folder, path, outcome):
    known = list_instruments(folder)
    if outcome.instrument not in known:
        remedy = did_you_mean(outcome.instrument, known) or "write its codebook: instruments/<id>.yaml beside this file"
        found = f"there is no instrument {quote(outcome.instrument)}"
        yield Problem((*path, "instrument"), found, ", ".join(known), remedy)
        return
    try:
        instrument = load_instrument(outcome.instrument, folder)
    except UserError as error:
        first = error.mistakes[0]
        count = len(error.mistakes)
        found = f"its codebook has {count} mistake{'s' if count > 1 else ''}; {first.where}: {first.found}"
        yield Problem((*path, "instrument"), found, first.allowed, first.remedy)
        return
    for check in (_order, _recorded, _labels):
        yield from check(path, outcome, instrument)
    faults = list(_subscale(path, outcome, instrument))
    yield from faults
    if faults:
        return
    order = outcome.order if outcome.order in instrument.orders else None
    published = take_measure(instrument, order=order, subscale=outcome.subscale)
    faults = list(_scoring(path, outcome, instrument, published))
    yield from faults
    measure = (
        published
        if faults or outcome.scoring is None
        else take_measure(instrument, order=order, subscale=outcome.subscale, declared=outcome.scoring)
    )
    for check in (_columns, _direction, _points):
        yield from check(path, outcome, measure)


def _subscale(path, outcome, instrument):
    """The scale has this subscale; one that has no total needs a subscale."""
    known = tuple(instrument.subscales)
    if outcome.subscale is None and instrument.scoring.method == "subscales-only":
        refused = no_total(instrument)
        yield Problem((*path, "instrument"), refused.found, refused.allowed, refused.remedy)
    elif outcome.subscale is not None and outcome.subscale not in known:
        allowed = " | ".join(known) or f"no subscale: {instrument.id} has none"
        found = f"{quote(outcome.subscale)} is not a subscale of {instrument.id}"
        yield Problem((*path, "subscale"), found, allowed, did_you_mean(outcome.subscale, known))


def _scoring(path, outcome, instrument, published):
    if outcome.scoring is not None:
        for problem in declared_problems(outcome.scoring, instrument=instrument, items=published.items):
            yield replace(problem, path=(*path, "scoring", *problem.path))


def _order(path, outcome, instrument):
    orders = tuple(instrument.orders)
    if outcome.order is None and len(orders) > 1:
        allowed = " | ".join(orders) + f": circulating versions of {instrument.id} order their items differently"
        remedy = f"compare the questionnaire with: .venv/bin/alongside instruments show {instrument.id}"
        yield Problem((*path, "order"), "missing", allowed, remedy, absent=True)
    elif outcome.order is not None and outcome.order not in orders:
        found = f"found {quote(outcome.order)}"
        yield Problem((*path, "order"), found, " | ".join(orders), did_you_mean(outcome.order, orders))


def _recorded(path, outcome, instrument):
    limits = instrument.response
    if outcome.recorded is not None and outcome.recorded[1] - outcome.recorded[0] != limits.max - limits.min:
        steps = int(limits.max - limits.min)
        low, high = outcome.recorded
        found = f"{low:g} to {high:g} are {high - low + 1:g} answers"
        allowed = f"{steps + 1} answers in a row, as in the codebook ({limits.min:g} to {limits.max:g})"
        yield Problem((*path, "recorded"), found, allowed)


def _labels(path, outcome, instrument):
    low, high = instrument.response.min, instrument.response.max
    for label, value in outcome.labels.items():
        if not low <= value <= high or value != int(value):
            allowed = f"a whole number from {low:g} to {high:g}: the codebook's number for this answer"
            yield Problem((*path, "labels", label), f"found {value:g}", allowed)


def _columns(path, outcome, measure):
    lists = outcome.columns.items() if isinstance(outcome.columns, dict) else [(None, outcome.columns)]
    for wave, columns in lists:
        if not isinstance(columns, tuple) or len(columns) in (measure.n_scale, len(measure.items)):
            continue
        allowed = f"{measure.n_scale}, one for each item of {measure.instrument}"
        if len(measure.items) != measure.n_scale:
            allowed += f"; or {len(measure.items)}, for its items {', '.join(map(str, measure.items))}"
        yield Problem((*path, "columns", *([wave] if wave else [])), f"a list of {len(columns)}", allowed)


def _direction(path, outcome, measure):
    if outcome.higher_is not in (None, measure.higher_is):
        allowed = f"{measure.higher_is}, as in the codebook of {measure.instrument}"
        yield Problem((*path, "higher_is"), f"found '{outcome.higher_is}'", allowed, "delete the line, or mend it")


def _points(path, outcome, measure):
    """A worthwhile difference as wide as the whole scale is a slip of the pen."""
    worthwhile = outcome.smallest_worthwhile
    width = measure.range.max - measure.range.min
    if worthwhile is not None and worthwhile.unit == "points" and worthwhile.value >= width:
        found = f"found {worthwhile.value:g} points"
        yield Problem((*path, "smallest_worthwhile"), found, f"less than the scale's width, which is {width:g} points")
