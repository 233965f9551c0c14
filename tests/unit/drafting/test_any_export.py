"""Whatever the exports hold: a draft that the study reader understands, in which only TODO is wrong."""

import csv
import io
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from alongside.drafting import draw_up, open_exports, write_study
from alongside.errors import UserError
from alongside.instruments import load_instrument
from alongside.study import load_study
from alongside.study.checks.names import RESERVED
from alongside.study.left_open import FOUND

BOOKS = {id: load_instrument(id) for id in ("gad7", "gad2", "ucla3", "rses", "pss4")}
KNOWN = st.sampled_from(
    ["pid", "id", "code", "wave", "arm", "group", "site", "class", "mentor_id", "consent", "age", "gender", "date",
     "Finished", "attn_1", "gad_1", "gad_2", "Q1 [a]", "Q1 [b]", "ucla_1_t1", "ucla_2_t1", "ucla_3_t1", "ucla_1_t2",
     "ucla_2_t2", "ucla_3_t2", "score.pre", "score.post", "meetings", "otherwise", "TODO", "participant", "cohort",
     "null", "yes"]
)  # fmt: skip
NAMES = KNOWN | st.text(st.characters(codec="utf-8", exclude_characters="\x00\r\n"), min_size=1, max_size=12)
CELLS = st.sampled_from(
    ["0", "1", "2", "3", "-99", "", "yes", "No", "mentored", "wait list", "2026-01-05", "03/04/2026", "Often",
     "a: b #c", "- x", "{y}", '"z"', "'", "*", "TODO", "P1", "P2", "P3", "p1 ", "Prefer not to say", "1,5",
     "é\u2028", "!", "@a"]
)  # fmt: skip


@st.composite
def tables(draw):
    """Half of them with people and a scale, so that there is something to get wrong"""
    names = draw(st.lists(NAMES, min_size=2, max_size=9))
    if draw(st.booleans()):
        names = ["pid", "arm", "date", "ucla_1", "ucla_2", "ucla_3", *names]
    rows = draw(st.lists(st.lists(CELLS, min_size=len(names), max_size=len(names)), min_size=1, max_size=9))
    text = io.StringIO()
    csv.writer(text).writerows([names, *rows])
    return text.getvalue()


FILES = st.dictionaries(
    st.sampled_from(["a.csv", "wave1.csv", "w2 [x].csv", "post.csv", "pre.csv"]), tables(), min_size=1
)


@given(FILES)
def test_a_draft_has_open_places_and_no_mistakes(files):
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raw"
        raw.mkdir()
        for name, text in files.items():
            (raw / name).write_text(text, encoding="utf-8", newline="")
        exports = open_exports(raw, sorted(files))
        plan = draw_up(exports.tables, BOOKS, reserved=RESERVED)
        draft = write_study(plan, title="Any", prefix="raw/", exports=exports, instruments=BOOKS)
        (Path(folder) / "study.yaml").write_text(draft, encoding="utf-8")
        try:
            load_study(Path(folder) / "study.yaml")
        except UserError as error:
            told = {mistake.found for mistake in error.mistakes}
        else:
            told = set()
        assert told == {FOUND}, draft
