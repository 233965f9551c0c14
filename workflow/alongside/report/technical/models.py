"""The model of each outcome: what was fitted, what was tried, how it ended, how scores vary and hang together."""

from alongside.figures.draw import read_table
from alongside.figures.words import DASH, find_outcome, format_count, format_number, join_words
from alongside.report.analyses import name_analysis
from alongside.report.blocks import Column, Details, Heading, Paragraph, Table
from alongside.tables.analyses import CROSSCHECK, PRIMARY

STATUS = {
    "ok": "ended as it should",
    "boundary": "a variance was estimated at zero and its term left out",
    "fallback": "the first covariance was not acceptable; a later one of the list was taken",
    "not-estimable": "no acceptable fit",
}


def compose_models(results):
    study = results["study"]
    models = read_table(results, "models").fillna({"covariance": "", "df_method": "", "note": "", "formula": ""})
    blocks = [Heading(2, "The model of each outcome", "models", "Models")]
    if models.empty:
        return [*blocks, Paragraph("No model was fitted.")]
    components, correlations = read_table(results, "components"), results["tables"]["correlations"]
    blocks.append(Paragraph(
        "Fitted by restricted maximum likelihood to all surveys together, the baseline included, so that nobody is "
        "dropped for a missing survey. A fit is acceptable if the optimiser arrived, its gradient is small, the "
        "information about the variances is positive definite, and the degrees of freedom are at least two."
    ))  # fmt: skip
    for key in dict.fromkeys(models["outcome"]):
        mine = models[models["outcome"] == key]
        label = find_outcome(study, key)["label"]
        blocks.append(Heading(3, label, f"model-{key}"))
        blocks.append(_tabulate_fits(mine, label, study))
        inside = [*_tabulate_waves(correlations, key, label, study), *_tabulate_variances(components, key, label)]
        if inside:
            blocks.append(Details(f"Covariances and variances: {label}", tuple(inside)))
    return blocks


def _tabulate_fits(mine, label, study):
    """One column a fit, one row a property: formulas are long."""
    fits = list(mine.itertuples(index=False))
    rows = [
        ("Formula", *(row.formula or DASH for row in fits)),
        ("Fitted by", *(row.estimator or DASH for row in fits)),
        ("Covariance used, cluster terms", *(row.covariance or DASH for row in fits)),
        ("Covariances tried", *(_say_tried(row, study) for row in fits)),
        ("Degrees of freedom", *(row.df_method or DASH for row in fits)),
        ("Log-likelihood (REML)", *(format_number(row.loglik, places=3) for row in fits)),
        ("People", *(format_count(row.n_participants) for row in fits)),
        ("Scores", *(format_count(row.n_observations) for row in fits)),
        ("Status", *(f"{row.status}: {STATUS[row.status]}" for row in fits)),
        ("What the fit says about itself", *(f"{row.note[:1].upper()}{row.note[1:]}" or DASH for row in fits)),
    ]
    columns = (Column("Part"), *(Column(name_analysis(row.analysis)) for row in fits))
    return Table(f"{label}: the models", columns, tuple(rows))


def _say_tried(row, study):
    """The declared list up to the one that was taken. Only the primary model walks down the list."""
    used = row.covariance.partition(";")[0].strip()
    if row.analysis == CROSSCHECK or used not in study["covariance"]:
        return DASH
    order = study["covariance"][: study["covariance"].index(used) + 1]
    words = [name.replace("_", " ") for name in order]
    return words[0] if len(words) == 1 else f"{join_words(words[:-1])} not acceptable; then {words[-1]}"


def _tabulate_waves(correlations, key, label, study):
    """The primary model's covariances of a person's surveys: variances and covariances, correlations in brackets."""
    found = {
        (row["first"], row["second"]): row
        for row in correlations
        if row["outcome"] == key and row["analysis"] == PRIMARY
    }
    waves = [wave for wave in study["waves"] if (wave["key"], wave["key"]) in found]
    if not waves:
        return []
    rows = tuple(
        (first["label"], *(_write_pair(found, first["key"], second["key"]) for second in waves)) for first in waves
    )
    columns = (Column("Survey"), *(Column(wave["label"], "right") for wave in waves))
    note = "In squared points. On the diagonal variances; elsewhere covariances, with the correlation in brackets."
    return [Table(f"{label}: how the surveys of a person hang together", columns, rows, note=note)]


def _write_pair(found, first, second):
    row = found.get((first, second)) or found.get((second, first))
    if row is None:
        return DASH
    size = format_number(row["covariance"], places=2)
    return size if first == second else f"{size} ({format_number(row['correlation'], places=2)})"


def _tabulate_variances(components, key, label):
    mine = components[(components["outcome"] == key) & ~components["component"].str.startswith("covariance[")]
    rows = tuple(
        (name_analysis(row.analysis), row.component.replace("_", " "), format_number(row.value, places=3))
        for row in mine.itertuples(index=False)
    )
    columns = (Column("Fit"), Column("Part"), Column("Variance, squared points", "right"))
    note = "A variance of zero was estimated at zero, and its term left out. Pooled: the unadjusted baseline variance "
    return (
        [Table(f"{label}: variances", columns, rows, note=f"{note}of both cohorts, by which g divides.")]
        if rows
        else []
    )
