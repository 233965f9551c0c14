"""Who was there at each wave: of everybody enrolled, how many answered and how many could be analysed.

In: response (results["tables"]["response"]: one row an outcome, wave and cohort with enrolled, answered and analysed),
the study's description. Out: a Figure for one outcome, or its description in words.

A bar is as long as the cohort's enrolment; its filled part are those whose answers count in the analysis, the pale
part those who answered but got no score. Counts stand beside percentages. A suppressed count is written as such and
has no bar.
"""

import pandas as pd

from alongside.figures.style import INK, MARGIN, MUTED, PAPER, RULE, Sheet, mark_cohorts, measure_text, styled
from alongside.figures.words import find_outcome, find_wave, format_count, format_number, join_words


@styled
def draw_flow(response, *, study, outcome, variant):
    """The figure of one outcome; response: all outcomes."""
    rows = _select_rows(response, study, outcome)
    marks = mark_cohorts(study["cohorts"])
    described = find_outcome(study, outcome)
    cohorts = [cohort for cohort in study["cohorts"] if cohort["key"] in set(rows["cohort"])]
    shares = [_write_share(row) for row in rows.itertuples(index=False)]
    widest = max(measure_text(text, variant.small) for text in shares)
    labels = max(measure_text(find_wave(study, wave)["label"], variant.small) for wave in rows["wave"])
    step = variant.size * (3.1 if variant.narrow else 2.2)
    head = variant.size * 3.0
    height = head * len(cohorts) + step * len(rows)
    left, right = (MARGIN + 1, MARGIN + 1) if variant.narrow else (labels + 16, widest + 16)
    sheet = Sheet(
        variant, title=f"Who answered: {described['label']}",
        lines=["Everybody enrolled, and those whose answers are in the analysis at each survey."],
        footer=_write_footer(study), height=height, left=left, right=right, above=0, below=12,
    )  # fmt: skip
    axes = sheet.axes
    axes.set_xlim(0, 1.003 * rows["enrolled"].max())
    axes.set_ylim(0, height)
    axes.set_xticks([])
    axes.set_yticks([])
    y = height
    for cohort in cohorts:
        mark = marks[cohort["key"]]
        mine = rows[rows["cohort"] == cohort["key"]]
        enrolled = format_count(mine["enrolled"].iloc[0])
        sheet.write(MARGIN - left, y - head / 2, cohort["label"], colour=mark.colour, weight="bold")
        name = measure_text(cohort["label"], variant.size, True)
        sheet.write(MARGIN - left + name + 7, y - head / 2, f"enrolled: {enrolled}", colour=MUTED)
        y -= head
        for row in mine.itertuples(index=False):
            middle = y - step * (0.68 if variant.narrow else 0.5)
            words = y - step * 0.2 if variant.narrow else middle
            edge = sheet.width if variant.narrow else sheet.width + right - MARGIN - 2
            sheet.write(MARGIN - left, words, find_wave(study, row.wave)["label"], size=variant.small)
            sheet.write(edge, words, _write_share(row), size=variant.small, ha="right")
            _draw_bar(axes, middle, variant.size * 1.05, row, mark)
            y -= step
    return sheet.figure


def describe_flow(response, *, study, outcome):
    """The same in words."""
    rows = _select_rows(response, study, outcome)
    sentences = [f"Bar chart: who answered, {find_outcome(study, outcome)['label']}."]
    for cohort in study["cohorts"]:
        mine = rows[rows["cohort"] == cohort["key"]]
        if len(mine):
            steps = [
                f"{find_wave(study, row.wave)['label'].lower()} {_write_share(row)}"
                for row in mine.itertuples(index=False)
            ]
            enrolled = format_count(mine["enrolled"].iloc[0])
            sentences.append(f"{cohort['label']} (enrolled: {enrolled}): {join_words(steps)}.")
    return " ".join(sentences)


def _select_rows(response, study, outcome):
    rows = response[response["outcome"] == outcome]
    order = {wave["key"]: rank for rank, wave in enumerate(study["waves"])}
    return rows.sort_values("wave", key=lambda waves: waves.map(order), kind="stable")


def _write_share(row):
    count = format_count(row.analysed)
    return count if pd.isna(row.percent) else f"{count} ({format_number(row.percent, places=0)}%)"


def _write_footer(study):
    rounding = f"Counts are rounded to the nearest {study['round_to']}. " if study["round_to"] > 1 else ""
    return [f"Filled: in the analysis. Pale: answered, but no score could be formed. White: did not answer. {rounding}"]


def _draw_bar(axes, y, height, row, mark):
    if pd.isna(row.enrolled):
        return
    axes.barh(y, row.enrolled, height=height, color=PAPER, edgecolor=RULE, linewidth=0.9)
    if pd.notna(row.answered):
        axes.barh(y, row.answered, height=height, color=mark.tint)
    if pd.notna(row.analysed):
        axes.barh(y, row.analysed, height=height, color=mark.colour)
    axes.barh(y, row.enrolled, height=height, color="none", edgecolor=INK, linewidth=0.5)
