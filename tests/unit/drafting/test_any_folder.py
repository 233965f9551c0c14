"""From a folder as evaluators have them to the answers: nothing is dropped without a word, no number is another."""

import re
import tempfile
from pathlib import Path

from hypothesis import event, given, settings

from alongside.drafting import draw_up, open_exports, write_study
from alongside.errors import UserError
from alongside.instruments import load_instrument
from alongside.intake.exports import read_exports
from alongside.study import load_study
from alongside.study.checks.names import RESERVED
from alongside.study.left_open import FOUND

from .folders import KOBO, QUALTRICS, folders

BOOKS = {id: load_instrument(id) for id in ("gad7", "gad2", "ucla3", "rses", "pss4", "phq2")}
STEMS = {"gad7": "gad", "ucla3": "ucla", "pss4": "pss"}
LEFT_OUT = {
    *QUALTRICS,
    *KOBO,
    "note",
    "comment",
    "about/note",
    "about/comment",
}  # what the tool wrote for itself, what may hold names


def draw(home, folder):
    """The draft of a folder's study file, which is written beside raw/"""
    for name, content in folder.files.items():
        path = home / "raw" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    exports = open_exports(home / "raw", sorted(folder.files))
    plan = draw_up(exports.tables, BOOKS, reserved=RESERVED)
    text = write_study(plan, title="Any", prefix="raw/", exports=exports, instruments=BOOKS)
    (home / "study.yaml").write_text(text, encoding="utf-8")
    return plan, text


def mistakes(home):
    try:
        load_study(home / "study.yaml")
    except UserError as error:
        return error.mistakes
    return []


def fill_in(text, dates):
    """What a person would write for each TODO; None where it needs more than that (who is who, which waves)"""
    months = iter(range(12, 200, 12))
    text = re.sub(r"month: TODO", lambda _: f"month: {next(months)}", text)
    text = re.sub(r"role: TODO", "role: primary", text, count=1)
    for key, value in {
        "design": "self-selected", "question": "Does it work", "domain": "wellbeing", "role": "secondary",
        "smallest_worthwhile": "0.2 sd", "higher_is": "better", "dates": dates,
    }.items():  # fmt: skip
        text = re.sub(rf"^( *{key}): TODO", rf"\1: {value}", text, flags=re.MULTILINE)
    text = re.sub(r"comparison: TODO( +#) (\w+) \|", r"comparison: \2\1 \2 |", text)
    text = re.sub(r"order: TODO( +#) (\w+)", r"order: \2\1 \2", text)
    return None if re.search(r"^[^#]*\bTODO\b", text, flags=re.MULTILINE) else text


def is_told(name, text):
    """Does the draft hold a column's name, as it is or as the item of a pattern?"""
    name = " ".join(name.removeprefix("about/").split())
    items = [f"{name[: m.start()]}{{item}}{name[m.end() :]}" for m in re.finditer(r"\d+", name)]
    return any(one in text for one in (name, *items))


@given(folders())
@settings(max_examples=settings.default.max_examples // 2)
def test_a_draft_has_open_places_no_mistakes_and_every_column(folder):
    with tempfile.TemporaryDirectory() as place:
        plan, text = draw(Path(place), folder)
        assert {mistake.found for mistake in mistakes(Path(place))} == {FOUND}, text
        assert all(Path(file).name in text or file in text for file in folder.files)
        comments = re.sub(r"\s*\n\s*#\s*", " ", text)  # long comments go over several lines
        used = {table.file for table in plan.tables}
        for file, names in folder.headers.items():
            forgotten = [name for name in names if name not in LEFT_OUT and not is_told(name, comments)]
            assert file not in used or forgotten == [], f"{file}: {forgotten}\n{text}"


@given(folders())
@settings(max_examples=settings.default.max_examples // 2)
def test_what_a_draft_reads_once_it_is_filled_in_is_what_people_answered(folder):
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        _, draft = draw(home, folder)
        text = fill_in(draft, folder.dates)
        if text is None:
            event("needs more than TODO filled in")
            return
        (home / "study.yaml").write_text(text, encoding="utf-8")
        assert [str(mistake) for mistake in mistakes(home)] == [], text
        study = load_study(home / "study.yaml")
        intake = read_exports(home, plan=study, instruments=study.load_codebooks(), key=b"k" * 32)
        event("read" if len(intake.answers) else "read, and nobody answered")
        compare(intake, study, folder, text)


def compare(intake, study, folder, text):
    """The answers of each response are those that were given there, at the wave at which they were; none is missing."""
    waves = {wave: place for place, wave in enumerate(study.waves)}
    found = {}
    for answer in intake.answers.itertuples():
        found.setdefault((answer.participant, answer.wave, answer.outcome), {})[int(answer.item)] = answer.value
    kept = intake.responses[intake.responses["kept"]]
    for response in kept.itertuples():
        told = folder.truth[response.file.removeprefix("raw/"), response.sheet, int(response.row)]
        for name, outcome in study.outcomes.items():
            if response.wave in outcome.asked_at(study.waves):
                given_there = told[waves[response.wave], STEMS[outcome.instrument]]
                answers = {number: answer for number, answer in enumerate(given_there, start=1) if answer is not None}
                assert found.pop((response.participant, response.wave, name), {}) == answers, text
    assert found == {}
    seen = set()
    for table in (intake.responses, intake.ledger.dropna(subset="row")):
        files = table["file"].str.removeprefix("raw/")
        seen |= set(zip(files, table["sheet"], table["row"].astype(int), strict=True))
    read = {(file, sheet) for file, sheet, _ in seen}
    assert {place for place in folder.truth if place[:2] in read} <= seen
