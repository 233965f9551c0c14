"""Which responses count, and what a ledger may say about those that do not."""

import random

import pytest

from alongside.errors import UserError

HEAD = "pid,arm,when,done,m_1,m_2,m_3\n"
SOURCE = "  submitted: when\n  complete: {column: done, is: [1, True]}\n  duplicates: "


def read(study, rows, *, rule="last-complete", participants="", more=None, extra=""):
    study.declare(participants=participants, source=SOURCE + rule + extra)
    return study.read({"raw/w1.csv": HEAD + "\n".join(rows) + "\n"} | (more or {}))


def kept_rows(intake):
    return sorted(intake.responses.loc[intake.responses["kept"], "row"])


FIRST, SECOND, THIRD = "A1,1,2026-01-01,1,0,0,0", "A1,1,2026-01-02,1,1,1,1", "A1,1,2026-01-03,0,2,2,"
EMPTY = "A1,1,2026-01-09,1,,,"


@pytest.mark.parametrize(
    ("rule", "rows", "kept"),
    [
        ("first", [SECOND, FIRST, THIRD], [3]),
        ("last", [SECOND, FIRST, THIRD], [4]),
        ("last-complete", [SECOND, FIRST, THIRD], [2]),
        ("last-complete", [THIRD], [2]),  # unfinished, and all there is
        ("last-complete", [EMPTY, FIRST], [3]),  # a response without answers never displaces one with answers
        ("last", [EMPTY, FIRST], [3]),
        ("reject", [FIRST, SECOND], []),
        ("reject", [FIRST], [2]),
    ],
)
def test_the_declared_rule_decides_between_retakes(study, look, rule, rows, kept):
    intake = read(study, [*rows, "A2,0,2026-01-01,1,0,0,0"], rule=rule)
    assert kept_rows(intake) == [*kept, len(rows) + 2]
    assert set(look.reasons(intake).values()) <= {"duplicate"}
    assert len(look.rules(intake).get("duplicate", [])) == len(rows) - len(kept)


@pytest.mark.parametrize(("rule", "kept"), [("last", [3]), ("first", [2])])
@pytest.mark.parametrize("dates", [("2026-01-01", "2026-01-01"), ("2026-01-02", ""), ("", "")])
def test_where_no_date_decides_the_order_of_rows_does_and_a_note_says_so(study, look, rule, kept, dates):
    intake = read(study, [f"A1,1,{dates[0]},1,0,0,0", f"A1,1,{dates[1]},1,1,1,1"], rule=rule)
    assert kept_rows(intake) == kept
    assert (
        "wave before: answered more than once, and the order of the rows decided because no date does: 1 person"
        in look.notes(intake)
    )


@pytest.mark.parametrize("rule", ["first", "last", "last-complete"])
@pytest.mark.parametrize("seed", range(5))
def test_shuffling_rows_changes_nothing_where_a_date_decides(study, rule, seed):
    rng = random.Random(seed)
    rows = [
        f"A{person},{person % 2},2026-01-{day:02d},{rng.choice('01')},{rng.choice(['', '1'])},{rng.randint(0, 3)},3"
        for person in range(20)
        for day in rng.sample(range(1, 29), rng.randint(1, 4))
    ]
    one = read(study, rows, rule=rule)
    other = read(study, rng.sample(rows, len(rows)), rule=rule)
    assert one.answers.equals(other.answers)
    assert one.people.equals(other.people)


def test_an_unfinished_response_stays_and_is_flagged(study, look):
    intake = read(study, [THIRD])
    assert look.values(intake) == {(0, "before"): {1: 2, 2: 2}}
    assert intake.responses["flags"].tolist() == ["unfinished"]
    assert look.rules(intake) == {"unfinished": [("raw/w1.csv", 2)]}


def test_waves_out_of_order_and_unreadable_dates_are_told(study, look):
    more = {"raw/w2.csv": "pid,when,done,m_1,m_2,m_3\nA1,2025-12-01,1,0,0,0\nA2,sometime,1,0,0,0\n"}
    intake = read(study, [FIRST, "A2,0,2026-01-01,1,0,0,0"], more=more)
    assert look.rules(intake) == {"unreadable-date": [("raw/w2.csv", 3)], "waves-out-of-order": [("raw/w2.csv", 2)]}


