"""Fabricated results, their page, and the page's words."""

import sys
from pathlib import Path

import pytest

from alongside.report.write import write_page

sys.path.insert(0, str(Path(__file__).parents[2] / "report" / "fixtures"))

from fabricate import fabricate_results
from reading import stub_files


@pytest.fixture(scope="session")
def results():
    return fabricate_results()


@pytest.fixture(scope="session")
def files(results):
    """Empty pictures: the words are what these tests read. The real ones are on the page in tests/report."""
    return stub_files(results)


@pytest.fixture(scope="session")
def page(results, files):
    return write_page(results, files, audience="funder")


@pytest.fixture(scope="session")
def technical_page(results, files):
    return write_page(results, files, audience="technical")


@pytest.fixture(params=["funder", "technical"])
def any_page(request, page, technical_page):
    return {"funder": page, "technical": technical_page}[request.param]
