"""The figure of a scale's items: every pair and every item is drawn, and what goes against its scale stands out."""

import sys
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.text import Text

from alongside.figures.draw import describe_figures, draw_figures, list_figures
from alongside.figures.items import draw_items
from alongside.figures.style import NARROW, WIDE

sys.path.insert(0, str(Path(__file__).parents[2] / "report" / "fixtures"))
from fabricate import fabricate_results


@pytest.fixture(scope="module")
def figures(results):
    return draw_figures(results, ["items-anxiety", "items-isolation", "items-self_esteem"])


def tiles(figure):
    """Tiles below the legend, block by block."""
    drawn = [one for one in figure.axes[0].collections if isinstance(one, PolyCollection)]
    return [one for one in drawn if len(one.get_paths()) > 1]


def test_every_pair_of_items_is_a_tile_at_every_wave(figures):
    """Seven items make 21 pairs, twenty make 190."""
    assert [len(one.get_paths()) for one in tiles(figures["items-anxiety"])] == [21, 21, 21]
    assert [len(one.get_paths()) for one in tiles(figures["items-isolation-narrow"])] == [190, 190, 190]


def test_what_lies_below_zero_carries_a_stroke(figures):
    """Item 4 of ten goes against the other nine at the second wave; one stroke more explains itself in the legend."""
    strokes = [
        len(one.get_segments()) for one in figures["items-self_esteem"].axes[0].collections
        if type(one) is LineCollection and one.get_linewidth()[0] == 0.9
    ]  # fmt: skip
    assert sum(strokes) == 9 + 1


def test_an_item_that_goes_against_its_scale_is_bold(figures):
    bold = [
        text.get_text() for text in figures["items-self_esteem"].findobj(Text)
        if text.get_fontweight() == "bold" and text.get_text().isdigit()
    ]  # fmt: skip
    assert bold == ["4"]


def test_the_words_hold_the_numbers(results):
    words = describe_figures(results)["items-self_esteem"]
    assert "alpha 0.91 (0.89 to 0.93), omega 0.92, people: 370" in words
    assert "Against the scale: item 4. Six months later: alpha" in words


def test_a_wave_of_a_few_people_is_a_sentence():
    figure = draw_figures(fabricate_results(suppressed=True), ["items-anxiety"])["items-anxiety"]
    assert len(tiles(figure)) == 2
    texts = [text.get_text() for text in figure.findobj(Text)]
    assert "fewer than 10 people stand behind it, so it is not shown" in texts


@pytest.mark.parametrize("variant", [WIDE, NARROW], ids=lambda variant: variant.name)
def test_forty_one_items_fit(results, variant):
    """SCARED, the longest scale of the library."""
    pairs = [(a, b) for a in range(1, 42) for b in range(a + 1, 42)]
    place = {"outcome": "anxiety", "wave": "before"}
    tables = {
        "inter_item": pd.DataFrame([place | {"item_a": a, "item_b": b, "r": 0.3, "n": 100} for a, b in pairs]),
        "item_checks": pd.DataFrame([
            place | {"item": item, "reversed": False, "n": 100, "item_rest": 0.4, "item_rest_low": 0.2,
                     "item_rest_high": 0.6, "contradicts": False} for item in range(1, 42)
        ]),
        "reliability": pd.DataFrame([place | {"cohort": "", "n": 100, "alpha": 0.9, "alpha_low": 0.88,
                                              "alpha_high": 0.92, "omega_total": 0.9, "note": ""}]),
    }  # fmt: skip
    figure = draw_items(tables, study=results["study"], outcome="anxiety", variant=variant)
    assert figure.get_size_inches()[0] == pytest.approx(variant.width)
    assert [len(one.get_paths()) for one in tiles(figure)] == [820]


def test_an_outcome_without_items_has_no_such_figure(results):
    tables = results["tables"] | {"item_checks": [], "inter_item": []}
    assert not any(name.startswith("items-") for name in list_figures(results | {"tables": tables}))
