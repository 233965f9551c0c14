"""Read `snakemake --lint json` and fail for every message but the one about conda environments per rule."""

import json
import sys

ACCEPTED = {"Specify a conda environment or container for each rule."}

report = json.load(sys.stdin)
faults = [
    f"{' '.join(map(str, entry['for'].values()))}: {lint['title']}"
    for kind in ("rules", "snakefiles")
    for entry in report[kind]
    for lint in entry["lints"]
    if lint["title"] not in ACCEPTED
]
print("\n".join(faults), end="\n" if faults else "")
sys.exit(bool(faults))
