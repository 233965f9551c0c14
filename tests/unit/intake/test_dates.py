import numpy as np
import pytest

from alongside.intake.cells import Cells
from alongside.intake.dates import read_dates


def read(*texts, **options):
    return [None if np.isnat(value) else str(value) for value in read_dates(Cells.of(texts), **options).values]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-10-03", "2025-10-03T00:00:00"),
        ("2025-10-03 14:22:05", "2025-10-03T14:22:05"),
        ("2025-10-03T14:22:05.123+01:00", "2025-10-03T14:22:05"),
        ("2025/10/03 2:22:05 PM GMT+1", "2025-10-03T14:22:05"),
        ("2025-10-03T14:22:05Z", "2025-10-03T14:22:05"),
        ("3.10.2025", "2025-10-03T00:00:00"),
        ("31/10/2025 09:00", "2025-10-31T09:00:00"),
        ("10/31/2025 12:05:00 AM", "2025-10-31T00:05:00"),
    ],
)
def test_dates_that_can_mean_one_thing_only(text, moment):
    assert read(text) == [moment]


def test_one_day_above_twelve_decides_for_the_whole_column():
    assert read("03/04/2026", "25/04/2026") == ["2026-04-03T00:00:00", "2026-04-25T00:00:00"]
    assert read("03/04/2026", "04/25/2026") == ["2026-03-04T00:00:00", "2026-04-25T00:00:00"]


def test_a_column_that_may_be_either_decides_nothing():
    dates = read_dates(Cells.of(["03/04/2026", "05/06/2026", "2026-01-01"]))
    assert dates.ambiguous.tolist() == [True, True, False]
    assert np.isnat(dates.values[:2]).all()
    assert not dates.unreadable.any()


def test_a_column_that_contradicts_itself_decides_nothing():
    assert read_dates(Cells.of(["25/04/2026", "04/25/2026"])).ambiguous.all()


def test_the_program_that_wrote_them_may_decide():
    assert read("03/04/2026", month_first=True) == ["2026-03-04T00:00:00"]


@pytest.mark.parametrize(
    ("declared", "moments"),
    [
        ("day-first", ["2026-04-03T00:00:00", None, "2026-04-25T00:00:00", "2026-01-31T00:00:00"]),
        ("month-first", ["2026-03-04T00:00:00", "2026-04-25T00:00:00", None, "2026-01-31T00:00:00"]),
        ("year-first", [None, None, None, "2026-01-31T00:00:00"]),
    ],
)
def test_a_declared_order_decides_and_what_does_not_fit_it_is_told(declared, moments):
    texts = ["03/04/2026", "04/25/2026", "25/04/2026", "2026-01-31"]
    assert read(*texts, declared=declared) == moments
    dates = read_dates(Cells.of(texts), declared=declared)
    assert dates.unreadable.tolist() == [moment is None for moment in moments]
    assert not dates.ambiguous.any()


@pytest.mark.parametrize("text", ["2026-02-30", "yesterday", "2026-13-01", "2026-01-01 25:00", "0001-01-01", "45321"])
def test_what_is_no_date_is_told(text):
    dates = read_dates(Cells.of(["2026-01-01 10:00:00", text, ""]))
    assert dates.unreadable.tolist() == [False, True, False]
    assert not np.isnat(dates.values[0])
