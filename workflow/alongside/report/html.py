"""One HTML file that needs nothing else: no network, no script, no font, no second file.

In: blocks (report/blocks.py), and the figures as SVG, {file name: bytes}. Out: the text of the page. The template knows
how each kind of block looks and decides nothing; a block without a macro stops it. Figures stand in the page as data
addresses, wide for a page and narrow for a phone.

It fails, as a bug, where a figure that a block names is not among the files.
"""

import base64
import itertools
from importlib import resources

import jinja2
from markupsafe import Markup

from alongside.report.blocks import Heading

NARROW = "(max-width: 40rem)"


def write_html(blocks, *, figures, title, kicker="", wide=False, language="en"):
    """The page. blocks: in order; figures: {"trajectory-isolation.svg": bytes, ...}; kicker: the line above the title

    wide: tables may be as wide as a screen, for pages that are made of tables
    """
    blocks = list(blocks)
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        loader=jinja2.FunctionLoader(_read_template),
    )  # fmt: skip
    environment.filters["kind"] = lambda block: type(block).__name__.lower()
    environment.filters["pieces"] = lambda content: (content,) if isinstance(content, str) else content
    environment.globals["source"] = lambda name: _embed_svg(figures[f"{name}.svg"])
    environment.globals["size"] = lambda name: _find_size(figures[f"{name}.svg"])
    environment.globals["fail"] = _refuse
    numbers = itertools.count(1)
    environment.globals["next_id"] = lambda: f"table-{next(numbers)}"
    links = [block for block in blocks if isinstance(block, Heading) and block.level == 2]
    start = blocks.index(links[0]) if links else len(blocks)
    return environment.get_template("page.html").render(
        opening=blocks[:start], body=blocks[start:], links=links, title=title, language=language, narrow=NARROW,
        kicker=kicker, wide=wide, style=Markup(_read_template("page.css")),
    )  # fmt: skip


def _refuse(what):
    raise TypeError(f"the page has no way to show {what!r}")


def _read_template(name):
    return resources.files("alongside").joinpath("resources", "templates", name).read_text(encoding="utf-8")


def _embed_svg(svg):
    return f"data:image/svg+xml;base64,{base64.b64encode(svg).decode('ascii')}"


def _find_size(svg):
    """(width, height) of an SVG in CSS pixels at the size it was drawn for: 100 px an inch of 72 points."""
    box = svg.split(b'viewBox="', 1)[1].split(b'"', 1)[0].split()
    return round(float(box[2]) * 100 / 72), round(float(box[3]) * 100 / 72)
