from alongside.sample.flagged import vary_flagged
from alongside.step import step

step(snakemake, vary_flagged)
