"""Small tables in which people write down what they decided: corrections.csv, id_map.csv.

In: the study folder, the table's name, its columns. Out: one dictionary a decision, its values as text, with the `line`
on which it stands. Fails with UserError for a column that is not there and for a decision without a reason.
"""

from alongside.errors import Mistake, UserError
from alongside.intake.readers import read_text_table


def read_decisions(folder, name, *, required, optional):
    table = read_text_table(folder, name)
    headers = [cell.strip().casefold() for cell in table.head[0]]
    absent = [column for column in required if column not in headers]
    if absent:
        raise UserError(
            Mistake(name, f"no column {', '.join(absent)}", allowed=", ".join((*required, *optional)), remedy="add it")
        )
    used = [column for column in (*required, *optional) if column in headers]
    lines, cells = table.load([headers.index(column) for column in used], 1)
    texts = {column: cells[headers.index(column)].text() for column in used}
    decisions = [
        dict.fromkeys(optional, "") | {column: str(texts[column][place]) for column in used} | {"line": int(line)}
        for place, line in enumerate(lines)
        if any(texts[column][place].strip() for column in used)
    ]
    silent = [decision["line"] for decision in decisions if not decision["reason"].strip()]
    if silent:
        raise UserError(
            *(Mistake(f"{name}, row {line}", "no reason", remedy="say who decided this, and why") for line in silent)
        )
    return decisions
