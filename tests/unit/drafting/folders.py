"""Folders as evaluators have them: any tool, any dialect, any layout, with what is always amiss in one of the files.

`folders()` draws a `Folder`: its files as bytes, and what each answer in them is, so that whatever is read from it can
be compared. Nothing here knows how the project reads a file.
"""

import csv
import datetime as dt
import io
from dataclasses import dataclass, field

import xlsxwriter
from hypothesis import strategies as st

SCALES = {"gad": (7, 0, 3), "ucla": (3, 1, 3), "pss": (4, 0, 4)}
WORDS = {
    "gad": ("Not at all", "Several days", "More than half the days", "Nearly every day"),
    "ucla": ("", "Hardly ever", "Some of the time", "Often"),
    "pss": ("Never", "Almost never", "Sometimes", "Fairly often", "Very often"),
}
ITEM_NAMES = ("{0}_{1}", "{0}{1}", "{0}.{1}", "{0} {1}", "{0}[{1}]", "Q7 {0} ({1})")
FILES_OF_WAVES = (
    ("wave1", "wave2"), ("results_w1", "results_w2"), ("pre", "post"), ("Baseline 2026", "Follow-up 2026"), ("a", "b"),
    ("in/T1/survey", "in/T2/survey"), ("t1 [final]", "t2 [final]"), ("intake", "6 months"),
)  # fmt: skip
SUFFIXES = (("_t1", "_t2"), ("_pre", "_post"), ("", "_post"), ("_w1", "_w2"), (".baseline", ".6m"), ("_T0", "_T1"))
EVENTS = (("1", "2"), ("pre", "post"), ("baseline_arm_1", "month_6_arm_1"), ("T1", "T2"))
COHORTS = (("yes", "no"), ("1", "0"), ("Mentored", "Wait list"), ("Mentored ", "wait list"))
DATES = {"day-first": "%d/%m/%Y", "month-first": "%m/%d/%Y", "year-first": "%Y-%m-%d"}
COMMENTS = ("", "fine", 'she said "no"', "a; b, c\td", "two\nlines", "naïve 日本", "=1+1")
QUALTRICS = ("StartDate", "EndDate", "Status", "Finished", "RecordedDate")
KOBO = ("start", "end", "_uuid", "_submission_time", "__version__")


@dataclass
class Folder:
    """files: {name: bytes}; dates: the order that all of them have

    truth: {(file, sheet, row): {(wave, stem): answers}}; wave is 0 or 1; an answer is None where there is none
    headers: {file: names of its columns}
    """

    files: dict = field(default_factory=dict)
    dates: str = "year-first"
    truth: dict = field(default_factory=dict)
    headers: dict = field(default_factory=dict)


@st.composite
def folders(draw):
    folder = Folder(dates=draw(st.sampled_from(sorted(DATES))))
    chosen = draw(st.lists(st.sampled_from(sorted(SCALES)), min_size=1, max_size=2, unique=True))
    n_people = draw(st.sampled_from([6, 7, 8, 9, 12, 3, 1]))
    people = [_person(draw, number, chosen) for number in range(n_people)]
    how = {
        "id": draw(st.sampled_from(["pid", "participant_id", "Participant ID", "record_id", "Code", "student no."])),
        "item": draw(st.sampled_from(ITEM_NAMES)),
        "cohort": draw(st.sampled_from(["arm", "group", "Programme", "Mentored?"])),
        "levels": draw(st.sampled_from(COHORTS)),
        "extras": draw(st.lists(st.sampled_from(sorted(EXTRAS)), max_size=5)),  # one may come twice
        "dates": folder.dates if draw(st.booleans()) else "",
        "missing": draw(st.sampled_from(["", "", "-99", "NA"])),
        "words": draw(st.sampled_from([False, False, True])),
    }
    layout = draw(st.sampled_from(["files", "files", "wide", "long"]))
    if layout == "files":
        _write_files(draw, folder, people, chosen, how)
    else:
        suffixes = draw(st.sampled_from(SUFFIXES if layout == "wide" else EVENTS))
        head, rows = (_wide if layout == "wide" else _long)(draw, people, chosen, how, suffixes)
        _write(draw, folder, "survey", head, rows)
    for name in draw(st.lists(st.sampled_from(sorted(AMISS)), max_size=2, unique=True)):
        folder.files[name] = AMISS[name]
    return folder


