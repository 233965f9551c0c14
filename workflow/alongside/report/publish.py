"""The public tables of a run, in every form in which they leave the project.

In: the tables that disclosure control let through, the claims, and what is needed to say where they come from. Out:
results.json's contents, four CSV tables and a workbook. The figures and reports are made from results.json alone.
"""

from typing import NamedTuple

import pandas as pd

from alongside.report.describe import describe_provenance, describe_study
from alongside.report.results import PUBLIC_TABLES, assemble_results, round_numbers, to_typed
from alongside.report.spreadsheet import neutralise_formulas, write_workbook
from alongside.report.wavenames import label_waves

CSV_TABLES = ("estimates", "flow", "claims", "reliability")


class Published(NamedTuple):
    """What a run may show to anybody."""

    results: dict
    estimates: pd.DataFrame
    flow: pd.DataFrame
    claims: pd.DataFrame
    reliability: pd.DataFrame
    workbook: bytes


def publish(tables, *, responses, plan, instruments, exports, study_folder):
    """Everything public of one run.

    tables: {name: DataFrame}, after disclosure control; responses: restricted, read for two months' names only
    plan: every part of the study; instruments: {id: Instrument}
    exports: paths of the files that were read, for their fingerprints
    """
    labelled = label_waves(tables, {key: wave.label for key, wave in plan.waves.items()})
    typed = {name: to_typed(labelled[name], name) for name in PUBLIC_TABLES}
    results = assemble_results(
        typed,
        study=describe_study(plan, instruments=instruments, flow=typed["flow"], estimates=typed["estimates"]),
        notes=[*plan.advice, *tables["notes"]["text"]],
        not_done_yet=plan.not_done_yet,
        look_after=plan.look_after,
        provenance=describe_provenance(
            plan, instruments=instruments, exports=exports, study_folder=study_folder, responses=responses
        ),
    )
    csv = {name: neutralise_formulas(round_numbers(typed[name])) for name in CSV_TABLES}
    return Published(
        results=results, workbook=write_workbook(
            {name: round_numbers(frame) for name, frame in typed.items()}, title=plan.info.title
        ), **csv,
    )  # fmt: skip
