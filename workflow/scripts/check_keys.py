from alongside.sample.keying import check_keys
from alongside.step import step

step(snakemake, check_keys)
