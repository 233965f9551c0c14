"""The claims with their tests, how a verdict is reached, and over which questions p was adjusted."""

from alongside.figures.draw import read_table
from alongside.figures.words import find_outcome, find_wave, format_interval, format_level, format_number, format_p
from alongside.report.blocks import Column, Details, Heading, Items, Paragraph, Quote, Table
from alongside.report.technical.study import name_contrast
from alongside.report.verdicts import show_verdict
from alongside.tables.analyses import PRIMARY

RULES = (
    "Not measured, cannot be tested with these data, or not tested by this program yet.",
    "The whole interval lies closer to zero than the worthwhile difference, on both sides: practically no difference.",
    "The whole interval lies on the other side of zero than the claim: the data point the other way.",
    "The whole interval lies on the claim's side and the adjusted p is below 0.05: supported; small where the estimate "
    "is below the worthwhile difference.",
    "The whole interval lies on the claim's side: suggestive, not confirmed.",
    "The whole interval lies below the worthwhile difference: a worthwhile difference is ruled out.",
    "No clear evidence, with the difference that a study of this size finds four times out of five.",
)
WITHOUT_WORTHWHILE = (
    "The first rule that fits decides. Estimate and interval are turned so that a positive number is in the claimed "
    "direction. Where no worthwhile difference is declared, the second and the sixth rule do not apply."
)


def compose_claims(results):
    study = results["study"]
    claims = read_table(results, "claims")
    blocks = [Heading(2, "The claims and their tests", "claims", "Claims")]
    if claims.empty:
        return [*blocks, Paragraph("The study file makes no claims, so no verdict is given.")]
    rows, sentences = [], []
    for claim in claims.itertuples(index=False):
        label, _ = show_verdict(claim.verdict, design=study["design"])
        about = f"{find_outcome(study, claim.outcome)['label']}, {find_wave(study, claim.wave)['label'].lower()}"
        rows.append((
            (Quote(claim.text),), about, name_contrast(claim.contrast, study),
            format_number(claim.estimate, places=2, plus=True),
            format_interval(claim.ci_low, claim.ci_high, places=2), format_number(claim.worthwhile, places=2),
            format_p(claim.p), format_p(claim.p_adjusted), label,
        ))  # fmt: skip
        sentences.append(((Quote(claim.text),), claim.sentence))
    columns = (
        Column("Claim"), Column("About"), Column("Contrast"), Column("Estimate, in the claimed direction", "right"),
        Column(f"{format_level(study)} interval", "right"), Column("Worthwhile from", "right"), Column("p", "right"),
        Column("p, adjusted", "right"), Column("Verdict"),
    )  # fmt: skip
    return [
        *blocks,
        Table("Each claim, its primary estimate in points, and the verdict", columns, tuple(rows)),
        Items(tuple((*claim, f": {sentence}") for claim, sentence in sentences)),
        Details("How a verdict is reached", (Paragraph(WITHOUT_WORTHWHILE), Items(RULES, ordered=True))),
        Heading(3, "Over which questions p was adjusted", "families"),
        *_tabulate_families(results),
    ]


def _tabulate_families(results):
    """One row a test in a family; the rows of estimates carry the adjusted values."""
    study = results["study"]
    estimates = read_table(results, "estimates")
    main = estimates[(estimates["analysis"] == PRIMARY) & (estimates["subgroup"].fillna("") == "")]
    rows = []
    for column, family in (("p_holm", "Holm, claims about main outcomes"), ("p_bh", "Benjamini-Hochberg, domain")):
        for row in main[main[column].notna()].itertuples(index=False):
            name = family if column == "p_holm" else f"{family} {row.domain.replace('_', ' ')}"
            about = f"{find_outcome(study, row.outcome)['label']}, {find_wave(study, row.wave)['label'].lower()}"
            rows.append((
                name, about, name_contrast(row.contrast, study), format_p(row.p), format_p(getattr(row, column))
            ))  # fmt: skip
    if not rows:
        return [Paragraph("No p value was adjusted: there is no claim about a main outcome and no further outcome.")]
    columns = (
        Column("Family"), Column("Outcome and survey"), Column("Contrast"), Column("p", "right"),
        Column("p, adjusted", "right"),
    )  # fmt: skip
    note = (
        "Holm's family is every declared claim about a main outcome, measured or not: one that cannot be tested yet "
        "counts as p = 1. Exploratory outcomes get no adjusted p: they can suggest, not confirm."
    )
    return [Table("Families of tests", columns, tuple(rows), note=note)]
