"""Does the comparison have the mentors? Then it is the wrong cohort, and every sign would be turned round.

In: the people table. Out: one complaint where mentors, or amounts of mentoring, are written down for the comparison and
hardly for anybody else. It says which cohort has none, and no number of people.
"""

from alongside.errors import Mistake
from alongside.study.place import name_place

MANY = 0.5  # at least this share of the comparison has it
HARDLY_ANY = 0.05  # at most this share of every other cohort
LEAST = 5  # people of a cohort; of fewer nothing can be said


def check_comparison(people, participants, *, folder, problems):
    """people: a PEOPLE table; participants: the study file's"""
    comparison = participants.cohort.comparison
    sizes = people["cohort"].value_counts()
    others = [level for level in participants.cohort.levels if level != comparison and sizes.get(level, 0) > 0]
    if not others or min(sizes[level] for level in (comparison, *others)) < LEAST:
        return
    only_there, elsewhere = [], []
    for name, has in _mentoring(people, participants):
        share = has.groupby(people["cohort"], observed=True).mean()
        if share[comparison] >= MANY and max(share[level] for level in others) <= HARDLY_ANY:
            only_there.append(name)
        elif max(share[level] for level in others) > share[comparison]:
            elsewhere.append(name)
    if only_there and not elsewhere:
        without = " and ".join(f"'{level}'" for level in others)
        problems.add(
            Mistake(
                name_place(folder, "participants", "cohort", "comparison"),
                f"the comparison cohort '{comparison}' has {_list(only_there)}, {without} has none",
                allowed="the cohort that was not mentored",
                remedy=f"did you mean `comparison: {' or '.join(others)}`? If not, these columns do not say who was "
                "mentored: delete participants.mentor or dose",
            )
        )


def _list(names):
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _mentoring(people, participants):
    """(what it is, whether each person has it); no meetings are none, whether written as 0 or left blank"""
    if participants.mentor:
        yield "mentors", people[participants.mentor].notna()
    for name, covariate in participants.dose.items():
        held = people[name]
        yield name.replace("_", " "), held.notna() & (held != 0 if covariate.kind == "number" else True)
