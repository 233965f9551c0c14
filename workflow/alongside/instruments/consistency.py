"""Does a codebook agree with itself?

In: an `Instrument`. Out: one `Problem` for each contradiction: an item that does not exist, a label outside the
answers, a range that the scoring cannot give, a table with gaps, an example of the wrong length. The examples' scores
are not computed here: they were worked out by hand to check the scoring.
"""

from alongside.typed_yaml.explain import Problem, did_you_mean, quote


def check_instrument(instrument):
    """The problems of a codebook whose single fields are sound."""
    checks = (_items, _labels, _scoring, _ranges, _cutoffs, _missing, _not_verified, _examples)
    return [problem for check in checks for problem in check(instrument)]


def _problem(found, *, allowed, at, remedy=""):
    return Problem(tuple(at), found, allowed, remedy)


def _items(instrument):
    everywhere = [(("orders", name), items) for name, items in instrument.orders.items()]
    everywhere += [(("subscales", name, "items"), part.items) for name, part in instrument.subscales.items()]
    for name, part in instrument.subscales.items():
        at = ("subscales", name, "items_in")
        everywhere += [((*at, order), items) for order, items in part.items_in.items()]
        others = tuple(instrument.orders)[1:]
        if tuple(part.items_in) != others:
            yield _problem(f"items in the orders {_listed(part.items_in)}", allowed=f"{_listed(others)}", at=at)
    everywhere += [(("safety_items",), (one.item,)) for one in instrument.safety_items]
    for at, items in everywhere:
        strange = [item for item in items if not 1 <= item <= instrument.n_items]
        if strange:
            yield _problem(f"item {strange[0]}", allowed=f"items 1 to {instrument.n_items}", at=at)
    for cutoff in instrument.cutoffs:
        if cutoff.of is not None and cutoff.of not in instrument.subscales:
            known = ", ".join(instrument.subscales)
            yield _problem(f"a cut-off of {quote(cutoff.of)}", allowed=known or "no subscale here", at=("cutoffs",))


def _listed(names):
    return ", ".join(names) or "none"


def _labels(instrument):
    low, high = instrument.response.min, instrument.response.max
    for label, value in instrument.labels.items():
        if not low <= value <= high:
            yield _problem(f"found {value}", allowed=f"{low:g} to {high:g}", at=("labels", label))


NEEDED = {"multiply": "factor", "table": "table", "dichotomise-count": "counts_from", "sum-of-subscales": "subscales"}


def _scoring(instrument):
    everywhere = [((), instrument.scoring, instrument.n_items)]
    everywhere += [
        (("subscales", name), part.scoring, len(part.items))
        for name, part in instrument.subscales.items()
        if part.scoring
    ]
    for at, scoring, n_items in everywhere:
        yield from scoring_problems(scoring, n_items=n_items, response=instrument.response, at=(*at, "scoring"))
    for name in instrument.scoring.subscales:
        if name not in instrument.subscales:
            remedy = did_you_mean(name, instrument.subscales)
            yield _problem(
                f"found {quote(name)}",
                allowed=", ".join(instrument.subscales),
                remedy=remedy,
                at=("scoring", "subscales"),
            )
    if instrument.scoring.method in ("subscales-only", "sum-of-subscales") and not instrument.subscales:
        allowed = f"the subscales, with method {instrument.scoring.method}"
        yield Problem(("subscales",), "missing", allowed, absent=True)


def scoring_problems(scoring, *, n_items, response, at):
    """A method without its number, a number without its method, a table with gaps. at: path of the scoring"""
    needed = NEEDED.get(scoring.method)
    for key in NEEDED.values():
        given = getattr(scoring, key, None) not in (None, {}, ())
        if key == needed and not given:
            yield _problem(f"no '{key}'", allowed=f"'{key}' with method {scoring.method}", at=at)
        elif key != needed and given:
            allowed = f"not with method {scoring.method}" if scoring.method else "only beside its method"
            yield _problem(f"'{key}' here", allowed=allowed, at=(*at, key))
    if scoring.table:
        low, high = int(n_items * response.min), int(n_items * response.max)
        absent = [raw for raw in range(low, high + 1) if raw not in scoring.table]
        surplus = [raw for raw in scoring.table if not low <= raw <= high]
        if absent or surplus:
            yield _problem(
                f"{'no entry for' if absent else 'an entry for'} {(absent or surplus)[0]}",
                allowed=f"one entry for each sum from {low} to {high}",
                at=(*at, "table"),
            )


def _ranges(instrument):
    """The printed range follows from items and scoring; a contradiction means that one of them is wrong."""
    possible = possible_range(instrument, instrument.scoring, instrument.n_items)
    if possible is not None and not _same(possible, instrument.range):
        yield _problem(_printed(instrument.range), allowed=f"{_wanted(possible)} by items and scoring", at=("range",))
    for name, part in instrument.subscales.items():
        scoring = part.scoring or (instrument.scoring if instrument.scoring.method in ELEMENTARY else None)
        possible = possible_range(instrument, scoring, len(part.items))
        if possible is not None and not _same(possible, part.range):
            at = ("subscales", name, "range")
            yield _problem(_printed(part.range), allowed=f"{_wanted(possible)} by items and scoring", at=at)


ELEMENTARY = ("sum", "mean", "dichotomise-count", "multiply")


