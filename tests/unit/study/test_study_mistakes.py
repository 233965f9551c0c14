"""Broken study files, each with exactly the mistakes that it must show: line, key, and the words that help.

Each case is small.yaml with some lines replaced: {line number: new text}; None deletes the line's text (the lines
below keep their numbers, because an empty line stays).
"""

from pathlib import Path

import pytest

AFTER = (Path(__file__).parent / "small.yaml").read_text(encoding="utf-8").splitlines()[19]

# what is wrong -> lines replaced -> [(line, key, words that the message holds)]
CASES = {
    # keys
    "unknown key at the top": (
        {43: "analyses:"},
        [(43, "analyses", "did you mean 'analysis'?")],
    ),
    "unknown key in a block": (
        {26: '    colums: "rses_{item}"'},
        [(23, "outcomes.esteem.columns", "missing"), (26, "outcomes.esteem.colums", "did you mean 'columns'?")],
    ),
    "unknown key that belongs elsewhere": (
        {19: "  before: {label: Before, month: 0, files: raw/one.csv, format: spss}"},
        [(19, "waves.before.format", "it belongs under 'source:'")],
    ),
    "missing key": ({2: None}, [(1, "study.title", "missing")]),
    "missing block": (
        {n: None for n in range(18, 22)} | {33: None},
        [(1, "waves", "missing"), (49, "claims.calmer.wave", "'after' is not a wave")],
    ),
    "key with nothing after it": ({6: "  id:"}, [(6, "participants.id", "missing")]),
    "key twice": (
        {29: "    role: secondary"},
        [(29, "outcomes.esteem.role", "it stands in line 28 already")],
    ),
    "outcome twice": (
        {30: "  esteem:"},
        [(30, "outcomes.esteem", "it stands in line 23 already"), (48, "claims.calmer.outcome", "is not an outcome")],
    ),
    "a value where keys belong": ({15: "    age: number"}, [(15, "participants.covariates.age", "keys with values")]),
    "keys where a value belongs": ({8: "    column: {a: b}"}, [(8, "participants.cohort.column", "one value")]),
    # values
    "not a design": ({3: "  design: random"}, [(3, "study.design", "did you mean 'randomised'?")]),
    "not a kind": (
        {16: "    gender: {kind: categorical}"},
        [(16, "participants.covariates.gender.kind", "did you mean 'category'?")],
    ),
    "not a number": (
        {20: AFTER.replace("month: 6", "month: six")},
        [(20, "waves.after.month", "a number")],
    ),
    "decimal comma": ({44: '  confidence: "0,95"'}, [(44, "analysis.confidence", "write 0.95")]),
    "a percentage": ({44: "  confidence: 95"}, [(44, "analysis.confidence", "write 95 % as 0.95")]),
    "not a whole number": ({44: "  seed: 1.5"}, [(44, "analysis.seed", "a whole number")]),
    "not true or false": (
        {44: "  missing: {tipping_points: perhaps}"},
        [(44, "analysis.missing.tipping_points", "true | false")],
    ),
    "worthwhile without a unit": (
        {29: "    smallest_worthwhile: 0.2"},
        [(29, "outcomes.esteem.smallest_worthwhile", "0.2 sd, or 1.5 points")],
    ),
    "worthwhile of zero": (
        {29: "    smallest_worthwhile: 0 sd"},
        [(29, "outcomes.esteem.smallest_worthwhile", "above zero")],
    ),
    "worthwhile wider than the scale": (
        {29: "    smallest_worthwhile: 30 points"},
        [(29, "outcomes.esteem.smallest_worthwhile", "less than the scale's width, which is 30")],
    ),
    "min not below max": (
        {15: "    age: {kind: number, min: 25, max: 10}"},
        [(15, "participants.covariates.age.max", "more than min, which is 25")],
    ),
    "limits of a category": (
        {16: "    gender: {kind: category, min: 0}"},
        [(16, "participants.covariates.gender.min", "only where kind is number")],
    ),
    "a name with a space": (
        {23: "  self esteem:"},
        [(23, "outcomes.self esteem", "letters, digits, _ and -")],
    ),
    "a name that is reserved": (
        {15: "    wave: {kind: number}", 44: "  adjust_for: [wave]"},
        [(15, "participants.covariates.wave", "taken by a column of the results")],
    ),
    "a name for two things": (
        {13: "  clusters: [school, Gender]"},
        [(16, "participants.covariates.gender", "is also that of a cluster")],
    ),
    "a wave called otherwise": (
        {21: "  otherwise: {label: Later, month: 12, files: raw/three.csv}"},
        [(21, "waves.otherwise", "any other name")],
    ),
    "a path of one machine": (
        {19: "  before: {label: Before, month: 0, files: /home/me/one.csv}"},
        [(19, "waves.before.files", "below the study's folder")],
    ),
    "a path out of the folder": (
        {20: AFTER.replace("raw/school.csv", "../school.csv")},
        [(20, "waves.after.files.records", "below the study's folder")],
    ),
    "a backslash path": (
        {19: "  before: {label: Before, month: 0, files: 'C:\\data\\one.csv'}"},
        [(19, "waves.before.files", "below the study's folder")],
    ),
    # people
    "comparison is no cohort": (
        {12: "    comparison: wating"},
        [(12, "participants.cohort.comparison", "did you mean 'waiting'?")],
    ),
    "one cohort": ({11: None, 12: "    comparison: mentored"}, [(9, "participants.cohort.levels", "two cohorts")]),
    "a value of two cohorts": (
        {11: "      waiting: [wait list, ' 1']"},
        [(11, "participants.cohort.levels.waiting", "stands for 'mentored' and for 'waiting'")],
    ),
    "waitlist without its end": (
        {3: "  design: waitlist"},
        [(7, "participants.cohort.comparison_until", "required for waitlist")],
    ),
    "comparison until the baseline": (
        {12: "    comparison: waiting\n    comparison_until: before"},
        [(13, "participants.cohort.comparison_until", "which is the baseline")],
    ),
    "clusters randomised, none named": (
        {3: "  design: cluster-randomised"},
        [(7, "participants.cohort.assigned_by", "name the cluster that was assigned")],
    ),
    "clusters randomised, by person": (
        {3: "  design: cluster-randomised", 12: "    comparison: waiting\n    assigned_by: person"},
        [(13, "participants.cohort.assigned_by", "but the design is cluster-randomised")],
    ),
    "assigned by something unknown": (
        {12: "    comparison: waiting\n    assigned_by: schol"},
        [(13, "participants.cohort.assigned_by", "did you mean 'school'?")],
    ),
    "subgroup is no covariate": ({17: "  subgroups: [sex]"}, [(17, "participants.subgroups.1", "is not a covariate")]),
    "subgroup is a number": ({17: "  subgroups: [age]"}, [(17, "participants.subgroups.1", "subgroups have levels")]),
    "id by an unknown wave": (
        {6: "  id: {befor: code, otherwise: person}"},
        [(6, "participants.id.befor", "did you mean 'before'?")],
    ),
    "id for some of the waves only": (
        {6: "  id: {before: code, after: person}"},
        [(6, "participants.id", "no entry for later")],
    ),
    # waves
    "months that fall": (
        {21: "  later: {label: Later, month: 3, files: raw/three.csv}"},
        [(21, "waves.later.month", "more than the month of 'after' before it, which is 6")],
    ),
    "one wave": (
        {20: None, 21: None, 33: "    waves: [before]", 39: None, 49: "    wave: before"},
        [(18, "waves", "a baseline and at least one later wave"), (49, "claims.calmer.wave", "is the baseline")],
    ),
    "baseline asked afterwards": (
        {19: "  before: {label: Before, month: 0, files: raw/one.csv, retrospective: true}"},
        [(19, "waves.before.retrospective", "never the baseline")],
    ),
    "not a date": (
        {19: "  before: {label: B, month: 0, files: raw/one.csv, between: [1/9/2026, 2026-10-01]}"},
        [(19, "waves.before.between.1", "year-month-day")],
    ),
    "days the wrong way round": (
        {19: "  before: {label: B, month: 0, files: raw/one.csv, between: [2026-10-01, 2026-09-01]}"},
        [(19, "waves.before.between", "is before the first")],
    ),
    "days in two waves": (
        {
            19: "  before: {label: B, month: 0, files: raw/all.csv, between: [2026-09-01, 2026-10-01]}",
            21: "  later: {label: L, month: 12, files: raw/all.csv, between: [2026-10-01, 2026-11-01]}",
        },
        [(21, "waves.later.between", "overlap with those of 'before'")],
    ),
    "months since, the wrong way round": (
        {19: "  before: {label: B, month: 0, files: a.csv, months_since: {column: start, from: 2, to: 1}}"},
        [(19, "waves.before.months_since.to", "more than from, which is 2")],
    ),
    # outcomes
    "unknown instrument": (
        {31: "    instrument: gad_7"},
        [(31, "outcomes.worry.instrument", "did you mean 'gad7'?")],
    ),
    "order needed": ({25: None}, [(23, "outcomes.esteem.order", "order their items differently")]),
    "unknown order": (
        {25: "    order: satisfied"},
        [(25, "outcomes.esteem.order", "did you mean 'satisfied-first'?")],
    ),
    "recorded on another scale": (
        {25: "    order: satisfied-first\n    recorded: [1, 5]"},
        [(26, "outcomes.esteem.recorded", "4 answers in a row")],
    ),
    "recorded the wrong way round": (
        {29: "    recorded: [4, 1]"},
        [(29, "outcomes.esteem.recorded", "[smallest, largest]")],
    ),
    "label outside the scale": (
        {29: "    labels: {Absolutely: 4}"},
        [(29, "outcomes.esteem.labels.Absolutely", "a whole number from 0 to 3")],
    ),
    "pattern without its item": (
        {26: "    columns: rses_"},
        [(26, "outcomes.esteem.columns", "a pattern with {item} in it")],
    ),
    "pattern of one wave without its item": (
        {26: "    columns: {before: 'a{item}', otherwise: b}"},
        [(26, "outcomes.esteem.columns.otherwise", "a pattern with {item} in it")],
    ),
    "columns of an unknown wave": (
        {26: "    columns: {befor: 'a{item}', otherwise: 'b{item}'}"},
        [(26, "outcomes.esteem.columns.befor", "did you mean 'before'?")],
    ),
    "columns for some of the waves only": (
        {26: "    columns: {before: 'a{item}', later: 'b{item}'}", 29: "    waves: [before, after]"},
        [(26, "outcomes.esteem.columns", "no entry for after")],
    ),
    "columns: too few in the list": (
        {26: "    columns: [a, b]"},
        [(26, "outcomes.esteem.columns", "10, one for each")],
    ),
    "no columns": ({26: None}, [(23, "outcomes.esteem.columns", "missing")]),
    "no column": ({38: None}, [(36, "outcomes.enrolled.column", "missing")]),
    "column and columns": (
        {38: "    column: at_school\n    columns: {otherwise: a}"},
        [(38, "outcomes.enrolled.column", "one of the two")],
    ),
    "neither instrument nor kind": ({31: None}, [(30, "outcomes.worry", "neither 'instrument' nor 'kind'")]),
    "a list of too few columns at one wave": (
        {26: "    columns: {before: [a, b], otherwise: 'rses_{item}'}"},
        [(26, "outcomes.esteem.columns.before", "10, one for each item of rses")],
    ),
    "labels of a count": (
        {24: "    kind: count", 25: "    labels: {a few: 3}", 26: "    column: n", 29: "    higher_is: better"},
        [(25, "outcomes.esteem.labels", "only for answers in words: scale, ordinal, yes-no")],
    ),
    "a label beyond the limits": (
        {24: "    kind: ordinal", 25: "    labels: {Fail: 1, Merit: 4}", 26: "    column: n", 29: "    max: 3"}
        | {30: "    higher_is: better\n  worry:"},
        [(25, "outcomes.esteem.labels.Merit", "a whole number and inside min and max")],
    ),
    "a label of yes or no that is neither": (
        {24: "    kind: yes-no", 25: "    labels: {Left: 2}", 26: "    column: n", 29: "    higher_is: better"},
        [(25, "outcomes.esteem.labels.Left", "a whole number: 0 or 1")],
    ),
    "instrument and kind": ({29: "    kind: score"}, [(29, "outcomes.esteem.kind", "no kind where")]),
    "range beside an instrument": ({29: "    min: 0"}, [(29, "outcomes.esteem.min", "its codebook says so")]),
    "order without an instrument": (
        {38: "    column: x\n    order: y"},
        [(39, "outcomes.enrolled.order", "only where an")],
    ),
    "direction against the codebook": (
        {29: "    higher_is: worse"},
        [(29, "outcomes.esteem.higher_is", "better, as in the codebook of rses")],
    ),
    "no direction": ({40: None}, [(36, "outcomes.enrolled.higher_is", "better | worse")]),
    "unknown wave of an outcome": (
        {33: "    waves: [before, aftr]", 49: "    wave: later"},
        [
            (33, "outcomes.worry.waves.2", "did you mean 'after'?"),
            (49, "claims.calmer.wave", "was not asked at 'later'"),
        ],
    ),
    "wave twice": ({33: "    waves: [before, before, after]"}, [(33, "outcomes.worry.waves", "each value once")]),
    "unknown source": ({39: "    from: recods"}, [(39, "outcomes.enrolled.from", "did you mean 'records'?")]),
    "unknown role": ({28: "    role: main"}, [(28, "outcomes.esteem.role", "primary | secondary | exploratory")]),
    # analysis, claims, report
    "contrast of an unknown cohort": (
        {44: "  contrasts: [mentored - wating]"},
        [(44, "analysis.contrasts.1", "did you mean 'waiting'?")],
    ),
    "contrast without spaces": ({44: "  contrasts: [mentored-waiting]"}, [(44, "analysis.contrasts", "spaces around")]),
    "contrast with itself": (
        {44: "  contrasts: [waiting - waiting]"},
        [(44, "analysis.contrasts.1", "against itself")],
    ),
    "adjusted for no covariate": ({44: "  adjust_for: [agee]"}, [(44, "analysis.adjust_for.1", "did you mean 'age'?")]),
    "unknown covariance": (
        {44: "  covariance: [unstructured, ar_1]"},
        [(44, "analysis.covariance.2", "did you mean 'ar1'?")],
    ),
    "reference is no cohort": (
        {44: "  missing: {reference: nobody}"},
        [(44, "analysis.missing.reference", "a cohort")],
    ),
    "cells of nobody": ({44: "  disclosure: {min_cell: 0}"}, [(44, "analysis.disclosure.min_cell", "from 1 to")]),
    "claim about nothing": ({48: "    outcome: wory"}, [(48, "claims.calmer.outcome", "did you mean 'worry'?")]),
    "claim at no wave": ({49: "    wave: afterwards"}, [(49, "claims.calmer.wave", "did you mean 'after'?")]),
    "claim at the baseline": ({49: "    wave: before"}, [(49, "claims.calmer.wave", "is the baseline")]),
    "claim at a wave that was not asked": (
        {49: "    wave: later"},
        [(49, "claims.calmer.wave", "add it to outcomes.worry")],
    ),
    "claim at a wave without columns": (
        {32: "    columns: {before: 'a{item}', later: 'b{item}'}", 33: None},
        [(49, "claims.calmer.wave", "'worry' was not asked at 'after'")],
    ),
    "claim in no direction": ({50: "    direction: down"}, [(50, "claims.calmer.direction", "increase | decrease")]),
    "claim through nothing": (
        {50: "    direction: decrease\n    through: {belonging: after}"},
        [(51, "claims.calmer.through.belonging", "is not an outcome")],
    ),
    "claim through a later wave": (
        {50: "    direction: decrease\n    through: {esteem: later}"},
        [(51, "claims.calmer.through.esteem", "'later' comes after 'after'")],
    ),
    "claim through itself": (
        {50: "    direction: decrease\n    through: {worry: after}"},
        [(51, "claims.calmer.through.worry", "cannot carry its own effect")],
    ),
    "claim about an undeclared subgroup": (
        {50: "    direction: decrease\n    subgroup: age"},
        [(51, "claims.calmer.subgroup", "is not a subgroup")],
    ),
    "unknown report format": (
        {50: "    direction: decrease\nreport: {formats: [word]}"},
        [(51, "report.formats.1", "docx")],
    ),
    # several at once, in the order of the file
    "a mistake in every block": (
        {
            3: "  design: rct",
            12: "    comparison: control",
            20: AFTER.replace("6", "x"),
            31: "    instrument: gad",
            44: "  adjust_for: [height]",
            48: "    outcome: calm",
        },
        [
            (3, "study.design", "randomised"),
            (12, "participants.cohort.comparison", "mentored, waiting"),
            (20, "waves.after.month", "a number"),
            (31, "outcomes.worry.instrument", "gad7"),
            (44, "analysis.adjust_for.1", "age, gender"),
            (48, "claims.calmer.outcome", "esteem, worry, enrolled"),
        ],
    ),
    "several in one block": (
        {6: None, 12: "    comparison: control", 15: "    age: {kind: numeric}", 17: "  subgroups: [sex]"},
        [
            (5, "participants.id", "missing"),
            (12, "participants.cohort.comparison", "is not a cohort"),
            (15, "participants.covariates.age.kind", "number"),
            (17, "participants.subgroups.1", "is not a covariate"),
        ],
    ),
    "several in one outcome": (
        {24: "    instrument: rses9", 27: None, 28: "    role: first", 29: "    smallest_worthwhile: much"},
        [
            (23, "outcomes.esteem.domain", "missing"),
            (24, "outcomes.esteem.instrument", "did you mean 'rses'?"),
            (28, "outcomes.esteem.role", "primary"),
            (29, "outcomes.esteem.smallest_worthwhile", "0.2 sd"),
        ],
    ),
    # YAML that hides what a key holds
    "an alias": (
        {31: "    instrument: &scale gad7", 38: "    column: *scale"},
        [(31, "outcomes.worry.instrument", "an anchor"), (38, "outcomes.enrolled.column", "an alias (*scale)")],
    ),
    "a merge key": ({29: "    <<: {min: 0}"}, [(29, "outcomes.esteem", "a merge key ('<<')")]),
    "a tag": ({8: "    column: !!str programme"}, [(8, "participants.cohort.column", "a tag (tag:yaml.org,2002:str)")]),
    "a list as key": ({29: "    ? [a, b]\n    : c"}, [(29, "outcomes.esteem", "no plain text")]),
    "two documents": ({42: "    role: exploratory\n---"}, [(43, "", "a second document")]),
}


@pytest.mark.parametrize("case", CASES)
def test_every_mistake_is_shown_at_its_line_and_key(case, edited, mistakes):
    changes, expected = CASES[case]
    found = mistakes(edited(changes))
    assert [(line, key) for line, key, _ in found] == [(line, key) for line, key, _ in expected]
    for (_, _, message), (_, _, words) in zip(found, expected, strict=True):
        assert words in message


def test_the_edited_file_is_faultless_without_edits(edited, load):
    assert load(edited({})).slug == "trial"
