"""The line between a user's mistake and our bug.

In: an exception. Out: the words for the screen and the log. A mistake is shown in full, for it was written to be
shown; the cells it is about go to `restricted/to-mend/` and `restricted/check.html`. A bug is shown by its type and
by our own frames: file, line and function, never the message or a line of library code, because libraries print cells
of data in theirs. The full trace is kept in `restricted/faults/`, which never leaves the machine.
"""

import traceback
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
CHECK_PAGE = "check.html"


def describe_mistakes(error, *, cells):
    """cells: where `keep_cells` has put the cells that the mistakes are about, or None"""
    count = len(error.mistakes)
    heading = "one thing needs mending" if count == 1 else f"{count} things need mending"
    more = f"\nThe cells themselves, for your eyes only, are in {cells}\n" if cells else ""
    return f"stopped: {heading}\n\n{error}\n{more}"


def keep_cells(error, restricted, rule):
    """Write the restricted ledger that an error about data carries, and its page; where to look, None for nowhere."""
    table = getattr(error, "restricted", None)
    if table is None:
        return None
    path = _place(restricted, "to-mend", f"{rule}.csv")
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(path, index=False, lineterminator="\n")
    if not hasattr(error, "write_page"):
        return path
    page = Path(restricted) / CHECK_PAGE
    page.write_text(error.write_page(Path(restricted).parent.name), encoding="utf-8")
    return page


def describe_bug(error, *, trace):
    """trace: where `keep_trace` has put the whole of it"""
    lines = [
        "stopped by a fault in Alongside, not by your study: "
        + " < ".join(type(link).__name__ for link in _chain(error))
    ]
    lines += [f"    {frame}" for frame in our_frames(error)]
    lines.append(f"    to do:   report these lines. {trace} says more, but may quote a participant: do not send it.")
    return "\n".join(lines)


def our_frames(error):
    frames = []
    for link in _chain(error):
        for frame in traceback.extract_tb(link.__traceback__):
            path = Path(frame.filename).resolve()
            if PACKAGE in path.parents:
                frames.append(f"{path.relative_to(PACKAGE.parent)}, line {frame.lineno}, in {frame.name}")
    return frames


def keep_trace(error, restricted, rule):
    path = _place(restricted, "faults", f"{rule}.txt")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    return path


def clear_failures(restricted, rule):
    """What an earlier run of this stage has kept only misleads when the stage runs again."""
    _place(restricted, "faults", f"{rule}.txt").unlink(missing_ok=True)
    kept = _place(restricted, "to-mend", f"{rule}.csv")
    if kept.exists():
        kept.unlink()
        (Path(restricted) / CHECK_PAGE).unlink(missing_ok=True)  # of the same failure; `write_ledger` makes the next


def _place(restricted, folder, name):
    return Path(restricted) / folder / name


def _chain(error):
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