def possible_range(instrument, scoring, n_items):
    """(smallest, largest) score, or None where only the codebook itself can say."""
    low, high = instrument.response.min, instrument.response.max
    if scoring is None:
        return n_items * low, n_items * high
    if scoring.method == "sum":
        return n_items * low, n_items * high
    if scoring.method == "multiply" and scoring.factor is not None:
        return n_items * low * scoring.factor, n_items * high * scoring.factor
    if scoring.method == "mean":
        return low, high
    if scoring.method == "dichotomise-count":
        return 0, n_items
    if scoring.method == "table" and scoring.table:
        return min(scoring.table.values()), max(scoring.table.values())
    if scoring.method == "sum-of-subscales":
        parts = [instrument.subscales[name].range for name in scoring.subscales if name in instrument.subscales]
        return sum(part.min for part in parts), sum(part.max for part in parts)
    return None


def _same(possible, limits):
    return abs(possible[0] - limits.min) < 1e-9 and abs(possible[1] - limits.max) < 1e-9


def _printed(limits):
    return f"{limits.min:g} to {limits.max:g}"


def _wanted(possible):
    return f"{possible[0]:g} to {possible[1]:g}"


def _cutoffs(instrument):
    """Bands lie inside the range, and a row of bands that begins at its lowest score does not stop half-way: cut-offs
    for doubled sums on sums that are not, and the other way round."""
    for name in dict.fromkeys(one.of for one in instrument.cutoffs):
        if name is not None and name not in instrument.subscales:
            continue  # said elsewhere
        limits = instrument.subscales[name].range if name else instrument.range
        bands = [one for one in instrument.cutoffs if one.of == name]
        ends = [end for one in bands for end in (one.from_, one.to) if end is not None]
        outside = [end for end in ends if not limits.min <= end <= limits.max]
        last = _end_of_row(bands, limits.min)
        if outside:
            yield _problem(
                f"found {outside[0]:g}", allowed=f"{_printed(limits)}, the range of the score", at=("cutoffs",)
            )
        elif last is not None and last < limits.max:
            allowed = f"bands up to {limits.max:g}, the largest score; or cut-offs for this scoring"
            yield _problem(f"bands that end at {last:g}", allowed=allowed, at=("cutoffs",))


def _end_of_row(bands, start):
    """The last score of a row of at least three bands, each beginning where the one before ends; else None."""
    row, at = 0, start
    while True:
        following = [one for one in bands if one.from_ is not None and one.to is not None and 0 <= one.from_ - at <= 1]
        following = [one for one in following if one.to > at]
        if not following:
            return at if row >= 3 else None
        at, row = min(one.to for one in following), row + 1


def _missing(instrument):
    rule = instrument.missing_rule
    if not 0 <= rule.max_missing < instrument.n_items:
        allowed = f"0 to {instrument.n_items - 1}"
        yield _problem(f"found {rule.max_missing}", allowed=allowed, at=("missing_rule", "max_missing"))
    if (rule.how == "none") != (rule.max_missing == 0):
        yield _problem(
            f"'{rule.how}' with {rule.max_missing} missing", allowed="none where nothing may be missing, else how",
            at=("missing_rule", "how"),
        )  # fmt: skip
    if rule.published is False and rule.how != "none":
        yield _problem(
            "a rule that no source states",
            allowed="max_missing: 0 and how: none; or published: true, or common practice, and a note that says whose",
            at=("missing_rule", "how"),
        )
    yield from _counted_per_subscale(instrument)
    if rule.how == "sum-answered" and instrument.scoring.method not in ("sum", "dichotomise-count"):
        allowed = "none | prorate: with this method a missing answer would count as zero"
        yield _problem("found 'sum-answered'", allowed=allowed, at=("missing_rule", "how"))


def _counted_per_subscale(instrument):
    at = ("missing_rule", "per")
    if instrument.missing_rule.per != "subscale":
        return
    if not instrument.subscales:
        yield _problem("found 'subscale'", allowed="scale: there are no subscales", at=at)
    elif instrument.scoring.method in ELEMENTARY:
        inside = {item for part in instrument.subscales.values() for item in part.items}
        outside = [item for item in range(1, instrument.n_items + 1) if item not in inside]
        if outside:
            yield _problem(f"item {outside[0]} is in no subscale", allowed="each item of the total in one", at=at)


def _not_verified(instrument):
    for name in instrument.not_verified:
        fields = type(instrument).model_fields
        if name.split(".")[0] not in fields:
            remedy = did_you_mean(name, fields)
            yield _problem(
                f"found {quote(name)}", allowed="a field of the codebook", remedy=remedy, at=("not_verified", name)
            )


def _examples(instrument):
    low, high = instrument.response.min, instrument.response.max
    for number, example in enumerate(instrument.examples):
        at = ("examples", number)
        if len(example.answers) != instrument.n_items:
            yield _problem(
                f"{len(example.answers)} answers", allowed=f"{instrument.n_items} answers", at=(*at, "answers")
            )
        elif any(answer is not None and not low <= answer <= high for answer in example.answers):
            yield _problem("an answer out of range", allowed=f"{low:g} to {high:g}, or none", at=(*at, "answers"))
        if example.order is None and len(instrument.orders) > 1:
            yield _problem("no order", allowed=" | ".join(instrument.orders), at=at)
        if example.order is not None and example.order not in instrument.orders:
            yield _problem(f"found {quote(example.order)}", allowed=" | ".join(instrument.orders), at=(*at, "order"))
        strange = [name for name in example.subscales if name not in instrument.subscales]
        if strange:
            yield _problem(f"found {quote(strange[0])}", allowed=", ".join(instrument.subscales), at=(*at, "subscales"))
