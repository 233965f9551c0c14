"""The sections of the technical report, one module each: results in, blocks out. For those who check the work."""
