from alongside.figures.draw import draw_figures
from alongside.step import step

step(snakemake, draw_figures)
