from alongside.sample.flow import count_flow
from alongside.step import step

step(snakemake, count_flow)
