"""Exports as tests type them: rows as CSV, and as Qualtrics writes them."""

import csv
import io
import json

TOOL = {"StartDate": "Start Date", "Status": "Response Type", "Finished": "Finished", "RecordedDate": "Recorded Date"}
GIVEN = ["2026-01-05 10:00:00", "IP Address", "True", "2026-01-05 10:09:00"]


def written(rows):
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue()


def qualtrics(questions, rows):
    """Names, questions, marks, answers. questions: {name: what was asked}; rows: their answers, a list a person"""
    head = TOOL | questions
    marks = [json.dumps({"ImportId": f"QID{n}"}) for n in range(len(head))]
    return written([list(head), list(head.values()), marks, *([*GIVEN, *row] for row in rows)])