def test_previews_and_spam_of_the_survey_tool_are_no_responses(study, look):
    study.declare(source="  format: qualtrics")
    head = "StartDate,EndDate,Status,Progress,Finished,RecordedDate,pid,arm,m_1,m_2,m_3\n"
    texts = "a,b,c,d,e,f,g,h,i,j,k\n" + '"{""ImportId"":""x""}"' + ",".join("l" * 11)[1:] + "\n"
    row = "2026-01-01,2026-01-01,{},100,{},2026-01-01,{},1,0,0,0\n"
    statuses = [
        ("IP Address", "A1"),
        ("Survey Preview", "T1"),
        ("Spam", "T2"),
        ("0", "A2"),
        ("1", "T3"),
        ("Imported", "A3"),
    ]
    intake = study.read(
        {"raw/w1.csv": head + texts + "".join(row.format(status, "True", pid) for status, pid in statuses)}
    )
    assert look.reasons(intake) == {("raw/w1.csv", row, "before"): "preview" for row in (5, 6, 8)}
    assert kept_rows(intake) == [4, 7, 9]


# ---- consent, withdrawal -----------------------------------------------------------------------------------------

CONSENT = "consent: {column: agreed, is: [Yes]}"


def test_consent_of_the_roster_decides(study, look):
    intake = read(
        study, [f"A{n},1,2026-01-01,1,0,0,0" for n in range(1, 6)],
        participants=f"roster: roster.csv\n{CONSENT}",
        more={"roster.csv": "pid,arm,agreed\nA1,1,yes\nA2,1,No\nA3,1,\nA4,0,Yes\nA6,0,Yes\nA7,0,No\n"},
    )  # fmt: skip
    assert len(intake.people) == 3  # A1, A4, and A6 who never answered
    assert look.reasons(intake) == {
        ("raw/w1.csv", 3, "before"): "no-consent", ("raw/w1.csv", 4, "before"): "no-consent",
        ("raw/w1.csv", 6, "before"): "not-in-roster",
    }  # fmt: skip


def test_consent_in_the_surveys_reaches_forward_and_never_back(study, look):
    study.declare(participants=CONSENT)
    intake = study.read({
        "raw/w1.csv": "pid,arm,agreed,m_1,m_2,m_3\nA1,1,Yes,0,0,0\nA2,0,,0,0,0\nA3,0,No,0,0,0\nA4,1,Yes,0,0,0\n",
        "raw/w2.csv": "pid,agreed,m_1,m_2,m_3\nA1,,1,1,1\nA2,Yes,1,1,1\nA3,,1,1,1\nA4,No,1,1,1\n",
    })  # fmt: skip
    assert look.reasons(intake) == {
        ("raw/w1.csv", 3, "before"): "before-consent", ("raw/w1.csv", 4, "before"): "no-consent",
        ("raw/w2.csv", 4, "after"): "no-consent", ("raw/w2.csv", 5, "after"): "no-consent",
        ("raw/w2.csv", 3, "after"): "no-cohort",  # the only answers that A2 agreed to, without a cohort
    }  # fmt: skip


def test_of_people_who_withdrew_or_did_not_agree_nothing_is_left_but_a_count(study, look):
    study.declare(
        participants=f"withdrawn: gone.csv\ncorrections: corrections.csv\n{CONSENT}", source="  id_cleaning: [trim]"
    )
    intake = study.read({
        "raw/w1.csv": "pid,arm,agreed,m_1,m_2,m_3\nA1,1,Yes,0,0,0\nA2 ,0,Yes,77,77,77\nA3,0,No,78,78,78\n",
        "gone.csv": "pid,asked_on\nA2,2026-05-05\nA9,2026-05-05\n",
        "corrections.csv": "file,row,column,old,new,reason\nraw/w1.csv,3,m_1,77,1,private reason\n",
    })  # fmt: skip
    assert len(intake.people) == 1
    assert look.reasons(intake) == {("raw/w1.csv", 3, "before"): "withdrawn", ("raw/w1.csv", 4, "before"): "no-consent"}
    theirs = intake.responses[~intake.responses["kept"]]
    assert theirs["participant"].isna().all()
    ledger = intake.ledger[intake.ledger["row"].isin([3, 4])]
    assert len(ledger) == 3
    assert ledger["participant"].isna().all()
    assert ledger["found"].isna().all()
    assert "private reason" not in ledger.to_csv()
    assert look.values(intake) == {(0, "before"): {1: 0, 2: 0, 3: 0}}


