"""Which files a pattern means, and which reader a file needs."""

from pathlib import Path

from alongside.errors import Mistake, UserError
from alongside.intake.readers.delimited import read_delimited
from alongside.intake.readers.raw import AS_FOUND
from alongside.intake.readers.statistical import read_spss, read_stata
from alongside.intake.readers.workbook import read_workbook

DELIMITED, WORKBOOK, SPSS, STATA = "a delimited text file", "a workbook", "an SPSS file", "a Stata file"

_BY_NAME = {
    ".csv": DELIMITED, ".tsv": DELIMITED, ".txt": DELIMITED, ".tab": DELIMITED,
    ".xlsx": WORKBOOK, ".xlsm": WORKBOOK, ".xls": WORKBOOK, ".ods": WORKBOOK,
    ".sav": SPSS, ".zsav": SPSS, ".dta": STATA,
}  # fmt: skip
SUFFIXES = tuple(_BY_NAME)
_BY_FIRST_BYTES = (
    (b"PK\x03\x04", WORKBOOK),
    (b"\xd0\xcf\x11\xe0", WORKBOOK),
    (b"$FL2", SPSS),
    (b"$FL3", SPSS),
    (b"<stata_dta>", STATA),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a compressed file"),
    (b"7z\xbc\xaf", "a compressed file"),
    (b"SQLite format 3", "a database"),
    (b"<!doctype", "a web page"),
    (b"<html", "a web page"),
    (b"<?xml", "an XML file"),
)
_OLD_STATA = range(102, 120)  # first byte of a .dta before Stata 13: its format; the second: its byte order


def list_files(folder, pattern):
    """Names of the files that a pattern of the study file means, relative to the study folder, in order of name."""
    root = Path(folder)
    if Path(pattern).is_absolute() or ".." in Path(pattern).parts:
        raise UserError(
            Mistake(
                where=f"files: {pattern}",
                found="a path outside the study folder",
                allowed="paths inside the folder of the study file",
                remedy="copy the exports into the study's raw/ folder",
            )
        )
    found = [path for path in root.glob(pattern) if path.is_file() and not path.name.startswith((".", "~$"))]
    return sorted(path.relative_to(root).as_posix() for path in found)


def open_table(folder, file, reading=AS_FOUND):
    """The tables of a file as `RawTable`s: one, or one for each sheet that holds anything."""
    path = Path(folder) / file
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UserError(
            Mistake(file, f"cannot be read ({type(error).__name__})", remedy="check the file's name and permissions")
        ) from None
    if not data.strip():
        raise UserError(Mistake(file, "the file is empty", remedy="export it again, or take it out of `files`"))
    kind = _recognise(path, file, data)
    if kind == WORKBOOK:
        return read_workbook(path, file, reading)
    if kind == SPSS:
        return [read_spss(path, file)]
    if kind == STATA:
        return [read_stata(path, file, data)]
    return [read_delimited(data, file, reading)]


def read_text_table(folder, file, reading=AS_FOUND):
    """The one table of a small helper file (roster, corrections, withdrawn), or UserError."""
    if not (Path(folder) / file).is_file():
        raise UserError(Mistake(file, "there is no such file", remedy="create it, or take it out of the study file"))
    tables = open_table(folder, file, reading)
    if len(tables) > 1:
        raise UserError(Mistake(file, f"{len(tables)} sheets hold something", allowed="one", remedy="keep one sheet"))
    return tables[0]


def _recognise(path, file, data):
    named = _BY_NAME.get(path.suffix.lower())
    start = data[:64].lstrip().lower()
    held = next((kind for magic, kind in _BY_FIRST_BYTES if start.startswith(magic.lower())), None)
    if held is None and named == STATA and data[0] in _OLD_STATA and data[1:2] in (b"\x01", b"\x02"):
        held = STATA
    held = held or DELIMITED
    if named is None:
        raise UserError(
            Mistake(
                file,
                f"files named *{path.suffix or path.name} are not read",
                allowed=", ".join(SUFFIXES),
                remedy="save it as .csv or .xlsx",
            )
        )
    if held != named:
        what = "no workbook, SPSS or Stata file" if held == DELIMITED else held
        raise UserError(
            Mistake(
                file,
                f"the name says {named}, the content is {what}",
                remedy="export it again, or give it the name that fits its content",
            )
        )
    return held
