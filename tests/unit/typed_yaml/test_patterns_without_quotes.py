"""Braces mean something to YAML: whoever forgets the quotes around a pattern is told so."""

import pytest

from alongside.errors import UserError
from alongside.typed_yaml import read_document


@pytest.mark.parametrize(
    "columns",
    [
        "{wave3: belong_{item}}",
        '{wave3: belong_{item}, otherwise: "gbs_{item}"}',
        "{item}_gbs",
        "{wave3: {item}_b}",
    ],
)
def test_a_pattern_without_quotes_is_named(tmp_path, columns):
    path = tmp_path / "study.yaml"
    path.write_text(f"outcomes:\n  belonging:\n    columns: {columns}\n    role: primary\n")
    with pytest.raises(UserError) as caught:
        read_document(path, what="study file")
    (mistake,) = caught.value.mistakes
    assert mistake.found == "a pattern with {item} that stands in no quotes"
    assert mistake.where.endswith("line 3")


@pytest.mark.parametrize("columns", ["gbs_{item}", '{wave3: "belong_{item}"}'])
def test_what_yaml_understands_is_read(tmp_path, columns):
    path = tmp_path / "study.yaml"
    path.write_text(f"columns: {columns}\n")
    assert "{item}" in str(read_document(path, what="study file").tree)


def test_another_mistake_beside_a_quoted_pattern_is_called_by_its_name(tmp_path):
    path = tmp_path / "study.yaml"
    path.write_text('columns: {wave3: "belong_{item}"\nrole: primary\n')
    with pytest.raises(UserError, match="not closed"):
        read_document(path, what="study file")
