"""The page as a file: it escapes, needs nothing else, and is built in order."""

import itertools
import re
from html.parser import HTMLParser

import pytest

from alongside.report.blocks import Column, Details, Finding, Heading, Items, Note, Paragraph, Picture, Quote, Table
from alongside.report.html import write_html

EVIL = '<script>alert("x")</script>'
SVG = b'<svg viewBox="0 0 72 36" xmlns="http://www.w3.org/2000/svg"></svg>'


class _Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def _parse(page):
    parser = _Tags()
    parser.feed(page)
    return parser.tags


def test_every_text_is_escaped_wherever_it_stands():
    blocks = [
        Heading(1, EVIL, "top"),
        Heading(2, EVIL, "a", EVIL),
        Paragraph((EVIL, Quote(EVIL))),
        Finding(EVIL, EVIL, EVIL, "for", EVIL, (EVIL,)),
        Table(EVIL, (Column(EVIL),), ((EVIL,),), EVIL),
        Picture("p", EVIL, EVIL),
        Note("caution", EVIL, (Items((EVIL,)),)),
        Details(EVIL, (Paragraph(EVIL),)),
    ]
    page = write_html(blocks, figures={"p.svg": SVG, "p-narrow.svg": SVG}, title=EVIL)
    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 15


def test_the_page_loads_nothing(any_page):
    for tag, attributes in _parse(any_page):
        assert tag not in ("script", "link", "iframe", "object", "embed", "video", "audio", "base", "form")
        for name in ("src", "srcset", "href", "data", "poster", "action"):
            if name in attributes:
                assert attributes[name].startswith(("data:image/svg+xml;base64,", "#")), attributes[name][:60]
        assert not [name for name in attributes if name.startswith("on")]
    style = re.search(r"(?s)<style>(.*?)</style>", any_page).group(1)
    assert "url(" not in style
    assert "@import" not in style


def test_the_page_says_its_language_and_fits_a_phone(any_page):
    tags = _parse(any_page)
    assert dict(tags)["html"]["lang"] == "en"
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in [a for t, a in tags if t == "meta"]


def test_headings_never_skip_a_level(any_page):
    levels = [int(tag[1]) for tag, _ in _parse(any_page) if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels))


def test_every_header_cell_says_what_it_heads(any_page):
    scopes = [attributes.get("scope") for tag, attributes in _parse(any_page) if tag == "th"]
    assert len(scopes) > 20
    assert set(scopes) == {"col", "row", "rowgroup"}


def test_every_picture_has_words_a_size_and_a_narrow_version(page):
    tags = _parse(page)
    images = [attributes for tag, attributes in tags if tag == "img"]
    assert len(images) == 6  # one forest, four trajectories, one flow
    assert all(len(image["alt"]) > 80 and int(image["width"]) == 760 for image in images)
    sources = [attributes for tag, attributes in tags if tag == "source"]
    assert [int(source["width"]) for source in sources] == [350] * 6


def test_anchors_and_identifiers_meet(any_page):
    tags = _parse(any_page)
    names = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(names) == len(set(names))
    links = {attributes["href"][1:] for tag, attributes in tags if tag == "a"}
    labels = {attributes["aria-labelledby"] for _, attributes in tags if "aria-labelledby" in attributes}
    assert links | labels <= set(names)


def test_a_missing_figure_stops_the_page():
    with pytest.raises(KeyError, match="forest"):
        write_html([Picture("forest", "words")], figures={}, title="t")


@pytest.mark.parametrize(
    "block", [object(), Finding("c", "a", "l", "loud", "s")], ids=["unknown block", "unknown tone"]
)
def test_what_the_page_cannot_show_stops_it(block):
    with pytest.raises(TypeError, match="no way to show"):
        write_html([block], figures={}, title="t")


def test_the_same_blocks_give_the_same_page(results, files, page):
    from alongside.report.write import write_page

    assert write_page(results, files, audience="funder") == page
