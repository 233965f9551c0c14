from pathlib import Path

import pytest
from project import make_project, run


def pytest_collection_modifyitems(items):
    """The long files first, or one worker ends with them while the other has nothing left to do."""
    here = Path(__file__).parent
    items.sort(key=lambda item: here not in item.path.parents)


@pytest.fixture(scope="session")
def first_run(tmp_path_factory):
    """(project, what its first complete run printed). Tests that change the project put back what they changed."""
    project = make_project(tmp_path_factory.mktemp("finished") / "project")
    ended = run(project)
    assert ended.returncode == 0, ended.stdout
    return project, ended.stdout


@pytest.fixture(scope="session")
def finished(first_run):
    return first_run[0]


@pytest.fixture
def fresh(tmp_path):
    """The project before any run."""
    return make_project(tmp_path / "project")
