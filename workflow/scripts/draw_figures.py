from alongside.figures.files import draw_figures
from alongside.step import step

step(snakemake, draw_figures)
