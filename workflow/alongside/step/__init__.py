"""What an adapter needs: `step(snakemake, score_answers)` runs one stage of the pipeline.

In: the `snakemake` object of a `script:` and the function that does the work. Every named input and every parameter
of the rule is a keyword of that function, every named output is a part of what it returns:

1. read the inputs by their suffix; `exports` are handed on as paths, for only intake reads them; `code`, `files`
   and `after` are for Snakemake alone (what the function imports, what it finds by itself, what must have passed);
2. turn the slices of the study back into typed objects, read or make the pseudonym key; where the rule may use several
   cores, and has got them, say so in `processes`;
3. seed the generators that a library might draw from by itself, and call the function;
4. check every table against its schema, write each output beside its place and rename it.

The log goes to the rule's file and to the screen. A `UserError` ends with its message alone; the cells that it is
about, which the message may not quote, go to `restricted/to-mend/`. Anything else is our bug: the type of the exception
and our own frames are shown, never the message, which may quote a participant; the full trace goes to
`restricted/faults/`. Warnings are logged by category and place for the same reason.
"""

import random
import sys
import time
from pathlib import Path

from alongside.errors import UserError
from alongside.step.failures import clear_failures, describe_bug, describe_mistakes, keep_cells, keep_trace
from alongside.step.parameters import read_parameter
from alongside.step.reading import read_input
from alongside.step.screen import describe_tables, open_log
from alongside.step.writing import Orphaned, place_outputs, watch_parent

FOR_SNAKEMAKE = ("code", "files", "after")


def step(snakemake, function):
    """Run `function` as the rule declares it; ends the process with code 1 where it fails."""
    started = time.monotonic()
    log = open_log(snakemake.log[0], snakemake.rule)
    restricted = Path(snakemake.log[0]).parent.parent / "restricted"
    clear_failures(restricted, snakemake.rule)
    try:
        parent = watch_parent()
        given = {name: read_input(name, value) for name, value in snakemake.input.items() if name not in FOR_SNAKEMAKE}
        given |= {name: read_parameter(name, value) for name, value in snakemake.params.items()}
        if snakemake.threads > 1:
            given["processes"] = snakemake.threads
        _seed_generators()
        made = name_results(function(**given), list(snakemake.output.keys()))
        place_outputs(made, dict(snakemake.output.items()), parent)
    except UserError as error:
        log.error(describe_mistakes(error, cells=keep_cells(error, restricted, snakemake.rule)))
        sys.exit(1)
    except Orphaned as error:
        log.error(str(error))
        sys.exit(1)
    except Exception as error:
        log.error(describe_bug(error, trace=keep_trace(error, restricted, snakemake.rule)))
        sys.exit(1)
    log.info(f"{describe_tables(given, made)} ({time.monotonic() - started:.1f} s)")


def name_results(result, names):
    """What a function returned, by the names of the rule's outputs.

    One output takes the whole result. Several take the fields of a named tuple or dataclass, the keys of a dict, or
    the parts of a plain tuple in order.
    """
    if len(names) == 1 and not hasattr(result, names[0]) and not (isinstance(result, dict) and names[0] in result):
        return {names[0]: result}
    if isinstance(result, dict):
        return {name: result[name] for name in names}
    if isinstance(result, tuple) and not hasattr(result, "_fields"):
        return dict(zip(names, result, strict=True))
    return {name: getattr(result, name) for name in names}


def _seed_generators():
    # stages that draw take a seed from the study file; this is for a library that draws on its own
    random.seed(0)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(0)
