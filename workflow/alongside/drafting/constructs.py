"""What a scale measures, in a word that can be an outcome's name.

In: a codebook's name ("UCLA Loneliness Scale"). Out: "loneliness"; "" where it measures several things or none of
these words stands in it: then the scale's id is the better name.
"""

import re

_WORDS = {
    "loneliness": "loneliness", "belongingness": "belonging", "self-esteem": "self_esteem", "anxiety": "anxiety",
    "depression": "depression", "stress": "stress", "distress": "distress", "resilience": "resilience",
    "happiness": "happiness", "discrimination": "discrimination", "social network": "social_network",
    "social support": "social_support", "social isolation": "social_isolation", "wellbeing": "wellbeing",
    "well-being": "wellbeing", "satisfaction with life": "life_satisfaction",
}  # fmt: skip


def name_construct(scale):
    """scale: the codebook's name"""
    said = scale.casefold()
    found = {name for word, name in _WORDS.items() if re.search(rf"\b{word}\b", said)}
    return found.pop() if len(found) == 1 else ""
