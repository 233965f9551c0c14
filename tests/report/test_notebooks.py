"""The notebooks run on any results folder, and their committed outputs come from the simulated study."""

import json
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
EXPLORE = NOTEBOOKS / "explore_one_outcome.ipynb"


def _run(monkeypatch, folder, **environment):
    monkeypatch.setenv("ALONGSIDE_RESULTS", str(folder))
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    notebook = nbformat.read(EXPLORE, as_version=4)
    return NotebookClient(notebook, timeout=180, resources={"metadata": {"path": str(NOTEBOOKS)}}).execute()


def _outputs(notebook):
    """Everything that a reader of the notebook sees below its cells, as text."""
    return "\n".join(
        "".join(output.get("text", "")) + json.dumps(output.get("data", {}))
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    )


@pytest.fixture
def published(results, tmp_path):
    (tmp_path / "results.json").write_text(json.dumps(results), encoding="utf-8")
    return tmp_path


def test_it_runs_on_published_results_alone(monkeypatch, published):
    outputs = _outputs(_run(monkeypatch, published))
    assert "Fabricated peer mentoring" in outputs
    assert "image/png" in outputs
    assert "No restricted data here" in outputs


def test_another_outcome_is_one_variable_away(monkeypatch, published):
    outputs = _outputs(_run(monkeypatch, published, ALONGSIDE_OUTCOME="anxiety"))
    assert ": anxiety." in outputs
    assert ": isolation." not in outputs


def test_beside_the_people_it_shows_groups_and_no_small_ones(monkeypatch, published):
    import pandas as pd

    people = [(f"p{number:016x}", "mentored" if number < 30 else "unmentored") for number in range(36)]
    panel = pd.DataFrame(
        [(*person, wave, float(number)) for number, person in enumerate(people) for wave in ("before", "after")],
        columns=["participant", "cohort", "wave", "isolation"],
    )
    (published / "restricted" / "work").mkdir(parents=True)
    panel.to_parquet(published / "restricted" / "work" / "panel.parquet")
    outputs = _outputs(_run(monkeypatch, published))
    assert not re.search(r"\bp[0-9a-f]{16}\b", outputs)
    assert "14.5" in outputs  # the mean of 0 to 29, thirty mentored people
    assert "32.5" not in outputs  # the mean of six unmentored people, too few to show


def test_what_is_committed_was_run_to_the_end_and_names_no_machine():
    notebook = nbformat.read(EXPLORE, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert all(output.output_type != "error" for cell in cells for output in cell.outputs)
    text = EXPLORE.read_text(encoding="utf-8")
    assert "Bright Path" in _outputs(notebook)
    assert not re.search(r"/(home|work|tmp|Users)/", text)
    assert not re.search(r"\bp[0-9a-f]{16}\b", text)
    assert len(text) < 400_000
