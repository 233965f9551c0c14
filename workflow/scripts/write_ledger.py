from alongside.report.ledger import write_ledger
from alongside.step import step

step(snakemake, write_ledger)
