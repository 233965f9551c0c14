"""Where the numbers come from, and what the words mean."""

from alongside.report.blocks import Heading, Items, Paragraph, Strong
from alongside.report.funder.method import tabulate_files, tabulate_programs

GLOSSARY = {
    "Difference in change.": "How much more one cohort's mean changed since the baseline than the other's, at the same "
    "values of the covariates.",
    "REML.": "Restricted maximum likelihood, which estimates variances without the bias that estimated means bring.",
    "Unstructured covariance.": "Every survey has its own variance and every pair of surveys its own correlation.",
    "Kenward-Roger.": "Standard errors and degrees of freedom that allow for variances being estimated (Kenward & "
    "Roger 1997).",
    "CR2.": "Standard errors from the spread between clusters themselves, corrected for few clusters (Bell & McCaffrey "
    "2002; Pustejovsky & Tipton 2018).",
    "Hedges' g.": "The difference in change over the pooled unadjusted standard deviation of both cohorts at the "
    "baseline, corrected for small samples.",
    "Alpha, omega.": "How far the questions of a scale go together: from 0, not at all, to 1. Alpha takes all "
    "questions as equally good, omega does not.",
    "Item-rest correlation.": "How a question goes with the sum of the other questions of its scale, after reversal. A "
    "clearly negative one means that the key and the data contradict each other.",
    "Floor, ceiling.": "The share of people with the lowest or the highest possible score: nobody there can move "
    "further.",
}


def compose_origin(results):
    study, origin = results["study"], results["provenance"]
    contact = f" Questions: {study['contact']}." if study["contact"] else ""
    return [
        Heading(2, "Where the numbers come from", "provenance", "Provenance"),
        Paragraph(
            "This page was made by a program from results.json, which lies beside it and holds every number printed "
            f"here. The same files and the same versions give the same page, letter for letter.{contact}"
        ),
        tabulate_files(origin),
        tabulate_programs(origin),
        Heading(2, "Words", "words", "Words"),
        Items(tuple((Strong(f"{term} "), words) for term, words in GLOSSARY.items())),
    ]
