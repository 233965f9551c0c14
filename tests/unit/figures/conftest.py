"""Fabricated results for the tests of figures."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "report" / "fixtures"))

from fabricate import fabricate_results


@pytest.fixture(scope="session")
def results():
    return fabricate_results()
