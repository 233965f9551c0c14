from alongside.intake import read_exports
from alongside.step import step

step(snakemake, read_exports)
