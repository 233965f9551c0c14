"""A real browser without a network, on the page of fabricated results."""

import os
import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "fixtures"))

CHROMIUM = os.environ.get("ALONGSIDE_CHROMIUM") or shutil.which("chromium") or "chromium"
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-default-apps", "--disable-extensions",
]  # fmt: skip


@pytest.fixture(scope="session")
def results():
    from fabricate import fabricate_results

    return fabricate_results()


@pytest.fixture(scope="session")
def address(results, tmp_path_factory):
    """The page as a file on disk, alone in its folder."""
    from alongside.figures.draw import draw_figures, render_figures
    from alongside.report.write import write_report

    path = tmp_path_factory.mktemp("page") / "funder.html"
    path.write_text(write_report(results, render_figures(draw_figures(results))), encoding="utf-8")
    return path.as_uri()


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser, address):
    """open_page(width) -> the page at that width; every request and every complaint of the browser is kept."""
    contexts = []

    def _open(width, *, scripts=True):
        context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=scripts)
        contexts.append(context)
        page = context.new_page()
        page.requests, page.complaints = [], []
        page.on("request", lambda request: page.requests.append(request.url))
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(address)
        return page

    yield _open
    for context in contexts:
        context.close()
