from alongside.sample.psychometrics import measure_scales
from alongside.step import step

step(snakemake, measure_scales)
