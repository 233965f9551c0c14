"""The files of Bright Path, with the mess that real exports have, all of it planted on purpose and counted.

In: a `Population` and a random generator. Out: `write_exports` writes raw/, withdrawn.csv, corrections.csv and returns
the counts of everything that was planted, which `simulate.py` stores as planted.json and README.md explains.

Steps: `roster` gives everybody an identifier and writes the lists; `mess` makes the responses of a wave; here each wave
is laid out as its survey tool would; last, the two mistakes that a human can decide go into corrections.csv.
Nobody gets two kinds of mess, so that each count can be checked in the files.
"""

import datetime as dt
import json
from dataclasses import dataclass, field

from files import write_csv, write_workbook
from mess import ATTENTIVE, ON_PAPER, build_wave
from population import SCALES, WAVES
from roster import SITES, Plan, make_cards, write_records, write_roster, write_withdrawn

NORTH = 7  # the first seven sites send their own first export
COMMENTS = ("", "", "", "", "fine", "too long", "my little brother did this once", "ask me at avery@example.org")
PREFIX_AT_FOLLOWUP = {"ucla": "ucla", "gbs": "belong", "rses": "rses", "gad": "gad"}
CONSTRUCT = {"ucla": "isolation", "gbs": "belonging", "rses": "self-esteem", "gad": "anxiety"}
LABELS = {
    "ucla": {1: "Never", 2: "Rarely", 3: "Sometimes", 4: "Often"},
    "rses": {1: "Strongly disagree", 2: "Disagree", 3: "Agree", 4: "Strongly agree"},
    "gad": {0: "Not at all", 1: "Several days", 2: "More than half the days", 3: "Nearly every day"},
}


@dataclass
class Export:
    """One file. top: header rows below the names; rows: (response, cells)"""

    file: str
    headers: list
    top: list = field(default_factory=list)
    rows: list = field(default_factory=list)
    options: dict = field(default_factory=dict)

    def write(self, folder):
        cells = [*self.top, *(row for _, row in self.rows)]
        if self.file.endswith(".xlsx"):
            write_workbook(folder / self.file, self.headers, cells)
        else:
            write_csv(folder / self.file, self.headers, cells, **self.options)

    def decisions(self):
        """Rows of corrections.csv: file, row as a spreadsheet shows it, column, old, new, reason."""
        for place, (response, cells) in enumerate(self.rows):
            if response.correction:
                key, new, reason = response.correction
                column = self.headers.index(key if isinstance(key, str) else f"{key[0]}_{key[1]:02d}")
                row = place + len(self.top) + 2
                yield [self.file, row, self.headers[column], cells[column], new, reason]


def write_exports(rng, population, folder):
    """Write all files below `folder`; return the counts of what was planted."""
    (folder / "raw").mkdir(exist_ok=True)
    cards = make_cards(rng, population)
    plan = Plan(rng, population)
    planted = {"people": len(population.site), "late_enrolments": int(population.late.sum())}
    planted["roster"] = write_roster(rng, population, cards, plan, folder)
    planted["withdrawn"] = write_withdrawn(cards, plan, folder)
    decisions = []
    for place, (wave, lay_out) in enumerate(
        zip(WAVES, (_lay_out_before, _lay_out_after, _lay_out_followup), strict=True)
    ):
        responses, planted[wave] = build_wave(rng, population, cards, plan, place)
        exports = lay_out(rng, population, cards, plan, responses)
        for export in exports:
            export.write(folder)
            decisions += export.decisions()
        planted[wave]["rows"] = {export.file: len(export.rows) for export in exports}
    planted["followup"]["changed_cohort"] = 1
    write_csv(folder / "corrections.csv", ["file", "row", "column", "old", "new", "reason"], decisions)
    planted["corrections"] = {"rows": len(decisions)}
    planted["records"] = write_records(rng, population, cards, folder)
    return planted


_FRONT = (
    "StartDate", "EndDate", "Status", "IPAddress", "Progress", "Duration (in seconds)", "Finished", "RecordedDate",
    "ResponseId", "RecipientLastName", "RecipientFirstName", "RecipientEmail", "LocationLatitude",
    "LocationLongitude", "DistributionChannel", "UserLanguage",
)  # fmt: skip


def _item_columns(name_of):
    """(prefix, item, name of its column)"""
    items = [(scale.prefix, item + 1) for scale in SCALES.values() for item in range(scale.n_items)]
    return [(prefix, item, name_of(prefix, item)) for prefix, item in items]


def _lay_out_before(rng, population, cards, plan, responses):
    """Two exports of the same survey, by the north with text, by the south with numbers."""
    columns = _item_columns(lambda prefix, item: f"{prefix}_{item}")
    headers = [*_FRONT, "participant_id", "site", "programme", *(name for *_, name in columns), "attn_1", "comments"]
    parts = {
        part: Export(f"raw/wave1_{part}.csv", headers, top=_qualtrics_headers(headers, columns))
        for part in ("north", "south")
    }
    for number, response in enumerate(responses):
        site = 0 if response.person is None else population.site[response.person]
        part = ("north", "south")[number % 2] if response.person is None else "north" if site < NORTH else "south"
        row = _qualtrics_row(rng, population, cards, response, columns, as_text=part == "north")
        parts[part].rows.append((response, row))
    return list(parts.values())


