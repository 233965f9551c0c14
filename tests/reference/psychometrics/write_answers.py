"""Bright Path's answers as one wide CSV for R, as they come out of intake: nothing reversed, nothing scored.

python write_answers.py        writes bright_path_answers.csv beside this file (the young people are simulated)
"""

import functools
from pathlib import Path

from alongside.instruments import load_instrument
from alongside.intake.exports import read_exports
from alongside.study import load_study

HERE = Path(__file__).resolve().parent
STUDY = HERE.parents[2] / "data" / "bright-path"


@functools.cache
def read_bright_path():
    """(study, codebooks, intake)"""
    study = load_study(STUDY / "study.yaml")
    codebooks = {one.instrument: load_instrument(one.instrument) for one in study.outcomes.values() if one.instrument}
    return study, codebooks, read_exports(STUDY, plan=study, instruments=codebooks, key=bytes(32))


def lay_out_answers():
    """One row a person and wave with any answer to a scale: cohort, wave, isolation_01 ... anxiety_07."""
    study, codebooks, intake = read_bright_path()
    answers = intake.answers[intake.answers["item"] > 0].astype({"wave": "str", "outcome": "str"})
    answers["column"] = answers["outcome"] + "_" + answers["item"].map("{:02d}".format)
    wide = answers.pivot(index=["participant", "wave"], columns="column", values="value").astype("Int64").reset_index()
    wide = wide.merge(intake.people[["participant", "cohort"]].astype("str"), on="participant", validate="many_to_one")
    items = [
        f"{name}_{item:02d}"
        for name, outcome in study.outcomes.items()
        if outcome.instrument
        for item in range(1, codebooks[outcome.instrument].n_items + 1)
    ]
    # people in the order of their answers: the pseudonyms stay out
    return wide[["cohort", "wave", *items]].sort_values(["cohort", "wave", *items]).reset_index(drop=True)


if __name__ == "__main__":
    lay_out_answers().to_csv(HERE / "bright_path_answers.csv", index=False, lineterminator="\n")
