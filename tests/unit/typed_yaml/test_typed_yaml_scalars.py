"""Text typed by its key, and typed values that come back through Snakemake."""

import datetime

import pydantic
import pytest

from alongside.typed_yaml import did_you_mean, nearest
from alongside.typed_yaml.scalars import (
    Date,
    FilePath,
    Name,
    Number,
    Prose,
    Text,
    Texts,
    Truth,
    Variable,
    Whole,
    one_of,
)

GOOD = [
    (Number, "1", 1.0), (Number, "-0.5", -0.5), (Number, ".5", 0.5), (Number, "5.", 5.0), (Number, "1e-3", 0.001),
    (Number, "+2", 2.0), (Number, 3, 3.0), (Number, 2.5, 2.5),
    (Whole, "007", 7), (Whole, "-1", -1), (Whole, 12, 12),
    (Truth, "yes", True), (Truth, "No", False), (Truth, "TRUE", True), (Truth, False, False),
    (Date, "2026-02-28", datetime.date(2026, 2, 28)), (Date, datetime.date(2026, 1, 1), datetime.date(2026, 1, 1)),
    (Text, " x ", " x "), (Prose, "two\nlines\n", "two\nlines"),
    (Texts, "x", ("x",)), (Texts, ["x", "y"], ("x", "y")), (Texts, ("x",), ("x",)),
    (Name, "t1-b", "t1-b"), (Name, "2m", "2m"), (Name, "école", "école"), (Variable, "self_esteem", "self_esteem"),
    (FilePath, "raw/wave 1 *.csv", "raw/wave 1 *.csv"), (one_of("a", "b"), "b", "b"),
]  # fmt: skip
BAD = [
    (Number, "1,5"), (Number, "1_000"), (Number, "nan"), (Number, "inf"), (Number, "1e999"), (Number, ""),
    (Number, True), (Number, ["1"]), (Number, None), (Number, float("nan")), (Number, "٣"), (Number, "1 000"),
    (Whole, "1.0"), (Whole, 1.0), (Whole, "1e3"), (Whole, "9" * 30), (Whole, True),
    (Truth, "1"), (Truth, "ja"), (Truth, 1), (Truth, None),
    (Date, "2026-02-30"), (Date, "28/02/2026"), (Date, 2026), (Date, "20260228"),
    (Text, ""), (Text, " \t"), (Text, 1), (Text, ["x"]), (Texts, []), (Texts, {"a": "b"}),
    (Texts, [["x"]]), (Texts, [None]),
    (Name, "a b"), (Name, "a.b"), (Name, "otherwise"), (Name, "a/b"),
    (Variable, "2m"), (Variable, "a-b"), (Variable, "_a"),
    (FilePath, "/tmp/x"), (FilePath, "../x"), (FilePath, "a/../../x"), (FilePath, "C:\\x"), (FilePath, "\\\\host\\x"),
    (one_of("a", "b"), "A"), (one_of("a", "b"), ["a"]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "given", "typed"), GOOD)
def test_typed(kind, given, typed):
    value = pydantic.TypeAdapter(kind).validate_python(given)
    assert value == typed
    assert type(value) is type(typed)


@pytest.mark.parametrize(("kind", "given"), BAD)
def test_refused(kind, given):
    with pytest.raises(pydantic.ValidationError):
        pydantic.TypeAdapter(kind).validate_python(given)


def test_the_nearest_name():
    assert nearest("anxeity", ["isolation", "anxiety"]) == "anxiety"
    assert nearest("ANXIETY", ["isolation", "anxiety"]) == "anxiety"
    assert nearest("zzz", ["isolation", "anxiety"]) is None
    assert did_you_mean("zzz", ["isolation"]) == ""
    assert did_you_mean("isolaton", ["isolation"]) == "did you mean 'isolation'?"
