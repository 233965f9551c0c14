"""A claim names its contrast where a study compares in several ways."""

import pytest

from alongside.errors import UserError


@pytest.fixture
def with_claim(example, load):
    """The example of several cohorts, with a claim about its first outcome and first follow-up."""

    def read(contrast=""):
        text = example("variants.yaml")
        study = load(text)
        outcome = next(iter(study.outcomes))
        wave = next(name for name in study.followups if name in study.outcomes[outcome].waves)
        claim = (
            f"claims:\n  it:\n    text: It helps\n    outcome: {outcome}\n    wave: {wave}\n    direction: decrease\n"
        )
        return load(text.replace("report:\n", claim + contrast + "report:\n"))

    return read


def test_a_named_contrast_is_the_claims_own(with_claim):
    study = with_claim("    contrast: mentored - none\n")
    assert study.claims["it"].contrast == ("mentored", "none")


def test_an_open_contrast_is_refused_with_the_choice(with_claim):
    with pytest.raises(UserError) as caught:
        with_claim()
    (mistake,) = caught.value.mistakes
    assert "claims.it" in mistake.where
    assert "compares in 2 ways" in mistake.found
    assert mistake.allowed == "mentored - peer_network | mentored - none"


@pytest.mark.parametrize("written", ["none - mentored", "peer_network - none", "mentored-none"])
def test_a_contrast_that_is_not_made_is_refused(with_claim, written):
    with pytest.raises(UserError):
        with_claim(f"    contrast: {written}\n")


def test_the_only_contrast_need_not_be_named(example, load):
    study = load(example("full-example.yaml"))
    assert {claim.contrast for claim in study.claims.values()} == {("mentored", "unmentored")}
