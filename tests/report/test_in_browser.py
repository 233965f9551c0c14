"""Both pages in Chromium: accessible, complete without network and scripts, readable on a phone and on paper."""

import pytest

pytestmark = pytest.mark.browser

PHONE, SMALL, DESK = 390, 320, 1280
both = pytest.mark.parametrize("audience", ["funder", "technical"])
OPEN_ALL = "document.querySelectorAll('details').forEach(details => details.open = true)"


@both
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_no_accessibility_rule_is_broken(open_page, width, audience):
    from axe_playwright_python.sync_playwright import Axe

    page = open_page(width, audience)
    page.evaluate(OPEN_ALL)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert len(found.response["passes"]) > 20


@both
def test_the_page_asks_for_nothing_but_itself(open_page, addresses, audience):
    page = open_page(DESK, audience)
    assert [url for url in page.requests if not url.startswith("data:")] == [addresses[audience]]
    assert page.complaints == []


@both
@pytest.mark.parametrize("width", [SMALL, PHONE, 768, DESK])
def test_nothing_makes_the_page_scroll_sideways(open_page, width, audience):
    page = open_page(width, audience)
    page.evaluate(OPEN_ALL)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("width", "drawn"), [(PHONE, 350), (DESK, 760)])
def test_each_width_gets_the_figure_drawn_for_it(open_page, width, drawn):
    page = open_page(width)
    images = page.evaluate("""
        Promise.all([...document.images].map(async image => {
            await image.decode();
            return [image.currentSrc, image.getBoundingClientRect().width, image.naturalWidth];
        }))
    """)
    assert len(images) == 6
    for source, shown, natural in images:
        assert source.startswith("data:image/svg+xml;base64,")
        assert natural > 0
        assert 0.9 * drawn <= shown <= 1.03 * drawn  # text in a figure is shown at the size it was drawn for


def test_words_are_large_enough(open_page):
    page = open_page(PHONE)
    sizes = page.evaluate("""
        Object.fromEntries(['main > p', '.finding .sentence', '.finding .claim', '.note li', 'td', '.small', 'nav a']
            .map(name => [name, parseFloat(getComputedStyle(document.querySelector(name)).fontSize)]))
    """)
    assert sizes.pop("td") >= 14
    assert sizes.pop(".small") >= 14
    assert sizes.pop("nav a") >= 14
    assert min(sizes.values()) >= 16


def test_the_page_is_whole_without_scripts(open_page):
    page = open_page(DESK, scripts=False)
    assert page.locator("h1").inner_text() == "Fabricated peer mentoring, 2025-26"
    assert page.locator(".finding").count() == 4
    page.locator("summary").first.click()
    assert page.locator("details").first.get_attribute("open") is not None


@both
def test_paper_shows_what_is_folded_away_and_no_links(open_page, audience):
    page = open_page(DESK, audience)
    hidden = page.locator("details table").first
    assert not hidden.is_visible()
    page.emulate_media(media="print")
    assert hidden.is_visible()
    assert not page.locator("nav").is_visible()


def test_no_table_of_the_technical_page_is_wider_than_paper(open_page):
    """A4 less its margins is 176 mm; what is wider is cut off."""
    page = open_page(665, "technical")
    page.emulate_media(media="print")
    page.evaluate(OPEN_ALL)
    widths = page.evaluate("[...document.querySelectorAll('table')].map(table => table.getBoundingClientRect().width)")
    assert len(widths) > 20
    assert max(widths) <= 666


def test_a_keyboard_reaches_the_answer_first(open_page):
    page = open_page(DESK)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the answer"
    page.keyboard.press("Enter")
    assert page.url.endswith("#answer")
