from alongside.judgement.claims import judge_claims
from alongside.step import step

step(snakemake, judge_claims)
