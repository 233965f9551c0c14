import os
import stat
import subprocess
import sys
from types import SimpleNamespace
from typing import NamedTuple

import pandas as pd
import pytest

from alongside.errors import Mistake, UserError
from alongside.step import name_results, step
from alongside.step.parameters import read_or_make_key
from alongside.step.writing import PARENT

SECRET = "Zebedee Quillfeather"


class Named(dict):
    """As Snakemake's Namedlist: values by name, and by position."""

    def __getitem__(self, key):
        return list(self.values())[key] if isinstance(key, int) else super().__getitem__(key)


@pytest.fixture
def rule(tmp_path, monkeypatch):
    monkeypatch.delenv(PARENT, raising=False)
    tally = pd.DataFrame({"stage": ["s"], "unit": ["rows"], "n_in": [3], "n_kept": [2], "n_set_aside": [1]})
    tally.to_parquet(tmp_path / "tally-s.parquet", index=False)
    return SimpleNamespace(
        rule="stage",
        input=Named(tally=str(tmp_path / "tally-s.parquet"), code=["no/such/module.py"], files=["no/such/export.csv"]),
        params=Named(unit="people"),
        output=Named(tally=str(tmp_path / "out/restricted/work/tally-stage.parquet")),
        log=[str(tmp_path / "out/logs/stage.log")],
        threads=1,
    )


def log_of(rule):
    with open(rule.log[0]) as file:
        return file.read()


def rename_unit(tally, *, unit):
    return tally.assign(unit=unit)


def test_inputs_and_parameters_are_keywords_and_the_table_is_checked(rule, capsys):
    step(rule, rename_unit)
    written = pd.read_parquet(rule.output["tally"])
    assert written.to_dict("records") == [{"stage": "s", "unit": "people", "n_in": 3, "n_kept": 2, "n_set_aside": 1}]
    assert "stage: " in log_of(rule)
    assert log_of(rule) == capsys.readouterr().err


def test_a_step_hears_of_several_cores_only_where_it_has_got_them(rule):
    step(rule, lambda tally, *, unit: tally)  # one core: a keyword more would be an error
    rule.threads = 2
    given = []
    step(rule, lambda tally, *, unit, processes: given.append(processes) or tally)
    assert given == [2]


def test_a_table_that_its_schema_does_not_allow_is_not_written(rule):
    with pytest.raises(SystemExit) as ended:
        step(rule, lambda tally, *, unit: tally.drop(columns="n_in"))
    assert ended.value.code == 1
    assert not os.path.exists(rule.output["tally"])
    assert "TableError" in log_of(rule)


def test_a_mistake_of_the_users_ends_with_its_message_alone(rule, capsys):
    def refuse(tally, *, unit):
        raise UserError(Mistake("raw/wave1.csv, row 7, gad_3", "text where 0 to 3 is expected", remedy="mend the cell"))

    with pytest.raises(SystemExit):
        step(rule, refuse)
    shown = capsys.readouterr().err
    assert "raw/wave1.csv, row 7, gad_3: text where 0 to 3 is expected" in shown
    assert "mend the cell" in shown
    assert "Traceback" not in shown
    assert "test_step.py" not in shown


def test_a_bug_shows_its_type_and_never_its_message(rule, tmp_path, capfd):
    def break_down(tally, *, unit):
        try:
            int(SECRET)
        except ValueError as error:
            raise KeyError(SECRET) from error

    with pytest.raises(SystemExit):
        step(rule, break_down)
    out, shown = capfd.readouterr()
    assert "KeyError < ValueError" in shown
    assert "alongside/step/__init__.py, line" in shown
    assert SECRET not in out + shown + log_of(rule)
    trace = tmp_path / "out/restricted/faults/stage.txt"
    assert SECRET in trace.read_text()

    step(rule, rename_unit)
    assert not trace.exists(), "a good run removes the trace of the fault that it has outlived"


def test_a_warning_is_logged_without_its_text(rule, capfd):
    def warn(tally, *, unit):
        import warnings

        warnings.warn(f"could not parse {SECRET}", stacklevel=1)
        return tally

    step(rule, warn)
    assert "UserWarning from test_step.py, line" in log_of(rule)
    assert SECRET not in log_of(rule) + "".join(capfd.readouterr())


