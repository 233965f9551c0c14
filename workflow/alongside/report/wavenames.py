"""Waves by their labels in sentences that earlier stages wrote with the study file's keys.

In: public tables whose notes and sentences say "at wave twelve". Out: the same with "at the survey “At 12 months”". It
is done this late because a label is for readers alone: an edit of one must not estimate anything again.
"""

import re

WHERE = {"estimates": "note", "models": "note", "claims": "sentence"}


def label_waves(tables, waves):
    """tables: {name: DataFrame}, those of `WHERE` among them; waves: {key: label}"""
    keys = "|".join(re.escape(key) for key in sorted(waves, key=len, reverse=True))
    named = re.compile(rf"\b(at|by) wave ({keys})(?![\w-])")

    def say(text):
        return named.sub(lambda found: f"{found[1]} the survey “{waves[found[2]]}”", text)

    changed = {
        name: tables[name].assign(**{column: tables[name][column].map(say, na_action="ignore")})
        for name, column in WHERE.items()
    }
    return tables | changed
