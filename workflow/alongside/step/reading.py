"""Read what a rule hands to its step: one file, or a list of files, by suffix.

In: a path or a list of paths. Out: a frame (.parquet), plain JSON (.json), an instrument (.yaml), text (.html, .svg)
or bytes (.png); a folder gives a dict of bytes by file name, a list a dict by the files' stems. Exports are never
read here: their paths are handed on.
"""

import json
from pathlib import Path


def read_input(name, value):
    if name == "exports":
        return [value] if isinstance(value, str) else list(value)
    if isinstance(value, str):
        return read_file(Path(value))
    return {Path(path).stem: read_file(Path(path)) for path in value}


def read_file(path):
    return READERS[path.suffix](path)


def _read_parquet(path):
    import pandas as pd

    return pd.read_parquet(path)


def _read_instrument(path):
    from alongside.instruments import read_instrument

    return read_instrument(path)


def _read_json(path):
    return json.loads(path.read_text(encoding="utf-8"))


def _read_text(path):
    return path.read_text(encoding="utf-8")


def _read_folder(path):
    return {file.name: file.read_bytes() for file in sorted(path.iterdir()) if file.suffix}


READERS = {
    "": _read_folder,
    ".parquet": _read_parquet,
    ".json": _read_json,
    ".yaml": _read_instrument,
    ".html": _read_text,
    ".svg": _read_text,
    ".png": Path.read_bytes,
}
