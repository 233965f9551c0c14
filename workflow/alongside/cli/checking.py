"""Read a study and its exports without computing anything.

In: the study's folder and a place for the page. Out: on the screen what the study file declares, what this version
leaves out; what to look at and what is for information, where, how often, and what to do, with rows for
corrections.csv; the same with the first rows of each problem in `restricted/check.html`, also where the exports cannot
be read; then whether the data agree with the keys by which the scales are scored; in the last line whether anything
stops the run. No participant's value is on the screen: values stand on the page, and the pseudonyms made on the way are
thrown away with their key.

Fails with the UserError of the study reader, of intake or of the check of the keys; its screen names the page.
"""

import secrets
from pathlib import PurePosixPath

from rich.console import Console
from rich.table import Table
from rich.text import Text

from alongside.intake.check_page import list_problems, write_check_page
from alongside.intake.exports import read_exports
from alongside.intake.problems import IntakeError
from alongside.intake.proposed_corrections import propose_corrections
from alongside.intake.readers import SUFFIXES, list_files
from alongside.sample.keying import check_keys
from alongside.scoring import check_examples
from alongside.study import load_study
from alongside.study.place import name_place
from alongside.tables.notes import say_note

PAGE = "check.html"
FILES_NAMED = 4
NOTHING = "nothing"  # how the advice about what needs no mending begins


def check_study(folder, restricted):
    """restricted: the study's results/<study>/restricted, where the page goes"""
    console = Console(soft_wrap=False, highlight=False)
    study = load_study(folder / "study.yaml")
    say = console.out
    say(f"{folder.name}: the study file can be read (outcomes: {len(study.outcomes)}, waves: {len(study.waves)}).")
    for sentence in study.not_done_yet:
        say(f"  {sentence}")
    look = [*study.look_after, *study.advice, *_name_unused(folder, study.participants), *_name_unread(folder, study)]
    instruments = study.load_codebooks()
    check_examples(instruments)
    try:
        read = read_exports(folder, plan=study, instruments=instruments, key=secrets.token_bytes(32))
    except IntakeError as error:
        _say_look(console, look, [])
        _propose(say, error.restricted)
        page = _write_page(restricted, error.write_page(folder.name))
        say(f"The exports cannot be read. What stops it, with the cells, for your eyes only: {page}")
        raise
    say(f"The exports can be read (people: {len(read.people):,}, answers: {len(read.answers):,}).")
    problems = list_problems(read.ledger)
    idle = [problem for problem in problems if problem.to_do.startswith(NOTHING)]
    _say_look(console, look, [problem for problem in problems if problem not in idle])
    _propose(say, read.ledger)
    notes = [say_note(*note) for note in read.notes.itertuples(index=False)]
    if idle or notes:
        say(f"\nFor information ({len(idle) + len(notes)})")
    if idle:
        console.print(_tabulate(idle))
    for note in notes:
        say(f"  {note}")
    page = _write_page(restricted, write_check_page(read.ledger, title=folder.name, notes=read.notes))
    say(f"\nThe first rows of each, for your eyes only: {page}")
    keying = check_keys(read.answers, plan=study, instruments=instruments).keying
    say(f"The data agree with the scales' keys{', but for these:' if len(keying) else '.'}")
    for row in keying.itertuples(index=False):
        say(f"  {row.outcome}{f', {row.wave}' if row.wave else ''}: {row.sentence} ({row.action})")
    say(f"\nNothing stops the run. Next: make report STUDY={folder.name}")


def say_what_stops(mistakes):
    """The last line, where something does."""
    n = len(mistakes)
    return f"{n} {'thing stops' if n == 1 else 'things stop'} the run."


def _name_unused(folder, participants):
    """Tables of decisions that lie in the study's folder and are not named in the study file"""
    for key in ("corrections", "id_map", "withdrawn"):
        if getattr(participants, key) is None and (folder / f"{key}.csv").is_file():
            where = name_place(folder, "participants")
            yield f"{key}.csv is in the study's folder and is not used: add `{key}: {key}.csv` ({where})"


def _name_unread(folder, study):
    """Files that lie beside the exports and are read at no wave: a new wave under another name, most often"""
    patterns = [pattern for wave in study.waves.values() for some in wave.files.values() for pattern in some]
    read = {file for pattern in patterns for file in list_files(folder, pattern)}
    people, sources = study.participants, [study.source, *(wave.source for wave in study.waves.values() if wave.source)]
    read |= {people.roster, people.corrections, people.id_map, people.withdrawn, *(one.dictionary for one in sources)}
    for place in dict.fromkeys(PurePosixPath(pattern).parent for pattern in patterns):
        for file in list_files(folder, f"{place}/*"):
            if file not in read and PurePosixPath(file).suffix.lower() in SUFFIXES:
                where = name_place(folder, "waves")
                yield f"{file} is read at no wave: name it under `files` ({where}), or move it away"


def _say_look(console, sentences, problems):
    if not sentences and not problems:
        return
    console.out(f"\nLook at these ({len(sentences) + len(problems)})")
    for sentence in sentences:
        console.out(f"  {sentence}")
    if problems:
        console.print(_tabulate(problems))


def _propose(say, ledger):
    lines = propose_corrections(ledger)
    if lines:
        say("\nA slip in a single cell goes into corrections.csv, which is named under participants. Copy the rows")
        say("that are slips; `old` is in check.html, an empty `new` means no answer, and give the reason:")
        for line in lines:
            say(f"  {line}")


def _tabulate(problems):
    table = Table("What", "Where", "How many", "What to do", pad_edge=False, box=None)
    table.columns[2].justify = "right"
    table.columns[3].overflow = "fold"  # a key or a command is of no use cut short
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
