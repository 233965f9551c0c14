from alongside.effects.sensitivity import estimate_sensitivity
from alongside.step import step

step(snakemake, estimate_sensitivity)
