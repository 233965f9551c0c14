"""From what was computed to what may be shown: small groups are withheld, counts are rounded, and it is written down.

In: every table that a run wants to publish, by name; the ledgers and tallies of all stages under names that begin with
"ledger-" and "tally-". Out: the public tables, and `withheld`, an audit of everything that was taken away.

1. counts of people in flow, means and distributions: from 1 to min_cell - 1 hidden, and with them what would give them
   away (suppression.py); means of such groups are missing, their bands gone;
2. estimates that rest on a hidden group, at the wave or at the baseline, or on fewer than min_cell people of a cohort
   by themselves, and the claims that rest on those, lose their numbers; models of fewer than min_cell people are left
   out with all that belongs to them, and the variances of an outcome with a hidden group are left out, because the
   group's own spread is what they leave over when those of the other groups are taken away;
3. what the scales are as measures, in the same way (scales.py);
4. how often each rule acted, the tally of every stage, and the notes of reading, in the same way (books.py);
5. analyses that differ from another one by a few people are shown in round numbers; how many responses were flagged
   as careless, as in 1 (beside.py);
6. what is left is rounded: counts to a multiple of round_to (clusters are no people and are counted as they are),
   everything else to the digits that mean something and tell no count (digits.py).

Fails with KeyError for a table that it does not know: nothing passes by being forgotten.
"""

import numpy as np
import pandas as pd

from alongside.judgement import digits, scales
from alongside.judgement.audit import Audit, texts
from alongside.judgement.beside import APART, blur_few_apart, control_flags, control_rejudged
from alongside.judgement.books import count_rules, join_tallies, round_column, word_notes
from alongside.judgement.suppression import BESIDE, SMALL, find_hidden
from alongside.judgement.wording import read_wording, word_reason
from alongside.tables import SCHEMAS
from alongside.tables.analyses import BEFORE_AFTER, COMPLETERS, PRIMARY
from alongside.tables.check import check_table
from alongside.tables.flags import kind_of

KNOWN = (
    "flow", "means", "distributions", "estimates", "models", "components", "claims", "notes",
    "rejudged", "flags", "set_apart", *scales.TABLES,
)  # fmt: skip
LEDGER, TALLY = "ledger-", "tally-"
GROUP = ["outcome", "wave", "cohort"]
PLACE = ["outcome", "analysis", "contrast", "wave", "subgroup", "subgroup_level"]
WHY = {SMALL: "fewer people than may be shown", BESIDE: "would give away a smaller count beside it"}
RESTS_ON_SMALL = "rests on a group that is not shown"
LOGLIK = "with the variances it tells how many scores stand behind it"
NO_LONGER = "not-estimable"
MEANS = ["mean", "se", "ci_low", "ci_high", "n_participants"]
ESTIMATES = [
    "estimate", "se", "df", "statistic", "p", "p_bh", "p_holm", "ci_low", "ci_high", "effect_size", "es_low", "es_high",
    "improvement_index", "n_participants", "n_observations",
]  # fmt: skip
CLAIMS = ["estimate", "ci_low", "ci_high", "p", "p_adjusted", "worthwhile"]  # in points it tells a spread


def control_disclosure(tables, *, min_cell, round_to):
    """The tables that may leave the restricted folder. tables: {name: DataFrame}; min_cell, round_to: whole numbers"""
    unknown = [name for name in tables if name not in KNOWN and not name.startswith((LEDGER, TALLY))]
    if unknown:
        raise KeyError(f"no rule of disclosure for {unknown}")
    limits, audit = {"min_cell": min_cell, "round_to": round_to}, Audit()
    public, small, hidden = _control_groups(tables, limits, audit)
    apart = tables["set_apart"]
    few_left = set(texts(apart[(apart["fewest"] > 0) & (apart["fewest"] < min_cell)], APART))
    public["estimates"], lost = _control_estimates(
        tables["estimates"], tables["means"], small=small, few_left=few_left, min_cell=min_cell, audit=audit
    )
    public["estimates"] = blur_few_apart(public["estimates"], apart, min_cell=min_cell, audit=audit)
    public["claims"] = _control_claims(tables["claims"], lost, min_cell, audit)
    public["rejudged"] = control_rejudged(tables["rejudged"], public["claims"], few_left=few_left, audit=audit)
    public["flags"], not_in_total = control_flags(tables["flags"], **limits, audit=audit, why=WHY)
    public["models"], public["components"] = _control_models(
        tables["models"], tables["components"], small=small, min_cell=min_cell, audit=audit
    )
    for name, named_by in (("estimates", PLACE), ("models", ["outcome", "analysis"])):
        whole = {key[1]: WHY[why] for key, why in hidden.items() if key[0] == "model"}
        reasons = [whole.get(outcome) for (outcome,) in texts(public[name], ["outcome"])]
        public[name] = audit.take_out(name, public[name], reasons, columns=["n_observations"], named_by=named_by)
    if min_cell > 1:
        _shorten(public, tables, round_to=round_to, audit=audit)
    for name, columns in (
        ("flow", ["n"]),
        ("means", ["n_participants"]),
        ("distributions", ["n"]),
        ("estimates", ["n_participants", "n_observations"]),
        ("models", ["n_participants", "n_observations"]),
    ):
        for column in columns:
            public[name] = round_column(public[name], column, round_to)
    if round_to > 1:
        public["estimates"] = _count_twice(public["estimates"])
    withheld = word_reason("withheld", min_cell=min_cell)
    public |= scales.control_scales(tables, hidden, **limits, audit=audit, why=WHY, withheld=withheld)
    public["notes"] = word_notes(tables["notes"], **limits, audit=audit, why=WHY)
    for name, make, prefix in (("set_aside", count_rules, LEDGER), ("tally", join_tallies, TALLY)):
        frames = [frame for key, frame in tables.items() if key.startswith(prefix)]
        public[name] = make(frames, **limits, audit=audit, why=WHY)
    public["set_aside"] = _control_totals(public["set_aside"], not_in_total, audit)
    return {name: check_table(frame, SCHEMAS[name]) for name, frame in public.items()} | {"withheld": audit.as_table()}


