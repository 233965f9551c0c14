"""Every file of a folder -> the tables that may hold people, and a reason for each file that does not.

In: the folder and the names of its files. Out: `Exports`: tables with profiled columns; {file or sheet: why it is not
used}; REDCap's data dictionary, whose labels the columns get. What the survey tool writes for itself (addresses,
places, its own numbers of responses) is left out here, so nothing below can take it for anything else.

A table whose first row holds answers where names are expected is not used: its "names" would be somebody's answers.
"""

import re
from dataclasses import dataclass, replace

from alongside.drafting.profile import Column, Table
from alongside.errors import UserError
from alongside.intake.dates import looks_like_a_date
from alongside.intake.dictionary import read_dictionary
from alongside.intake.readers import open_table
from alongside.intake.shapes import recognise
from alongside.intake.text import read_number

_OF_THE_TOOL = {
    "qualtrics": {
        "StartDate", "EndDate", "IPAddress", "Progress", "Duration (in seconds)", "ResponseId", "RecipientLastName",
        "RecipientFirstName", "RecipientEmail", "LocationLatitude", "LocationLongitude", "DistributionChannel",
        "UserLanguage", "Status", "Q_RecaptchaScore",
    },
    "surveymonkey": {
        "Respondent ID", "Collector ID", "Start Date", "IP Address", "Email Address", "First Name", "Last Name",
    },
    "redcap": {"redcap_survey_identifier", "redcap_repeat_instance", "redcap_repeat_instrument"},
    "kobo": {
        "start", "end", "today", "deviceid", "username", "_id", "_uuid", "_validation_status", "_notes", "_status",
        "_submitted_by", "__version__", "_tags", "_index", "meta/instanceID", "meta/rootUuid", "KEY", "SubmitterID",
        "SubmitterName", "instanceID", "formhub/uuid",
    },
    "limesurvey": {
        "id", "lastpage", "startlanguage", "seed", "startdate", "datestamp", "ipaddr", "refurl", "interviewtime",
        "Response ID", "Last page", "Start language", "Seed", "Date started", "Date last action", "Total time",
    },
    "google-forms": {"Email Address", "Username", "Score"},
}  # fmt: skip
_LIMESURVEY_TIMES = re.compile(r"(groupTime\d+|.+Time)")
_DICTIONARY = "Variable / Field Name"


@dataclass
class Exports:
    """unused: {file or sheet: why}; dictionary: the file of REDCap's data dictionary, None where there is none"""

    tables: list[Table]
    unused: dict[str, str]
    dictionary: str | None = None


def open_exports(folder, files):
    """files: names relative to `folder`, with forward slashes"""
    tables, unused, dictionaries = [], {}, []
    for file in files:
        try:
            raws = open_table(folder, file)
        except UserError as error:
            unused[file] = "; ".join(mistake.found for mistake in error.mistakes)
            continue
        for raw in raws:
            if raw.head[0][0].strip() == _DICTIONARY:
                dictionaries.append(file)
                continue
            where = f"{file}, sheet {raw.sheet}" if len(raws) > 1 else file
            try:
                table, why = _open(raw, several_sheets=len(raws) > 1)
            except UserError as error:
                table, why = None, "; ".join(mistake.found for mistake in error.mistakes)
            if table is None:
                unused[where] = why
            else:
                tables.append(table)
    exports = Exports(tables, unused)
    if len(dictionaries) == 1:
        _explain(exports, folder, dictionaries[0])
    else:
        unused |= dict.fromkeys(dictionaries, "one of several data dictionaries of REDCap: declare source.dictionary")
    return exports


def _explain(exports, folder, file):
    try:
        labels = read_dictionary(folder, file).labels
    except UserError as error:
        exports.unused[file] = "; ".join(mistake.found for mistake in error.mistakes)
        return
    exports.dictionary = file
    for table in exports.tables:
        table.columns = [replace(one, labels=one.labels or labels.get(one.header, {})) for one in table.columns]


def _open(raw, *, several_sheets):
    """(the Table, "") or (None, why it is none)"""
    layout = recognise(raw, "auto")
    if layout.format == "plain" and _is_an_answer_row(layout.names):
        return None, "its first row looks like answers, not like names of columns"
    places = [place for place, name in enumerate(layout.names) if name]
    rows, cells = raw.load(places, layout.first)
    own = _OF_THE_TOOL.get(layout.format, set())
    aliases = {place: alias for alias, place in layout.aliases.items()}
    columns, twice, questions = [], {}, _questions(raw, layout)
    for place in places:
        header = layout.names[place]
        name = aliases.get(place, header)
        repeated = layout.names.count(header) > 1 and place not in aliases
        of_the_tool = header in own or name in own
        if layout.format == "limesurvey":
            of_the_tool = of_the_tool or bool(_LIMESURVEY_TIMES.fullmatch(name))
        if repeated:
            twice[header] = layout.names.count(header)
        elif not of_the_tool:
            columns.append(
                Column(name, header, place, cells[place], raw.value_labels.get(header, {}), questions[place])
            )
    if not len(rows):
        return None, "a header, and nobody below it"
    if len(columns) < 2:
        return None, "fewer than two columns with a name of their own" if twice else "a single column"
    return Table(raw.file, raw.sheet, layout, columns, len(rows), several_sheets, twice=twice), ""


def _questions(raw, layout):
    """What was asked, column by column: Qualtrics writes it below the names, SPSS and Stata label their variables."""
    if layout.format == "qualtrics" and layout.first > layout.header + 1:
        return [" ".join(text.split()) for text in raw.head[layout.header + 1]]
    return [" ".join(raw.questions.get(name, "").split()) for name in layout.names]


def _is_an_answer_row(names):
    """Names of columns are no dates, no addresses and hardly ever numbers."""
    filled = [name for name in names if name]
    if any(looks_like_a_date(name) or re.fullmatch(r"[^@\s]+@[^@\s]+\.\w+", name) for name in filled):
        return True
    return sum(read_number(name) is not None for name in filled) > len(filled) / 3
