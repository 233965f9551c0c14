"""The data dictionary in a real browser: one file, no network, no sideways scrolling on a desk or a phone."""

from pathlib import Path

import pytest

from alongside.cli.codebook import write_codebook

STUDY = Path(__file__).parents[2] / "data" / "bright-path"


@pytest.fixture(scope="module")
def page_address(tmp_path_factory):
    _, page = write_codebook(STUDY, tmp_path_factory.mktemp("dictionary"))
    return page.as_uri()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_dictionary_needs_nothing_else_and_fits(browser, page_address, width):
    page = browser.new_page(viewport={"width": width, "height": 800})
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_address)
    assert asked == [page_address]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    wide = page.evaluate("[...document.querySelectorAll('.scroll')].filter(e => e.scrollWidth > e.clientWidth).length")
    assert wide == 0, "tables that have to be pushed sideways"
    assert page.locator("h1").inner_text().startswith("Data dictionary: Bright Path")
    page.close()
