import pytest

from alongside.drafting.occasions import read_occasion


@pytest.mark.parametrize(
    ("name", "key", "month"),
    [
        ("results-survey482913_w2", "wave2", None),
        ("Mentoring wave 1 October 12", "wave1", None),
        ("T2_gad", "t2", None),
        ("survey - before (Responses)", "before", None),
        ("month_6_arm_1", "month6", 6),
        ("6 months", "month6", 6),
        ("bdi.3m", "month3", 3),
        ("Follow-up", "followup", None),
        ("follow_up_2", "followup2", None),
        ("Baseline", "baseline", None),
        ("lon_1_post", "post", None),
    ],
)
def test_names_that_say_when(name, key, month):
    occasion = read_occasion(name)
    assert (occasion.key, occasion.month) == (key, month)


@pytest.mark.parametrize(
    "name",
    ["autumn", "gad_1", "prepare", "postcode", "t-shirt", "2025-10-03", "timetable", "basement", "pre and post", ""],
)
def test_names_that_do_not(name):
    assert read_occasion(name) is None


def test_occasions_come_in_the_order_of_time():
    names = ["follow-up", "post", "wave 2", "baseline", "wave 1", "follow-up 2"]
    ordered = sorted(names, key=read_occasion)
    assert ordered == ["baseline", "wave 1", "wave 2", "post", "follow-up", "follow-up 2"]