def _qualtrics_headers(headers, columns):
    hint = "\n(please choose one answer)"  # line breaks inside a header cell are usual
    question = {
        name: f"Question {item} of the {CONSTRUCT[prefix]} scale" + hint * (item == 1) for prefix, item, name in columns
    }
    question |= {"attn_1": f'Attention check: please choose "{ATTENTIVE}"', "comments": "Anything you want to add?"}
    identity = {"StartDate": "startDate", "EndDate": "endDate", "RecordedDate": "recordedDate"}
    imports = []
    for place, name in enumerate(headers):
        meaning = {"ImportId": identity.get(name, f"QID{place}" if name in question else name)}
        imports.append(json.dumps(meaning | ({"timeZone": "Europe/London"} if name in identity else {})))
    return [[question.get(name, name) for name in headers], imports]


def _qualtrics_row(rng, population, cards, response, columns, *, as_text):
    card = {"id": "", "first": "", "last": "", "email": "", "ip": "192.0.2.1"}
    site = programme = ""
    if response.person is not None:
        card = cards[response.person]
        site = SITES[population.site[response.person]]
        joined = population.mentored[response.person]
        programme = ("Mentored" if joined else "Wait list") if as_text else int(joined)
    seconds = int(rng.integers(240, 1500))
    status = ("Survey Preview", "IP Address") if as_text else (1, 0)
    moment = response.submitted
    front = [
        moment - dt.timedelta(seconds=seconds), moment, status[0] if response.preview else status[1], card["ip"],
        100 if response.finished else int(rng.integers(5, 80)), seconds,
        str(response.finished) if as_text else int(response.finished), moment,
        "R_" + "".join("abcdefghijkmnpqrstuvwxyz23456789"[i] for i in rng.integers(32, size=15)), card["last"],
        card["first"], card["email"], "0.0", "0.0", "preview" if response.preview else "anonymous", "EN",
    ]  # fmt: skip
    # In the north, somebody recoded the second half of the isolation scale to numbers before exporting.
    answers = [
        _cell(rng, response, prefix, item, as_text=as_text and not (prefix == "ucla" and item > 10))
        for prefix, item, _ in columns
    ]
    attention = response.attention if response.finished else ""
    return [*front, response.identifier, site, programme, *answers, attention, _comment(rng)]


def _lay_out_after(rng, population, cards, plan, responses):
    """Online: a workbook, items numbered 01, 02 ...; anxiety as text. On paper: numbers, typed in by hand."""
    columns = _item_columns(lambda prefix, item: f"{prefix}_{item:02d}")
    names = [name for *_, name in columns]
    online_headers = ["participant_id", "Email", "RecordedDate", "Finished", "programme", *names, "attn_1", "comments"]
    online = Export("raw/wave2_online.xlsx", online_headers)
    paper = Export("raw/wave2_paper.csv", ["participant_id", "name", "RecordedDate", "Finished", *names])
    for response in responses:
        if response.person is None or population.site[response.person] < ON_PAPER:
            card = {"email": ""} if response.person is None else cards[response.person]
            joined = "" if response.person is None else int(population.mentored[response.person])
            answers = [
                _cell(rng, response, prefix, item, as_text=prefix == "gad", daily="Nearly daily")
                for prefix, item, _ in columns
            ]
            row = [response.identifier, card["email"], response.submitted, response.finished, joined, *answers]
            row += [response.attention if response.finished else "", _comment(rng)]
            online.rows.append((response, row))
        else:
            answers = [_cell(rng, response, prefix, item, as_text=False) for prefix, item, _ in columns]
            day = response.submitted.date().isoformat()
            row = [response.identifier, cards[response.person]["first"], day, int(response.finished), *answers]
            paper.rows.append((response, row))
    return [online, paper]


def _lay_out_followup(rng, population, cards, plan, responses):
    """A European spreadsheet's CSV: byte order mark, semicolons, decimal commas; other names for belonging."""
    columns = _item_columns(lambda prefix, item: f"{PREFIX_AT_FOLLOWUP[prefix]}_{item}")
    names = [name for *_, name in columns]
    headers = ["participant_id", "RecordedDate", "Finished", "minutes", "programme", *names, "attn_1", "phone"]
    export = Export("raw/wave3_all.csv", headers, options={"delimiter": ";", "encoding": "utf-8-sig"})
    for response in responses:
        joined = "" if response.person is None else int(population.mentored[response.person])
        if response.person == plan.changed_cohort:
            joined = 1
        answers = [
            _cell(rng, response, prefix, item, as_text=prefix == "rses", lower=True) for prefix, item, _ in columns
        ]
        minutes = f"{rng.integers(40, 250) / 10:.1f}".replace(".", ",")
        attention = response.attention if response.finished else ""
        phone = "" if response.person is None else f"01632 960{response.person % 1000:03d}"
        moment = response.submitted
        row = [response.identifier, moment, int(response.finished), minutes, joined, *answers, attention, phone]
        export.rows.append((response, row))
    return [export]


def _cell(rng, response, prefix, item, *, as_text, daily=None, lower=False):
    """What stands in one cell. An item that was left out is empty, -99 (numbers) or "Prefer not to say" (text)."""
    if (prefix, item) in response.shown:
        return response.shown[(prefix, item)]
    value = response.answers.get((prefix, item))
    as_text = as_text and prefix in LABELS
    if value is None:
        if not response.finished or rng.random() < 0.5:
            return ""
        return "Prefer not to say" if as_text else -99
    if not as_text:
        return value
    if prefix == "gad" and value == 3 and daily:
        return daily
    label = LABELS[prefix][value]
    return label.lower() if lower else label


def _comment(rng):
    return COMMENTS[int(rng.integers(len(COMMENTS)))]
