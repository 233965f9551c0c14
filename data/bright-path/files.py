"""CSV and Excel files whose bytes depend on their content alone: no clock, no system line ends."""

import csv
import datetime as dt
import io

import xlsxwriter


def write_csv(path, headers, rows, *, delimiter=",", encoding="utf-8"):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerow(headers)
    for row in rows:
        writer.writerow([_plain(value) for value in row])
    path.write_bytes(text.getvalue().encode(encoding))


def _plain(value):
    return value.strftime("%Y-%m-%d %H:%M:%S") if isinstance(value, dt.datetime) else value


def write_workbook(path, headers, rows):
    """`created` is fixed so that the same seed gives the same file."""
    workbook = xlsxwriter.Workbook(str(path))
    workbook.set_properties({"created": dt.datetime(2026, 5, 11), "comments": "Simulated"})
    sheet = workbook.add_worksheet("Responses")
    moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    for column, name in enumerate(headers):
        sheet.write_string(0, column, name)
    for line, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, dt.datetime):
                sheet.write_datetime(line, column, value, moment)
            elif isinstance(value, bool):
                sheet.write_boolean(line, column, value)
            elif isinstance(value, int):
                sheet.write_number(line, column, value)
            elif value != "":
                sheet.write_string(line, column, value)
    workbook.close()
