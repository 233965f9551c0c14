"""Read what `snakemake --lint` says and fail for every message but the one about environments per rule."""

import re
import sys

ACCEPTED = "Specify a conda environment or container for each rule."

said = sys.stdin.read()
faults, place = [], ""
for line in said.splitlines():
    if match := re.match(r"Lints for (.+):$", line):
        place = match[1]
    elif (match := re.match(r"    \* (.+?):?$", line)) and match[1] != ACCEPTED:
        faults.append(f"{place}: {match[1]}")
if not place and "Congratulations" not in said:
    faults.append(f"snakemake --lint did not finish:\n{said}")
print("\n".join(faults), end="\n" if faults else "")
sys.exit(bool(faults))
