"""Begin a study: look at a folder of exports and write the first draft of its study file.

In: the project's folder, a name, the folder (or the one file) with the exports. Out: data/<name>/study.yaml and, in
data/<name>/raw/, copies of the exports; lines for the screen, with no participant's value in them.

1. refuse what would overwrite anything, and folders without a file;
2. open every file (`drafting.open_exports`), recognise (`draw_up`), write the text (`write_study`);
3. make the study's folder beside its place and move it there whole: nothing is left half done;
4. say what was recognised and which decisions the study reader still asks for.

Exports are copied, never moved. With `link`, raw/ is a link to where they are. Exports that lie in data/<name>/
already stay where they are, and only the study file is added.
"""

import os
import re
import shutil
import tempfile
from pathlib import Path

from alongside.drafting import draw_up, open_exports, write_study
from alongside.errors import Mistake, UserError
from alongside.instruments import list_instruments, load_instrument
from alongside.study import load_study
from alongside.study.checks.names import RESERVED
from alongside.study.left_open import FOUND

MOST_FILES = 1000
STUDY_FILE = "study.yaml"


def begin_study(project, name, *, exports, link=False):
    """Writes the draft; yields the lines for the screen."""
    home = _find_place(project, name)
    folder, files = _list_exports(exports)
    inside = folder.resolve().is_relative_to(home.resolve()) and folder.resolve() != home.resolve()
    if home.exists() and not inside:
        raise UserError(
            Mistake(
                _shown(home, project),
                "there is such a folder already, and nothing in it may be overwritten",
                remedy=f"choose another name, or put the exports into {_shown(home, project)}/raw/ and say "
                f"--from {_shown(home, project)}/raw",
            )
        )
    opened = open_exports(folder, files)
    if not opened.tables:
        nothing = opened.unused or {opened.dictionary: "a data dictionary, and no export beside it"}
        raise UserError(*(Mistake(f"{exports}/{file}", why) for file, why in nothing.items()))
    instruments = {id: load_instrument(id) for id in list_instruments()}
    plan = draw_up(opened.tables, instruments, reserved=RESERVED)
    prefix = folder.resolve().relative_to(home.resolve()).as_posix() if inside else "raw"
    text = write_study(
        plan, title=name.replace("-", " ").replace("_", " ").capitalize(), prefix=f"{prefix}/", exports=opened,
        instruments=instruments,
    )  # fmt: skip
    if inside:
        (home / STUDY_FILE).write_text(text, encoding="utf-8")
    else:
        _put_in_place(home, text, folder, files, link=link)
    yield from _say(plan, opened.unused, home, project, copied=None if inside else "a link to" if link else "copies of")


def _find_place(project, name):
    if not re.fullmatch(r"[^\W_][\w-]*", name):
        raise UserError(
            Mistake(
                f"study {name}", "no name for a folder", allowed="letters, digits, - and _", remedy="such as my-study"
            )
        )
    home = project / "data" / name
    if (home / STUDY_FILE).exists():
        raise UserError(
            Mistake(
                _shown(home / STUDY_FILE, project),
                "there is such a study already, and it is not overwritten",
                remedy=f"choose another name; or move {STUDY_FILE} aside, and say --from {_shown(home, project)}/raw",
            )
        )
    return home


def _list_exports(exports):
    """(folder, names of the files in it and below it)"""
    if not exports.exists():
        raise UserError(Mistake(str(exports), "there is no such folder", remedy="check the path behind --from"))
    if exports.is_file():
        return exports.parent, [exports.name]
    if not os.access(exports, os.R_OK | os.X_OK):
        raise UserError(Mistake(str(exports), "may not be read by you", remedy="check who may read the folder"))
    found = sorted(path for path in exports.rglob("*") if path.is_file() and not _is_hidden(path.relative_to(exports)))
    if not found:
        raise UserError(Mistake(str(exports), "holds no files", remedy="put the exports there, as the tool gave them"))
    if len(found) > MOST_FILES:
        raise UserError(
            Mistake(
                str(exports),
                f"holds {len(found):,} files",
                allowed=f"at most {MOST_FILES:,}",
                remedy="make a folder that holds the exports alone",
            )
        )
    return exports, [path.relative_to(exports).as_posix() for path in found]


def _is_hidden(path):
    return path.name.startswith("~$") or any(part.startswith(".") for part in path.parts)


def _put_in_place(home, text, folder, files, *, link):
    home.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=".new-", dir=home.parent))
    try:
        (beside / STUDY_FILE).write_text(text, encoding="utf-8")
        if link:
            (beside / "raw").symlink_to(folder.resolve(), target_is_directory=True)
        else:
            for file in files:
                target = beside / "raw" / file
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(folder / file, target)
        beside.chmod(0o755)
        beside.rename(home)
    except OSError as error:
        shutil.rmtree(beside, ignore_errors=True)
        raise UserError(
            Mistake(str(home), f"could not be made: {error.strerror}", remedy="check the space and who may write there")
        ) from None


def _say(plan, unused, home, project, *, copied):
    draft = _shown(home / STUDY_FILE, project)
    yield f"{draft} is a first draft." + (
        f" {_shown(home, project)}/raw/ holds {copied} the exports." if copied else ""
    )
    yield ""
    yield "Recognised, with the reason beside each line of the draft:"
    people = len(set().union(*(table.people for table in plan.tables)))
    column = plan.identity.column
    yield f"  people: {people:,}, by the column {column}" if column else "  people: no column says who somebody is"
    yield f"  waves: {', '.join(wave.key for wave in plan.waves) or 'none'}"
    cohort = plan.cohort
    yield f"  cohorts: {len(cohort.levels)}, by the column {cohort.column}" if cohort.column else "  cohorts: none"
    yield f"  outcomes: {', '.join(outcome.name for outcome in plan.outcomes) or 'none'}"
    aside = unused | {table.where: "nothing in it says who somebody is" for table in plan.no_person}
    aside |= {table.where: "belongs to no wave that could be recognised" for table in plan.unplaced}
    if aside:
        yield "Not used:"
        yield from (f"  {name}: {why}" for name, why in aside.items())
    yield from _say_open(home, draft)
    yield ""
    yield f"When they are filled in: make check STUDY={home.name}"


def _say_open(home, draft):
    """What the study reader says about the draft: its open places and, were there any, its mistakes."""
    try:
        load_study(home / STUDY_FILE)
    except UserError as error:
        places = [mistake.where.partition(", ")[2] for mistake in error.mistakes if mistake.found == FOUND]
        yield f"Yours to decide, marked TODO in {draft} ({len(places)}):"
        # the wordings of answers stand in the draft alone
        yield from dict.fromkeys(
            "  " + re.sub(r"line \d+, (.+\.labels)\..+", r"each answer in \1", one) for one in places
        )
        yield from (str(mistake) for mistake in error.mistakes if mistake.found != FOUND)


def _shown(path, project):
    return path.relative_to(project).as_posix()