def _shorten(public, tables, *, round_to, audit):
    """Everything but counts, in place; the scales see to their own (scales.py)."""
    public["estimates"] = digits.shorten_estimates(
        public["estimates"], tables["estimates"], claims=tables["claims"], round_to=round_to
    )
    fitted = [LOGLIK if pd.notna(loglik) else None for loglik in public["models"]["loglik"]]
    public["models"] = audit.take_out(
        "models", public["models"], fitted, columns=["loglik"], named_by=["outcome", "analysis"]
    )
    public["means"] = digits.shorten_means(public["means"], tables["means"])
    public["claims"] = digits.shorten_claims(public["claims"], tables["estimates"])
    components = public["components"]
    public["components"] = components.assign(value=components["value"].map(digits.round_significant))


def _control_groups(tables, limits, audit):
    """Flow, means and distributions without small groups; which groups of (outcome, wave, cohort) those are; and why
    each count is hidden, those of the scales among them."""
    flow, means, bands = tables["flow"], tables["means"], tables["distributions"]
    keys = [("flow", *key) for key in texts(flow, [*GROUP, "stage", "reason"])]
    counts = dict(zip(keys, (int(n) for n in flow["n"]), strict=True))
    shown_in_means = [("flow", *key, "analysed", "") for key in texts(means, GROUP)]
    for key, n in zip(shown_in_means, means["n_participants"], strict=True):
        counts.setdefault(key, int(n))
    banded = texts(bands, GROUP)
    counts |= {("band", *key, at): int(n) for at, (key, n) in enumerate(zip(banded, bands["n"], strict=True))}
    sums = _list_sums(counts)
    analysed = {key[1:4]: (key, n) for key, n in counts.items() if key[4:] == ("analysed", "")}
    counts, sums = _add_models(tables["models"], counts, sums)
    more, more_sums = scales.list_counts(tables["reliability"], analysed)
    counts, sums = counts | more, sums + more_sums
    hidden = find_hidden(counts, sums, **limits)
    small = {key[1:4] for key, why in hidden.items() if key[4] == "analysed" and why == SMALL}
    no_bands = {key[1:4] for key in hidden if key[0] == "band" or key[4] == "analysed"}
    for key in sorted(no_bands & set(banded)):
        audit.note("distributions", " / ".join(key), "all", RESTS_ON_SMALL)
    reasons = [hidden.get(key) for key in keys]
    in_means = [hidden.get(key) for key in shown_in_means]
    flow = audit.take_out("flow", flow, _say(reasons), columns=["n"], named_by=[*GROUP, "stage", "reason"])
    only_n = [why if why == BESIDE else None for why in in_means]
    means = audit.take_out("means", means, _say(only_n), columns=["n_participants"], named_by=GROUP)
    whole = [why if why == SMALL else None for why in in_means]
    means = audit.take_out("means", means, _say(whole), columns=MEANS, named_by=GROUP)
    bands = bands[np.array([key not in no_bands for key in banded], dtype=bool)]  # where there is none, too
    return {"flow": flow, "means": means, "distributions": bands}, small, hidden


def _control_totals(set_aside, kinds, audit):
    """How often a rule acted, without the totals that would give a hidden number of `flags` away."""
    reasons = [WHY[BESIDE] if kind_of(rule) in kinds else None for rule in set_aside["rule"]]
    return audit.take_out("set_aside", set_aside, reasons, columns=["n"], named_by=["stage", "rule", "action"])


