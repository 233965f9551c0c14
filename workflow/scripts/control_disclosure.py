from alongside.judgement.disclosure import control_disclosure
from alongside.step import step

step(snakemake, control_disclosure)