def test_a_withdrawn_file_without_the_identifiers_column_is_refused(study):
    study.declare(participants="withdrawn: gone.csv")
    with pytest.raises(UserError, match=r"gone.csv: no column 'pid'"):
        study.read({"raw/w1.csv": HEAD + FIRST + "\n", "gone.csv": "code\nA1\n"})


# ---- careless, near-misses ---------------------------------------------------------------------------------------


def test_careless_responding_is_flagged_and_nobody_is_taken_out(study):
    study.declare(
        source="  attention_checks: {check: Strongly agree}\n  missing: [n/a]",
        outcomes='  esteem: {instrument: rses, order: satisfied-first, columns: "r_{item}", domain: d, role: primary}',
    )
    head = "pid,arm,check," + ",".join(f"r_{item}" for item in range(1, 11)) + "\n"
    varied = "0,1,2,3,0,1,2,3,0,1"
    intake = study.read({
        "raw/w1.csv": head + f"A1,1,strongly AGREE,{varied}\nA2,1,Agree,{varied}\nA3,0,,{varied}\nA4,0,n/a,{varied}\n"
        + "A5,0,Strongly agree," + ",".join("2" * 10) + "\nA6,0,Strongly agree,0,1" + ",3" * 8 + "\n"
        + "A7,0,Strongly agree,2,2,2,2,2,,,,,\nA8,0,Strongly agree,3,3,3,3,,3,3,3,3,1\n"
    })  # fmt: skip
    assert intake.responses["flags"].tolist() == [
        "", "attention-check", "", "", "straight-line:esteem;long-string:esteem", "long-string:esteem", "", "",
    ]  # fmt: skip
    assert intake.responses["kept"].all()


def test_a_slip_in_an_identifier_is_suggested_and_nobody_is_joined(study, look):
    study.write({
        "raw/w1.csv": "pid,arm,m_1,m_2,m_3\nBP-101,1,0,0,0\nBP-777,0,0,0,0\n",
        "raw/w2.csv": "pid,arm,m_1,m_2,m_3\nBP-1O1,1,1,1,1\nBP-777,0,1,1,1\n",
    })  # fmt: skip
    intake = study.read()
    assert len(intake.people) == 3
    assert look.rules(intake) == {"identifier-near-miss": [("raw/w2.csv", 2)]}
    assert intake.ledger[["found", "allowed"]].to_numpy().tolist() == [["BP-1O1", "BP-101"]]
    assert "like a slip of another one (the restricted ledger lists them): 1 identifier" in look.notes(intake)
    assert "BP-" not in " ".join(look.notes(intake))


def test_a_slip_is_listed_too_where_the_cohort_stands_at_the_baseline_alone(study, look):
    intake = study.read({
        "raw/w1.csv": "pid,arm,m_1,m_2,m_3\nAB12,1,0,0,0\nCD34,0,0,0,0\n",
        "raw/w2.csv": "pid,m_1,m_2,m_3\nAB21,1,1,1\nCD34,1,1,1\nZZ99,1,1,1\n",
    })  # fmt: skip
    assert look.rules(intake) == {
        "no-cohort": [("raw/w2.csv", 2), ("raw/w2.csv", 4)], "identifier-near-miss": [("raw/w2.csv", 2)],
    }  # fmt: skip
    (slip,) = intake.ledger[intake.ledger["rule"] == "identifier-near-miss"].itertuples()
    assert (slip.found, slip.allowed) == ("AB21", "AB12")
    assert len(intake.people) == 2


# ---- consent and slips in identifiers ------------------------------------------------------------------------------

ASKED_ONCE = "pid,arm,agreed,m_1,m_2,m_3\nA101,1,Yes,0,0,0\nA202,0,Yes,0,0,0\nA303,0,No,0,0,0\nA404,1,,0,0,0\n"


