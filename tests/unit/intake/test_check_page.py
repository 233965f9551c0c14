"""restricted/check.html: what an evaluator sees when something must be looked at, and that it can be trusted."""

import html
import re
from html.parser import HTMLParser

import pandas as pd
import pytest

from alongside.errors import UserError
from alongside.intake.check_page import FIRST_ROWS, list_problems, list_wordings, show_value, write_check_page

HEAD = "pid,arm,m_1,m_2,m_3\n"


class Reader(HTMLParser):
    """Tags, and the texts of table cells row by row."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.rows, self._cell = set(), [], None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self._cell = ""

    def handle_data(self, data):
        if self._cell is not None:
            self._cell += data

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.rows[-1].append(self._cell)
            self._cell = None


def page_of(study, files):
    with pytest.raises(UserError) as caught:
        study.read(files)
    return caught.value.write_page("tiny")


def test_every_wording_is_listed_with_its_count_by_file_and_column(study):
    page = page_of(
        study,
        {
            "raw/w1.csv": HEAD + "A1,1,Rarely,1,2\nA2,0,RARELY,1,Rarely\nA3,1,Rarely,Often,0\n",
            "raw/w2.csv": HEAD + "A1,1,Rarely,1,2\n",
        },
    )
    allowed = "a whole number from 0 to 3; never, sometimes, dont often, always"
    found = [row for row in Reader(page).rows if allowed in row]
    assert found == [
        ["m_1", "Rarely", "2", "2, 4", allowed], ["m_1", "RARELY", "1", "3", allowed],
        ["m_2", "Often", "1", "4", allowed], ["m_3", "Rarely", "1", "3", allowed],
        ["m_1", "Rarely", "1", "2", allowed],
    ]  # fmt: skip
    assert page.index("raw/w1.csv</h3>") < page.index("raw/w2.csv</h3>")
    assert "2 things stop the reading" in page


def test_wordings_of_cohorts_and_of_answers_come_in_one_reading(study):
    study.declare(participants="covariates: {age: {kind: number}}")
    page = page_of(
        study, {"raw/w1.csv": "pid,arm,age,m_1,m_2,m_3\nA1,Mentord,12,0,0,0\nA2,0,twelve,Rarely,1,2\nA3,1,13,0,0,0\n"}
    )
    wordings = {(row[0], row[1]) for row in Reader(page).rows if len(row) == 5}
    assert {("arm", "Mentord"), ("age", "twelve"), ("m_1", "Rarely")} <= wordings


def test_the_first_rows_of_each_problem_are_shown_and_the_rest_counted(study):
    rows = "".join(f"A{n},{n % 2},{n + 60},1,2\n" for n in range(FIRST_ROWS + 5))
    intake = study.read({"raw/w1.csv": HEAD + rows})
    page = write_check_page(intake.ledger, title="tiny", notes=intake.notes)
    shown = [row for row in Reader(page).rows if row[-1] == "a whole number from 0 to 3"]
    allowed = "a whole number from 0 to 3"
    assert shown == [[str(n + 2), "m_1", str(n + 60), allowed] for n in range(FIRST_ROWS)]
    assert "Answer outside the scale: 15</h3>" in page
    assert re.search(rf"The first {FIRST_ROWS} are shown\. In all:\s+raw/w1\.csv \(15\)\.", page)
    assert "The exports can be read" in page


def test_what_is_lost_comes_before_what_is_only_flagged(study):
    rows = "A1,1,0,0,0\n,0,1,1,1\nA2,0,9,1,1\n"
    study.declare(participants="roster: roster.csv")
    intake = study.read({"raw/w1.csv": HEAD + rows, "roster.csv": "pid,arm\nA1,1\nA2,0\nA9,0\n"})
    actions = [problem.action for problem in list_problems(intake.ledger)]
    assert actions == ["cell set aside", "row set aside", "flagged"]


def test_a_score_that_could_not_be_formed_has_its_place_after_the_rows(study):
    """The ledger of a whole run holds scoring's rows too, which have no file."""
    intake = study.read({"raw/w1.csv": HEAD + "A1,1,0,0,9\n,0,1,1,1\n"})
    scoring = {"stage": "score_answers", "rule": "too-few-items:mood", "action": "score not formed"}
    ledger = pd.concat([pd.DataFrame([scoring]), intake.ledger], ignore_index=True)
    problems = list_problems(ledger)
    assert [problem.action for problem in problems] == ["cell set aside", "row set aside", "score not formed"]
    assert problems[-1].to_do.startswith("nothing")


