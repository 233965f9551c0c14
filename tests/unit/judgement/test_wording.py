"""Every sentence that a verdict can print, rendered in every combination and searched for what must not be said."""

import itertools
import re

import pytest

from alongside.judgement.wording import RANDOMISED, Facts, read_wording, word_reason, word_verdict

DESIGNS = ("randomised", "cluster-randomised", "waitlist", "matched", "self-selected")
NEVER = r"\bprove|\bproof|\bno effect|\bcaused?\b|\bcauses\b|\bsignifican|\bworks?\b|\bsuccess|\bguarantee"
# verbs by which a programme does something to people
CAUSAL = r"\b(reduc|rais|lower(ed|ing)|improv|increas|decreas|boost|led to|leads to|thanks to|because|due to|impact|" \
         r"effects?\b|assignment)"  # fmt: skip
INTERVALS = ((1.2, 5.0), (-1.2, 5.0), (-5.0, -1.2), (-0.04, 0.05), (-0.6, 0.6))


def every_sentence(design):
    wording = read_wording()
    for verdict, direction, interval, size, doubt, worthwhile in itertools.product(
        wording["verdicts"], ("increase", "decrease"), INTERVALS, wording["parts"]["size"], wording["parts"]["doubt"],
        (0.05, 1.0, 2.0),
    ):  # fmt: skip
        facts = Facts(
            outcome="self_esteem", cohort="mentored", other="wait_list", direction=direction, low=interval[0],
            high=interval[1], estimate=sum(interval) / 2, worthwhile=worthwhile, detectable=3.4, size=size, doubt=doubt,
            reason=word_reason("mechanism"),
        )  # fmt: skip
        yield verdict, word_verdict(verdict, facts, design=design)


@pytest.mark.parametrize("design", DESIGNS)
def test_no_sentence_claims_too_much(design):
    for verdict, sentence in every_sentence(design):
        assert not re.search(NEVER, sentence, re.IGNORECASE), (verdict, sentence)
        if design not in RANDOMISED:
            assert not re.search(CAUSAL, sentence, re.IGNORECASE), (verdict, sentence)


@pytest.mark.parametrize("design", DESIGNS)
def test_every_sentence_is_whole(design):
    for verdict, sentence in every_sentence(design):
        assert re.fullmatch(r"[A-Z].*\.", sentence), (verdict, sentence)
        assert not re.search(r"[{}_]|  | \.|\.\.|None|nan", sentence), (verdict, sentence)
        assert "%" not in re.sub(r"\d+% interval", "", sentence)  # a percentage would need its counts beside it


def test_no_reason_claims_too_much():
    for key in read_wording()["reasons"]:
        assert not re.search(f"{NEVER}|{CAUSAL}", word_reason(key, min_cell=10), re.IGNORECASE)


def test_only_chance_lets_an_assignment_lower_anything():
    facts = Facts(outcome="isolation", cohort="mentored", other="unmentored", direction="decrease", estimate=3.0,
                  low=1.0, high=5.0, worthwhile=2.0, size="may-be-smaller")  # fmt: skip
    assert word_verdict("supported", facts, design="randomised") == (
        "Assignment to the mentored cohort lowered isolation by 3.0 points compared with the unmentored "
        "cohort (95% interval: 1.0 to 5.0 points towards lower scores). This is at least the 2.0 points "
        "that were declared worthwhile, but the difference may be smaller than that."
    )
    assert word_verdict("supported", facts, design="matched").startswith(
        "Isolation changed more in the mentored cohort than in the unmentored cohort, by 3.0 points towards lower "
    )


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (1.0, 5.0, "1.0 to 5.0 points towards lower scores"),
        (-5.0, -1.0, "1.0 to 5.0 points towards higher scores"),
        (-1.0, 5.0, "1.0 point towards higher scores to 5.0 points towards lower scores"),
        (0.04, 0.5, "0.04 to 0.50 points towards lower scores"),
    ],
)
def test_intervals_carry_their_direction(low, high, words):
    facts = Facts(outcome="isolation", cohort="a", other="b", direction="decrease", estimate=(low + high) / 2, low=low,
                  high=high, doubt="exploratory")  # fmt: skip
    assert f"(95% interval: {words})" in word_verdict("suggestive", facts, design="randomised")
