"""Signs of careless answering: how many responses show which, and whether the verdicts stand without them.

In: results. Out: blocks, from the tables `flags` and `rejudged`; nothing where the study has neither.
"""

from alongside.figures.draw import read_table
from alongside.figures.words import find_outcome, find_wave, format_count
from alongside.judgement.wording import word_rejudged
from alongside.report.analyses import name_analysis
from alongside.report.blocks import Column, Group, Heading, Paragraph, Quote, Table
from alongside.report.verdicts import show_verdict
from alongside.tables.flags import ANY, EVERYWHERE
from alongside.tables.rulewords import word_rule

SUMS = (
    "A person counts once at a survey, and under every sign that their answers show, so the signs add up to more than "
    "the first row. An unfinished survey is no sign of carelessness and is not in the first row."
)


def compose_careless(results):
    flags, rejudged = read_table(results, "flags"), read_table(results, "rejudged")
    blocks = [Heading(2, "Signs of careless answering", "careless", "Careless answers")]
    if flags.empty:
        return [*blocks, Paragraph("There is no response in which a sign could have been looked for.")]
    blocks += [
        Paragraph("A sign is a reason to look, not a proof. Responses that show one stay in the primary analysis, "
                  "unless the study file leaves them out (source.exclude_flagged)."),
        _tabulate_flags(flags, results["study"]),
    ]  # fmt: skip
    if rejudged.empty:
        return [*blocks, Paragraph("No claim had to be judged again.")]
    return [*blocks, *_say_what_stands(rejudged), _tabulate_rejudged(results, rejudged)]


def _tabulate_flags(flags, study):
    """A row a sign, a column a cohort, the surveys below each other; what was not counted is left blank."""
    counts = {(row.wave or "", row.cohort or "", row.flag): row.n for row in flags.itertuples(index=False)}
    labels = {cohort["key"]: cohort["label"] for cohort in study["cohorts"]} | {EVERYWHERE: "All"}
    cohorts = [key for key in labels if any(cohort == key for _, cohort, _ in counts)]
    rows = []
    for wave in dict.fromkeys(wave for wave, _, _ in counts):
        rows.append(Group(find_wave(study, wave)["label"] if wave else "All surveys"))
        for flag in dict.fromkeys(flag for at, _, flag in counts if at == wave):
            cells = [(wave, cohort, flag) for cohort in cohorts]
            shown = (format_count(counts[c]) if c in counts else "" for c in cells)
            rows.append(("any sign" if flag == ANY else word_rule(flag), *shown))
    columns = (Column("Sign"), *(Column(labels[cohort], "right") for cohort in cohorts))
    return Table("Responses that show a sign, by survey and cohort", columns, tuple(rows), note=SUMS)


def _say_what_stands(rejudged):
    """A sentence for each analysis in which every verdict stays; which one changes, the table says."""
    stands = rejudged["same"].astype(bool).groupby(rejudged["analysis"], sort=False).all()
    sentences = (word_rejudged(analysis, []) for analysis, same in stands.items() if same)
    return [Paragraph(sentence) for sentence in sentences if sentence]


def _tabulate_rejudged(results, rejudged):
    study = results["study"]
    claims = {row["claim"]: row for row in results["tables"]["claims"]}
    rows = []
    for row in rejudged.itertuples(index=False):
        claim = claims[row.claim]
        about = f"{find_outcome(study, claim['outcome'])['label']}, {find_wave(study, claim['wave'])['label'].lower()}"
        first, again = (show_verdict(key, design=study["design"])[0] for key in (claim["verdict"], row.verdict))
        rows.append(((Quote(claim["text"]),), about, name_analysis(row.analysis), first, again,
                     "stays the same" if row.same else "changes"))  # fmt: skip
    columns = (Column("Claim"), Column("About"), Column("Analysis"), Column("Verdict"), Column("Verdict there"),
               Column("Answer"))  # fmt: skip
    return Table("Each claim, judged again", columns, tuple(rows))
