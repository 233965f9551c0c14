"""`alongside`: run a study, or read it without running.

In: the name of a folder below `data/`, or its path. Out: the report's place on the screen, or what must be mended. The
commands work from the project's folder or any folder inside it. `make report` and `make check` call them.

Fails with the message alone and code 1 where the user can put it right; a failing run ends with Snakemake's code.
"""

from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from alongside.errors import Mistake, UserError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

StudyName = Annotated[str, typer.Argument(help="A folder below data/, by name or path.")]


@app.callback()
def main():
    """Did mentoring help? From survey exports to an honest report."""


@app.command()
def run(
    study: StudyName = "bright-path",
    cores: Annotated[str, typer.Option(help="How many stages at once: a number, or all.")] = "all",
):
    """Make everything of STUDY that is missing or out of date, and say where the report is."""
    from alongside.cli.running import run_workflow

    with _plain_mistakes():
        project = find_project(Path.cwd())
        folder = find_study(study, project)
        raise typer.Exit(run_workflow(project, folder, cores=cores))


@app.command()
def check(study: StudyName = "bright-path"):
    """Read STUDY's study file and exports, compute nothing, and say what must be mended and what was set aside."""
    from alongside.cli.checking import check_study

    with _plain_mistakes():
        project = find_project(Path.cwd())
        folder = find_study(study, project)
        check_study(folder, project / "results" / folder.name / "restricted")


def find_project(start):
    """The nearest folder at or above `start` with a Snakefile and `workflow/`."""
    for folder in (start, *start.parents):
        if (folder / "Snakefile").is_file() and (folder / "workflow").is_dir():
            return folder
    raise UserError(
        Mistake(
            str(start),
            "no Snakefile in this folder or any above it",
            remedy="change to the project's folder, the one with the Makefile, and try again",
        )
    )


def find_study(name, project):
    """The study's folder: a path that exists, or a folder below `data/`."""
    for folder in (Path(name), project / "data" / name):
        if (folder / "study.yaml").is_file():
            return folder.resolve()
    known = sorted(path.parent.name for path in project.glob("data/*/study.yaml"))
    raise UserError(
        Mistake(
            f"study {name}",
            "there is no study.yaml in a folder of this name",
            allowed=", ".join(known),
            remedy=f"check the name, or make data/{Path(name).name}/study.yaml",
        )
    )


@contextmanager
def _plain_mistakes():
    try:
        yield
    except UserError as error:
        typer.echo(f"\n{error}\n", err=True)
        raise typer.Exit(1) from None
