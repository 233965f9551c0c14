"""Does a frame keep the promise of its schema?

`check_table` returns the frame with the declared columns in the declared order, followed by the study's own columns
where the schema leaves room for them. A frame that does not fit is a bug in a stage, never a user's mistake, so it
raises `TableError`.
"""

import numpy as np
import pandas as pd


class TableError(AssertionError):
    """A stage produced a table that its schema does not allow: our bug."""


def check_table(frame, schema, *, extra=()):
    """Return `frame` with the schema's columns in order, or raise `TableError`.

    frame: any DataFrame; its index is dropped
    extra: names of the study's own columns that follow the declared ones, in order (only where the schema allows it)
    """
    if extra and not schema.extra:
        raise TableError(f"{schema.name}: takes no columns of the study's own")
    wanted = [*schema.names, *extra]
    missing = [name for name in wanted if name not in frame.columns]
    surplus = [name for name in frame.columns if name not in wanted]
    if missing or surplus:
        raise TableError(f"{schema.name}: missing columns {missing}, surplus columns {surplus}")
    checked = frame[wanted].reset_index(drop=True)
    for column in schema.columns:
        checked[column.name] = _as_kind(checked[column.name], column, schema.name)
    if schema.key and _repeats(checked[list(schema.key)]):
        raise TableError(f"{schema.name}: rows are not unique in {list(schema.key)}")
    return checked


def empty_table(schema, *, extra=()):
    """A table of no rows that fits its schema."""
    return check_table(pd.DataFrame(columns=[*schema.names, *extra]), schema, extra=extra)


def codes_and_levels(values):
    """(a whole number a row, the names they stand for) of a column of names.

    A Categorical keeps its own order, other columns are numbered in order of appearance; -1 is a missing name.
    """
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values.cat.codes.to_numpy(), values.cat.categories
    return pd.factorize(values)


_DTYPES = {"text": "str", "number": "float64", "count": "Int64", "date": "datetime64[s]", "flag": "bool"}


def _as_kind(values, column, table):
    if not column.nullable and values.isna().any():
        raise TableError(f"{table}.{column.name}: missing values are not allowed")
    if column.kind == "text" and isinstance(values.dtype, pd.CategoricalDtype):
        if not pd.api.types.is_string_dtype(values.cat.categories):
            raise TableError(f"{table}.{column.name}: categories that are not text")
        return values
    if column.kind == "count" and isinstance(values.dtype, np.dtype) and values.dtype.kind in "iu":
        return values
    try:
        return values.astype(_DTYPES[column.kind])
    except (TypeError, ValueError) as error:
        # `from None`: the library's message may hold a participant's value
        raise TableError(f"{table}.{column.name}: not {column.kind} ({type(error).__name__})") from None


def _repeats(key):
    """Does any row of `key` occur twice? One whole number a row decides, so that 40 million rows are affordable."""
    if key.empty:
        return False
    combined, size = np.zeros(len(key), dtype=np.int64), 1
    for _, values in key.items():
        codes, levels = _codes(values)
        size *= levels
        if size > np.iinfo(np.int64).max:
            return bool(key.duplicated().any())
        combined *= levels
        combined += codes
    # stages write their long tables in the order of the key: then one comparison with the neighbour is enough
    return not bool((combined[1:] > combined[:-1]).all()) and bool(pd.Series(combined).duplicated().any())


def _codes(values):
    """Whole numbers from 0 that tell the values apart, missing ones included, and how many there can be."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values.cat.codes.to_numpy().astype(np.int64) + 1, len(values.cat.categories) + 1
    if isinstance(values.dtype, np.dtype) and values.dtype.kind in "iu":
        low = int(values.min())
        return values.to_numpy().astype(np.int64) - low, int(values.max()) - low + 1
    codes, uniques = pd.factorize(values)
    return codes.astype(np.int64) + 1, len(uniques) + 1