def _person(draw, number, chosen):
    def answers(stem):
        n, low, high = SCALES[stem]
        answer = st.sampled_from([*range(low, high + 1), *range(low, high + 1), None])
        return draw(st.lists(answer, min_size=n, max_size=n))

    return {
        "id": f"{draw(st.sampled_from(['P', 'p', 'P']))}{number + 1:02d}",
        "cohort": draw(st.sampled_from([number % 2] * 4 + [0, 1])),
        "answers": {(wave, stem): answers(stem) for wave in (0, 1) for stem in chosen},
        "waves": draw(st.sampled_from([(0, 1), (0, 1), (0, 1), (0,), (1,)])),
        "days": (draw(st.integers(1, 28)), draw(st.integers(1, 28))),
        "any": draw(st.integers(0, 5)),
    }


EXTRAS = {
    "age": lambda person: str(12 + person["any"]),
    "hours": lambda person: f"{person['any']},5",
    "total (old)": lambda person: str(person["any"]),
    "comment": lambda person: COMMENTS[person["any"]],
    "empty": lambda person: "",
    "Site [code]": lambda person: "NS"[person["any"] % 2],
    "note": lambda person: "x" * person["any"],
    "consent": lambda person: "yes",
    " spaces ": lambda person: str(person["any"] % 2),
}
AMISS = {
    "empty.csv": b"",
    "blank.csv": b"\r\n\r\n",
    "header.csv": b"pid,arm,gad_1,gad_2\r\n",
    "one column.csv": b"pid\r\nP01\r\nP02\r\n",
    "one row.csv": b"pid;visits\r\nP01;3\r\n",
    "letter.docx": b"PK\x03\x04not data",
    "cut.csv": b'pid,a\r\nP01,"never closed\r\n',
    "cut.xlsx": b"PK\x03\x04",
    "records.csv": b"pid\tenrolled\tgrade\r\nP01\tyes\t3\r\nP02\tno\t4\r\n",
    "answers.csv": b"P01,1,2,3\r\nP02,2,1,0\r\n",
}


def _names(stem, how, suffix):
    return [how["item"].format(stem, number + 1) + suffix for number in range(SCALES[stem][0])]


def _cells(answers, stem, how):
    told = WORDS[stem] if how["words"] else range(10)
    return [how["missing"] if answer is None else str(told[answer]) for answer in answers]


def _date(person, wave, how):
    return dt.date(2026, 7 if wave else 1, person["days"][wave]).strftime(DATES[how["dates"]])


def _about(people, how):
    """Columns that every layout begins with: [(name, function(person) -> cell)]"""
    return [
        (how["id"], lambda person: person["id"]),
        (how["cohort"], lambda person: how["levels"][person["cohort"]]),
        *((name, EXTRAS[name]) for name in how["extras"]),
    ]


def _write_files(draw, folder, people, chosen, how):
    names = draw(st.sampled_from(FILES_OF_WAVES))
    suffixes = draw(st.sampled_from([("", ""), ("", ""), *SUFFIXES]))
    sheets = {}
    as_sheets = draw(st.sampled_from([False, False, True]))
    for wave in (0, 1):
        of_wave = chosen if wave == 0 or draw(st.booleans()) else chosen[:1]  # a scale may come only once
        items = [(stem, name) for stem in of_wave for name in _names(stem, how, suffixes[wave])]
        about = _about(people, how) if wave == 0 or draw(st.booleans()) else _about(people, how)[:1]
        head = [*(name for name, _ in about), *(["date"] if how["dates"] else []), *(name for _, name in items)]
        rows = []
        for person in people:
            if wave in person["waves"]:
                cells = [tell(person) for _, tell in about] + ([_date(person, wave, how)] if how["dates"] else [])
                cells += [cell for stem in of_wave for cell in _cells(person["answers"][wave, stem], stem, how)]
                rows.append((cells, {(wave, stem): person["answers"][wave, stem] for stem in of_wave}))
        if draw(st.booleans()):  # the columns of the second file need not come in the order of the first
            order = draw(st.permutations(range(len(head))))
            head, rows = [head[at] for at in order], [([cells[at] for at in order], told) for cells, told in rows]
        if as_sheets:
            sheets[names[wave].replace("[", "").replace("]", "").replace("/", " ")] = head, rows
        else:
            _write(draw, folder, names[wave], head, rows)
    if as_sheets:
        sheets = {sheet: told for sheet, told in sheets.items() if told[1]}
        tables = {sheet: [head, *(cells for cells, _ in rows)] for sheet, (head, rows) in sheets.items()}
        folder.files["everything.xlsx"] = _workbook(tables, as_text=draw(st.booleans()))
        folder.headers["everything.xlsx"] = [name for head, _ in sheets.values() for name in head]
        for sheet, (_, rows) in sheets.items():
            folder.truth |= {("everything.xlsx", sheet, at): told for at, (_, told) in enumerate(rows, start=2)}


