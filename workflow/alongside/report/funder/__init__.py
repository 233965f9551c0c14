"""The sections of the funder's report, one module each: results in, blocks out."""
