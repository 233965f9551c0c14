"""`subscale:` and `scoring:` of an outcome: what they give, and what they refuse."""

from pathlib import Path

import pytest

from alongside.instruments import find_measure, load_instrument
from alongside.study.whole import rebuild_slice

SMALL = (Path(__file__).parent / "small.yaml").read_text(encoding="utf-8")
WORRY = '    instrument: gad7\n    columns: "gad_{item}"\n'


def with_worry(text):
    """small.yaml with other lines for the scale of its outcome `worry`; they begin at line 31"""
    assert SMALL.count(WORRY) == 1
    return SMALL.replace(WORRY, text)


def test_several_outcomes_share_the_columns_of_one_scale(load):
    more = "".join(
        f'  {name}: {{instrument: dass21, subscale: {name}, columns: "d_{{item}}", domain: mood, role: secondary}}\n'
        for name in ("anxiety", "stress")
    )
    worry = with_worry('    instrument: dass21\n    subscale: depression\n    columns: "d_{item}"\n')
    study = load(worry.replace("analysis:\n", f"{more}analysis:\n"))
    assert [study.outcomes[name].subscale for name in ("worry", "anxiety", "stress")] == [
        "depression", "anxiety", "stress",
    ]  # fmt: skip
    assert study.outcomes["stress"].higher_is == "worse"


def two_subscales(depression, stress):
    worry = f'    instrument: dass21\n    subscale: depression\n    columns: "d_{{item}}"\n{depression}'
    more = f'  stress:\n    instrument: dass21\n    subscale: stress\n    columns: "d_{{item}}"\n{stress}'
    more += "    domain: mood\n    role: secondary\n"
    return with_worry(worry).replace("analysis:\n", f"{more}analysis:\n")


def test_labels_hold_for_every_outcome_that_reads_the_columns(load):
    study = load(two_subscales("    labels: {Never ever: 0}\n", "    labels: {All day: 3}\n"))
    assert study.outcomes["worry"].labels == study.outcomes["stress"].labels == {"Never ever": 0, "All day": 3}
    apart = two_subscales("    labels: {Never ever: 0}\n", "").replace('"d_{item}"', '"e_{item}"', 1)
    assert load(apart).outcomes["stress"].labels == {}


def test_one_wording_has_one_number(mistakes):
    found = mistakes(two_subscales("    labels: {Never ever: 0}\n", "    labels: {never  EVER: 1}\n"))
    ((_, key, words),) = found
    assert key == "outcomes.stress.labels.never  EVER"
    assert "is 1 here and 0 in outcomes.worry" in words


def test_direction_is_that_of_the_subscale(load):
    study = load(with_worry('    instrument: sdq\n    subscale: prosocial\n    columns: "s_{item}"\n'))
    assert study.outcomes["worry"].higher_is == "better"


def test_a_declared_scoring_crosses_into_a_rule_unchanged(load):
    scoring = "    scoring:\n      name: our own\n      method: multiply\n      factor: 20/6\n      reversed: [2]\n"
    scoring += "      missing_rule: {max_missing: 1, how: prorate}\n"
    study = load(with_worry(WORRY + scoring))
    plan = rebuild_slice(
        study.slice(*(f"outcomes.worry.{key}" for key in ("instrument", "order", "subscale", "scoring")))
    )
    gad = {"gad7": load_instrument("gad7")}
    assert find_measure(plan.outcomes["worry"], gad) == find_measure(study.outcomes["worry"], gad)
    assert find_measure(plan.outcomes["worry"], gad).range == (0, pytest.approx(70))


