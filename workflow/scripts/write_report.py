from alongside.report.write import write_report
from alongside.step import step

step(snakemake, write_report)
