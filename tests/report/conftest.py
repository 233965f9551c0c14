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
def addresses(results, tmp_path_factory):
    """{audience: its page as a file on disk, alone in its folder}"""
    from alongside.figures.draw import draw_figures, render_figures
    from alongside.report.write import write_report

    made = {}
    pages = write_report(results, render_figures(draw_figures(results)), audience=["funder", "technical"])
    for audience, text in pages.items():
        path = tmp_path_factory.mktemp(audience) / f"{audience}.html"
        path.write_text(text, encoding="utf-8")
        made[audience] = path.as_uri()
    return made


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser, addresses):
    """open_page(width, audience) -> the page at that width; its requests and the browser's complaints are kept."""
    contexts = []

    def _open(width, audience="funder", *, scripts=True):
        context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=scripts)
        contexts.append(context)
        page = context.new_page()
        page.requests, page.complaints = [], []
        page.on("request", lambda request: page.requests.append(request.url))
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(addresses[audience])
        return page

    yield _open
    for context in contexts:
        context.close()
