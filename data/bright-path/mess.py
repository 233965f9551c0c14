"""One response a person and wave, and what goes wrong with responses.

In: a `Population` and the `Plan`. Out: `build_wave` gives the responses of a wave in order of submission and the
counts of what was planted: sent twice, given up, taken again, careless, impossible numbers, untidy identifiers.
"""

import datetime as dt
from dataclasses import dataclass, field

import numpy as np
from population import EFFECT, OUTCOMES, SCALES, WAVES, answer
from roster import messy

FIRST_DAY = {"before": dt.date(2025, 10, 6), "after": dt.date(2026, 4, 13), "followup": dt.date(2026, 10, 5)}
ON_PAPER = 10  # from this site on, the second survey was on paper; nobody on paper has an attention check
ATTENTIVE = "Strongly agree"


@dataclass
class Response:
    """One row of an export. `answers`: (prefix, item) -> number as recorded, None where nothing was chosen.

    shown: (prefix, item) -> what the file holds instead, for planted values
    correction: (column or (prefix, item), new, reason) where a human has decided what this row should say
    """

    person: int | None
    identifier: str
    submitted: dt.datetime
    answers: dict
    finished: bool = True
    preview: bool = False
    attention: str = ATTENTIVE
    shown: dict = field(default_factory=dict)
    correction: tuple | None = None


def build_wave(rng, population, cards, plan, place):
    """(responses in order of submission, counts)"""
    wave = WAVES[place]
    by_person = {}
    for person in np.flatnonzero(population.seen[place]):
        by_person[int(person)] = Response(
            person=int(person),
            identifier=cards[person]["id"],
            submitted=_moment(rng, wave),
            answers=_answers_of(population, place, person),
        )
    counts = {"people": len(by_person)}
    extra = []
    counts |= _plant_repeats(rng, population, plan, place, by_person, extra)
    counts |= _plant_careless(rng, plan, place, by_person)
    counts |= _plant_cells(rng, plan, place, by_person)
    counts |= _plant_identifiers(rng, plan, place, by_person)
    if wave == "before":
        extra += [_preview(rng, wave, number) for number in range(5)]
        counts["previews"] = 5
    extra.append(Response(None, "", _moment(rng, wave), {}, finished=False))
    counts["nobody"] = 1
    return sorted([*by_person.values(), *extra], key=lambda response: response.submitted), counts


def _answers_of(population, place, person):
    return {
        (SCALES[outcome].prefix, item + 1): None
        if population.skipped[outcome][place, person, item]
        else int(population.answers[outcome][place, person, item])
        for outcome in OUTCOMES
        for item in range(SCALES[outcome].n_items)
    }


def _plant_repeats(rng, population, plan, place, by_person, extra):
    """Sent twice; started again after giving up; opened again after finishing; taken twice; given up for good."""

    def add(person, answers, *, finished=True, **distance):
        kept = by_person[person]
        extra.append(
            Response(person, kept.identifier, kept.submitted + dt.timedelta(**distance), answers, finished=finished)
        )

    twice = plan.take(5, wave=place)
    for person in twice:
        add(person, dict(by_person[person].answers), minutes=int(rng.integers(1, 9)))
    began_before = plan.take(3, wave=place)
    for person in began_before:
        cut = _cut(by_person[person].answers, keep=int(rng.integers(3, 18)))
        add(person, cut, finished=False, hours=-int(rng.integers(2, 60)))
    opened_again = plan.take(2, wave=place)
    for person in opened_again:
        cut = _cut(by_person[person].answers, keep=int(rng.integers(3, 18)))
        add(person, cut, finished=False, hours=int(rng.integers(2, 60)))
    taken_twice = plan.take(4, wave=place)
    for person in taken_twice:
        add(person, _answer_again(rng, population, place, person), days=-int(rng.integers(2, 9)))
    gave_up = plan.take(4, wave=place)
    for person in gave_up:
        kept = by_person[person]
        kept.answers = _cut(kept.answers, keep=int(rng.integers(22, 34)))
        kept.finished = False
    return {
        "sent_twice": len(twice),
        "began_before": len(began_before),
        "opened_again": len(opened_again),
        "taken_twice": len(taken_twice),
        "gave_up": len(gave_up),
    }


