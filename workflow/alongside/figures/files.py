"""Every figure of a run as the files that it becomes: the stage `draw_figures`.

In: the results (report/results.py). Out: {file name: bytes}, an SVG and a PNG of every figure in every variant.
"""

from alongside.figures import draw


def draw_figures(results):
    return draw.render_figures(draw.draw_figures(results))
