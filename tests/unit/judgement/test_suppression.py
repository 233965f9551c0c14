"""What an attacker can still compute from the counts that are shown, by trying every possibility."""

import itertools

import pytest

from alongside.judgement.suppression import BESIDE, SMALL, find_hidden, round_count


@pytest.mark.parametrize(
    ("n", "round_to", "expected"),
    [(0, 5, 0), (2, 5, 0), (3, 5, 5), (12, 5, 10), (13, 5, 15), (25, 10, 30), (24, 10, 20), (17, 1, 17)],
)
def test_rounding(n, round_to, expected):
    assert round_count(n, round_to) == expected


def test_small_counts_are_hidden_and_nobody_is_not():
    counts = {"none": 0, "one": 1, "nine": 9, "ten": 10}
    assert find_hidden(counts, [], min_cell=10, round_to=5) == {"one": SMALL, "nine": SMALL}


def test_nothing_is_hidden_where_the_data_are_public():
    counts = {"total": 5, "a": 1, "b": 4}
    assert find_hidden(counts, [("total", ["a", "b"])], min_cell=1, round_to=1) == {}


def test_without_rounding_a_total_gives_the_small_part_away():
    counts = {"total": 60, "answered": 55, "gone": 5}
    hidden = find_hidden(counts, [("total", ["answered", "gone"])], min_cell=10, round_to=1)
    assert hidden == {"gone": SMALL, "answered": BESIDE}


def test_the_smallest_neighbour_is_hidden():
    counts = {"total": 60, "a": 30, "b": 26, "gone": 4}
    hidden = find_hidden(counts, [("total", ["a", "b", "gone"])], min_cell=10, round_to=1)
    assert hidden == {"gone": SMALL, "b": BESIDE}


def test_two_hidden_parts_with_a_tight_sum_are_not_enough():
    # 60 - 42 = 18 = 9 + 9 is the only way for two counts below 10
    counts = {"total": 60, "a": 42, "b": 9, "c": 9}
    hidden = find_hidden(counts, [("total", ["a", "b", "c"])], min_cell=10, round_to=1)
    assert hidden == {"b": SMALL, "c": SMALL, "a": BESIDE}


def values_left(leaves, build, *, round_to):
    """{hidden small count: its possible values}, from everything that would have printed the same table.

    leaves: the parts that add up to all else; build: leaves -> (counts, sums)
    """
    counts, sums = build(leaves)
    hidden = find_hidden(counts, sums, min_cell=10, round_to=round_to)
    printed = {key: round_count(n, round_to) for key, n in counts.items() if key not in hidden}
    left = {key: set() for key, why in hidden.items() if why == SMALL}
    for others in itertools.product(range(1, 50), repeat=len(leaves)):
        other, _ = build(others)
        fits = all(other[key] >= 10 and round_count(other[key], round_to) == n for key, n in printed.items())
        if fits and all(other[key] < 10 for key in left):
            for key, values in left.items():
                values.add(other[key])
    return left


def build_total(parts):
    counts = {"total": sum(parts), **{f"part {at}": n for at, n in enumerate(parts)}}
    return counts, [("total", list(counts)[1:])]


def build_chain(leaves):
    """Enrolled, of whom some are silent; answered, of whom some have no score; shown again elsewhere."""
    silent, unscored, scored = leaves
    answered = scored + unscored
    counts = {"enrolled": answered + silent, "answered": answered, "again": answered, "silent": silent,
              "scored": scored, "unscored": unscored}  # fmt: skip
    sums = [("enrolled", ["answered", "silent"]), ("answered", ["scored", "unscored"]), ("answered", ["again"])]
    return counts, sums


@pytest.mark.parametrize("gone", range(1, 10))
@pytest.mark.parametrize("answered", [31, 37, 43])
def test_rounding_alone_keeps_a_single_part_safe(gone, answered):
    counts, sums = build_total((answered, gone))
    assert find_hidden(counts, sums, min_cell=10, round_to=5) == {"part 1": SMALL}
    assert len(values_left((answered, gone), build_total, round_to=5)["part 1"]) >= 3


def test_rounding_is_not_enough_where_the_next_count_is_only_just_shown():
    # 10 can only be 10, 11 or 12, because fewer would be hidden; a total that prints as 10 leaves 1 or 2
    counts, sums = build_total((10, 1))
    assert find_hidden(counts, sums, min_cell=10, round_to=5) == {"part 1": SMALL, "part 0": BESIDE}


@pytest.mark.parametrize("round_to", [1, 2, 3, 5])
@pytest.mark.parametrize("parts", [(12, 5, 3), (30, 2, 2), (11, 9, 1), (15, 10, 9), (42, 9, 9)])
def test_no_hidden_count_can_be_narrowed_to_fewer_than_three_values(parts, round_to):
    left = values_left(parts, build_total, round_to=round_to)
    assert left
    assert all(len(values) >= 3 for values in left.values())


@pytest.mark.parametrize("round_to", [1, 5])
@pytest.mark.parametrize("leaves", [(5, 15, 30), (5, 3, 41), (30, 2, 11), (1, 12, 12)])
def test_chains_of_totals_are_seen_through(leaves, round_to):
    left = values_left(leaves, build_chain, round_to=round_to)
    assert left
    assert all(len(values) >= 3 for values in left.values())
