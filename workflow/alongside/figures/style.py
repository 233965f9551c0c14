"""The look of every figure, and a sheet to draw on.

In: title, lines and footer of a figure and the room its plot needs, in points. Out: a matplotlib Figure with the text
set and an empty Axes in its place. Nothing here knows about outcomes.

Each figure exists for a wide place (a page, a slide) and a narrow one (a phone held upright, about 360 px). Both are
drawn at their final size, so that text is never scaled below what can be read. Cohorts differ in colour, in marker and
in line, so that they can be told apart by a colour-blind reader and in a grey print. Colours: all have at least
4.5 : 1 contrast on white, because the same colour letters the direct labels.

The figure carries its title, its caution and its legend inside: a picture that is cut out of a report and put on a
slide must still say what it cannot show.

matplotlib is imported where something is drawn: the report takes words and lists from the modules of this package, and
would start half a second later.
"""

import functools
import math
from dataclasses import dataclass

INK = "#1c2430"
MUTED = "#566070"
RULE = "#c9cfd6"
GRID = "#e6e9ed"
PAPER = "#ffffff"

POINTS = 72
LEADING = 1.32
MARGIN = 4


@dataclass(frozen=True)
class Variant:
    """One of the places a figure is made for: width in inches at 100 px an inch, text size in points."""

    name: str
    width: float
    size: float

    @property
    def points(self):
        return self.width * POINTS

    @property
    def small(self):
        return self.size - 0.9

    @property
    def narrow(self):
        return self.name == "narrow"


WIDE = Variant("wide", 7.6, 9.4)
NARROW = Variant("narrow", 3.5, 8.8)
VARIANTS = (WIDE, NARROW)


@dataclass(frozen=True)
class Mark:
    """How one cohort is drawn everywhere."""

    colour: str
    tint: str
    marker: str
    line: object
    filled: bool


COMPARISON = Mark("#a85300", "#f0d3b5", "s", (0, (4.5, 2.2)), False)
OTHERS = (
    Mark("#0b4a8f", "#bcd2ea", "o", "-", True),
    Mark("#00705a", "#b5ddd2", "^", (0, (7, 1.5, 1.5, 1.5)), True),
    Mark("#8a2f6d", "#e3c3d8", "D", (0, (1.3, 1.6)), True),
    Mark("#4b4b57", "#d3d3da", "v", (0, (9, 2)), True),
)

SETTINGS = {
    "font.family": "DejaVu Sans",
    "axes.unicode_minus": True,
    "path.simplify": False,
    "svg.fonttype": "path",
    "svg.hashsalt": "alongside",
}


def mark_cohorts(cohorts):
    """cohorts: the study's cohorts in order -> {key: Mark}; the comparison always looks the same."""
    others = [cohort["key"] for cohort in cohorts if not cohort["comparison"]]
    if len(others) > len(OTHERS):
        raise ValueError(f"{len(others)} cohorts beside the comparison; figures can tell {len(OTHERS)} apart")
    marks = dict(zip(others, OTHERS, strict=False))
    return {cohort["key"]: marks.get(cohort["key"], COMPARISON) for cohort in cohorts}


def styled(draw):
    """Run a drawing function under our settings, whatever matplotlibrc the reader's machine has."""

    @functools.wraps(draw)
    def draw_styled(*args, **kwargs):
        import matplotlib

        with matplotlib.rc_context():
            matplotlib.rcdefaults()
            matplotlib.rcParams.update(SETTINGS)
            return draw(*args, **kwargs)

    return draw_styled


def measure_text(text, size, bold=False):
    """Width of one line in points, from the advance of each letter (kerning would only make it narrower)."""
    return sum(_measure_letter(letter, bold) for letter in text) * size / 100


