"""Identifiers that look like a slip of another: suggestions for a human, in the restricted ledger only.

A stranger is somebody whom the roster does not know or, without a roster, who was not there at the baseline. A
stranger who is one slip away from a person without a response at that wave is listed; nobody is ever joined here.
Those set aside for want of a cohort or of anybody's consent are strangers too: where these stand at the baseline alone,
nothing else can happen to an identifier with a slip.
"""

from alongside.intake.identity import find_near_misses, shown
from alongside.intake.ledger import FLAGGED, NOT_FOUND
from alongside.tables.notes import Counted

MOST_CANDIDATES = 200_000
NEAR_MISS = "identifier-near-miss"
BETWEEN = " or "


def suggest_people(rows, population, *, ledger, notes):
    linked = rows[(rows["reason"].isin(["", "not-in-roster", "no-cohort", NOT_FOUND])) & (rows["person"] >= 0)]
    strangers = linked[linked["person"].isin(population.strangers())].drop_duplicates("person")
    known = population.known()
    if strangers.empty or not len(known):
        return
    if len(known) > MOST_CANDIDATES:
        notes.append(f"identifiers that look like slips were not looked for: more than {MOST_CANDIDATES:,} people")
        return
    count = 0
    for wave, group in strangers.groupby("wave", observed=True):
        present = set(linked.loc[linked["wave"] == wave, "person"])
        absent = [population.identifiers[person] for person in known if person not in present]
        place_of = {population.identifiers[person]: at for at, person in zip(group.index, group["person"], strict=True)}
        for stranger, candidates in find_near_misses(list(place_of), absent):
            row = rows.loc[place_of[stranger]]
            count += 1
            ledger.add(
                rule=NEAR_MISS, action=FLAGGED, file=str(row["file"]), sheet=str(row["sheet"]),
                row=int(row["row"]), found=shown(stranger), allowed=BETWEEN.join(shown(one) for one in candidates),
                remedy="nobody was joined; if it is the same person, write it into id_map.csv",
            )  # fmt: skip
    if count:
        notes.append(Counted("like a slip of another one (the restricted ledger lists them)", "identifiers", count))
