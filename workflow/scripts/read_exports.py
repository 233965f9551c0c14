from alongside.intake.exports import read_exports
from alongside.step import step

step(snakemake, read_exports)
