"""Read a study and its exports without computing anything.

In: the study's folder and a place for the page. Out: on the screen what the study file declares, what this version
leaves out, and a table of what was set aside, where, how often, and what to do; the same with the first rows of each
problem in `restricted/check.html`, also where the exports cannot be read; then whether the data agree with the keys by
which the scales are scored. No participant's value is on the screen: values stand on the page, and the pseudonyms made
on the way are thrown away with their key.

Fails with the UserError of the study reader, of intake or of the check of the keys; its screen names the page.
"""

import secrets

from rich.console import Console
from rich.table import Table
from rich.text import Text

from alongside.instruments import load_instrument
from alongside.intake import read_exports
from alongside.intake.check_page import list_problems, write_check_page
from alongside.intake.problems import IntakeError
from alongside.sample.keying import check_keys
from alongside.scoring import check_examples
from alongside.study import load_study
from alongside.tables.notes import say_note

PAGE = "check.html"
FILES_NAMED = 4


def check_study(folder, restricted):
    """restricted: the study's results/<study>/restricted, where the page goes"""
    console = Console(soft_wrap=False, highlight=False)
    study = load_study(folder / "study.yaml")
    say = console.out
    say(f"{folder.name}: the study file can be read (outcomes: {len(study.outcomes)}, waves: {len(study.waves)}).")
    for sentence in (*study.advice, *study.not_done_yet):
        say(f"  {sentence}")
    scales = {outcome.codebook for outcome in study.outcomes.values() if outcome.codebook}
    instruments = {name: load_instrument(name, folder / "instruments") for name in sorted(scales)}
    check_examples(instruments)
    try:
        read = read_exports(folder, plan=study, instruments=instruments, key=secrets.token_bytes(32))
    except IntakeError as error:
        page = _write_page(restricted, error.write_page(folder.name))
        say(f"The exports cannot be read. What stops it, with the cells, for your eyes only: {page}")
        raise
    say(f"The exports can be read (people: {len(read.people):,}, answers: {len(read.answers):,}).")
    problems = list_problems(read.ledger)
    if problems:
        console.print(_tabulate(problems))
    for note in read.notes.itertuples(index=False):
        say(f"  {say_note(*note)}")
    page = _write_page(restricted, write_check_page(read.ledger, title=folder.name, notes=read.notes))
    say(f"The first rows of each, for your eyes only: {page}")
    keying = check_keys(read.answers, plan=study, instruments=instruments).keying
    say(f"The data agree with the scales' keys{', but for these:' if len(keying) else '.'}")
    for row in keying.itertuples(index=False):
        say(f"  {row.outcome}{f', {row.wave}' if row.wave else ''}: {row.sentence} ({row.action})")


def _tabulate(problems):
    table = Table("What", "Where", "How many", "What to do", pad_edge=False, box=None)
    table.columns[2].justify = "right"
    for problem in problems:
        shown = [f"{file} ({n:,})" if len(problem.files) > 1 else file for file, n in problem.files[:FILES_NAMED]]
        more = [f"and {len(problem.files) - FILES_NAMED} more"] if len(problem.files) > FILES_NAMED else []
        cells = f"{problem.what}: {problem.action}", "\n".join(shown + more), f"{problem.count:,}", problem.to_do
        table.add_row(*(Text(cell) for cell in cells))  # as Text: brackets in a file's name are no markup
    return table


def _write_page(restricted, text):
    restricted.mkdir(parents=True, exist_ok=True)
    page = restricted / PAGE
    page.write_text(text, encoding="utf-8")
    return page
