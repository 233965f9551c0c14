"""Fabricated results, their page, and the page's words."""

import sys
from pathlib import Path

import pytest

from alongside.figures.draw import draw_figures, render_figures
from alongside.report.write import write_report

sys.path.insert(0, str(Path(__file__).parents[2] / "report" / "fixtures"))

from fabricate import fabricate_results


@pytest.fixture(scope="session")
def results():
    return fabricate_results()


@pytest.fixture(scope="session")
def files(results):
    return render_figures(draw_figures(results))


@pytest.fixture(scope="session")
def page(results, files):
    return write_report(results, files)