# what is wrong -> the lines of `worry` from line 31 on -> [(line, key, words)]
CASES = {
    "no total": (
        '    instrument: dass21\n    columns: "d_{item}"\n',
        [(31, "instrument", "has no total score, only subscales (anxiety, depression, stress) | subscale: anxiety |")],
    ),
    "not a subscale": (
        '    instrument: dass21\n    columns: "d_{item}"\n    subscale: depresion\n',
        [(33, "subscale", "did you mean 'depression'?")],
    ),
    "a scale without subscales": (
        WORRY + "    subscale: worry\n",
        [(33, "subscale", "no subscale: gad7 has none")],
    ),
    "points of the subscale": (
        '    instrument: lsns6\n    subscale: family\n    columns: "l_{item}"\n    smallest_worthwhile: 15 points\n',
        [(34, "smallest_worthwhile", "less than the scale's width, which is 15 points")],
    ),
    "points of the declared scoring": (
        WORRY + "    smallest_worthwhile: 3 points\n    scoring: {name: ours, method: mean}\n",
        [(33, "smallest_worthwhile", "less than the scale's width, which is 3 points")],
    ),
    "direction of the subscale": (
        '    instrument: sdq\n    subscale: prosocial\n    columns: "s_{item}"\n    higher_is: worse\n',
        [(34, "higher_is", "better, as in the codebook of sdq")],
    ),
    "columns of neither the scale nor the subscale": (
        "    instrument: lsns6\n    subscale: friends\n    columns: [a, b, c, d]\n",
        [(33, "columns", "6, one for each item of lsns6; or 3, for its items 4, 5, 6")],
    ),
    "a scoring without a name": (
        WORRY + "    scoring: {method: mean}\n",
        [(33, "scoring.name", "what the report calls")],
    ),
    "a scoring that is none": (
        WORRY + "    scoring: {name: ours, method: median}\n",
        [(33, "scoring.method", "sum | mean | multiply")],
    ),
    "a factor without its method": (
        WORRY + "    scoring: {name: ours, factor: 2}\n",
        [(33, "scoring.factor", "only beside its method")],
    ),
    "a method without its factor": (
        WORRY + "    scoring: {name: ours, method: multiply}\n",
        [(33, "scoring", "'factor' with method multiply")],
    ),
    "a table with gaps": (
        WORRY + "    scoring: {name: ours, method: table, table: {0: 1, 21: 2}}\n",
        [(33, "scoring.table", "one entry for each sum from 0 to 21")],
    ),
    "a reversed item of another subscale": (
        '    instrument: lsns6\n    subscale: family\n    columns: "l_{item}"\n    scoring: {name: o, reversed: [4]}\n',
        [(34, "scoring.reversed", "items of this outcome: 1, 2, 3")],
    ),
    "more missing than there are": (
        WORRY + "    scoring: {name: ours, missing_rule: {max_missing: 7, how: prorate}}\n",
        [(33, "scoring.missing_rule.max_missing", "0 to 6")],
    ),
    "some missing, and nothing done": (
        WORRY + "    scoring: {name: ours, missing_rule: {max_missing: 2, how: none}}\n",
        [(33, "scoring.missing_rule.how", "none where nothing may be missing")],
    ),
    "missing answers that would count as zero": (
        WORRY + "    scoring: {name: ours, method: mean, missing_rule: {max_missing: 2, how: sum-answered}}\n",
        [(33, "scoring.missing_rule.how", "a missing answer would count as zero")],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_mistakes(case, mistakes):
    text, expected = CASES[case]
    found = mistakes(with_worry(text))
    assert [(line, key.removeprefix("outcomes.worry.")) for line, key, _ in found] == [
        (line, key) for line, key, _ in expected
    ]
    for (_, _, words), (_, _, wanted) in zip(found, expected, strict=True):
        assert wanted.casefold() in words.casefold()


@pytest.mark.parametrize("key", ["subscale: stress", "scoring: {name: ours, method: mean}"])
def test_only_a_scale_has_subscales_and_a_scoring(key, mistakes):
    ((line, at, words),) = mistakes(SMALL.replace("    column: at_school\n", f"    column: at_school\n    {key}\n"))
    assert (line, at) == (39, f"outcomes.enrolled.{key.split(':')[0]}")
    assert "only where an instrument is named" in words
