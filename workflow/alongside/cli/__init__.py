"""`alongside`: begin a study, read it without running, or run it.

In: the name of a folder below `data/`, or its path. Out: the report's place on the screen, or what must be mended. The
commands work from the project's folder or any folder inside it. `make report` and `make check` call them.

Fails with the message alone and code 1 where the user can put it right; a failing run ends with Snakemake's code.
"""

from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup

from alongside.errors import Mistake, UserError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

StudyName = Annotated[str, typer.Argument(help="A folder below data/, by name or path.")]
OwnScales = Annotated[str | None, typer.Option("--study", help="A study whose own scales are meant too.")]


class _ListByDefault(TyperGroup):
    """`alongside instruments lonely` lists those that mention it: a word that is no command is what to look for."""

    def resolve_command(self, context, args):
        return super().resolve_command(context, args if args[0] in self.commands else ["list", *args])


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
    from alongside.cli.checking import check_study, say_what_stops

    with _plain_mistakes(last=say_what_stops):
        project = find_project(Path.cwd())
        folder = find_study(study, project)
        check_study(folder, project / "results" / folder.name / "restricted")


instruments = typer.Typer(cls=_ListByDefault, invoke_without_command=True)
app.add_typer(instruments, name="instruments")


@instruments.callback()
def look_at_instruments(context: typer.Context):
    """List the scales that can be scored; `show` explains one, `check` checks a study's own."""
    if context.invoked_subcommand is None:
        list_instruments()


@instruments.command("list")
def list_instruments(
    word: Annotated[str | None, typer.Argument(help="Only scales that mention it.")] = None, study: OwnScales = None
):
    """List the scales: id, name, items, range, direction, rights."""
    from alongside.cli.instruments import list_codebooks

    _say(lambda: list_codebooks(word, folder=_own_scales(study)))


@instruments.command("show")
def show_instrument(
    id: Annotated[str, typer.Argument(help="The scale's id, or a codebook's file.")], study: OwnScales = None
):
    """Explain one scale: keys, range, cut-offs, missing answers, sources, rights, what is not verified."""
    from alongside.cli.instruments import explain_codebook

    _say(lambda: explain_codebook(id, folder=_own_scales(study)))


@instruments.command("check")
def check_instrument(file: Annotated[Path, typer.Argument(help="A codebook: my-scale.yaml.")]):
    """Check a codebook: does it agree with itself, and does its key give every worked example?"""
    from alongside.cli.instruments import check_codebook

    _say(lambda: check_codebook(file))


@app.command()
def codebook(
    study: StudyName = "bright-path",
    to: Annotated[Path | None, typer.Option(help="Folder to write to; results/STUDY unless it says otherwise.")] = None,
):
    """Write the data dictionary of STUDY's cleaned data (CSV and HTML). It holds nobody's value and may be shared."""
    from alongside.cli.codebook import write_codebook

    def write():
        project = find_project(Path.cwd())
        folder = find_study(study, project)
        return map(str, write_codebook(folder, to or project / "results" / folder.name))

    _say(write)


def _own_scales(study):
    return None if study is None else find_study(study, find_project(Path.cwd())) / "instruments"


def _say(lines):
    with _plain_mistakes():
        for line in lines():
            typer.echo(line)


@app.command()
def new(
    study: Annotated[str, typer.Argument(help="The name of a folder below data/ that is to be made.")],
    exports: Annotated[Path, typer.Option("--from", readable=False, help="The folder with the exports, or one file.")],
    link: Annotated[
        bool, typer.Option("--link", help="Refer to the exports where they are; do not copy them.")
    ] = False,
):
    """Look at the exports of a new study, and write the first draft of its study file."""
    from alongside.cli.new import begin_study

    with _plain_mistakes():
        for line in begin_study(find_project(Path.cwd()), study, exports=exports, link=link):
            typer.echo(line)


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
def _plain_mistakes(last=None):
    """last: mistakes -> the last line below them"""
    try:
        yield
    except UserError as error:
        typer.echo(f"\n{error}\n", err=True)
        if last is not None:
            typer.echo(last(error.mistakes), err=True)
        raise typer.Exit(1) from None
