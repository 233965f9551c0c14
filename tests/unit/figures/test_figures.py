"""What the figures show, read back from the drawn artists and from the descriptions."""

import hashlib

import pytest
from matplotlib.text import Text

from alongside.figures.draw import describe_figures, draw_figures, read_table, render_figures
from alongside.figures.forest import draw_forest
from alongside.figures.style import NARROW, WIDE
from alongside.figures.trajectory import draw_trajectory


def _texts(figure):
    return " ".join(text.get_text().replace("\n", " ") for text in figure.findobj(Text))


def test_every_figure_is_described_and_the_description_has_its_numbers(results):
    words = describe_figures(results)
    assert set(words) == {
        "forest-mentored-unmentored",
        *(f"{kind}-{key}" for kind in ("trajectory", "flow", "items") for key in
          ("isolation", "belonging", "self_esteem", "anxiety")),
    }  # fmt: skip
    assert all(len(text) > 80 for text in words.values())
    assert "50.6" in words["trajectory-isolation"]
    assert "Lower scores are better" in words["trajectory-isolation"]
    assert "Higher scores are better" in words["trajectory-belonging"]
    assert "175 (85%)" in words["flow-isolation"]


def test_the_forest_turns_every_outcome_so_that_right_is_better(results):
    """Isolation fell by 3.5 points more (SD 11.4), belonging rose by 2.6 more (SD 13): both are to the right."""
    words = describe_figures(results)["forest-mentored-unmentored"]
    assert "Isolation, after six months: +0.31 (" in words
    assert "Belonging, after six months: +0.20 (" in words


@pytest.mark.parametrize("variant", [WIDE, NARROW], ids=lambda variant: variant.name)
def test_every_figure_says_that_chance_did_not_form_the_cohorts(results, variant):
    figure = draw_forest(
        read_table(results, "estimates"), study=results["study"], contrast="mentored - unmentored", variant=variant
    )
    assert "not formed by chance" in _texts(figure)
    figure = draw_trajectory(
        read_table(results, "means"), distributions=read_table(results, "distributions"), study=results["study"],
        outcome="anxiety", variant=variant,
    )  # fmt: skip
    assert "not formed by chance" in _texts(figure)
    assert "better" in _texts(figure)


def test_bands_have_areas_in_proportion_to_people(results):
    """Isolation, before, unmentored: the band 45 to 50 holds 36 of 214 people on 5 points."""
    bands = read_table(results, "distributions")
    mine = bands[(bands["outcome"] == "isolation") & (bands["wave"] == "before") & (bands["cohort"] == "unmentored")]
    figure = draw_trajectory(
        read_table(results, "means"), distributions=bands, study=results["study"], outcome="isolation", variant=WIDE
    )
    drawn = [patch for patch in figure.axes[0].patches if abs(patch.get_x()) < 1e-9 or patch.get_x() < 0.5]
    left = [patch for patch in drawn if patch.get_width() < 0 and patch.get_x() < 3]
    areas = sorted(abs(patch.get_width()) * patch.get_height() for patch in left)
    shares = sorted(mine["n"] / mine["n"].sum())
    assert len(areas) == len(shares)
    assert [area / sum(areas) for area in areas] == pytest.approx(shares, rel=1e-6)


def test_no_band_is_drawn_where_it_was_suppressed(results):
    bands = read_table(results, "distributions")
    bands.loc[bands.index[0], "n"] = None
    before = draw_trajectory(
        read_table(results, "means"), distributions=read_table(results, "distributions"), study=results["study"],
        outcome="isolation", variant=WIDE,
    )  # fmt: skip
    after = draw_trajectory(
        read_table(results, "means"), distributions=bands, study=results["study"], outcome="isolation", variant=WIDE
    )
    assert len(after.axes[0].patches) == len(before.axes[0].patches) - 1


def test_the_same_results_give_the_same_bytes(results):
    names = ("forest-mentored-unmentored", "trajectory-isolation-narrow", "flow-anxiety")

    def fingerprints():
        figures = draw_figures(results, [name.removesuffix("-narrow") for name in names])
        files = render_figures({name: figures[name] for name in names})
        return {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}

    first = fingerprints()
    assert set(first) == {f"{name}.{suffix}" for name in names for suffix in ("svg", "png")}
    assert fingerprints() == first


def test_an_image_tells_neither_when_nor_by_what_it_was_made(results):
    figures = draw_figures(results, ["flow-anxiety"])
    files = render_figures({"flow-anxiety": figures["flow-anxiety"]})
    assert b"<dc:date>" not in files["flow-anxiety.svg"]
    assert b"Matplotlib" not in files["flow-anxiety.png"]
    assert b"http" not in files["flow-anxiety.svg"].replace(b"http://www.w3.org/", b"").replace(
        b"http://purl.org/dc/", b"").replace(b"http://creativecommons.org/ns#", b"")  # fmt: skip
