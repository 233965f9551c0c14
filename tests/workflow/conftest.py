from pathlib import Path

import pytest
from canaries import plant
from project import STUDY, make_project, run


def pytest_collection_modifyitems(items):
    """The long files first, or one worker ends with them while the other has nothing left to do."""
    here = Path(__file__).parent
    items.sort(key=lambda item: here not in item.path.parents)


@pytest.fixture(scope="session")
def first_run(tmp_path_factory):
    """(project, what its first complete run printed). Tests that change the project put back what they changed.

    Its exports hold canaries. A run takes half a minute: the tests that need it stand in one file, because each worker
    of pytest-xdist, which shares the work file by file, would make its own.
    """
    project = make_project(tmp_path_factory.mktemp("finished") / "project")
    plant(project)
    ended = run(project)
    assert ended.returncode == 0, ended.stdout
    return project, ended.stdout


@pytest.fixture(scope="session")
def finished(first_run):
    return first_run[0]


@pytest.fixture
def another(tmp_path):
    """Another clone of the project of `first_run` with another key, before any run."""
    project = make_project(tmp_path / "project")
    plant(project)
    (project / "data" / STUDY / "pseudonym.key").write_text("0f" * 32 + "\n")
    return project


@pytest.fixture
def fresh(tmp_path):
    """The project before any run."""
    return make_project(tmp_path / "project")