def _cut(answers, *, keep):
    """The survey asks isolation, belonging, self-esteem, anxiety in this order; nothing after the first `keep`."""
    return {key: value if place < keep else None for place, (key, value) in enumerate(answers.items())}


def _answer_again(rng, population, place, person):
    answers = {}
    for outcome, scale in SCALES.items():
        shift = EFFECT[outcome][place - 1] if place and population.mentored[person] else 0.0
        level = population.latent[outcome][place, person] + shift
        for item, value in enumerate(answer(scale, np.array(level), rng.random(scale.n_items))):
            answers[(scale.prefix, item + 1)] = int(value)
    return answers


def _plant_careless(rng, plan, place, by_person):
    inattentive = plan.take(5, wave=place, among=plan.population.site < ON_PAPER)
    for person in inattentive:
        response = by_person[person]
        response.attention = ("Disagree", "Agree", "Strongly disagree")[int(rng.integers(3))]
        for outcome in OUTCOMES:
            scale = SCALES[outcome]
            for item in range(scale.n_items):
                response.answers[(scale.prefix, item + 1)] = int(rng.integers(scale.low, scale.high + 1))
    straight = plan.take(3, wave=place, among=plan.population.site < ON_PAPER)
    for person in straight:
        response = by_person[person]
        response.answers = {key: 3 for key in response.answers}
    return {"attention_failed": len(inattentive), "straight_lined": len(straight)}


def _plant_cells(rng, plan, place, by_person):
    """Numbers that the scale does not have."""
    impossible = {"ucla": (0, 5, 44), "gbs": (0, 8, 55), "rses": (5, 33), "gad": (4, 12)}
    people = plan.take(6, wave=place)
    for number, person in enumerate(people):
        prefix = tuple(impossible)[number % 4]
        item = 1 + int(rng.integers(7))
        response = by_person[person]
        response.answers[(prefix, item)] = None
        response.shown[(prefix, item)] = impossible[prefix][number % len(impossible[prefix])]
    counts = {"out_of_range": len(people)}
    if WAVES[place] == "after":
        (person,) = plan.take(1, wave=place, among=plan.population.site >= ON_PAPER)
        response = by_person[person]
        response.answers[("gad", 5)] = None
        response.shown[("gad", 5)] = "1 or 2"
        response.correction = (("gad", 5), "", "two boxes ticked on paper; read as no answer, as agreed in May 2026")
        counts["unreadable"] = 1
    return counts


def _plant_identifiers(rng, plan, place, by_person):
    stray = plan.take(9, wave=place)
    for person in stray:
        by_person[person].identifier = messy(rng, by_person[person].identifier)
    mistyped = plan.take(1, wave=place)
    for person in mistyped:
        right = by_person[person].identifier
        if WAVES[place] == "before":
            reason = "mistyped; the site's own list has the other number"
            by_person[person].correction = ("participant_id", right, reason)
        by_person[person].identifier = f"BP-0{right[4:]}"  # no identifier begins with 0
    return {"identifiers_to_clean": len(stray), "identifiers_unknown": len(mistyped)}


def _preview(rng, wave, number):
    answers = {(scale.prefix, item + 1): scale.low for scale in SCALES.values() for item in range(scale.n_items)}
    return Response(None, f"TEST{number + 1}", _moment(rng, wave, days=-3), answers, preview=True)


def _moment(rng, wave, days=0):
    day = FIRST_DAY[wave] + dt.timedelta(days=days + int(rng.integers(0, 19)) * (days == 0))
    return dt.datetime.combine(day, dt.time(9)) + dt.timedelta(seconds=int(rng.integers(0, 9 * 3600)))
