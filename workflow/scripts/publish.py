from alongside.report.publish import publish
from alongside.step import step

step(snakemake, publish)
