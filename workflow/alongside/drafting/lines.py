"""The lines of a YAML file that a person will edit: keys, values, and a comment beside or above each.

Text is written plain where YAML reads it as it stands, in double quotes everywhere else.
"""

import json
import re
import textwrap

OPEN = "TODO"
_BESIDE = 50  # column of the comments
_WIDTH = 118
_PLAIN = re.compile(r"-?\w[\w .+/-]*")


def scalar(text):
    """One value. Everything is read as text, so that 01 and Yes need no quotes."""
    text = str(text)
    if _PLAIN.fullmatch(text) and text == text.strip() and text.isprintable():
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(letter if letter.isprintable() else f"\\U{ord(letter):08x}" for letter in quoted)


def listing(values):
    return f"[{', '.join(scalar(value) for value in values)}]"


def mapping(pairs):
    return "{" + ", ".join(f"{scalar(key)}: {value}" for key, value in pairs.items()) + "}"


def printable(text):
    """For comments: one line, nothing that a terminal obeys, not endless."""
    flat = "".join(letter if letter.isprintable() else " " for letter in " ".join(str(text).split()))
    return flat if len(flat) <= 90 else flat[:87] + "..."


def many(n, one, more=""):
    """1 row, 2 rows, 1,000 rows"""
    return f"{n:,} {one if n == 1 else more or one + 's'}"


class Lines:
    def __init__(self):
        self._lines = []

    def put(self, depth, key, value="", comment=""):
        """`key: value`; the comment beside it where there is room, else above it"""
        text = "  " * depth + f"{scalar(key)}:" + (f" {value}" if value != "" else "")
        beside = f"{text.ljust(_BESIDE - 1)} # {comment}"
        if not comment:
            self._lines.append(text)
        elif len(beside) <= _WIDTH:
            self._lines.append(beside)
        else:
            self.say(depth, comment)
            self._lines.append(text)

    def put_aside(self, depth, key, value="", comment=""):
        """As `put`, commented out: whoever wants it takes the # away."""
        text = "# " + "  " * depth + f"{scalar(key)}:" + (f" {value}" if value != "" else "")
        self._lines.append(f"{text.ljust(_BESIDE - 1)} # {comment}" if comment else text)

    def item(self, depth, value):
        self._lines.append("  " * depth + f"- {value}")

    def say(self, depth, *sentences):
        """Comments on lines of their own."""
        for sentence in sentences:
            start = "  " * depth + "# "
            self._lines += textwrap.wrap(
                sentence, _WIDTH, initial_indent=start, subsequent_indent=start + "  ", break_on_hyphens=False,
                break_long_words=False,
            )  # fmt: skip

    def list(self, heading, sentences):
        """A comment of several points."""
        self._lines.append(f"# {heading}")
        for sentence in sentences:
            self._lines += textwrap.wrap(
                sentence, _WIDTH, initial_indent="#   ", subsequent_indent="#     ", break_on_hyphens=False,
                break_long_words=False,
            )  # fmt: skip

    def gap(self):
        self._lines.append("")

    def text(self):
        return "\n".join(self._lines) + "\n"
