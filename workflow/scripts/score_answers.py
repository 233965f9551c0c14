from alongside.scoring import score_answers
from alongside.step import step

step(snakemake, score_answers)