def test_an_identifier_that_nobody_was_asked_under_is_no_refusal_but_looked_through_for_slips(study, look):
    study.declare(participants=CONSENT)
    intake = study.read({
        "raw/w1.csv": ASKED_ONCE,
        "raw/w2.csv": "pid,m_1,m_2,m_3\nA101,1,1,1\nA2O2,1,1,1\nA303,1,1,1\nA404,1,1,1\nZ99,1,1,1\n",
    })  # fmt: skip
    assert look.reasons(intake) == {
        ("raw/w1.csv", 4, "before"): "no-consent", ("raw/w1.csv", 5, "before"): "no-consent",
        ("raw/w2.csv", 3, "after"): "consent-not-found", ("raw/w2.csv", 6, "after"): "consent-not-found",
        ("raw/w2.csv", 4, "after"): "no-consent", ("raw/w2.csv", 5, "after"): "no-consent",
    }  # fmt: skip
    assert look.rules(intake)["identifier-near-miss"] == [("raw/w2.csv", 3)]
    told = intake.ledger[intake.ledger["rule"] == "consent-not-found"]
    assert told["participant"].isna().all()
    assert told["remedy"].str.contains("id_map.csv").all()


def test_a_column_of_consent_with_nothing_in_it_asked_nobody(study, look):
    study.declare(participants=CONSENT)
    later = "pid,agreed,m_1,m_2,m_3\nA101,,1,1,1\nA2O2,,1,1,1\n"
    intake = study.read({"raw/w1.csv": ASKED_ONCE, "raw/w2.csv": later})
    assert look.reasons(intake)["raw/w2.csv", 3, "after"] == "consent-not-found"


def test_a_refusal_stands_until_somebody_consents_again(study, look):
    study.declare(
        participants=CONSENT,
        waves="\n".join(f"  {key}: {{label: {key}, month: {n}, files: raw/{key}*}}" for n, key in enumerate("abcd")),
    )
    head = "pid,arm,agreed,m_1,m_2,m_3\n"
    intake = study.read({
        "raw/a.csv": head + "A1,1,Yes,0,0,0\nA2,0,Yes,0,0,0\n", "raw/b.csv": head + "A1,1,No,0,0,0\nA2,0,,0,0,0\n",
        "raw/c.csv": head + "A1,1,,0,0,0\nA2,0,,0,0,0\n", "raw/d.csv": head + "A1,1,Yes,0,0,0\nA2,0,,0,0,0\n",
    })  # fmt: skip
    assert look.reasons(intake) == {("raw/b.csv", 2, "b"): "no-consent", ("raw/c.csv", 2, "c"): "no-consent"}


def test_every_wave_may_ask_for_consent_in_its_own_column(study, look):
    study.declare(participants="consent: {column: {before: agreed, after: still}, is: [Yes]}")
    later = "pid,still,m_1,m_2,m_3\nA101,No,1,1,1\nA202,Yes,1,1,1\n"
    intake = study.read({"raw/w1.csv": ASKED_ONCE, "raw/w2.csv": later})
    assert look.reasons(intake)["raw/w2.csv", 2, "after"] == "no-consent"
    assert ("raw/w2.csv", 3, "after") not in look.reasons(intake)
    with pytest.raises(UserError, match="no file has a column 'still'"):
        study.read({"raw/w1.csv": ASKED_ONCE, "raw/w2.csv": later.replace("still", "agreed")})
    study.declare(participants="consent: {column: {before: agreed, afterwards: still}, is: [Yes]}")
    with pytest.raises(UserError, match="'afterwards' is not a wave"):
        study.read({"raw/w1.csv": ASKED_ONCE, "raw/w2.csv": later})


@pytest.mark.parametrize(
    ("later", "said"),
    [
        ("X{}", "wave after: none of its 12 people was there at wave before"),  # nobody is found again
        ("N{}", r"wave after: no response counts \(no-consent 12\)"),  # all of them refused at the first wave
    ],
)
def test_a_wave_in_which_nobody_counts_is_not_taken_for_one_that_was_not_collected(study, later, said):
    study.declare(participants=CONSENT)
    first = "".join(f"A{n},{n % 2},Yes,0,0,0\nN{n},{n % 2},No,0,0,0\n" for n in range(12))
    with pytest.raises(UserError, match=said):
        study.read({
            "raw/w1.csv": f"pid,arm,agreed,m_1,m_2,m_3\n{first}",
            "raw/w2.csv": "pid,m_1,m_2,m_3\n" + "".join(f"{later.format(n)},1,1,1\n" for n in range(12)),
        })  # fmt: skip