def _wide(draw, people, chosen, how, suffixes):
    about = _about(people, how)
    head = [name for name, _ in about]
    head += [name for wave in (0, 1) for stem in chosen for name in _names(stem, how, suffixes[wave])]
    rows = []
    for person in people:
        told = {
            (wave, stem): person["answers"][wave, stem] if wave in person["waves"] else [None] * SCALES[stem][0]
            for wave in (0, 1) for stem in chosen
        }  # fmt: skip
        cells = [tell(person) for _, tell in about]
        rows.append(
            (cells + [cell for (_, stem), answers in told.items() for cell in _cells(answers, stem, how)], told)
        )
    return head, rows


def _long(draw, people, chosen, how, events):
    about = _about(people, how)
    event = "redcap_event_name" if "_arm_" in events[0] else draw(st.sampled_from(["wave", "Event Name", "timepoint"]))
    head = [about[0][0], event, *(name for name, _ in about[1:]), *(["date"] if how["dates"] else [])]
    head += [name for stem in chosen for name in _names(stem, how, "")]
    if event == "redcap_event_name":
        head += ["hobby___1", "hobby___2", "survey_complete"]
    rows = []
    for wave in (0, 1):
        for person in people:
            if wave in person["waves"]:
                cells = [person["id"], events[wave], *(tell(person) for _, tell in about[1:])]
                cells += [_date(person, wave, how)] if how["dates"] else []
                told = {(wave, stem): person["answers"][wave, stem] for stem in chosen}
                cells += [cell for (_, stem), answers in told.items() for cell in _cells(answers, stem, how)]
                rows.append((cells + (["1", "0", "2"] if event == "redcap_event_name" else []), told))
    return head, rows


def _write(draw, folder, name, head, rows):
    """Writes one table in a dialect that is drawn; rows: [(cells, what they truly say)]"""
    shape = draw(st.sampled_from(["plain", "plain", "qualtrics", "google", "kobo"]))
    front, body = [head], [cells for cells, _ in rows]
    days = [f"2026-0{7 if (1, stem) in told and (0, stem) not in told else 1}-05" for _, told in rows
            for stem in [next(iter(told))[1]]]  # fmt: skip
    if shape == "qualtrics":
        front = [[*QUALTRICS, *head], [*QUALTRICS, *(f"Question\nof {name}" for name in head)]]
        front.append(['{"ImportId":"QID1"}'] * len(front[0]))
        given = [[f"{day} 10:00:00", f"{day} 10:05:00", "IP Address", "True", f"{day} 10:05:01"] for day in days]
        body = [[*own, *cells] for own, cells in zip(given, body, strict=True)]
    elif shape == "google":
        front = [["Timestamp", *head]]
        body = [[f"{day.replace('-', '/')} 10:00:00 am", *cells] for day, cells in zip(days, body, strict=True)]
    elif shape == "kobo" and head.count("note") < 2:
        front = [[*KOBO, *(f"about/{name}" for name in head)]]
        body = [[f"{day}T10:00:00.000+02:00", f"{day}T10:05:00.000+02:00", f"u{at}", f"{day}T10:06:00", "v1", *cells]
                for at, (day, cells) in enumerate(zip(days, body, strict=True))]  # fmt: skip
    kind = draw(st.sampled_from(["csv", "csv", "semicolon", "tab", "xlsx"]))
    file = f"{name}.{'xlsx' if kind == 'xlsx' else 'tsv' if kind == 'tab' else 'csv'}"
    if kind == "xlsx":
        folder.files[file] = _workbook({"Answers": front + body}, as_text=draw(st.booleans()))
    else:
        text = io.StringIO()
        delimiter = {"csv": ",", "semicolon": ";", "tab": "\t"}[kind]
        end = draw(st.sampled_from(["\r\n", "\n"]))
        csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(front + body)
        content = text.getvalue() if draw(st.booleans()) else text.getvalue().removesuffix(end)
        folder.files[file] = content.encode(draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])))
    folder.headers[file] = [*front[0]]
    for place, (_, told) in enumerate(rows):
        folder.truth[file, "Answers" if kind == "xlsx" else "", len(front) + 1 + place] = told


def _workbook(tables, *, as_text):
    """tables: {sheet: rows}; as_text: numbers are texts"""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        for name, rows in tables.items():
            sheet = book.add_worksheet(name)
            for at, cells in enumerate(rows):
                for place, cell in enumerate(cells):
                    if not as_text and cell.isdigit() and cell == str(int(cell)):
                        sheet.write_number(at, place, int(cell))
                    elif cell:
                        sheet.write_string(at, place, cell)
        if as_text:
            book.add_worksheet("Empty")
    return content.getvalue()
