"""The reports of a run: results and figure files in, whole documents out."""

from alongside.report.contents import compose_funder
from alongside.report.html import write_html


def write_report(results, figures):
    """The funder's page as text. figures: {file name: bytes} of render_figures; only the SVGs are used."""
    return write_html(compose_funder(results), figures=figures, title=results["study"]["title"])
