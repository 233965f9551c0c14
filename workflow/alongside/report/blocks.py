"""The content model of a report: a flat list of blocks that HTML, and later Typst and DOCX, each render.

In: sentences. Out: frozen values without any markup. A text is a plain string, or a tuple of strings, `Strong` and
`Quote` pieces. A writer that meets a kind of block it does not know must fail, so that no format loses a paragraph.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Strong:
    """Words that carry weight."""

    text: str


@dataclass(frozen=True)
class Quote:
    """Words that are somebody else's: the programme's claim, the study's question."""

    text: str


Text = str | tuple[str | Strong | Quote, ...]


@dataclass(frozen=True)
class Heading:
    """level 1 once, at the top; then 2, and 3 only below a 2. anchor: where a link points; short: the link's words."""

    level: int
    text: str
    anchor: str
    short: str = ""


@dataclass(frozen=True)
class Paragraph:
    """kind: '' | 'lead' (larger, at the top) | 'small'."""

    text: Text
    kind: str = ""


@dataclass(frozen=True)
class Finding:
    """One claim and what the data say about it, in the words of the wording file.

    claim: '' where the study makes none; about: which outcome at which survey answers it
    tone: for | in-line | open | against | untested | neutral, which decides the sign beside it; never the words
    """

    claim: str
    about: str
    label: str
    tone: str
    sentence: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """align: 'left' for words, 'right' for numbers."""

    label: str
    align: str = "left"


@dataclass(frozen=True)
class Table:
    """The first column names the row. A row is a tuple of texts; a `Group` row spans the table."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple
    note: str = ""


@dataclass(frozen=True)
class Group:
    """A row that names the rows below it."""

    text: str


@dataclass(frozen=True)
class Picture:
    """A figure by its name; alt says what it shows to someone who cannot see it."""

    name: str
    alt: str
    caption: str = ""


@dataclass(frozen=True)
class Note:
    """kind: caution (must be read before the numbers) | information."""

    kind: str
    title: str
    blocks: tuple


@dataclass(frozen=True)
class Items:
    """A list of texts."""

    items: tuple[Text, ...]
    ordered: bool = False


@dataclass(frozen=True)
class Details:
    """Blocks behind a summary line; printed in full on paper."""

    summary: str
    blocks: tuple
