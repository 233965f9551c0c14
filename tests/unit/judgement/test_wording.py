"""Every sentence that a verdict can print, rendered in every combination and searched for what must not be said."""

import itertools
import re

import pytest

from alongside.judgement.wording import RANDOMISED, Facts, read_wording, word_allowed, word_reason, word_verdict

DESIGNS = ("randomised", "cluster-randomised", "waitlist", "matched", "self-selected")
NEVER = r"\bprove|\bproof|\bno effect|\bcaused?\b|\bcauses\b|\bsignifican|\bworks?\b|\bsuccess|\bguarantee"
# verbs by which a programme does something to people
CAUSAL = r"\b(reduc|rais|lower(ed|ing)|improv|increas|decreas|boost|led to|leads to|thanks to|because|due to|impact|" \
         r"effects?\b|assignment)"  # fmt: skip
INTERVALS = ((1.2, 5.0), (-1.2, 5.0), (-5.0, -1.2), (-0.04, 0.05), (-0.6, 0.6))


def every_sentence(design):
    wording = read_wording()
    for verdict, direction, interval, size, doubt, worthwhile, better in itertools.product(
        wording["verdicts"], ("increase", "decrease"), INTERVALS, wording["parts"]["size"], wording["parts"]["doubt"],
        (0.05, 1.0, 2.0), (True, False),
    ):  # fmt: skip
        facts = Facts(
            outcome="self_esteem", cohort="mentored", other="wait_list", direction=direction, low=interval[0],
            high=interval[1], estimate=sum(interval) / 2, worthwhile=worthwhile, detectable=3.4, size=size, doubt=doubt,
            reason=word_reason("mechanism"), claimed_better=better,
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
        "cohort (95% interval: 1.0 to 5.0 points better). The best estimate (3.0) reaches the 2.0 points declared "
        "worthwhile; the true difference may be as small as 1.0."
    )
    assert word_verdict("supported", facts, design="matched").startswith(
        "Isolation changed more for the better in the mentored cohort than in the unmentored cohort: the difference in "
        "change is 3.0 points better "
    )


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (1.0, 5.0, "1.0 to 5.0 points better"),
        (-5.0, -1.0, "1.0 to 5.0 points worse"),
        (-1.0, 5.0, "1.0 point worse to 5.0 points better"),
        (0.04, 0.5, "0.04 to 0.50 points better"),
        (0.0, 0.5, "0.0 to 0.5 points better"),
    ],
)
def test_intervals_carry_their_direction(low, high, words):
    facts = Facts(outcome="isolation", cohort="a", other="b", direction="decrease", estimate=(low + high) / 2, low=low,
                  high=high, doubt="exploratory")  # fmt: skip
    assert f"(95% interval: {words})" in word_verdict("suggestive", facts, design="randomised")


def test_a_claim_of_what_nobody_wants_is_read_the_right_way():
    facts = Facts(outcome="worry", cohort="a", other="b", direction="increase", claimed_better=False, estimate=2.0,
                  low=-1.0, high=5.0, doubt="exploratory")  # fmt: skip
    assert "is 2.0 points worse (95% interval: 1.0 point better to 5.0 points worse)" in word_verdict(
        "suggestive", facts, design="matched"
    )


def test_an_open_question_says_what_the_study_could_have_found():
    facts = Facts(outcome="self_esteem", cohort="a", other="b", direction="increase", estimate=0.3, low=-0.9, high=1.5,
                  detectable=1.7)  # fmt: skip
    assert word_verdict("no-clear-evidence", facts, design="self-selected") == (
        "These data do not settle the question: the difference in change between the cohorts lies between 0.9 points "
        "worse and 1.5 points better (95% interval). This study was too small to detect a difference below about "
        "1.7 points reliably (four times out of five)."
    )


def test_the_program_says_that_it_is_the_program():
    facts = Facts(outcome="anxiety", cohort="a", other="b", direction="decrease", reason=word_reason("mechanism"))
    assert word_verdict("not-done", facts, design="matched") == (
        "This program does not do this test yet: it does not compute what carries a difference."
    )


def test_what_is_allowed_for_is_said_by_state():
    assert word_allowed([]) == "Nothing was allowed for."
    assert word_allowed(["age", "first generation"]) == (
        "The comparison allows for differences between the cohorts in age and first generation."
    )
    assert word_allowed(["age"]).endswith("in age.")


def test_no_line_of_the_glance_claims_too_much():
    def texts(part):
        return [part] if isinstance(part, str) else [text for inner in part.values() for text in texts(inner)]

    found = texts(read_wording()["glance"])
    assert len(found) > 20
    assert not [text for text in found if re.search(f"{NEVER}|{CAUSAL}", text, re.IGNORECASE)]
