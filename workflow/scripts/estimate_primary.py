from alongside.effects.primary import estimate_primary
from alongside.step import step

step(snakemake, estimate_primary)
