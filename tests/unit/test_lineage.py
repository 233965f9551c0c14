import textwrap

import pytest

from alongside.lineage import list_code


@pytest.fixture
def package(tmp_path):
    """A package that imports in every way there is; `unused` is imported by nobody."""
    files = {
        "alongside/__init__.py": "",
        "alongside/errors.py": "",
        "alongside/unused.py": "import alongside.errors",
        "alongside/tables.py": "from alongside.errors import UserError",
        "alongside/wording.py": 'SENTENCES = files("alongside") / "resources" / "wording.yaml"',
        "alongside/effects/__init__.py": "",
        "alongside/effects/primary.py": """
            def fit(panel):
                from ..tables import check_table
                from . import helper
                return helper, check_table
            """,
        "alongside/effects/helper.py": "import alongside.wording as words",
        "alongside/resources/wording.yaml": "a: b",
        "alongside/resources/instruments/gad7.yaml": "id: gad7",
        "script.py": "from alongside.effects.primary import fit",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))
    return tmp_path


def names(paths, folder):
    return [str(path.relative_to(folder)) for path in paths]


def test_modules_are_followed_and_the_resources_they_name_are_included(package):
    assert names(list_code(package / "script.py", package / "alongside"), package) == [
        "alongside/__init__.py",
        "alongside/effects/__init__.py",
        "alongside/effects/helper.py",
        "alongside/effects/primary.py",
        "alongside/errors.py",
        "alongside/resources/wording.yaml",
        "alongside/tables.py",
        "alongside/wording.py",
    ]


def test_codebooks_are_inputs_of_their_own(package):
    (package / "script.py").write_text('from alongside import wording\nFOLDER = "instruments"')
    (package / "alongside/wording.py").write_text('BOOK = "instruments/gad7.yaml"')
    assert names(list_code(package / "script.py", package / "alongside"), package) == [
        "alongside/__init__.py",
        "alongside/wording.py",
    ]


def test_a_folder_of_templates_is_named_by_its_name(package):
    for name in ("page.html.j2", "style.css"):
        path = package / "alongside/resources/templates" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("")
    (package / "alongside/wording.py").write_text('TEMPLATES = PackageLoader("alongside", "resources/templates")')
    assert names(list_code(package / "script.py", package / "alongside"), package)[-4:] == [
        "alongside/resources/templates/page.html.j2",
        "alongside/resources/templates/style.css",
        "alongside/tables.py",
        "alongside/wording.py",
    ]
