from alongside.judgement.bins import bin_scores
from alongside.step import step

step(snakemake, bin_scores)
