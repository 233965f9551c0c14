"""The picture of a report for the README.

    python tests/report/take_screenshot.py results/bright-path/report/funder.html docs/images/report.png

In: a report. Out: its first screen and the first figure as they look on a desk, in 256 colours, well below 300 kB.
"""

import io
import sys
from pathlib import Path

from conftest import CHROMIUM, FLAGS
from PIL import Image
from playwright.sync_api import sync_playwright

WIDTH, HEIGHT, GAP = 880, 1180, 24


def take_screenshot(report, target):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.goto(Path(report).resolve().as_uri())
        answer = Image.open(io.BytesIO(page.screenshot()))
        page.locator("#pictures").evaluate("heading => window.scrollTo(0, heading.offsetTop - 20)")
        pictures = Image.open(io.BytesIO(page.screenshot()))
        browser.close()
    both = Image.new("RGB", (2 * WIDTH + GAP, HEIGHT), "#c9cfd6")
    both.paste(answer, (0, 0))
    both.paste(pictures, (WIDTH + GAP, 0))
    Path(target).parent.mkdir(parents=True, exist_ok=True)
    both.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(target, optimize=True)


if __name__ == "__main__":
    take_screenshot(*sys.argv[1:])
