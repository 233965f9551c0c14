"""Codebook files: those that ship with the project, and a study's own.

In: an id such as gad7 and, for a study's own scales, its instruments folder. Out: an `Instrument`, or the file's path
for Snakemake. Fails (`UserError`) when there is no such codebook, when a study's own has the id of a shipped one (the
two would be confused), and with every mistake of a faulty codebook at once.
"""

import functools
import importlib.resources
from pathlib import Path

from alongside.errors import Mistake, UserError
from alongside.instruments.codebook import Instrument
from alongside.instruments.consistency import check_instrument
from alongside.typed_yaml import did_you_mean, read_document, type_leniently
from alongside.typed_yaml.explain import Problem
from alongside.typed_yaml.nodes import display_name


def library_folder():
    return Path(str(importlib.resources.files("alongside") / "resources" / "instruments"))


def list_instruments(folder=None):
    """The ids of all codebooks, the study's own included, in alphabetical order."""
    found = {path.stem for path in library_folder().glob("*.yaml")}
    if folder is not None:
        found |= {path.stem for path in Path(folder).glob("*.yaml")}
    return tuple(sorted(found))


def instrument_path(id, folder=None):
    """The file of a codebook."""
    shipped = library_folder() / f"{id}.yaml"
    own = None if folder is None else Path(folder) / f"{id}.yaml"
    is_shipped = id in list_instruments()
    if own is not None and id in list_instruments(folder) and own.is_file():
        if is_shipped:
            raise UserError(
                Mistake(
                    display_name(own),
                    f"the id '{id}' is that of a scale in the library",
                    remedy="give the file and its id another name, so that the report can tell them apart",
                )
            )
        return own
    if is_shipped:
        return shipped
    known = list_instruments(folder)
    remedy = did_you_mean(id, known) or "write its codebook: instruments/<id>.yaml in the study's folder"
    raise UserError(Mistake(f"instrument {id}", f"there is no codebook '{id}'", ", ".join(known), remedy))


def load_instrument(id, folder=None):
    """The codebook of a scale; `folder`: the study's own instruments folder."""
    path = instrument_path(id, folder)
    return _read_shipped(path) if path.parent == library_folder() else read_instrument(path)


@functools.cache
def _read_shipped(path):
    """The library does not change while a program runs, and reading YAML takes 30 ms a codebook."""
    return read_instrument(path)


def read_instrument(path):
    """A codebook from its file, with every mistake at once."""
    return read_with_lines(path)[0]


def read_with_lines(path):
    """(a codebook from its file, the document that knows its lines)"""
    document = read_document(path, what="codebook")
    instrument, problems = type_leniently(document.tree, annotation=Instrument)
    if instrument is not None and not problems:
        problems = check_instrument(instrument)
        if instrument.id != Path(path).stem:
            problems.append(Problem(("id",), f"found '{instrument.id}'", f"{Path(path).stem}, the file's name"))
    problems = [*document.problems, *problems]
    if problems:
        raise UserError(*document.mistakes(problems))
    return instrument, document