def _say(reasons):
    return [None if why is None else WHY[why] for why in reasons]


def _list_sums(counts):
    """(total, parts): each stage is the stage after it and those who left there; bands add up to the analysed."""
    stages = ("enrolled", "answered", "scoreable", "analysed")
    sums = []
    for key in counts:
        if key[0] == "flow" and key[4] in stages[:-1] and key[5] == "":
            later = stages[stages.index(key[4]) + 1]
            parts = [other for other in counts if other[:4] == key[:4] and other[4] == later]
            sums += [(key, parts)] if parts else []
        if key[0] == "flow" and key[4] == "analysed" and key[5] == "":
            parts = [other for other in counts if other[0] == "band" and other[1:4] == key[1:4]]
            sums += [(key, parts)] if parts else []
    enrolled = {}
    for key, n in counts.items():
        if key[4] == "enrolled" and key[5] == "":
            # the same people at every wave and in every outcome
            first = enrolled.setdefault((key[3], n), key)
            sums += [(first, [key])] if first != key else []
    return sums


def _count_twice(estimates):
    """Where everybody counts at two waves, the scores are twice the people that are shown.

    13 people are shown as 15, their 26 scores as 25: of all who are shown as 15 only 13 have that.
    """
    made = estimates.copy()
    paired = made["analysis"].isin([BEFORE_AFTER, COMPLETERS]) & made["n_observations"].notna()
    paired &= made["status"] != NO_LONGER
    made.loc[paired, "n_observations"] = 2 * made.loc[paired, "n_participants"]
    return made


def _add_models(models, counts, sums):
    """(counts, sums) with the scores in a model: it is the sum of those analysed in all cohorts at all waves."""
    for (outcome, analysis), n in zip(texts(models, ["outcome", "analysis"]), models["n_observations"], strict=True):
        parts = [key for key in counts if key[:2] == ("flow", outcome) and key[4:] == ("analysed", "")]
        if sum(counts[part] for part in parts) == n:
            key = ("model", outcome, "", "", analysis)
            counts, sums = counts | {key: int(n)}, [*sums, (key, parts)]
    return counts, sums


def _control_estimates(estimates, means, *, small, few_left, min_cell, audit):
    """Estimates without those that rest on a small group; and the (outcome, contrast, wave) that lost their number.

    small: (outcome, wave, cohort); few_left: the analyses that rest on few people of a cohort by themselves
    """
    baseline = means.drop_duplicates("outcome").set_index("outcome")["wave"].astype("str").to_dict()
    reasons = []
    for row, n in zip(texts(estimates, APART), estimates["n_participants"], strict=True):
        outcome, _, contrast, wave = row
        rests_on = {(outcome, at, cohort) for at in (wave, baseline.get(outcome)) for cohort in contrast.split(" - ")}
        if rests_on & small or row in few_left:
            reasons.append(RESTS_ON_SMALL)
        else:
            reasons.append(WHY[SMALL] if pd.notna(n) and 0 < n < min_cell else None)
    lost = np.array([reason is not None for reason in reasons], dtype=bool)
    made = audit.take_out("estimates", estimates, reasons, columns=ESTIMATES, named_by=PLACE)
    made.loc[lost, "status"] = NO_LONGER
    made.loc[lost, "note"] = word_reason("withheld", min_cell=min_cell)
    return made, set(texts(estimates[lost & (estimates["analysis"] == PRIMARY)], ["outcome", "contrast", "wave"]))


def _control_claims(claims, lost, min_cell, audit):
    reasons = [
        RESTS_ON_SMALL if key in lost and pd.notna(estimate) else None
        for key, estimate in zip(texts(claims, ["outcome", "contrast", "wave"]), claims["estimate"], strict=True)
    ]
    gone = [reason is not None for reason in reasons]
    made = audit.take_out("claims", claims, reasons, columns=CLAIMS, named_by=["claim"])
    made.loc[gone, "verdict"] = "not-testable"
    sentence = read_wording()["verdicts"]["not-testable"]["effect"]
    made.loc[gone, "sentence"] = sentence.format(reason=word_reason("withheld", min_cell=min_cell))
    return made


def _control_models(models, components, *, small, min_cell, audit):
    """Models without those of too few people; variances without those that a hidden group has a part in."""
    few = (models["n_participants"] > 0) & (models["n_participants"] < min_cell)
    for name in texts(models[few], ["outcome", "analysis"]):
        audit.note("models", " / ".join(name), "all", WHY[SMALL])
    gone = set(models.loc[few, "outcome"].astype("str")) | {outcome for outcome, _, _ in small}
    outcomes = components["outcome"].astype("str")
    for outcome in dict.fromkeys(outcomes[outcomes.isin(gone)]):
        audit.note("components", outcome, "all", RESTS_ON_SMALL)
    return models[~few], components[~outcomes.isin(gone)]
