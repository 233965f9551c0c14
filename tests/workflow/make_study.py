"""Make the raw files of the 40-person study that the workflow tests run: `python tests/workflow/make_study.py`.

Simulated, small and plain: two cohorts of 20, three waves, GAD-7 item by item and a wellbeing score that was computed
elsewhere. The numbers mean nothing; the tests ask which stages run, not what they find.
"""

import csv
import random
from pathlib import Path

RAW = Path(__file__).parent / "study" / "raw"
ITEMS = [f"gad_{number}" for number in range(1, 8)]
STAYING = {"before": 40, "after": 36, "followup": 33}


def main():
    draw = random.Random(20251101)
    RAW.mkdir(exist_ok=True)
    people = [
        {"id": f"T{number:02d}", "programme": "Mentored" if number % 2 else "Waiting", "age": draw.randint(12, 18)}
        for number in range(1, 41)
    ]
    level = {person["id"]: draw.gauss(1.4, 0.6) for person in people}
    write("roster.csv", people)
    for step, (wave, number) in enumerate(STAYING.items()):
        rows = []
        for person in sorted(people, key=lambda person: draw.random())[:number]:
            mean = level[person["id"]] - 0.15 * step * (person["programme"] == "Mentored")
            answers = {item: min(3, max(0, round(draw.gauss(mean, 0.7)))) for item in ITEMS}
            wellbeing = round(50 - 8 * mean + draw.gauss(0, 5))
            rows.append({"id": person["id"], **answers, "wellbeing": wellbeing})
        write(f"{wave}.csv", rows)


def write(name, rows):
    with (RAW / name).open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
