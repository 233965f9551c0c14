"""The roster and the exports, compared both ways: everybody who is on one side only is counted and listed."""

import pytest

from alongside.errors import UserError

HEAD = "pid,arm,m_1,m_2,m_3\n"
ROSTER = "pid,arm\nA1,1\nA2,0\nA3,0\nA4,1\n"


def test_whoever_is_on_one_side_only_is_counted_and_listed(study, look):
    study.declare(participants="roster: roster.csv")
    intake = study.read({
        "roster.csv": ROSTER,
        "raw/w1.csv": HEAD + "A1,1,0,0,0\nA2,0,1,1,1\nB7,1,2,2,2\n",
        "raw/w2.csv": HEAD + "B7,1,2,2,2\nB8,0,3,3,3\nA1,1,0,0,0\n",
    })  # fmt: skip
    rules = look.rules(intake)
    assert rules["not-in-roster"] == [("raw/w1.csv", 4), ("raw/w2.csv", 3)]  # B7 and B8, each where first found
    assert rules["no-response"] == [("roster.csv", 4), ("roster.csv", 5)]
    flagged = intake.ledger[intake.ledger["rule"].isin(["not-in-roster", "no-response"])]
    assert set(flagged["action"]) == {"flagged"}
    names = intake.people["participant"].tolist()  # A1, A2, A3, A4, B7, B8
    assert flagged["participant"].tolist() == [names[2], names[3], names[4], names[5]]
    told = look.notes(intake)
    assert "answered, but not in roster.csv: 2 people" in told
    assert "in roster.csv, but without a response that counts: 2 people" in told


def test_whoever_the_rosters_consent_does_not_cover_is_set_aside_and_listed_once(study, look):
    study.declare(participants="roster: roster.csv\n  consent: {column: ok, is: [Yes]}")
    intake = study.read({
        "roster.csv": "pid,arm,ok\nA1,1,Yes\nA2,0,Yes\nA3,0,No\n",
        "raw/w1.csv": HEAD + "A1,1,0,0,0\nA2,0,1,1,1\nB7,1,2,2,2\nA3,0,1,1,1\n",
    })  # fmt: skip
    listed = intake.ledger[intake.ledger["rule"] == "not-in-roster"]
    assert listed[["file", "row", "action"]].to_numpy().tolist() == [["raw/w1.csv", 4, "row set aside"]]
    assert "no-response" not in look.rules(intake)  # of A3, who refused, no word more than the row


def test_a_roster_and_exports_of_the_same_people_have_nothing_to_list(study):
    study.declare(participants="roster: roster.csv")
    intake = study.read(
        {"roster.csv": ROSTER, "raw/w1.csv": HEAD + "".join(f"A{n},{n % 2},0,0,0\n" for n in range(1, 5))}
    )
    assert not set(intake.ledger["rule"]) & {"not-in-roster", "no-response"}
    assert not intake.notes["text"].str.contains("roster.csv, ").any()


@pytest.mark.parametrize("consent", ["", "\n  consent: {column: ok, is: [Yes]}"])
def test_a_wave_of_which_nobody_is_in_the_roster_is_refused(study, consent):
    study.declare(participants=f"roster: roster.csv{consent}")
    known = [f"A{n}" for n in range(12)]
    with pytest.raises(UserError, match=r"wave after: none of its 12 people is in roster\.csv: waves that cannot be"):
        study.read({
            "roster.csv": "pid,arm,ok\n" + "".join(f"{one},{place % 2},Yes\n" for place, one in enumerate(known)),
            "raw/w1.csv": HEAD + "".join(f"{one},,0,0,0\n" for one in known),
            "raw/w2.csv": HEAD + "".join(f"anonymous {place},,0,0,0\n" for place in range(12)),
        })  # fmt: skip
