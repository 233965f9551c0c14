"""Every figure of a report, and the files they become.

In: the results (report/results.py). Out: {name: Figure}; or {file name: bytes}, the same bytes for the same figure.

A name is "trajectory-isolation"; its narrow version is "trajectory-isolation-narrow". The list follows from the study's
description and tables alone, so a report knows its figures without drawing them.
"""

import functools
import io

import pandas as pd

from alongside.figures.flow import describe_flow, draw_flow
from alongside.figures.forest import describe_forest, draw_forest
from alongside.figures.items import describe_items, draw_items
from alongside.figures.style import SETTINGS, VARIANTS
from alongside.figures.trajectory import describe_trajectory, draw_trajectory
from alongside.tables import SCHEMAS
from alongside.tables.check import check_table

PNG_DPI = 200
KINDS = ("forest", "trajectory", "flow", "items")
ITEM_TABLES = ("item_checks", "inter_item", "reliability")


def read_table(results, name):
    """One public table of the results as a typed frame; the derived table (response) has no schema."""
    rows = results["tables"][name]
    if name in SCHEMAS:
        return check_table(pd.DataFrame(rows, columns=SCHEMAS[name].names), SCHEMAS[name])
    return pd.DataFrame(rows)


def list_analysed(study):
    """Keys of the outcomes that a model stands behind; all of them where there is no model at all."""
    modelled = {outcome["key"] for outcome in study["outcomes"] if outcome["modelled"]}
    return modelled or {outcome["key"] for outcome in study["outcomes"]}


def list_figures(results):
    """{name: (kind, key)}: which figures there are; a figure without rows is not drawn."""
    estimates, means = read_table(results, "estimates"), read_table(results, "means")
    response = read_table(results, "response")
    figures = {}
    for contrast in results["study"]["contrasts"]:
        if (estimates["contrast"] == contrast).any():
            figures[f"forest-{contrast.replace(' - ', '-')}"] = ("forest", contrast)
    keys = [outcome["key"] for outcome in results["study"]["outcomes"]]
    drawn = set(means.loc[(means["analysis"] == "primary") & means["mean"].notna(), "outcome"])
    figures |= {f"trajectory-{key}": ("trajectory", key) for key in keys if key in drawn}
    if len(response):
        counted = list_analysed(results["study"]) & set(response["outcome"])
        figures |= {f"flow-{key}": ("flow", key) for key in keys if key in counted}
    checked = set(read_table(results, "item_checks")["outcome"])
    figures |= {f"items-{key}": ("items", key) for key in keys if key in checked}
    return figures


def describe_figures(results, *, kinds=KINDS):
    """{name: description in words} of the figures of some kinds"""
    study, read = results["study"], functools.cache(functools.partial(read_table, results))
    describe = {
        "forest": lambda key: describe_forest(read("estimates"), study=study, contrast=key),
        "trajectory": lambda key: describe_trajectory(read("means"), study=study, outcome=key),
        "flow": lambda key: describe_flow(read("response"), study=study, outcome=key),
        "items": lambda key: describe_items({name: read(name) for name in ITEM_TABLES}, study=study, outcome=key),
    }
    return {name: describe[kind](key) for name, (kind, key) in list_figures(results).items() if kind in kinds}


def draw_figures(results, names=None):
    """{name: Figure}, each figure in every variant. names: of list_figures, for some of them"""
    study = results["study"]
    estimates, means = read_table(results, "estimates"), read_table(results, "means")
    distributions, response = read_table(results, "distributions"), read_table(results, "response")
    items = {name: read_table(results, name) for name in ITEM_TABLES}
    draw = {
        "forest": lambda key, variant: draw_forest(estimates, study=study, contrast=key, variant=variant),
        "trajectory": lambda key, variant: draw_trajectory(
            means, distributions=distributions, study=study, outcome=key, variant=variant
        ),
        "flow": lambda key, variant: draw_flow(response, study=study, outcome=key, variant=variant),
        "items": lambda key, variant: draw_items(items, study=study, outcome=key, variant=variant),
    }
    return {
        f"{name}-narrow" if variant.narrow else name: draw[kind](key, variant)
        for name, (kind, key) in list_figures(results).items()
        if names is None or name in names
        for variant in VARIANTS
    }


def render_figures(figures):
    """{name: Figure} -> {"name.svg": bytes, "name.png": bytes}; no date, no version, no random identifiers inside."""
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    files = {}
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(SETTINGS)
        for name, figure in figures.items():
            FigureCanvasAgg(figure)
            for suffix, options in (
                ("svg", {"metadata": {"Date": None, "Creator": None}}),
                ("png", {"dpi": PNG_DPI, "metadata": {"Software": None}}),
            ):
                buffer = io.BytesIO()
                figure.savefig(buffer, format=suffix, facecolor=figure.get_facecolor(), **options)
                files[f"{name}.{suffix}"] = buffer.getvalue()
    return files
