"""How long reading, checking and scoring takes, and how much memory, for exports of up to a million rows.

    python benchmarks/intake_throughput.py               (about three minutes)

In: nothing; each export is simulated (one CSV, two waves as rows, 40 items of three scales as numbers and words,
blanks, a few impossible values, and columns that the study does not declare). Out: benchmarks/intake_throughput.md,
and the same on the screen. Each size runs in a process of its own; its largest memory includes making the export.
"""

import datetime as dt
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv

from alongside.instruments import load_instrument
from alongside.intake.exports import read_exports
from alongside.panel import build_panel
from alongside.sample.flow import count_flow
from alongside.scoring import score_answers
from alongside.study import load_study

ROWS = (10_000, 100_000, 1_000_000)
STUDY = """
study: {title: Throughput, design: self-selected, question: how long does it take}
participants:
  id: pid
  cohort: {column: arm, levels: {mentored: [A], alone: [B]}, comparison: alone}
waves:
  before: {label: Before, month: 0, files: raw/all.csv, where: {wave: [1]}}
  after: {label: After, month: 6, files: raw/all.csv, where: {wave: [2]}}
source: {submitted: when, missing: [-99]}
outcomes:
  isolation: {instrument: ucla20_v3, columns: "u_{item}", domain: d, role: primary}
  esteem: {instrument: rses, order: satisfied-first, recorded: [1, 4], columns: "r_{item}", domain: d, role: primary}
  stress: {instrument: pss10, columns: "p_{item}", domain: d, role: primary}
"""


def write_export(path, n_rows):
    rng = np.random.default_rng(20261122)
    people = n_rows // 2
    pid = np.array([f"P{number:07d}" for number in range(people)])
    arm = np.where(rng.random(people) < 0.5, "A", "B")
    second = np.datetime64("2026-01-01T08:00:00") + rng.integers(0, 10_000_000, n_rows).astype("timedelta64[s]")
    table = {"pid": np.tile(pid, 2), "wave": np.repeat(["1", "2"], people), "arm": np.tile(arm, 2)}
    table["when"] = np.char.replace(second.astype(str), "T", " ")
    table |= {f"u_{item}": _draw(rng, n_rows, ["1", "2", "3", "4", "Never", "-99", ""], 0.1) for item in range(1, 21)}
    table |= {f"r_{item}": _draw(rng, n_rows, ["1", "2", "3", "4"], 0.0) for item in range(1, 11)}
    table |= {f"p_{item}": _draw(rng, n_rows, ["0", "1", "2", "3", "4", "7"], 0.0001) for item in range(1, 11)}
    table |= {f"comment_{number}": _draw(rng, n_rows, ["x", "some words"], 0.5) for number in range(3)}
    pyarrow.csv.write_csv(pa.table(table).take(rng.permutation(n_rows)), path)


def _draw(rng, n, texts, rare):
    """The first four or so are usual; the last one makes up a share of `rare`."""
    share = np.full(len(texts), (1 - rare) / (len(texts) - 1))
    share[-1] = rare
    return np.array(texts)[rng.choice(len(texts), n, p=share)]


def measure(n_rows):
    """Seconds of CPU and of the clock, and the largest memory, of one size; runs in a process of its own."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "throughput"
        (folder / "raw").mkdir(parents=True)
        (folder / "study.yaml").write_text(STUDY)
        write_export(folder / "raw" / "all.csv", n_rows)
        study = load_study(folder / "study.yaml")
        codebooks = {one.instrument: load_instrument(one.instrument) for one in study.outcomes.values()}
        found = {"rows": n_rows, "megabytes": (folder / "raw" / "all.csv").stat().st_size / 1e6}
        cpu, clock = time.process_time(), time.monotonic()
        intake = read_exports(folder, plan=study, instruments=codebooks, key=bytes(32))
        found["read"] = time.process_time() - cpu
        scores = score_answers(intake.answers, plan=study, instruments=codebooks).scores
        found["scored"] = time.process_time() - cpu
        found["clock"] = time.monotonic() - clock
        panel = build_panel(scores, people=intake.people, plan=study)
        count_flow(panel, responses=intake.responses, scores=scores, plan=study)
        found["panel_and_flow"] = time.process_time() - cpu - found["scored"]
        found["gigabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        found["answers"] = len(intake.answers)
    return found


def main():
    results = []
    for n_rows in ROWS:
        done = subprocess.run([sys.executable, __file__, str(n_rows)], check=True, capture_output=True, text=True)
        results.append(json.loads(done.stdout))
    lines = [
        "# Intake: how long, and how much memory",
        "",
        f"Made by `benchmarks/intake_throughput.py` on {dt.date.today()}; load of the machine {os.getloadavg()[0]:.1f} "
        f"on {os.cpu_count()} cores.",
        "Seconds of CPU, but for the clock's; the aim is under 60 s and 4 GB for reading, checking and scoring",
        "a million rows of 40 items. The memory includes making the export.",
        "",
        "| rows | file, MB | answers | read | read and scored | on the clock | panel and flow | memory, GB |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for one in results:
        lines.append(
            f"| {one['rows']:,} | {one['megabytes']:.0f} | {one['answers']:,} | {one['read']:.1f} "
            f"| {one['scored']:.1f} | {one['clock']:.1f} | {one['panel_and_flow']:.1f} | {one['gigabytes']:.1f} |"
        )
    text = "\n".join(lines) + "\n"
    Path(__file__).with_suffix(".md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(int(sys.argv[1]))))
    else:
        main()
