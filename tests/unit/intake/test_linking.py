"""Who is who, and where: rosters, identifiers, sites, cohorts."""

import pytest

from alongside.errors import UserError

W1 = "pid,arm,m_1,m_2,m_3\nA1,Mentored,0,1,2\nA2,Wait list,3,3,0\nA3,1,Never,dont often,ALWAYS\n"
W2 = "pid,m_1,m_2,m_3\nA1,1,1,1\nA3,0,0,\n"


def test_a_roster_brings_facts_and_people_who_never_answered(study, look):
    study.declare(
        participants="""
roster: roster.csv
clusters: [site]
covariates: {age: {kind: number, min: 10, max: 25}, girl: {kind: yes-no}, town: {kind: category}}
mentor: mentor
dose: {meetings: {kind: number, min: 0}}
""",
        source="  id_cleaning: [trim, uppercase]",
    )
    intake = study.read({
        "roster.csv": "pid,arm,site,age,girl,town,mentor,meetings\n"
        " a1 ,1,North,14,Yes,Leeds,M1,12\nA2,0,South,171,no,  leeds,,\nA3,1,North,,,,M1,-1\n",
        "raw/w1.csv": "pid,arm,m_1,m_2,m_3\nA1,0,0,0,0\nA4,0,1,1,1\n",
    })  # fmt: skip
    people = intake.people
    assert people["cohort"].tolist() == ["mentored", "alone", "mentored", "alone"]
    assert people["site"].tolist()[:3] == ["North", "South", "North"]
    assert people["age"].tolist()[0] == 14
    assert people["age"].isna().tolist() == [False, True, True, True]
    assert people["girl"].tolist()[:2] == [1, 0]
    assert people["town"].tolist()[:2] == ["Leeds", "Leeds"]
    assert people["mentor"].isna().tolist() == [False, True, False, True]
    assert people["mentor"][0] == people["mentor"][2] != "M1"
    assert people["meetings"].tolist()[0] == 12
    rules = look.rules(intake)
    assert rules["cohort-conflict"] == [("raw/w1.csv", 2)]
    assert rules["no-response"] == [("roster.csv", 3), ("roster.csv", 4)]
    assert sorted(rules["out-of-range"]) == [("roster.csv", 3), ("roster.csv", 4)]  # an age of 171, -1 meetings
    assert "answered, but not in roster.csv: 1 person" in look.notes(intake)
    assert "in roster.csv, but without a response that counts: 2 people" in look.notes(intake)


def test_a_person_twice_in_the_roster_is_refused(study):
    study.declare(participants="roster: roster.csv", source="  id_cleaning: [trim]")
    with pytest.raises(UserError, match=r"1 person in it more than once \(rows 2, 3\)"):
        study.read({"roster.csv": "pid,arm\nA1,1\nA1 ,0\n", "raw/w1.csv": W1})


def test_identifiers_of_several_columns(study, look):
    study.declare(id="[initials, day]", source="  id_cleaning: [trim, lowercase]")
    intake = study.read({
        "raw/w1.csv": "initials,day,arm,m_1,m_2,m_3\nAB,01,1,0,0,0\nAB,02,0,1,1,1\nAB,,0,3,3,3\n",
        "raw/w2.csv": "initials,day,m_1,m_2,m_3\nab ,02,2,2,2\n",
    })  # fmt: skip
    assert look.values(intake) == {
        (0, "before"): {1: 0, 2: 0, 3: 0}, (1, "before"): {1: 1, 2: 1, 3: 1}, (1, "after"): {1: 2, 2: 2, 3: 2},
    }  # fmt: skip
    assert look.reasons(intake) == {("raw/w1.csv", 4, "before"): "no-id"}


def test_the_identifiers_column_may_differ_by_wave(study, look):
    study.declare(id="{after: code, otherwise: pid}")
    intake = study.read({"raw/w1.csv": W1, "raw/w2.csv": W2.replace("pid", "code")})
    assert (0, "after") in look.values(intake)


def test_waves_without_anybody_in_common_are_refused(study):
    many = "".join(f"A{n},1,0,0,0\n" for n in range(12))
    with pytest.raises(UserError, match="none of its 12 people was there at wave before"):
        study.read({
            "raw/w1.csv": "pid,arm,m_1,m_2,m_3\n" + many,
            "raw/w2.csv": "pid,arm,m_1,m_2,m_3\n" + many.replace("A", "B"),
        })  # fmt: skip


def test_an_anonymous_wave_is_refused(study):
    named = "".join(f"A{n},1,0,1,2\n" for n in range(12))
    anonymous = ",1,0,1,2\n" * 12
    with pytest.raises(UserError, match="none of its 12 responses has an identifier: waves that cannot be linked"):
        study.read({
            "raw/w1.csv": f"pid,arm,m_1,m_2,m_3\n{named}", "raw/w2.csv": f"pid,arm,m_1,m_2,m_3\n{anonymous}",
        })  # fmt: skip
    study.write({"raw/w2.csv": f"arm,m_1,m_2,m_3\n{anonymous.replace(',1,0', '1,0')}"})
    with pytest.raises(UserError, match=r"(?s)no column 'pid'.*without it waves cannot be linked"):
        study.read()


def test_a_person_in_two_sites_at_once_is_refused(study):
    study.declare(participants="clusters: [site]")
    with pytest.raises(UserError, match=r"1 person in two places of 'site' at the same wave \(rows 2, 3\)"):
        study.read({"raw/w1.csv": "pid,arm,site,m_1,m_2,m_3\nA1,1,North,0,0,0\nA1,1,South,1,1,1\n"})


def test_somebody_who_moves_or_changes_cohort_stays_where_they_began(study, look):
    study.declare(participants="clusters: [site]")
    intake = study.read({
        "raw/w1.csv": "pid,arm,site,m_1,m_2,m_3\nA1,1,North,0,0,0\nA2,0,South,1,1,1\n",
        "raw/w2.csv": "pid,arm,site,m_1,m_2,m_3\nA1,0,south,0,0,0\nA2,0,South,1,1,1\n",
    })  # fmt: skip
    assert intake.people[["cohort", "site"]].to_numpy().tolist() == [["mentored", "North"], ["alone", "South"]]
    assert look.rules(intake) == {"cohort-conflict": [("raw/w2.csv", 2)], "cluster-moved": [("raw/w2.csv", 2)]}
    assert len(look.values(intake)) == 4


def test_a_person_without_a_cohort_is_set_aside(study, look):
    intake = study.read({"raw/w1.csv": "pid,arm,m_1,m_2,m_3\nA1,1,0,0,0\nA2,,1,1,1\n", "raw/w2.csv": W2})
    # A3 answered only the second wave, whose file has no cohorts
    assert len(intake.people) == 1
    assert look.reasons(intake) == {("raw/w1.csv", 3, "before"): "no-cohort", ("raw/w2.csv", 3, "after"): "no-cohort"}
    assert look.rules(intake)["no-cohort"] == [("raw/w1.csv", 3), ("raw/w2.csv", 3)]
    people = intake.tally.set_index("unit").loc["people"]
    assert people[["n_in", "n_kept", "n_set_aside"]].tolist() == [3, 1, 2]
