"""JSON schemas for editors: in VS Code (with the YAML extension) keys complete themselves and mistakes are underlined.

In: the models. Out: resources/schemas/study.schema.json and instrument.schema.json, which are committed and held in
step by a test. A study file names its schema in its first line. The schemas are for typing only; what is right is
decided by `load_study`.
"""

import json
from pathlib import Path

from alongside.instruments import Instrument
from alongside.study.whole import StudyFile

MODELS = {"study.schema.json": StudyFile, "instrument.schema.json": Instrument}
FOLDER = Path(__file__).parents[1] / "resources" / "schemas"


def schema_text(model):
    """The JSON schema of a model, as the file holds it."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **model.model_json_schema(by_alias=True)}
    return json.dumps(_without_defaults_of_blocks(schema), indent=1, ensure_ascii=False) + "\n"


def write_schemas(folder=FOLDER):
    """Write every schema; returns the paths."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, model in MODELS.items():
        path = folder / name
        path.write_text(schema_text(model), encoding="utf-8")
        paths.append(path)
    return paths


def _without_defaults_of_blocks(value):
    """Editors offer defaults for insertion; those of whole blocks are empty or repeat the block's own keys."""
    if isinstance(value, list):
        return [_without_defaults_of_blocks(item) for item in value]
    if not isinstance(value, dict):
        return value
    kept = {key: held for key, held in value.items() if not (key == "default" and (held is None or held == {}))}
    return {key: _without_defaults_of_blocks(held) for key, held in kept.items()}


if __name__ == "__main__":
    write_schemas()