@functools.cache
def _measure_letter(letter, bold):
    from matplotlib.font_manager import FontProperties, findfont, get_font

    font = get_font(findfont(FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal")))
    font.set_size(100, POINTS)
    return font.load_char(ord(letter)).linearHoriAdvance / 65536


def wrap_text(text, *, width, size, bold=False):
    """Break into lines no wider than `width` points; a single word that is wider keeps a line of its own.

    Letters on a screen are rounded to whole pixels, which makes a line up to 3% longer than the font says.
    """
    width *= 0.97
    lines = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}".strip()
            if line and measure_text(longer, size, bold) > width:
                lines.append(line)
                line = word
            else:
                line = longer
        lines.append(line)
    return "\n".join(lines)


def spread_positions(positions, *, gap):
    """Move positions apart until neighbours are at least `gap` away, as little as possible; order is kept.

    Overlapping neighbours join a block that is centred on the mean of its wishes (the pool-adjacent-violators rule),
    which is the least-squares answer.
    """
    order = sorted(range(len(positions)), key=lambda i: positions[i])
    blocks = []
    for rank, index in enumerate(order):
        blocks.append([positions[index] - rank * gap, 1])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            wish, count = blocks.pop()
            before, n = blocks.pop()
            blocks.append([(before * n + wish * count) / (n + count), n + count])
    starts = [wish for wish, count in blocks for _ in range(count)]
    spread = [0.0] * len(positions)
    for rank, index in enumerate(order):
        spread[index] = starts[rank] + rank * gap
    return spread


def choose_ticks(limits, *, most):
    """Round values inside the limits, at most `most`, at equal steps of 1, 2 or 5 times a power of ten."""
    low, high = limits
    steps = (factor * 10.0**power for power in range(-3, 7) for factor in (1, 2, 5))
    step = next(step for step in steps if math.floor(high / step) - math.ceil(low / step) < most)
    return [round(count * step, 6) for count in range(math.ceil(low / step), math.floor(high / step) + 1)]


def lines_height(text, size):
    """Height in points of wrapped text, 0 for none."""
    return (text.count("\n") + 1) * size * LEADING if text else 0.0


class Sheet:
    """A figure with its words set and a place for the plot.

    height, left, right, above, below: the plot and the room its own labels take around it, in points.
    `figure` and `axes` are matplotlib's; `write` puts text at points from the axes' lower left corner.
    """

    def __init__(self, variant, *, title, lines, footer, height, left, right, above, below):
        from matplotlib.figure import Figure

        self.variant = variant
        width = variant.points
        inner = width - 2 * MARGIN
        title_size = variant.size + 1.8
        title = wrap_text(title, width=inner, size=title_size, bold=True)
        lines = "\n".join(wrap_text(line, width=inner, size=variant.size) for line in lines)
        footer = "\n".join(wrap_text(line, width=inner, size=variant.small) for line in footer)
        heights = [lines_height(title, title_size), lines_height(lines, variant.size)]
        total = MARGIN + sum(heights) + above + height + below + lines_height(footer, variant.small) + MARGIN + 4
        self.width, self.height = width - left - right, height
        self._size = (width, total)
        self._corner = (left, MARGIN + 4 + lines_height(footer, variant.small) + below)

        self.figure = Figure(figsize=(width / POINTS, total / POINTS), facecolor=PAPER)
        self._set(MARGIN, total - MARGIN, title, title_size, INK, weight="bold")
        self._set(MARGIN, total - MARGIN - heights[0] - 1, lines, variant.size, MUTED)
        self._set(MARGIN, MARGIN + lines_height(footer, variant.small), footer, variant.small, MUTED)
        left_edge, lower_edge = self._corner
        self.axes = self.figure.add_axes((left_edge / width, lower_edge / total, self.width / width, height / total))
        self.axes.set_facecolor("none")
        for side in ("top", "right", "left", "bottom"):
            self.axes.spines[side].set_visible(False)
        self.axes.tick_params(length=0, labelsize=variant.small, labelcolor=MUTED, pad=4)
        self.axes.set_axisbelow(True)

    def _set(self, x, y, text, size, colour, **options):
        if text:
            width, height = self._size
            self.figure.text(
                x / width, y / height, text,
                fontsize=size, color=colour, va="top", linespacing=LEADING * 0.94, **options,
            )  # fmt: skip

    def write(self, x, y, text, *, size=None, colour=INK, **options):
        """Text at points from the lower left corner of the axes; one line stands with its small letters about y."""
        width, height = self._size
        left, lower = self._corner
        size = size or self.variant.size
        if "va" not in options and "rotation" not in options and "\n" not in text:
            # matplotlib centres the ink, so that a 'y' or a bracket would lift its line above its neighbours'
            options["va"], y = "baseline", y - 0.36 * size
        options = {"va": "center", "ha": "left", "linespacing": LEADING * 0.94} | options
        return self.figure.text((left + x) / width, (lower + y) / height, text, fontsize=size, color=colour, **options)

    def to_points(self, x, y):
        """Data coordinates -> points from the lower left corner of the axes (linear scales)."""
        (x0, x1), (y0, y1) = self.axes.get_xlim(), self.axes.get_ylim()
        return (x - x0) / (x1 - x0) * self.width, (y - y0) / (y1 - y0) * self.height
