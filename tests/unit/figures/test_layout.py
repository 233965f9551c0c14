"""Every figure, wide and narrow: nothing overlaps, nothing is cut, the size is the one it was made for."""

import itertools
import sys
from pathlib import Path

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from alongside.figures.draw import draw_figures, list_figures
from alongside.figures.style import NARROW, WIDE

sys.path.insert(0, str(Path(__file__).parents[2] / "report" / "fixtures"))
from fabricate import add_cohort, fabricate_results, keep_baseline


def _long_names(results):
    """The same study with the longest labels a study file is likely to have."""
    study = results["study"]
    study["waves"][1]["label"] = "At the end of the second school term"
    study["outcomes"][0]["label"] = "Belonging to the school community"
    study["cohorts"][1]["label"] = "Peer network without mentor"
    return results


def _close_waves(results):
    """Waves one month apart at the start of a long follow-up."""
    for wave, month in zip(results["study"]["waves"], (0.0, 1.0, 12.0), strict=True):
        wave["month"] = month
        for row in results["tables"]["means"]:
            row["month"] = month if row["wave"] == wave["key"] else row["month"]
    return results


def _shifted(results, by):
    """Everything far to one side, so that zero and the published averages are pushed to the edge."""
    for row in results["tables"]["estimates"]:
        if row["effect_size"] is not None:
            for name in ("effect_size", "es_low", "es_high"):
                row[name] += by * row["improvement_sign"]
    return results


def _not_estimable(results):
    for row in results["tables"]["estimates"]:
        if row["wave"] == "followup":
            row |= dict.fromkeys(("estimate", "effect_size", "es_low", "es_high", "ci_low", "ci_high"))
    return results


ALL = ("forest", "trajectory", "flow", "items")
# the results, and the kinds of figures that can differ from the usual ones: months are drawn in trajectories alone,
# estimates in forests alone, and the figure of items does not know of cohorts
CASES = {
    "usual": (fabricate_results, ALL),
    "suppressed": (lambda: fabricate_results(suppressed=True), ALL),
    "long names": (lambda: _long_names(fabricate_results()), ALL),
    "close waves": (lambda: _close_waves(fabricate_results()), ("trajectory",)),
    "far worse": (lambda: _shifted(fabricate_results(), -2.2), ("forest",)),
    "far better": (lambda: _shifted(fabricate_results(), 2.8), ("forest",)),
    "not estimable": (lambda: _not_estimable(fabricate_results()), ("forest",)),
    "three cohorts": (lambda: add_cohort(fabricate_results()), ("forest", "trajectory", "flow")),
    "baseline only": (lambda: keep_baseline(fabricate_results()), ALL),
}


@pytest.fixture(scope="module", params=CASES, ids=lambda name: name.replace(" ", "-"))
def figures(request):
    make, kinds = CASES[request.param]
    results = make()
    results["study"]["outcomes"] = results["study"]["outcomes"][:2]
    for name, rows in results["tables"].items():
        results["tables"][name] = [row for row in rows if row.get("outcome") not in ("self_esteem", "anxiety")]
    names = [name for name, (kind, _) in list_figures(results).items() if kind in kinds]
    assert names
    return draw_figures(results, names)


@pytest.fixture(scope="module")
def boxes(figures):
    return {name: _boxes(figure) for name, figure in figures.items()}


def _boxes(figure):
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    # a bounding box includes the patch behind a text, which may touch its neighbours' patches: take the letters alone
    for text in texts:
        text.set_bbox(None)
    return {
        f"{text.get_text()!r} {number}": text.get_window_extent(canvas.get_renderer())
        for number, text in enumerate(texts)
    }


def test_no_text_covers_another(boxes):
    for name, found in boxes.items():
        for (first, one), (second, other) in itertools.combinations(found.items(), 2):
            wide = min(one.x1, other.x1) - max(one.x0, other.x0)
            high = min(one.y1, other.y1) - max(one.y0, other.y0)
            assert wide <= 0 or high <= 0, f"{name}: {first} covers {second}"


def test_no_text_is_cut(figures, boxes):
    for name, figure in figures.items():
        width, height = figure.get_size_inches() * figure.dpi
        for text, box in boxes[name].items():
            inside = box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height
            assert inside, f"{name}: {text} at {box} in {width} x {height}"


def test_every_figure_exists_for_a_page_and_for_a_phone(figures):
    wide = {name: figure for name, figure in figures.items() if not name.endswith("-narrow")}
    assert {f"{name}-narrow" for name in wide} == set(figures) - set(wide)
    for name, figure in wide.items():
        assert figure.get_size_inches()[0] == pytest.approx(WIDE.width)
        assert figures[f"{name}-narrow"].get_size_inches()[0] == pytest.approx(NARROW.width)
    assert NARROW.width <= 3.6  # 360 px at 100 px an inch


def test_text_is_never_smaller_than_a_phone_can_show(figures):
    """8 points at 100 px an inch are 11 px."""
    for figure in figures.values():
        sizes = [text.get_fontsize() for text in figure.findobj(Text) if text.get_text().strip()]
        assert min(sizes) >= 7.2


def test_an_outcome_without_means_has_no_trajectory():
    results = fabricate_results()
    for row in results["tables"]["means"]:
        if row["outcome"] == "anxiety":
            row["mean"] = row["ci_low"] = row["ci_high"] = None
    assert "trajectory-anxiety" not in list_figures(results)
    assert "trajectory-isolation" in list_figures(results)
