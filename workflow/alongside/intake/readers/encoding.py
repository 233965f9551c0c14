"""From bytes to UTF-8, by rule and never by guess.

What the study file declares decides. Otherwise a byte order mark does; otherwise the bytes must be UTF-8; otherwise
they are read as Windows-1252, with a note. (A detector turned "naïve £5" into "naďve Ł5" without a word.) A file that
mixes UTF-8 with another encoding is refused: no reading of it is right. So is one that is not what was declared.
"""

import codecs
import re

from alongside.errors import Mistake, UserError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is the beginning of this one
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHUNK = 1 << 24
_TWO_OR_MORE_BYTES = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


def as_utf8(data, file, declared=None):
    """(the same text in UTF-8 without a byte order mark, notes). declared: the encoding that the study file names"""
    marked = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)
    if declared is not None:
        return _decode_as_declared(data, file, declared, marked), ()
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            body = data[len(mark) :]
            if encoding == "utf-8":
                if not _is_utf8(body):
                    raise UserError(_mixed(file))
                return body, ()
            try:
                return body.decode(encoding).encode("utf-8"), ()
            except UnicodeDecodeError:
                raise UserError(Mistake(file, f"cut off or damaged: no valid {encoding}", remedy=_AGAIN)) from None
    if b"\x00" in data:
        raise UserError(
            Mistake(file, "holds bytes that no text has", remedy="export it as CSV with encoding UTF-8, or as .xlsx")
        )
    if _is_utf8(data):
        return data, ()
    if _TWO_OR_MORE_BYTES.search(data):
        raise UserError(_mixed(file))
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        raise UserError(
            Mistake(file, "is neither UTF-8 nor Windows-1252", remedy="export it as CSV with encoding UTF-8")
        ) from None
    return text.encode("utf-8"), (f"{file} is not UTF-8 and was read as Windows-1252: look at its accented letters",)


def _decode_as_declared(data, file, declared, marked):
    try:
        if marked is not None and not marked.startswith(declared):  # a mark says what the file is: utf-8 or utf-16-le
            raise UnicodeError
        text = data.decode(CODECS[declared]).removeprefix("\ufeff")
    except UnicodeError:
        raise UserError(
            Mistake(file, f"is not {declared}, as source.encoding says", remedy="mend source.encoding, or leave it out")
        ) from None
    if "\x00" in text:
        raise UserError(
            Mistake(file, f"holds bytes that no text has when it is read as {declared}", remedy="mend source.encoding")
        )
    return text.encode("utf-8")


CODECS = {
    "utf-8": "utf-8", "utf-16": "utf-16", "windows-1250": "cp1250", "windows-1251": "cp1251", "windows-1252": "cp1252",
    "windows-1253": "cp1253", "windows-1254": "cp1254", "windows-1257": "cp1257", "iso-8859-1": "iso8859-1",
    "iso-8859-2": "iso8859-2", "iso-8859-15": "iso8859-15", "mac-roman": "mac-roman", "shift-jis": "cp932",
    "gb18030": "gb18030", "big5": "big5", "euc-kr": "cp949",
}  # fmt: skip
"""The encodings that a study file can name, and what Python calls them."""

_AGAIN = "export it again, with encoding UTF-8"


def _mixed(file):
    return Mistake(file, "mixes UTF-8 with another encoding", remedy=_AGAIN)


def _is_utf8(data):
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    try:
        for start in range(0, len(data), _CHUNK):
            decoder.decode(data[start : start + _CHUNK])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
