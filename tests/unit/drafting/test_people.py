"""Which column names the people of a file, whatever that file calls it; no file with answers vanishes."""

import yaml

from .typed import qualtrics, written

ITEMS = [f"gad_{n}" for n in range(1, 8)]
CODES = [f"PM-{7 * n % 100 + 100}" for n in range(24)]


def survey(name, codes, month, *, items=ITEMS):
    """One row a code; month: of the year in which they answered"""
    rows = [
        [code, f"2026-{month:02}-{1 + row:02}", *((row + n) % 4 for n in range(7))] for row, code in enumerate(codes)
    ]
    return written([[name, "date", *items], *rows])


def asked_in_qualtrics(questions, rows):
    """With seven items beside the questions"""
    items = {name: name for name in ITEMS}
    return qualtrics(questions | items, [[*row, *((at + n) % 4 for n in range(7))] for at, row in enumerate(rows)])


def block(text, key):
    return yaml.load(text, Loader=yaml.BaseLoader)[key]


def test_the_question_tells_who_somebody_is(draft):
    asked = {"Q2": "What is your member number? (on your card)", "Q3": "How old are you?", "Q9": "Site"}
    rows = [[code, 16 + row % 9, "NS"[row % 2]] for row, code in enumerate(CODES)]
    files = {"a.csv": asked_in_qualtrics(asked, rows), "b.csv": survey("Member number", CODES[:20], 7)}
    made = draft(files)
    assert made.plan.no_person == []
    assert made.plan.identity.by_table == {"a.csv": "Q2", "b.csv": "Member number"}
    assert "a.csv: Q2, asked for in What is your member number?" in made.text
    told = block(made.text, "participants")
    assert told["clusters"] == ["Q9"]
    assert told["covariates"] == {"q3": {"kind": "number", "column": "Q3"}}
    assert [(wave["files"], wave["month"]) for wave in block(made.text, "waves").values()] == [
        ("raw/a.csv", "0"),
        ("raw/b.csv", "6"),
    ]


def test_a_column_that_holds_the_identifiers_of_another_file_identifies_people(draft):
    """Neither the name nor the question says so, and people write their numbers as they like."""
    typed = [code.lower().replace("-", " ") if row % 3 else code for row, code in enumerate(CODES)]
    files = {"a.csv": survey("Q2", [*typed, "X1", "X2"], 1), "b.csv": survey("participant_id", CODES[:15], 7)}
    made = draft(files)
    assert made.plan.identity.by_table == {"a.csv": "Q2", "b.csv": "participant_id"}
    assert "a.csv: Q2, 100% of the people in it or in the other tables are in both" in made.text


def test_ages_and_counted_rows_are_found_among_numbers_and_name_nobody(draft):
    ages = [["pid", "date", *ITEMS], *([n, f"2026-01-{n:02}", 0, 1, 2, 3, 0, 1, 2] for n in range(1, 29))]
    later = [["how_old", "place", "date", *ITEMS]]
    later += [[n % 10 + 10, n, f"2026-07-{n:02}", 0, 1, 2, 3, 0, 1, 2] for n in range(1, 21)]
    made = draft({"a.csv": written(ages), "b.csv": written(later)})
    assert made.plan.identity.by_table == {"a.csv": "pid"}


def test_the_same_name_for_another_question_names_nobody(draft):
    """Qualtrics numbers the questions of every questionnaire anew."""
    first = asked_in_qualtrics({"Q2": "What is your participant number?"}, [[code] for code in CODES])
    ways = [[code, ["bus", "bike", "train", "walk"][row % 4]] for row, code in enumerate(CODES)]
    second = asked_in_qualtrics({"Q1": "Your participant code", "Q2": "How do you travel?"}, ways)
    made = draft({"pre.csv": first, "post.csv": second})
    assert made.plan.identity.by_table == {"pre.csv": "Q2", "post.csv": "Q1"}


def test_a_first_wave_in_which_nothing_says_who_people_are_stays_the_first_wave(draft):
    strangers = [f"x{n}y" for n in range(24)]
    files = {"a.csv": survey("Q2", strangers, 1), "b.csv": survey("participant_id", CODES, 7),
             "c.csv": survey("participant_id", CODES, 12)}  # fmt: skip
    text = draft(files).text
    assert block(text, "participants")["id"] == {"wave1": "TODO", "otherwise": "participant_id"}
    assert "nothing in a.csv says who somebody is. Look at: Q2 (24 different in 24 rows)" in text
    assert [(wave["files"], wave["month"]) for wave in block(text, "waves").values()] == [
        ("raw/a.csv", "0"),
        ("raw/b.csv", "6"),
        ("raw/c.csv", "11"),
    ]


def test_where_a_file_can_be_placed_nowhere_no_other_becomes_the_baseline(draft):
    """Its dates lie among those of the others."""
    files = {"a.csv": survey("Q2", [f"x{n}y" for n in range(24)], 7), "b.csv": survey("participant_id", CODES, 7),
             "c.csv": survey("participant_id", CODES, 12)}  # fmt: skip
    made = draft(files)
    assert [table.file for table in made.plan.astray] == ["a.csv"]
    assert "# LOOK: raw/a.csv holds answers to a scale and is not used" in made.text
    assert [wave["month"] for wave in block(made.text, "waves").values()] == ["TODO", "TODO"]


def test_a_file_without_people_and_without_a_scale_changes_nothing(draft):
    files = {"rooms.csv": "room,floor,colour\n" + "".join(f"R{n},{n % 3},red\n" for n in range(9)),
             "b.csv": survey("participant_id", CODES, 7), "c.csv": survey("participant_id", CODES, 12)}  # fmt: skip
    made = draft(files)
    assert [table.file for table in made.plan.no_person] == ["rooms.csv"]
    assert made.plan.astray == []
    assert [wave["month"] for wave in block(made.text, "waves").values()] == ["0", "5"]


def test_a_first_wave_of_strangers_has_its_cohort_all_the_same(draft):
    """Whoever says which column names them loses nobody."""

    def of(codes, month, name):
        lines = survey(name, codes, month).splitlines()
        arms = ["arm", *(("mentored", "waiting")[row % 2] for row in range(len(codes)))]
        return "\n".join(f"{line},{arm}" for line, arm in zip(lines, arms, strict=True)) + "\n"

    files = {"a.csv": of([f"x{n}y" for n in range(24)], 1, "Q2"), "b.csv": of(CODES, 7, "participant_id"),
             "c.csv": of(CODES, 12, "participant_id")}  # fmt: skip
    made = draft(files)
    assert made.plan.cohort.column == "arm"
    assert "The first wave does not have it" not in made.text