NASTY = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '"><b>bold</b>', "&lt;i&gt;", "{{ 7 * 7 }}",
    "=HYPERLINK(1)", "'quoted'",
]  # fmt: skip


@pytest.mark.parametrize("value", NASTY)
def test_whatever_a_cell_holds_is_shown_as_text(study, value):
    cell = '"' + value.replace('"', '""') + '"'
    page = page_of(study, {"raw/w1.csv": HEAD + f"A1,1,{cell},1,2\n"})
    read = Reader(page)
    assert any(value in cell for row in read.rows for cell in row)
    assert not read.tags & {"script", "img", "b", "i", "link", "iframe"}
    assert html.escape(value, quote=False).replace("'", "&#39;").replace('"', "&#34;") in page


def test_a_column_whose_name_is_markup_is_shown_as_text(study):
    study.declare(outcomes="  mood: {kind: score, column: <b>low</b>, higher_is: worse, domain: d, role: primary}")
    page = page_of(study, {"raw/w1.csv": "pid,arm,<b>low</b>\nA1,1,x\n"})
    assert "b" not in Reader(page).tags


def test_nothing_hides_in_a_value():
    assert show_value("a\u202eb\x00c\u200b") == "a<U+202E>b<U+0000>c<U+200B>"
    assert show_value("x" * 1000) == "x" * 160 + " ... (1,000 characters)"
    assert show_value("naïve 日本") == "naïve 日本"


def test_the_page_needs_nothing_else(study):
    page = page_of(study, {"raw/w1.csv": HEAD + "A1,1,Rarely,1,2\n"})
    assert not re.search(r"(?:src|href)=|@import|url\(|https?:", page)
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in page


def test_a_mistake_before_any_cell_was_read_has_its_page_too(study):
    page = page_of(study, {"raw/w1.csv": "pidd,arm,m_1,m_2,m_3\nA1,1,1,1,1\n"})
    assert "no column &#39;pid&#39;" in page
    assert "1 thing stops the reading" in page


def test_a_column_of_free_text_does_not_make_an_endless_page(study):
    rows = "".join(f"A{n},{n % 2},word number {n},1,2\n" for n in range(700))
    with pytest.raises(UserError) as caught:
        study.read({"raw/w1.csv": HEAD + rows})
    wordings, more = list_wordings(caught.value.restricted)
    assert (len(wordings), more) == (500, 200)
    assert "200 more wordings are not shown" in caught.value.write_page("tiny")


def test_near_misses_and_people_of_one_file_only_are_listed(study):
    study.declare(participants="roster: roster.csv")
    intake = study.read({
        "raw/w1.csv": HEAD + "BP-10,1,0,0,0\nBP-11,0,0,0,0\nBP-2O,0,1,1,1\n",
        "roster.csv": "pid,arm\nBP-10,1\nBP-11,0\nBP-20,0\nBP-77,0\n",
    })  # fmt: skip
    page = write_check_page(intake.ledger, title="tiny", notes=intake.notes)
    assert "<pre>found,person,reason\nBP-2O,BP-20,\n</pre>" in page
    assert "Identifier looks like a slip of another: 1</h3>" in page
    rows = Reader(page).rows
    assert rows[rows.index(["roster.csv"]) + 1 :][:2] == [["4"], ["5"]]
