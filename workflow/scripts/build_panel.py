from alongside.panel import build_panel
from alongside.step import step

step(snakemake, build_panel)
