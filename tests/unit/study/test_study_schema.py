"""The JSON schemas that editors complete from are those of the models, and accept what people write."""

import json
from pathlib import Path

import pytest

import alongside
from alongside.study.schema import MODELS, write_schemas

ROOT = Path(__file__).parents[3]
FOLDER = Path(alongside.__file__).parent / "resources" / "schemas"


def test_the_committed_schemas_are_in_step(tmp_path):
    written = write_schemas(tmp_path)
    assert {path.name for path in written} == {path.name for path in FOLDER.glob("*.json")}
    for path in written:
        assert path.read_text(encoding="utf-8") == (FOLDER / path.name).read_text(encoding="utf-8"), (
            f"{path.name}: write it anew with python -m alongside.study.schema"
        )


@pytest.mark.parametrize("name", MODELS)
def test_every_key_says_what_it_means(name):
    """Editors show the description while somebody types."""
    schema = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    blocks = {"the file": schema, **schema["$defs"]}
    silent = [
        f"{block}.{key}"
        for block, content in blocks.items()
        if block not in ("Worthwhile",)
        for key, described in content.get("properties", {}).items()
        if "description" not in described
    ]
    assert silent == []


@pytest.mark.parametrize("path", sorted(ROOT.glob("data/*/study.yaml")), ids=lambda path: path.parent.name)
def test_shipped_studies_name_the_schema_in_their_first_line(path):
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("# yaml-language-server: $schema=")
    assert (path.parent / first.split("=")[1]).resolve() == (FOLDER / "study.schema.json").resolve()


def test_shipped_codebooks_name_the_schema_in_their_first_line():
    for path in (FOLDER.parent / "instruments").glob("*.yaml"):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first == "# yaml-language-server: $schema=../schemas/instrument.schema.json", path.name
