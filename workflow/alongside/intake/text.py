"""What two texts have in common: tolerant of how something was typed, never of what it means.

`normalise` ignores case, surrounding and doubled spaces, punctuation and the kind of quotation mark; digits, signs and
comparison marks stay, so that "-1", "1" and ">1" are three things. `read_number` takes a number as people write it and
nothing that needs a guess.
"""

import re
import unicodedata

# quotation marks and apostrophes of every kind vanish: don't = dont; then the dashes that may be a minus sign
_SILENT = re.compile("['`\"\u00b4\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb]")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[.,](?=\d)")
_KEPT_MINUS = re.compile("(?:(?<=\\s)|^)[-\u2212\u2013](?=\\d)")
_SPACING = re.compile("[^\\w+<>=%\u2264\u2265\x01\x02]+|_")
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?")
_COMMA_NUMBER = re.compile(r"[+-]?\d*,\d+")
_COMMA_THOUSAND = re.compile(r"[+-]?\d{1,3},\d{3}")


def normalise(text):
    text = unicodedata.normalize("NFKC", text).casefold().strip()
    text = _KEPT_MINUS.sub("\x01", _SILENT.sub("", text))
    text = _BETWEEN_DIGITS.sub("\x02", text)
    return " ".join(_SPACING.sub(" ", text).split()).replace("\x01", "-").replace("\x02", ".")


POINT, COMMA, EITHER, UNCLEAR = "point", "comma", "either", "unclear"  # what separates a number's decimals


def read_number(text, *, decimal=UNCLEAR):
    """The number that `text` is, or None.

    decimal: POINT or COMMA where the study file declares it: then the other mark makes it no number. EITHER: both are
    decimals, as where the cells of a file are not separated by commas. UNCLEAR: both, but 1,234 may be a thousand.
    """
    text = text.strip().replace("\u2212", "-")
    if decimal == COMMA and "." in text:
        return None
    if decimal != POINT and _COMMA_NUMBER.fullmatch(text):
        text = text if decimal == UNCLEAR and _COMMA_THOUSAND.fullmatch(text) else text.replace(",", ".", 1)
    if not _NUMBER.fullmatch(text):
        return None
    number = float(text)
    return number if abs(number) < 1e300 else None


class TextSet:
    """The texts that a study file lists for something: a cell is one of them as typed, or as the same plain number."""

    def __init__(self, texts):
        texts = [str(text) for text in texts]
        self._as_typed = {text.strip().casefold() for text in texts}
        self._normal = {normal for text in texts if (normal := normalise(text))}
        # 01 is a code, not the number 1
        self._numbers = {number for text in texts if (number := _plain_number(text)) is not None}

    def __contains__(self, text):
        stripped = text.strip().casefold()
        if stripped in self._as_typed or normalise(text) in self._normal:
            return True
        number = _plain_number(text) if self._numbers else None
        return number is not None and number in self._numbers


_PLAIN = re.compile(r"[+-]?(?:0|[1-9]\d*)(?:\.\d*)?")


def _plain_number(text):
    text = text.strip()
    return float(text) if _PLAIN.fullmatch(text) else None
