"""Did the groups start alike? Where chance did not form them, a reader of one page has to know.

In: results. Out: a sentence for each contrast whose groups began further apart on a main outcome than What Works
Clearinghouse takes for comparable (Standards Handbook 5.0: beyond 0.25 standard deviations no adjustment is enough).
Nothing is said of what is withheld.
"""

from alongside.figures.words import find_cohort, find_outcome, format_number, join_words, split_contrast
from alongside.judgement.wording import read_wording
from alongside.report.designs import DESIGNS

COMPARABLE = 0.25


def say_starts(results):
    study = results["study"]
    if DESIGNS[study["design"]].chance:
        return []
    said = [_say_start(contrast, results) for contrast in study["contrasts"]]
    return [sentence for sentence in said if sentence]


def _say_start(contrast, results):
    study, wording = results["study"], read_wording()["starts"]
    found = {"worse": [], "better": []}
    for row in results["tables"]["starts"]:
        outcome = find_outcome(study, row["outcome"])
        apart = row["apart_sd"]
        if row["contrast"] != contrast or outcome["role"] != "primary" or apart is None or abs(apart) <= COMPARABLE:
            continue
        way = "better" if (apart > 0) == (outcome["higher_is"] == "better") else "worse"
        size = format_number(abs(apart), places=2)
        found[way].append(wording["outcome"].format(outcome=outcome["label"].lower(), size=size))
    parts = [wording[way].format(outcomes=join_words(outcomes)) for way, outcomes in found.items() if outcomes]
    if not parts:
        return ""
    first, second = (find_cohort(study, cohort)["label"].lower() for cohort in split_contrast(contrast))
    return " ".join(wording["sentence"].format(first=first, second=second, parts=join_words(parts)).split())
