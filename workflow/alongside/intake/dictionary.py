"""REDCap's data dictionary: what the codes of an export mean.

In: the CSV that REDCap calls "Data Dictionary". Out: for each column of an export the labels of its codes, as SPSS
files bring them along, and other names by which a column may be called: the question's words, and for the columns of
a checkbox the field and the box ("hobby / Chess" for hobby___2).

REDCap writes choices as "0, Never | 1, Sometimes"; a checkbox has a column field___code for each choice, its code in
small letters and with _ for every other sign; yesno and truefalse fields have no choices, and mean 1 and 0.

Fails with UserError for a file that is no data dictionary and for choices without a code.
"""

import re
from dataclasses import dataclass

from alongside.errors import Mistake, UserError
from alongside.intake.readers import read_text_table

_COLUMNS = {
    "name": ("Variable / Field Name", "field_name"),
    "type": ("Field Type", "field_type"),
    "label": ("Field Label", "field_label"),
    "choices": ("Choices, Calculations, OR Slider Labels", "Choices OR Calculations", "select_choices_or_calculations"),
}
_CHOOSING = ("radio", "dropdown", "checkbox")
_TWO_WAY = {"yesno": {"1": "Yes", "0": "No"}, "truefalse": {"1": "True", "0": "False"}}
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Dictionary:
    """labels: column -> {code: label}; aliases: other name -> column, those left out that two columns would have"""

    labels: dict[str, dict[str, str]]
    aliases: dict[str, str]


def read_dictionary(folder, name):
    table = read_text_table(folder, name)
    headers = [" ".join(cell.split()) for cell in table.head[0]]
    places = {
        key: next((headers.index(title) for title in titles if title in headers), None)
        for key, titles in _COLUMNS.items()
    }
    absent = [_COLUMNS[key][0] for key, place in places.items() if place is None]
    if absent:
        raise UserError(
            Mistake(
                name,
                f"is no REDCap data dictionary: no column {', '.join(absent)}",
                remedy="download it from REDCap: Project Setup, Data Dictionary",
            )
        )
    lines, cells = table.load(sorted(places.values()), 1)
    texts = {key: cells[place].text() for key, place in places.items()}
    labels, aliases = {}, {}
    for at, line in enumerate(lines):
        field, kind, label, choices = (str(texts[key][at]).strip() for key in _COLUMNS)
        if not field:
            continue
        codes = _TWO_WAY.get(kind) or (_read_choices(choices, f"{name}, row {line}") if kind in _CHOOSING else {})
        columns = _columns_of(field, kind, codes)
        labels |= {column: {"1": "Checked", "0": "Unchecked"} if kind == "checkbox" else codes for column in columns}
        for column, box in columns.items():
            for other in (f"{field} / {box}", f"{_plain(label)} / {box}") if box else (_plain(label),):
                aliases.setdefault(other, []).append(column)
    return Dictionary(
        labels={column: codes for column, codes in labels.items() if codes},
        aliases={other: columns[0] for other, columns in aliases.items() if other and len(columns) == 1},
    )


def _columns_of(field, kind, codes):
    """{column of the export: which box of a checkbox it is, "" otherwise}"""
    if kind != "checkbox":
        return {field: ""}
    return {f"{field}___{re.sub(r'[^a-z0-9]', '_', code.lower())}": label for code, label in codes.items()}


def _read_choices(text, where):
    found = {}
    for choice in re.split(r"\||\\n|\n", text):
        code, comma, label = choice.partition(",")
        if not choice.strip():
            continue
        if not comma or not code.strip():
            raise UserError(
                Mistake(where, "a choice without a code", allowed="0, Never | 1, Sometimes", remedy="mend it in REDCap")
            )
        found[code.strip()] = _plain(label)
    return found


def _plain(text):
    return " ".join(_TAG.sub(" ", text).split())
