"""Attackers who have the public tables, know every rule, and look for one person's answers or for a few people's.

Every attack is first tried on tables without protection, where it must succeed: else it would prove nothing.
"""

import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from attacked import OPEN, PROTECTED, forget, look_up, make_panel, make_plan, pick, publish
from scipy import stats

COMPLETERS, ALONE = "completers only", "before-after only"
POINTS, SIZES = ["estimate", "se", "ci_low", "ci_high"], ["effect_size", "es_low", "es_high"]


def read_step(row):
    """Half of the multiple in which a row is shown, as its note says it."""
    said = re.search(r"in multiples of ([0-9.]+)", row["note"] or "")
    return float(said.group(1)) / 2 if said else 0.0


def list_sizes(shown):
    """Every number of people that rounds to the multiple of five that is shown, and may be shown at all."""
    return [n for n in range(10, int(shown) + 5) if (n + 2) // 5 * 5 == shown]


def sizes_of_a_mean(row, *, off):
    """Which of them a mean of whole numbers may have. off: how far the number shown may be from the mean"""
    return [
        n for n in list_sizes(row["n_participants"]) if abs(round(row["estimate"] * n) / n - row["estimate"]) <= off
    ]


@pytest.mark.parametrize("n", [11, 17, 23, 29, 53, 97])
def test_the_fraction_of_a_mean_change_does_not_name_the_number_of_people(n):
    waves = ("before", "after")
    panel = make_panel({"mentored": n, "unmentored": 30}, waves=waves, seed=n + 1)
    where = {"analysis": ALONE, "contrast": "mentored"}
    exact = pick(publish(panel, make_plan(waves=waves), limits=OPEN)["estimates"], **where)
    shown = pick(publish(panel, make_plan(waves=waves), limits=PROTECTED)["estimates"], **where)
    assert exact["n_participants"] == n
    exact["n_participants"] = shown["n_participants"]
    assert sizes_of_a_mean(exact, off=read_off(exact, POINTS)) == [n]
    assert sizes_of_a_mean(shown, off=read_off(shown, POINTS)) == list_sizes(shown["n_participants"])


def read_off(row, columns):
    """Half of the largest unit of which all these numbers are multiples; nothing where they have all digits."""
    steps = [digit * 10.0**power for power in range(1, -5, -1) for digit in (5, 2, 1)]
    numbers = row[columns].astype(float)
    fits = [one for one in steps if all(abs(number / one - round(number / one)) < 1e-6 for number in numbers)]
    return fits[0] / 2 * (1 + 1e-9) if fits else 1e-9


def sizes_of_an_effect_size(public):
    """Numbers of people whose correction for small samples fits g, the difference and the standard deviation."""
    row = pick(public["estimates"], analysis="primary", wave="after")
    variance = pick(public["components"], analysis="baseline")["value"]
    least, most = (abs(row["estimate"]) + sign * read_off(row, POINTS) for sign in (-1, 1))
    g, off = abs(row["effect_size"]), read_off(row, SIZES)
    v_off = 0.0 if off == 1e-9 else 0.005  # three significant digits
    fits = []
    for n in range(25, 150):
        correction = 1 - 3 / (4 * (n - 2) - 1)
        low = correction * least / np.sqrt(variance * (1 + v_off))
        high = correction * most / np.sqrt(variance * (1 - v_off))
        fits += [n] if low <= g + off and high >= g - off else []
    return fits


def test_an_effect_size_does_not_name_the_number_of_people_by_its_correction():
    panel = make_panel({"mentored": 33, "unmentored": 38})
    assert sizes_of_an_effect_size(publish(panel, make_plan(), limits=OPEN)) == [71]
    assert set(range(60, 85)) <= set(sizes_of_an_effect_size(publish(panel, make_plan(), limits=PROTECTED)))


def test_scores_and_people_of_a_paired_change_are_not_rounded_on_two_grids():
    waves = ("before", "after")
    panel = make_panel({"mentored": 13, "unmentored": 30}, waves=waves)
    row = pick(
        publish(panel, make_plan(waves=waves), limits=PROTECTED)["estimates"], analysis=ALONE, contrast="mentored"
    )
    assert (row["n_participants"], row["n_observations"]) == (15, 30)


def sizes_by_degrees_of_freedom(row, sizes, *, rounded):
    """Which numbers of people a paired change may have: by its df, and by the df that join its t to its p."""
    t, t_off, p_off = (abs(row["statistic"]), 0.05, 0.0051) if rounded else (abs(row["statistic"]), 1e-9, 1e-8)
    shown = {n: (n + 2) // 5 * 5 - 1 if rounded else n - 1 for n in sizes}  # the rule, which is no secret
    by_df = {n for n in sizes if shown[n] == row["df"]}
    by_p = {
        n for n in sizes
        if 2 * stats.t.sf(t + t_off, n - 1) <= row["p"] * (1 + p_off)
        and 2 * stats.t.sf(t - t_off, n - 1) >= row["p"] * (1 - p_off)
    }  # fmt: skip
    return by_df & by_p


@pytest.mark.parametrize("n", [12, 17, 23])
def test_degrees_of_freedom_t_and_p_do_not_name_the_number_of_people(n):
    waves = ("before", "after")
    panel = make_panel({"mentored": n, "unmentored": 30}, waves=waves, seed=n + 1)
    where = {"analysis": ALONE, "contrast": "mentored"}
    exact = pick(publish(panel, make_plan(waves=waves), limits=OPEN)["estimates"], **where)
    sizes = range(10, 60)
    assert sizes_by_degrees_of_freedom(exact, sizes, rounded=False) == {n}
    public = publish(panel, make_plan(waves=waves), limits=PROTECTED)
    shown = pick(public["estimates"], **where)
    left = sizes_by_degrees_of_freedom(shown, sizes, rounded=True)
    assert left == set(list_sizes(shown["n_participants"]))
    assert public["models"]["loglik"].isna().all()


def test_the_scores_in_a_model_do_not_tell_a_hidden_count():
    """Without rounding the model's scores minus the groups that are shown would be the group that is not."""
    plan = make_plan(waves=("before", "after"))
    panel = make_panel({"mentored": 30, "unmentored": 30}, waves=("before", "after"))
    panel = forget(panel, [f"mentored {at}" for at in range(24)], "after")
    public = publish(panel, plan, limits={"min_cell": 10, "round_to": 1})
    flow = public["flow"]
    analysed = flow[(flow["stage"] == "analysed") & (flow["reason"].fillna("") == "")]["n"]
    # the group that is not shown is the rest only of a sum that is shown, of parts that are
    assert pd.isna(pick(public["models"], analysis="primary")["n_observations"]) or analysed.isna().sum() > 1
    assert analysed.isna().any()


def test_nor_do_they_where_every_group_is_hidden():
    """Four groups below ten that add up to 36 are nine each."""
    plan = make_plan(waves=("before", "after"))
    panel = make_panel({"mentored": 9, "unmentored": 9}, waves=("before", "after"))
    public = publish(panel, plan, limits={"min_cell": 10, "round_to": 1})
    for name in ("models", "estimates"):
        assert public[name]["n_observations"].isna().all()


def find_change_of_who_left(public, n):
    """(low, high) of the change of the one mentored person who was seen twice and then left.

    n: people of each cohort who were seen twice; whoever looks at the study from nearby knows it
    """
    alone = {
        cohort: pick(public["estimates"], analysis=ALONE, contrast=cohort, wave="after")
        for cohort in ("mentored", "unmentored")
    }
    stayed = pick(public["estimates"], analysis=COMPLETERS, contrast="mentored - unmentored", wave="after")
    mean_of_stayed = stayed["estimate"] + alone["unmentored"]["estimate"]
    change = n * alone["mentored"]["estimate"] - (n - 1) * mean_of_stayed
    off = n * read_step(alone["mentored"]) + (n - 1) * (read_step(stayed) + read_step(alone["unmentored"]))
    return change - off, change + off


def test_completers_do_not_subtract_to_the_change_of_one_who_left():
    plan, panel = make_plan(), make_panel({"mentored": 20, "unmentored": 20})
    gone = "mentored 3"
    change = look_up(panel, gone, "after") - look_up(panel, gone, "before")
    panel = forget(panel, [gone], "followup")
    low, high = find_change_of_who_left(publish(panel, plan, limits=OPEN), 20)
    assert (low + high) / 2 == pytest.approx(change, abs=1e-4)
    low, high = find_change_of_who_left(publish(panel, plan, limits=PROTECTED), 20)
    assert high - low > 1.6 * 7.1  # standard deviations of a change


def find_baseline_of_who_left(public, n):
    """(low, high) of the baseline of the one mentored person who was never seen again.

    The model's mean afterwards is that of those who came back, moved by the slope times what the baselines of all and
    of those who came back are apart.
    """
    mean = {wave: pick(public["means"], cohort="mentored", wave=wave)["mean"] for wave in ("before", "after")}
    size = {
        waves: pick(public["components"], analysis="primary", component=f"covariance[{waves}]")["value"]
        for waves in ("before, before", "before, after")
    }
    slope = size["before, after"] / size["before, before"]
    alone = pick(public["estimates"], analysis=ALONE, contrast="mentored", wave="after")
    came_back = (mean["after"] - alone["estimate"] - slope * mean["before"]) / (1 - slope)
    baseline = n * mean["before"] - (n - 1) * came_back
    off = (n - 1) * read_step(alone) / (1 - slope)
    return baseline - off, baseline + off


def test_a_paired_change_beside_the_models_means_does_not_tell_the_baseline_of_one_who_left():
    waves = ("before", "after")
    plan, panel = make_plan(waves=waves), make_panel({"mentored": 25, "unmentored": 25}, waves=waves)
    gone = "mentored 11"
    panel = forget(panel, [gone], "after")
    low, high = find_baseline_of_who_left(publish(panel, plan, limits=OPEN), 25)
    assert (low + high) / 2 == pytest.approx(look_up(panel, gone, "before"), abs=0.01)
    low, high = find_baseline_of_who_left(publish(panel, plan, limits=PROTECTED), 25)
    assert high - low > 1.6 * 7.8  # standard deviations of a baseline


def test_where_many_left_the_classical_rows_are_not_blurred():
    plan, panel = make_plan(), make_panel({"mentored": 30, "unmentored": 30})
    panel = forget(panel, [f"{cohort} {at}" for cohort in ("mentored", "unmentored") for at in range(10)], "followup")
    public = publish(panel, plan, limits=PROTECTED)["estimates"]
    rows = public[public["analysis"].isin([COMPLETERS, ALONE]) & (public["wave"].astype("str") == "followup")]
    assert rows[["estimate", "se", "p"]].notna().all(axis=None)


def test_an_analysis_of_few_people_of_a_cohort_is_withheld_where_the_studys_own_may_be_shown():
    plan, panel = make_plan(), make_panel({"mentored": 16, "unmentored": 40})
    flagged = [f"mentored {at}" for at in range(8)] + [f"unmentored {at}" for at in range(8)]
    without = forget(forget(panel, flagged, "after"), flagged, "followup")
    public = publish(panel, plan, limits=PROTECTED, without=without)
    for wave in ("after", "followup"):
        assert pd.notna(pick(public["estimates"], analysis="primary", wave=wave)["estimate"])
        assert pd.isna(pick(public["estimates"], analysis="without flagged responses", wave=wave)["estimate"])
    assert set(public["rejudged"]["analysis"]) == {"covariance by cohort"}


def find_spread_of_third(public, n):
    """The sum of squares about their mean of the baselines of cohort c: what the model's variance leaves over.

    n: people in a and b; the third cohort has four
    """
    variances = public["components"].set_index(["analysis", "component"])["value"]
    of_all = variances["primary", "covariance[before, before]"] * (2 * n + 4 - 3)
    return of_all - variances["baseline", "pooled[a - b]"] * (2 * n - 2)


def test_variances_do_not_tell_the_spread_of_a_small_cohort():
    waves = ("before", "after")
    plan = make_plan(cohorts=("a", "c", "b"), waves=waves, worthwhile=SimpleNamespace(value=0.2, unit="sd"))
    panel = make_panel({"a": 25, "c": 4, "b": 25}, waves=waves)
    third = panel.loc[(panel["cohort"] == "c") & (panel["wave"] == "before"), "mood"]
    spread = float(((third - third.mean()) ** 2).sum())
    assert find_spread_of_third(publish(panel, plan, limits=OPEN), 25) == pytest.approx(spread, rel=1e-3)
    public = publish(panel, plan, limits=PROTECTED)
    assert public["components"].empty
    assert "mood" in set(public["withheld"].query("table == 'components'")["row"])
    # 0.2 standard deviations of both cohorts, in points, would say the same
    worthwhile = public["claims"].set_index("claim")["worthwhile"]
    assert pd.isna(worthwhile["c"])
    assert pd.notna(worthwhile["a"])


def test_standard_errors_leave_the_spread_of_a_small_cohort_open():
    """They rest on the same variances: only their digits stand between a reader and what the third cohort is like."""
    waves, n = ("before", "after"), 25
    plan, panel = make_plan(cohorts=("a", "c", "b"), waves=waves), make_panel({"a": n, "c": 4, "b": n}, waves=waves)
    wide = panel[panel["cohort"] == "c"].pivot(index="participant", columns="wave", values="mood")
    change = wide["after"] - wide["before"]
    spread = float(((change - change.mean()) ** 2).sum())

    def find(public):
        rows = [
            pick(public["estimates"], analysis="primary", contrast="a - b"),
            *(pick(public["estimates"], analysis=ALONE, contrast=cohort) for cohort in ("a", "b")),
        ]
        ends = [[row["se"] + sign * read_off(row, POINTS) for row in rows] for sign in (-1, 1)]
        (all_low, a_low, b_low), (all_high, a_high, b_high) = ends
        scale, alone = (2 * n + 4 - 3) / (2 / n), n * (n - 1)
        return scale * all_low**2 - alone * (a_high**2 + b_high**2), scale * all_high**2 - alone * (a_low**2 + b_low**2)

    low, high = find(publish(panel, plan, limits=OPEN))
    assert (low + high) / 2 == pytest.approx(spread, rel=1e-3)
    low, high = find(publish(panel, plan, limits=PROTECTED))
    assert low < 0
    assert high > 2 * spread
