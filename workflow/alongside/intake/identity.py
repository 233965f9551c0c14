"""Who is who: cleaned identifiers, keyed pseudonyms, the order of people, and codes that look like slips.

Identifiers are compared exactly, after the cleaning that the study file declares and nothing else. Near-misses (one
letter more, less or different, two letters exchanged, O for 0, l for 1) are only ever suggestions for a human.
"""

import hashlib
import hmac
import re
import unicodedata

import numpy as np
import pandas as pd

_CLEANING = {
    "trim": str.strip,
    "uppercase": str.upper,
    "lowercase": str.lower,
    "remove-spaces": lambda text: re.sub(r"\s+", "", text),
    "remove-punctuation": lambda text: re.sub(r"[^\w\s]|_", "", text),
    "strip-leading-zeros": lambda text: re.sub(r"(?<!\d)0+(?=\d)", "", text),
    "digits": lambda text: re.sub(r"\D", "", text),
}
_PARTS = "\x1f"  # between the parts of an identifier of several columns; no keyboard has it
SHOWN_BETWEEN = " / "
LONGEST = 100
_DIGITS = re.compile(r"([0-9]+)")
_ALIKE = str.maketrans("oilqb", "01108")  # letters that are taken for digits


def clean(text, cleaning):
    """One identifier after the declared cleaning; "" where nothing is left of it."""
    text = unicodedata.normalize("NFC", text)
    for step in cleaning:
        text = _CLEANING[step](text)
    return "" if text.isspace() else text


def clean_columns(parts, cleaning):
    """One text a row: the cleaned identifier, "" where it or one of its parts is blank. parts: Cells, one a column."""
    cleaned = [part.replace(lambda text: clean(text, cleaning)) for part in parts]
    if len(cleaned) == 1:
        return cleaned[0].text()
    texts = [part.text() for part in cleaned]
    return np.array([_PARTS.join(row) if all(row) else "" for row in zip(*texts, strict=True)] or [], dtype=object)


def clean_written(text, cleaning):
    """An identifier as `shown` writes it and a person types it, cleaned; "" where one of its parts is blank."""
    parts = [clean(part, cleaning) for part in text.split(SHOWN_BETWEEN)]
    return _PARTS.join(parts) if all(parts) else ""


def pseudonym(identifier, key, *, prefix="p"):
    """prefix + 16 hexadecimal digits of HMAC-SHA256; without the key nobody can go back or try codes out."""
    return prefix + hmac.digest(key, identifier.encode("utf-8"), hashlib.sha256).hex()[:16]


def natural_key(identifier):
    """P9 before P10; equal numbers (P9, P09) by their text."""
    parts = _DIGITS.split(identifier)
    # by length, then digit by digit: the same order as the numbers', and no limit on how long they are
    parts[1::2] = [(len(digits.lstrip("0")), digits.lstrip("0")) for digits in parts[1::2]]
    return parts, identifier


def sort_naturally(identifiers):
    """Different identifiers in the order of `natural_key`."""
    texts = pd.Series(identifiers, dtype="str")
    parts = texts.str.extract(r"^([^0-9]*)([0-9]{1,18})$")
    if len(texts) and parts.notna().all(axis=None):  # letters, then a number, as nearly all are: no call a person
        numbers = parts[1].astype("int64").to_numpy()
        return texts.to_numpy(dtype=object)[np.lexsort((texts, numbers, parts[0]))].tolist()
    return sorted(identifiers, key=natural_key)


def find_near_misses(strangers, candidates, *, most=3):
    """[(stranger, [candidates that differ by one slip, at most `most`])]; strangers with more than that are left out.

    Cost is linear in both: everybody is filed under what is left when one letter is dropped. Identifiers longer than a
    line are sentences in the wrong column, and are left out.
    """
    files = {}
    strangers, candidates = ([one for one in some if len(one) <= LONGEST] for some in (strangers, candidates))
    for candidate in candidates:
        for form in _forms(candidate):
            files.setdefault(form, []).append(candidate)
    found = []
    for stranger in strangers:
        fitting = {
            c for form in _forms(stranger) for c in files.get(form, ()) if c != stranger and _one_slip(c, stranger)
        }
        if 0 < len(fitting) <= most:
            found.append((stranger, sorted(fitting, key=natural_key)))
    return found


def _look(text):
    return text.casefold().translate(_ALIKE)


def _forms(text):
    yield text
    yield "\x00" + _look(text)
    for place in range(len(text)):
        yield text[:place] + text[place + 1 :]


def _one_slip(one, other):
    if _look(one) == _look(other):
        return True
    if abs(len(one) - len(other)) > 1:
        return False
    if len(one) == len(other):
        places = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
        swapped = len(places) == 2 and places[1] == places[0] + 1 and one[places[0]] == other[places[1]]
        return len(places) == 1 or (swapped and one[places[1]] == other[places[0]])
    shorter, longer = sorted((one, other), key=len)
    return any(longer[:place] + longer[place + 1 :] == shorter for place in range(len(longer)))


def shown(identifier):
    """An identifier of several columns as a person can read it."""
    return identifier.replace(_PARTS, SHOWN_BETWEEN)
