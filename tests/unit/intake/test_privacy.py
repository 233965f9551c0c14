"""Canaries: planted in raw cells, looked for in everything that leaves intake."""

import pytest

from alongside.errors import UserError

CANARIES = {
    "name": "Zanzibar-Quill", "email": "canary.bird@example.org", "ip": "203.0.113.99", "text": "my secret diary",
    "mentor": "Mentor Birdwhistle", "wording": "Sumtimes-ish", "id": "RAW-ID-4711",
}  # fmt: skip
HEAD = "pid,arm,name,email,ip,text,mentor,m_1,m_2,m_3\n"


def row(identifier, **cells):
    values = CANARIES | {"m_1": "1", "arm": "1"} | cells
    return ",".join([identifier, *(values[name] for name in HEAD.split(",")[1:8]), "2", "3"]) + "\n"


def everything_public(intake):
    frames = (intake.answers, intake.people, intake.responses, intake.tally, intake.notes)
    return "\n".join(frame.to_csv() for frame in frames)


def test_what_is_not_declared_never_leaves_and_identifiers_only_as_pseudonyms(study):
    study.declare(participants="mentor: mentor")
    intake = study.read({"raw/w1.csv": HEAD + row(CANARIES["id"]) + row("A2", arm="0", mentor="")})
    said = everything_public(intake) + intake.ledger.to_csv()
    for kind in CANARIES:
        assert CANARIES[kind] not in said, kind


def test_a_value_stands_in_the_ledgers_found_column_and_nowhere_else(study):
    intake = study.read({"raw/w1.csv": HEAD + row(CANARIES["id"], m_1="987654")})
    assert "987654" not in everything_public(intake)
    assert intake.ledger["found"].tolist() == ["987654"]
    assert "987654" not in intake.ledger.drop(columns="found").to_csv()


@pytest.mark.parametrize(
    "cells", [{"m_1": CANARIES["wording"]}, {"arm": CANARIES["wording"]}, {"arm": "", "m_1": CANARIES["wording"]}]
)
def test_no_error_quotes_a_participant(study, cells):
    with pytest.raises(UserError) as caught:
        study.read({"raw/w1.csv": HEAD + row(CANARIES["id"], **cells) + row("A2", m_1=CANARIES["wording"], arm="0")})
    for kind, canary in CANARIES.items():
        assert canary not in str(caught.value), kind
        assert canary not in repr(caught.value.mistakes), kind


def test_a_file_without_a_header_does_not_put_people_into_the_message(study):
    with pytest.raises(UserError) as caught:
        study.read({"raw/w1.csv": row(CANARIES["id"]) + row("A2")})
    for kind, canary in CANARIES.items():
        assert canary not in str(caught.value), kind


def test_the_exceptions_chain_holds_no_cells_either(study):
    with pytest.raises(UserError) as caught:
        study.read({"raw/w1.xlsx": b"PK\x03\x04" + CANARIES["text"].encode()})
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
