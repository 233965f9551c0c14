"""An outcome is called by what its scale measures, where that is one thing; each name was written by hand."""

import pytest

from alongside.drafting.constructs import name_construct

BY_HAND = {
    "ahi24": "happiness", "brs6": "resilience", "cdrisc10": "resilience", "cesd10": "depression",
    "cesd20": "depression", "dass21": "", "djg11": "loneliness", "djg6": "loneliness", "eds9": "discrimination",
    "gad2": "anxiety", "gad7": "anxiety", "gbs12": "belonging", "k10": "distress", "k6": "distress",
    "lsns6": "social_network", "mspss12": "social_support", "phq2": "depression", "phq8": "depression",
    "phq9": "depression", "promis_anx4a": "anxiety", "promis_dep4a": "depression",
    "promis_siso4a": "social_isolation", "pss10": "stress", "pss4": "stress", "rcads25": "", "rses": "self_esteem",
    "scared41": "anxiety", "sdq": "", "stai6": "anxiety", "swemwbs7": "wellbeing", "swls5": "life_satisfaction",
    "ucla20_v3": "loneliness", "ucla3": "loneliness", "uls8": "loneliness", "wemwbs14": "wellbeing",
    "who5": "wellbeing",
}  # fmt: skip


@pytest.mark.parametrize("id", BY_HAND)
def test_a_scale_is_named_by_what_it_measures(library, id):
    assert name_construct(library[id].name) == BY_HAND[id]


def test_two_scales_of_one_thing_get_two_names(draft):
    head = "pid," + ",".join([f"gad7_{n}" for n in range(1, 8)] + [f"gad2_{n}" for n in (1, 2)])
    rows = "".join(f"P{n}," + ",".join(str((n + i) % 4) for i in range(9)) + "\n" for n in range(30))
    made = draft({"wave1.csv": f"{head}\n{rows}"})
    assert [outcome.name for outcome in made.plan.outcomes] == ["anxiety", "gad2"]
