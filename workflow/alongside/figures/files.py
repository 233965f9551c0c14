"""Every figure of a run as the files that it becomes: the stage `draw_figures`.

In: the results (report/results.py), and among how many processes the work is shared. Out: {file name: bytes}, an SVG
and a PNG of every figure in every variant, the same however it is shared.

A share is drawn in a copy of this process (`fork`), which costs no start-up and hands its files back through a pipe.
A copy has none of the other threads: pyarrow and BLAS have some, which wait for work at that moment, hold nothing, and
are not asked to draw. Only Linux can be relied on for that; elsewhere everything is drawn here. A share that fails
there is drawn again here, where the error is told as any other.
"""

import multiprocessing
import sys

from alongside.figures import draw


def draw_figures(results, *, processes=1):
    names = list(draw.list_figures(results))
    count = processes if sys.platform == "linux" else 1
    first, *others = [names[start::count] for start in range(count)]
    helpers = [_start_helper(results, share) for share in others]
    files = _draw_share(results, first)
    for share, (helper, hearing) in zip(others, helpers, strict=True):
        files |= _receive(hearing) or _draw_share(results, share)
        helper.join()
    return files


def _draw_share(results, names):
    return draw.render_figures(draw.draw_figures(results, names))


def _start_helper(results, names):
    """(process, the end of the pipe at which its files arrive)"""
    fork = multiprocessing.get_context("fork")
    hearing, telling = fork.Pipe(duplex=False)
    helper = fork.Process(target=_help, args=(results, names, hearing, telling), daemon=True)
    helper.start()
    telling.close()  # the helper's is the only one left: its end is heard even if it is killed
    return helper, hearing


def _help(results, names, hearing, telling):
    hearing.close()  # else a helper whose caller was killed would wait for ever to be heard
    try:
        telling.send(_draw_share(results, names))
    except Exception:
        telling.close()  # the caller hears that there are no files, and meets the same error itself


def _receive(hearing):
    """{file name: bytes}, None where the helper has ended without, before it spoke (EOFError) or while it did"""
    try:
        return hearing.recv()
    except (EOFError, OSError):
        return None