def test_a_step_whose_snakemake_has_died_writes_nothing(rule, monkeypatch, capsys):
    parent = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    monkeypatch.setenv(PARENT, str(parent.pid))

    def outlive(tally, *, unit):
        parent.kill()
        parent.wait()
        return tally

    with pytest.raises(SystemExit) as ended:
        step(rule, outlive)
    assert ended.value.code == 1
    assert os.listdir(os.path.dirname(rule.output["tally"])) == []
    assert "nothing was written" in capsys.readouterr().err


def test_what_a_killed_step_left_behind_is_removed(rule, tmp_path):
    folder = tmp_path / "out/restricted/work"
    folder.mkdir(parents=True)
    ended = subprocess.Popen(["true"])
    ended.wait()
    for pid in (ended.pid, os.getppid()):
        (folder / f".tally-stage.parquet.{pid}.draft").write_text("half")
    step(rule, rename_unit)
    assert sorted(os.listdir(folder)) == [f".tally-stage.parquet.{os.getppid()}.draft", "tally-stage.parquet"]


def test_outputs_appear_all_together_or_not_at_all(rule, tmp_path):
    rule.output["other"] = str(tmp_path / "out/restricted/work/tally-other.parquet")
    with pytest.raises(SystemExit):
        step(rule, lambda tally, *, unit: {"tally": tally, "other": tally.drop(columns="stage")})
    assert os.listdir(tmp_path / "out/restricted/work") == []


def test_the_order_of_categories_survives_the_file(rule):
    waves = pd.Categorical(["before", "after"], categories=["before", "after"], ordered=True)
    rule.output = Named(scores=rule.output["tally"].replace("tally-stage", "scores"))
    scores = pd.DataFrame(
        {"participant": "p1", "wave": waves, "outcome": "anxiety", "score": 1.0, "n_items": 7, "n_answered": 7,
         "n_imputed": 0, "reason": ""}
    )  # fmt: skip
    step(rule, lambda tally, *, unit: scores)
    assert list(pd.read_parquet(rule.output["scores"])["wave"].cat.categories) == ["before", "after"]


class Result(NamedTuple):
    first: int
    second: int


@pytest.mark.parametrize("result", [Result(1, 2), (1, 2), {"first": 1, "second": 2, "third": 3}])
def test_results_are_named_by_the_outputs(result):
    assert name_results(result, ["first", "second"]) == {"first": 1, "second": 2}


def test_one_output_takes_the_whole_result():
    assert name_results((1, 2), ["pair"]) == {"pair": (1, 2)}
    assert name_results({"a": 1}, ["table"]) == {"table": {"a": 1}}


def test_too_few_results_are_an_error():
    with pytest.raises(ValueError, match="argument"):
        name_results((1,), ["first", "second"])


def test_the_key_is_made_once_and_is_its_owners_alone(tmp_path):
    path = tmp_path / "pseudonym.key"
    key = read_or_make_key(path)
    assert len(key) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_or_make_key(path) == key
    assert os.listdir(tmp_path) == ["pseudonym.key"]


def test_the_cells_of_a_mistake_in_the_data_are_kept_where_nobody_else_looks(rule, tmp_path, capfd):
    class DataError(UserError):
        restricted = pd.DataFrame({"file": ["raw/a.csv"], "found": [SECRET]})

    def refuse(tally, *, unit):
        raise DataError(Mistake("raw/a.csv, column gad_1, row 4", "text where 0 to 3 is expected"))

    with pytest.raises(SystemExit):
        step(rule, refuse)
    cells = tmp_path / "out/restricted/to-mend/stage.csv"
    assert SECRET in cells.read_text()
    shown = capfd.readouterr().err
    assert str(cells) in shown
    assert SECRET not in shown + log_of(rule)

    step(rule, rename_unit)
    assert not cells.exists()


def test_a_mistake_that_can_write_a_page_does_and_the_next_run_takes_it_away(rule, tmp_path, capfd):
    class DataError(UserError):
        restricted = pd.DataFrame({"found": [SECRET]})

        def write_page(self, title):
            return f"{title}: {SECRET}"

    def refuse(tally, *, unit):
        raise DataError(Mistake("raw/a.csv", "text where 0 to 3 is expected"))

    with pytest.raises(SystemExit):
        step(rule, refuse)
    page = tmp_path / "out/restricted/check.html"
    assert page.read_text() == f"out: {SECRET}"
    shown = capfd.readouterr().err
    assert str(page) in shown
    assert SECRET not in shown
    step(rule, rename_unit)
    assert not page.exists()
