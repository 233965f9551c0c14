"""Who is who at Bright Path: identifiers and contact details, the roster, the withdrawals, the school's records.

In: a `Population`, a random generator, and the `Plan` that says who gets which kind of mess. Out: one file a function,
and the counts of what was planted in it. All names, addresses and telephone numbers are invented and of kinds that can
belong to nobody.
"""

import datetime as dt

import numpy as np
from files import write_csv
from population import GENDERS

SITES = (
    "Alder", "Beech", "Cedar", "Elm", "Fir", "Hazel", "Holly", "Juniper", "Larch", "Maple", "Oak", "Pine", "Rowan",
    "Willow",
)  # fmt: skip
FIRST_NAMES = ("Avery", "Billie", "Charlie", "Devon", "Emery", "Frankie", "Harper", "Indigo", "Jules", "Kit")
LAST_NAMES = ("Example", "Sample", "Placeholder", "Invented", "Fictional", "Specimen", "Nobody", "Madeup")
ENROLMENT_ENDS = dt.date(2025, 10, 6)


class Plan:
    """Who gets which kind of mess: nobody two kinds."""

    def __init__(self, rng, population):
        self.seen = population.seen
        self.order = list(rng.permutation(len(population.site)))
        self.population = population
        self.no_consent = self.take(6)
        self.blank_consent = self.take(2)
        self.withdrawn = self.take(4)
        crossed = np.flatnonzero(~population.mentored & population.seen.all(axis=0))
        self.changed_cohort = next(person for person in self.order if person in set(crossed))
        self.order.remove(self.changed_cohort)

    def take(self, number, *, wave=None, among=None):
        """The next `number` people who answered at `wave` (any wave if None) and for whom `among` holds."""
        chosen = []
        for person in self.order:
            if len(chosen) == number:
                break
            answered = self.seen[:, person].any() if wave is None else self.seen[wave, person]
            if answered and (among is None or among[person]):
                chosen.append(person)
        if len(chosen) < number:
            raise RuntimeError("too few people left to plant the mess")
        self.order = [person for person in self.order if person not in chosen]
        return [int(person) for person in chosen]


def make_cards(rng, population):
    n = len(population.site)
    numbers = 1000 + rng.permutation(9000)[:n]
    first, last = rng.integers(len(FIRST_NAMES), size=n), rng.integers(len(LAST_NAMES), size=n)
    return [
        {
            "id": f"BP-{number}",
            "first": FIRST_NAMES[f],
            "last": LAST_NAMES[s],
            "email": f"{FIRST_NAMES[f]}.{LAST_NAMES[s]}.{number}@example.org".lower(),
            "ip": f"{('192.0.2', '198.51.100', '203.0.113')[number % 3]}.{number % 254 + 1}",
        }
        for number, f, s in zip(numbers, first, last, strict=True)
    ]


def write_roster(rng, population, cards, plan, folder):
    n = len(cards)
    impossible_age = plan.take(1)
    no_age = plan.take(2)
    no_gender = plan.take(3)
    stray = plan.take(4)
    impossible_dose = plan.take(2, among=population.mentored)
    mentors = _assign_mentors(population)
    months = np.round(np.clip(rng.normal(7, 2.5, n), 0.5, 12), 1)
    meetings = rng.poisson(2.2 * months)
    rows = []
    for person, card in enumerate(cards):
        joined = bool(population.mentored[person])
        late = bool(population.late[person])
        enrolled = ENROLMENT_ENDS + dt.timedelta(days=int(rng.integers(60, 110) if late else -rng.integers(5, 40)))
        consent = "No" if person in plan.no_consent else "" if person in plan.blank_consent else "Yes"
        age = 171 if person in impossible_age else "" if person in no_age else int(population.age[person])
        first_generation = "Yes" if population.first_generation[person] else "No"
        rows.append(
            {
                "participant_id": messy(rng, card["id"]) if person in stray else card["id"],
                "first_name": card["first"],
                "last_name": card["last"],
                "email": card["email"],
                "enrolled_on": enrolled.isoformat(),
                "site": SITES[population.site[person]],
                "programme": "Mentored" if joined else "Wait list",
                "consent": consent,
                "age": age,
                "gender": "Prefer not to say" if person in no_gender else GENDERS[population.gender[person]],
                "first_generation": first_generation.lower() if person % 7 == 0 else first_generation,
                "mentor_id": mentors[person],
                "meetings": (-1 if person in impossible_dose else int(meetings[person])) if joined else "",
                "months_matched": float(months[person]) if joined else "",
                "notes": "moved in the spring, see e-mail" if person % 29 == 0 else "",
            }
        )
    order = rng.permutation(n)
    write_csv(folder / "raw" / "enrolment.csv", list(rows[0]), [rows[i].values() for i in order])
    return {
        "rows": n,
        "mentored": int(population.mentored.sum()),
        "consent_no": len(plan.no_consent),
        "consent_blank": len(plan.blank_consent),
        "age_impossible": len(impossible_age),
        "age_blank": len(no_age),
        "gender_not_said": len(no_gender),
        "identifiers_to_clean": len(stray),
        "meetings_impossible": len(impossible_dose),
    }


def _assign_mentors(population):
    """One to three mentees a mentor, within a site."""
    mentors = [""] * len(population.site)
    for site in range(len(SITES)):
        mentees = np.flatnonzero(population.mentored & (population.site == site))
        for place, person in enumerate(mentees):
            mentors[person] = f"M-{site + 1:02d}-{place // 3 + 1:02d}"
    return mentors


def write_withdrawn(cards, plan, folder):
    rows = [(cards[person]["id"], "2026-05-04") for person in plan.withdrawn]
    write_csv(folder / "withdrawn.csv", ["participant_id", "asked_on"], rows)
    return {"people": len(rows)}


def write_records(rng, population, cards, folder):
    """The school's list after six months: some people are not in it."""
    rows = [
        (card["id"], "Yes" if enrolled else "No", "Tutor " + LAST_NAMES[int(rng.integers(len(LAST_NAMES)))])
        for card, enrolled in zip(cards, population.enrolled, strict=True)
        if rng.random() > 0.03
    ]
    write_csv(folder / "raw" / "school_records.csv", ["participant_id", "enrolled", "tutor"], rows)
    return {"rows": len(rows), "enrolled": sum(row[1] == "Yes" for row in rows)}


def messy(rng, identifier):
    return (f" {identifier}", f"{identifier} ", identifier.lower(), f"  {identifier.lower()} ")[int(rng.integers(4))]
