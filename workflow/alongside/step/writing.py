"""Write a step's outputs: checked, beside their place, renamed all together at the end.

In: values by output name and the paths that the rule declares. Out: files, or nothing at all. A path without a suffix
is a folder, and its value a dict of text or bytes by file name.

1. check: a table is held against its schema, whose name the file carries (`answers.parquet`, `tally-score.parquet`);
2. write every output under a temporary name of this process, in the folder where it belongs;
3. ask whether the Snakemake that started this step is still alive. After a kill -9 of Snakemake its step lives on,
   and a new run may be making the same file: then this one gives up (`Orphaned`);
4. rename.
"""

import json
import os
import shutil
from pathlib import Path

import psutil

from alongside.tables import SCHEMAS
from alongside.tables.check import check_table

PARENT = "ALONGSIDE_SNAKEMAKE_PID"  # set by workflow/rules/common.smk, inherited by every step


class Orphaned(Exception):
    """The Snakemake that started this step is gone; its outputs are not wanted any more."""


def watch_parent():
    """The Snakemake process that this step works for, None where a step runs by itself (in a test)."""
    pid = os.environ.get(PARENT)
    if pid is None:
        return None
    try:
        return psutil.Process(int(pid))
    except psutil.NoSuchProcess:
        raise Orphaned("stopped: the run that started this stage has ended") from None


def place_outputs(made, paths, parent):
    """made: values by output name; paths: a path, or a list of paths whose value is a dict by stem."""
    drafts = {}
    try:
        for path, value in _pair(made, paths):
            draft = _draft(path)
            drafts[draft] = path
            write_file(value, path, draft)
        # psutil compares start times too: a new process with the old number is not the parent
        if parent is not None and not parent.is_running():
            raise Orphaned("stopped: the run that started this stage was ended; nothing was written")
        for draft, path in drafts.items():
            if path.is_dir():  # a file is replaced in one go, a folder cannot be
                shutil.rmtree(path)
            os.replace(draft, path)
    finally:
        for draft in drafts:
            _remove(draft)


def _remove(path):
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _pair(made, paths):
    for name, target in paths.items():
        if isinstance(target, str):
            yield Path(target), made[name]
        else:
            for path in map(Path, target):
                yield path, made[name][path.stem]


def _draft(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    for old in path.parent.glob(f".{path.name}.*.draft"):
        if not psutil.pid_exists(int(old.name.split(".")[-2])):
            _remove(old)  # left by a step that was killed
    return path.with_name(f".{path.name}.{os.getpid()}.draft")


def write_file(value, path, draft):
    """Write `value` to `draft` in the format that `path` asks for."""
    WRITERS[path.suffix](value, path, draft)


def checked(frame, path):
    """The frame as its schema, named by the file, declares it; the study's own columns follow where it has room."""
    schema = SCHEMAS[path.stem.partition("-")[0]]
    extra = [name for name in frame.columns if name not in schema.names] if schema.extra else []
    return check_table(frame, schema, extra=extra)


def _write_parquet(frame, path, draft):
    checked(frame, path).to_parquet(draft, index=False)


def _write_csv(frame, path, draft):
    checked(frame, path).to_csv(draft, index=False, lineterminator="\n")


def _write_json(value, path, draft):
    draft.write_text(json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")


def _write_text(value, path, draft):
    draft.write_text(value, encoding="utf-8")


def _write_bytes(value, path, draft):
    draft.write_bytes(value)


def _write_folder(files, path, draft):
    draft.mkdir()
    for name, content in files.items():
        write = _write_bytes if isinstance(content, bytes) else _write_text
        write(content, path / name, draft / name)


WRITERS = {
    "": _write_folder,
    ".parquet": _write_parquet,
    ".csv": _write_csv,
    ".json": _write_json,
    ".html": _write_text,
    ".md": _write_text,
    ".svg": _write_text,
    ".png": _write_bytes,
    ".xlsx": _write_bytes,
}
