"""Which columns of a scale, or of a score, were answered at which wave.

In: a `Family`, the waves. Out: {wave: pattern, or names of columns}, and the columns that are no wave's: nobody can
tell which wave they belong to, or their names say another than their file. They are shown, never used.

Where a wave's file and its columns say the wave in different words (results_w2.csv, gad_1_t2), it is the same wave.
Where all waves stand in one table and the names of the columns tell them apart, a name that says nothing could be any.
"""

from alongside.drafting.occasions import Occasion

FIRST = Occasion(-1, "first", "Before")


def name_the_first(groups):
    """gad_1 beside gad_1_post: the first wave had no name yet, unless another one says that it was before everything"""
    said = {}
    for group in groups:
        if group.occasion is not None:
            said.setdefault((group.stem.casefold(), group.n_items), []).append(group.occasion.order)
    for group in groups:
        if group.occasion is None and min(said.get((group.stem.casefold(), group.n_items), [0])) > 0:
            group.occasion = FIRST


def place_groups(family, waves):
    """({wave: pattern or names of columns}, [(table, group)] of those that are no wave's)"""
    patterns, used = {}, set()
    for wave in waves:
        for table in wave.tables:
            group = _group_at(wave, waves, [group for where, group in family.places if where is table])
            if group is not None and patterns.setdefault(wave.key, group.shape) == group.shape:
                used.add(id(group))
    return patterns, [(table, group) for table, group in family.places if waves and id(group) not in used]


def _group_at(wave, waves, groups):
    """The one of a table's groups that a wave's answers are in, or None"""
    if wave.in_names:
        return next((group for group in groups if group.occasion == wave.occasion), None)
    same = [group for group in groups if _is_same(group.occasion, wave.occasion)]
    if same:
        return same[0]
    others = [one.occasion for one in waves if one is not wave]
    free = [group for group in groups if not any(_is_same(group.occasion, one) for one in others)]
    unsaid = [group for group in free if group.occasion is None]
    return next((some[0] for some in (unsaid, free) if len(some) == 1), None)


def _is_same(one, other):
    """wave2 and t2, baseline and month0 have the same place in the order of things."""
    return one is not None and other is not None and one.order == other.order
