"""The reports of a run: results and figure files in, whole documents out."""

from alongside.report.contents import KINDS
from alongside.report.html import write_html


def write_report(results, figures, *, audience):
    """{audience: its page as text}. figures: {file name: bytes} of render_figures; only the SVGs are used."""
    return {one: write_page(results, figures, audience=one) for one in audience}


def write_page(results, figures, *, audience):
    """One page, for 'funder' or 'technical'."""
    kind = KINDS[audience]
    return write_html(
        kind.compose(results),
        figures=figures,
        title=results["study"]["title"],
        kicker=kind.kicker,
        wide=kind.wide,
    )
