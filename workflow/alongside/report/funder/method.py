"""How it was done: the question in exact words, the instruments, how to read a report, and where it comes from."""

from alongside.figures.draw import read_table
from alongside.figures.words import (
    find_outcome,
    format_level,
    format_range,
    join_words,
    split_contrast,
)
from alongside.judgement.wording import word_allowed
from alongside.report.blocks import Column, Details, Heading, Items, Note, Paragraph, Strong, Table
from alongside.report.designs import DESIGNS
from alongside.report.plain import name_wave
from alongside.report.scalewords import RIGHTS, word_consistency, word_unchecked


def compose_method(results):
    study = results["study"]
    return [
        Heading(2, "How it was done", "method", "Method"),
        Heading(3, "The question in exact words", "estimand"),
        tabulate_estimand(results),
        Heading(3, "The instruments", "instruments"),
        *_compose_instruments(results),
        Heading(3, "How to read this report", "reading"),
        _explain_terms(study),
        Heading(3, "Where this report comes from", "provenance"),
        *_compose_provenance(results),
    ]


def tabulate_estimand(results):
    study = results["study"]
    labels = {cohort["key"]: cohort["label"].lower() for cohort in study["cohorts"]}
    pairs = [tuple(labels[key] for key in split_contrast(contrast)) for contrast in study["contrasts"]]
    follow = [name_wave(study, wave["key"]) for wave in study["waves"] if wave["key"] != study["baseline"]]
    names = join_words(name.replace("_", " ") for name in study["adjust_for"]) if study["adjust_for"] else ""
    rows = [
        ("Who", "everybody enrolled with consent, in the cohort they started in"),
        ("Compared", "; ".join(f"{first} with {second}" for first, second in pairs)),
        ("Outcomes", _name_outcomes(study)),
        ("When", f"change since the baseline: {join_words(follow)}"),
        ("Measure", "difference in change: how much more one cohort's mean changed than the other's"),
        ("People who left the programme early", "counted with the cohort they started in (treatment policy)"),
        ("Missing surveys", "likelihood of all available answers; assumes that people with the same earlier answers "
         "and the same covariates would have answered alike"),
        ("Allowed for", f"{names}, each with its own course over time" if names else word_allowed([])),
        ("How people came into their cohort", DESIGNS[study["design"]].assigned),
    ]  # fmt: skip
    if study["clusters"]:
        rows.append(("Groups", f"people within {join_words(name.replace('_', ' ') for name in study['clusters'])} are "
                     "allowed to resemble each other"))  # fmt: skip
    return Table("What is estimated, part by part", (Column("Part"), Column("In this study")), tuple(rows))


def _name_outcomes(study):
    """Those that were analysed, then those that were only declared."""
    done, open_ = (
        [outcome["label"].lower() for outcome in study["outcomes"] if outcome["modelled"] is modelled]
        for modelled in (True, False)
    )
    named = join_words(done) if done else "none"
    return f"{named}; declared and not analysed: {join_words(open_)}" if open_ else named


def _compose_instruments(results):
    """What each outcome was measured with; what is wrong with a scale stands before what is known about it."""
    study = results["study"]
    scales = read_table(results, "instruments").fillna("").set_index("outcome")
    said = {key: "\n".join((scale["warnings"], scale["acknowledged"])).split("\n") for key, scale in scales.iterrows()}
    warnings = [
        (Strong(f"{find_outcome(study, key)['label']}. "), line)
        for key, lines in said.items()
        for line in lines
        if line
    ]
    departures = [
        (Strong(f"{find_outcome(study, key)['label']}. "), word_unchecked(line))
        for key, scale in scales.iterrows()
        for line in scale["departures"].split("\n")
        if line
    ]
    blocks = []
    if warnings:
        blocks.append(Note("caution", "Answers that do not fit the scale's key", (Items(tuple(warnings)),)))
    blocks += _tabulate_instruments(results, scales)
    if departures:
        blocks.append(Details("Where the scoring departs from a scale's manual", (Items(tuple(departures)),)))
    return blocks


