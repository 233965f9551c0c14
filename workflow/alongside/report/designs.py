"""What each design can and cannot carry, in words for people who have never heard of designs.

One entry for every design a study file may declare. `assigned`: how people came into their cohorts; `can`, `cannot`:
what a difference between the cohorts may be taken to mean; `chance`: whether chance formed them. Where it did not, no
sentence here says that the programme made a difference.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Design:
    name: str
    assigned: str
    can: str
    cannot: str
    short: str
    chance: bool = False


DESIGNS = {
    "randomised": Design(
        name="Randomised comparison",
        assigned="Chance decided who was offered the programme.",
        can="Apart from chance, the cohorts were alike when they started. A difference between them that is larger "
        "than chance produces can be put down to the offer of the programme.",
        cannot="It compares everybody as they were assigned, whether or not they took part, so it does not say what "
        "taking part fully would do. People who stopped answering may differ from those who went on.",
        short="Chance formed the cohorts, so a difference beyond chance can be put down to the offer of the programme.",
        chance=True,
    ),
    "cluster-randomised": Design(
        name="Comparison of groups assigned by chance",
        assigned="Chance decided which whole groups, such as sites, were offered the programme.",
        can="Apart from chance, the groups were alike when they started. A difference that is larger than chance "
        "produces can be put down to the offer of the programme.",
        cannot="Chance had only as many turns as there are groups, so the number of groups limits what can be said. "
        "People who stopped answering may differ from those who went on.",
        short="Chance formed the cohorts, so a difference beyond chance can be put down to the offer of the programme.",
        chance=True,
    ),
    "waitlist": Design(
        name="Comparison with people waiting for a place",
        assigned="The comparison cohort was waiting for its own turn. Chance did not decide who went first.",
        can="It shows whether one cohort changed more than the other while the other was waiting. Both wanted a "
        "place, which makes them more alike than strangers would be.",
        cannot="It cannot show that the programme made the difference. Who goes first is rarely an accident, and "
        "waiting can itself weigh on people. Once the waiting cohort has started, nothing is left to compare with.",
        short="Chance did not decide who went first. A difference between the cohorts is not proof that the programme "
        "made it.",
    ),
    "matched": Design(
        name="Comparison with similar people",
        assigned="The comparison cohort was chosen because its people resemble those in the programme. Chance decided "
        "nothing.",
        can="It shows whether one cohort changed more than the other, among people who looked alike in what was "
        "measured at the start.",
        cannot="It cannot show that the programme made the difference. People who look alike on paper can differ in "
        "what nobody measured, such as how ready they were for a change.",
        short="Chance did not form the cohorts. A difference between them is not proof that the programme made it.",
    ),
    "self-selected": Design(
        name="Comparison of people who chose",
        assigned="Nobody was assigned by chance. People, or those who referred them, decided who joined the programme.",
        can="It shows whether one cohort changed more than the other over the same months.",
        cannot="It cannot show that the programme made the difference. People who join may have been about to change "
        "anyway, or may have had more support elsewhere; nothing in these data can tell that apart.",
        short="Chance did not form the cohorts. A difference between them is not proof that the programme made it.",
    ),
}
