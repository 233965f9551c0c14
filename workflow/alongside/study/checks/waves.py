"""Waves: one that can be the baseline, at least one after it, months that rise, no response in two waves at once.

Sources: what is left out for a failed attention check needs attention checks.
"""

from itertools import combinations, pairwise

from alongside.typed_yaml.explain import Problem


def check_waves(draft):
    waves = draft.waves or {}
    written = draft.names("waves")
    if 0 < len(written) < 2:
        remedy = "add the waves that are still to come: their files need not exist yet"
        yield Problem(("waves",), "one wave", "a baseline and at least one later wave", remedy)
    if waves and next(iter(waves)) == written[0] and waves[written[0]].retrospective:
        allowed = "a first wave that was asked at its time: a retrospective one is never the baseline of a verdict"
        yield Problem(("waves", written[0], "retrospective"), "the first wave is retrospective", allowed)
    yield from _months(waves)
    for (one, first), (other, second) in combinations(waves.items(), 2):
        yield from _overlaps(one, first, other, second)


def check_sources(draft):
    study = draft.source
    blocks = {("source",): study} | {
        ("waves", name, "source"): wave.source for name, wave in (draft.waves or {}).items()
    }
    for path, source in blocks.items():
        if source is None or "attention-check" not in source.exclude_flagged:
            continue
        inherits = study is not None and "attention_checks" not in source.model_fields_set
        if not (study if inherits else source).attention_checks:
            found = "attention-check is excluded, but no attention check is declared"
            remedy = "declare it beside: attention_checks: {column: the answer that an attentive person gives}"
            yield Problem((*path, "exclude_flagged"), found, "flags that can be raised", remedy)


def _months(waves):
    timed = [(name, wave) for name, wave in waves.items() if not wave.retrospective]
    for (before, earlier), (name, wave) in pairwise(timed):
        if wave.month <= earlier.month:
            allowed = f"more than the month of '{before}' before it, which is {earlier.month:g}"
            remedy = "list the waves in their order; the first is the baseline"
            yield Problem(("waves", name, "month"), f"found {wave.month:g}", allowed, remedy)


def _overlaps(one, first, other, second):
    """The same file may serve two waves, but the same day of it may not."""
    if not _share_files(first, second) or (first.where and second.where and first.where != second.where):
        return
    if first.between and second.between and _meet(first.between, second.between):
        found = f"these days overlap with those of '{one}', in the same files"
        yield Problem(("waves", other, "between"), found, "each day in one wave")
    if first.months_since and second.months_since:
        spans = [(wave.months_since.from_, wave.months_since.to) for wave in (first, second)]
        if spans[0][0] < spans[1][1] and spans[1][0] < spans[0][1]:
            found = f"these months overlap with those of '{one}', in the same files"
            yield Problem(("waves", other, "months_since"), found, "each month in one wave")


def _share_files(first, second):
    return bool({path for paths in first.files.values() for path in paths}
                & {path for paths in second.files.values() for path in paths})  # fmt: skip


def _meet(one, other):
    return one[0] <= other[1] and other[0] <= one[1]