def _tabulate_instruments(results, scales):
    study = results["study"]
    reliability = read_table(results, "reliability")
    everybody = reliability[(reliability["cohort"].fillna("") == "") & reliability["alpha"].notna()]
    rows, sources, doubts = [], [], []
    for outcome in study["outcomes"]:
        scale = outcome["instrument"]
        limits = format_range(outcome)
        better = "higher" if outcome["higher_is"] == "better" else "lower"
        if scale is None:
            rows.append((outcome["label"], f"recorded as {outcome['kind']}", limits, better, "", ""))
            continue
        items = "" if "items" in scale["version"] else f"{scale['n_items']} items"
        name = ", ".join(part for part in (scale["name"], scale["version"], items) if part)
        alphas = everybody.loc[everybody["outcome"] == outcome["key"], "alpha"].tolist()
        known = outcome["key"] in scales.index
        rights = RIGHTS[scales.at[outcome["key"], "rights"]] if known else word_unchecked(scale["rights"])
        rows.append((outcome["label"], name, limits, better, word_consistency(alphas), rights))
        sources.append(scale["citation"])
        if scale["not_verified"]:
            doubts.append((Strong(f"{scale['name']}. "), f"{word_unchecked('; '.join(scale['not_verified']))}."))
    columns = tuple(Column(label) for label in ("Outcome", "Instrument", "Range", "Better is", "Answers are", "Rights"))
    note = (
        "Answers are: how far the questions of a scale go together in these data, at the survey where they do so least."
    )
    blocks = [Table("What each outcome was measured with", columns, tuple(rows), note=note)]
    if sources:
        blocks.append(Details("Where the instruments come from", (Items(tuple(sources)),)))
    if doubts:
        blocks.append(Details("What in their codebooks was not checked at the source", (Items(tuple(doubts)),)))
    return blocks


def _explain_terms(study):
    level = format_level(study)
    terms = {
        "Difference in change.": "How much more one cohort changed since the baseline than the other. It takes away "
        "what both cohorts share: growing older, the season, whatever else happened to everybody meanwhile.",
        "Interval.": f"A range of differences that agree with these data at the {level} level. The wider it is, the "
        "less is known. It does not cover doubts about how people came into their cohorts.",
        "p.": "How often a difference at least this large would turn up if there were none at all. Small values make "
        "chance an unlikely reason; they do not say how large or how useful a difference is. Adjusted p allows for "
        "looking at several outcomes.",
        "No clear evidence.": "The data leave the question open. It does not mean that there is no difference.",
    }
    if study["min_cell"] > 1:
        terms["Small groups."] = (
            f"Counts and means of fewer than {study['min_cell']} people are not shown, so that nobody can be "
            f"recognised. “Fewer than {study['min_cell']}” also stands where a count would give away a smaller one "
            "beside it."
        )
    if study["round_to"] > 1:
        terms["Rounding."] = (
            f"Counts are rounded to the nearest {study['round_to']}; percentages follow from rounded counts."
            + (" Other numbers have as many digits as mean something." if study["min_cell"] > 1 else "")
        )
    return Items(tuple((Strong(f"{term} "), words) for term, words in terms.items()))


def _compose_provenance(results):
    study, origin = results["study"], results["provenance"]
    contact = f" Questions: {study['contact']}." if study["contact"] else ""
    blocks = [
        Paragraph(
            "This page was made by a program from the study's files. The same files and the same versions give the "
            f"same page, letter for letter.{contact}"
        )
    ]
    models = [
        (find_outcome(study, row.outcome)["label"], row.formula, row.estimator, row.covariance, row.df_method)
        for row in read_table(results, "models").fillna({"covariance": "", "df_method": ""}).itertuples(index=False)
        if row.analysis == "primary"
    ]
    if models:
        labels = ("Outcome", "Model", "Fitted by", "Covariance", "Degrees of freedom")
        columns = tuple(Column(label) for label in labels)
        blocks.append(Details("The models", (Table("One model an outcome", columns, tuple(models)),)))
    seed = Paragraph(f"Seed of random numbers: {study['seed']}.", "small")
    return [
        *blocks,
        Details("Versions", (tabulate_programs(origin), seed)),
        Details("Files", (tabulate_files(origin),)),
    ]


def tabulate_programs(origin):
    return Table("Programs", (Column("Program"), Column("Version")), tuple(sorted(origin["versions"].items())))


def tabulate_files(origin):
    files = [
        ("study file", origin["study_file"]),
        *sorted(origin["inputs"].items()),
        *((f"codebook {name}", digest) for name, digest in sorted(origin["instruments"].items())),
    ]
    columns = (Column("File"), Column("SHA-256"))
    return Table(
        "Fingerprints (SHA-256) of everything that went in", columns, tuple(files),
        note="Those of data files are keyed by all of them together, so that nobody can find out what is in a small "
             "one by trying: only who has every file can make them again.",
    )  # fmt: skip
