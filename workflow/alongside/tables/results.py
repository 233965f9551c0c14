"""Tables of results: what the models found and what it says about the claims."""

from alongside.tables.schema import COHORT, OUTCOME, WAVE, Column, Schema, count, number, text

ESTIMATES = Schema(
    "estimates",
    "one row a contrast",
    (
        OUTCOME,
        text("domain", "as declared"),
        text("role", "primary | secondary | exploratory"),
        text("analysis", "primary, or the name of the sensitivity analysis"),
        text("contrast", "'mentored - unmentored': which cohort against which"),
        WAVE,
        text("subgroup", "variable, '' for everyone", nullable=True),
        text("subgroup_level", "level, '' for everyone", nullable=True),
        number("estimate", "difference in change since baseline, in the scale's own points and sign", nullable=True),
        number("se", "standard error, points", nullable=True),
        number("df", "degrees of freedom; in public as they belong to the rounded counts", nullable=True),
        number("statistic", "estimate / se", nullable=True),
        number("p", "two-sided", nullable=True),
        number("p_bh", "Benjamini-Hochberg within domain, secondary outcomes", nullable=True),
        number("p_holm", "Holm over the primary claims", nullable=True),
        number("ci_low", "points", nullable=True),
        number("ci_high", "points", nullable=True),
        number("effect_size", "Hedges' g on the pooled unadjusted baseline SD, scale's own sign", nullable=True),
        number("es_low", "lower limit of effect_size", nullable=True),
        number("es_high", "upper limit of effect_size", nullable=True),
        number(
            "improvement_index",
            "percentile points by which an average person of the comparison would move; positive is better",
            nullable=True,
        ),
        count("improvement_sign", "1 where higher is better, -1 where lower is better"),
        count("n_participants", "people in the model", nullable=True),
        count("n_observations", "person-waves in the model", nullable=True),
        count("n_clusters", "clusters of the outermost declared level", nullable=True),
        text("covariance", "structure that was fitted", nullable=True),
        text("df_method", "how df was computed", nullable=True),
        text("status", "ok | boundary | fallback | not-estimable"),
        text("note", "why the status is not ok, and every warning of the fit", nullable=True),
    ),
    key=("outcome", "analysis", "contrast", "wave", "subgroup", "subgroup_level"),
)

MEANS = Schema(
    "means",
    "model-based mean of each cohort at each wave, covariates at the sample's averages",
    (
        OUTCOME,
        text("analysis", "primary, or the name of the sensitivity analysis"),
        WAVE,
        number("month", "months since the baseline"),
        COHORT,
        number("mean", "points", nullable=True),
        number("se", "points", nullable=True),
        number("ci_low", "points", nullable=True),
        number("ci_high", "points", nullable=True),
        count("n_participants", "people observed at this wave; missing where suppressed", nullable=True),
    ),
    key=("outcome", "analysis", "wave", "cohort"),
)

MODELS = Schema(
    "models",
    "one row a fitted model",
    (
        OUTCOME,
        text("analysis", "primary, or the name of the sensitivity analysis"),
        text("formula", "fixed effects"),
        text("estimator", "which program fitted it"),
        text("covariance", "structure that was fitted", nullable=True),
        text("df_method", "how df was computed", nullable=True),
        number("loglik", "REML or ML log-likelihood; in public only where the data are", nullable=True),
        count("n_participants", "people"),
        count("n_observations", "person-waves; missing where suppressed", nullable=True),
        text("status", "ok | boundary | fallback | not-estimable"),
        text("note", "every warning of the fit", nullable=True),
    ),
    key=("outcome", "analysis"),
)

COMPONENTS = Schema(
    "components",
    "variance components of each fitted model",
    (
        OUTCOME,
        text("analysis", "as in models"),
        text("component", "participant, site, residual, or covariance[wave, wave]"),
        number("value", "variance or covariance, squared points"),
    ),
    key=("outcome", "analysis", "component"),
)

DISTRIBUTIONS = Schema(
    "distributions",
    "how many people scored in each band; bands are joined until each holds at least min_cell people",
    (
        OUTCOME,
        WAVE,
        COHORT,
        number("low", "lower edge of the band, included"),
        number("high", "upper edge of the band, excluded except at the top of the scale"),
        count("n", "people in the band"),
    ),
    key=("outcome", "wave", "cohort", "low"),
)

CLAIMS = Schema(
    "claims",
    "what the programme says it does, and what these data say about it",
    (
        text("claim", "key of the claim in the study file"),
        text("text", "as the programme puts it"),
        OUTCOME,
        WAVE,
        text("contrast", "which cohort against which"),
        number("worthwhile", "smallest worthwhile difference, points", nullable=True),
        number("estimate", "points, positive is improvement in the claimed direction", nullable=True),
        number("ci_low", "points", nullable=True),
        number("ci_high", "points", nullable=True),
        number("p", "two-sided, unadjusted", nullable=True),
        number("p_adjusted", "Holm for primary, Benjamini-Hochberg for secondary", nullable=True),
        text("verdict", "key of the verdict in the wording file"),
        text("sentence", "the verdict in words"),
    ),
    key=("claim",),
)

REJUDGED = Schema(
    "rejudged",
    "each claim judged again on a sensitivity analysis: does the answer stand?",
    (
        text("claim", "key of the claim in the study file"),
        text("analysis", "the sensitivity analysis whose estimates stand in for the primary ones"),
        text("verdict", "key of the verdict in the wording file"),
        Column("same", "flag", "True: the verdict of the primary analysis"),
    ),
    key=("claim", "analysis"),
)

WITHHELD = Schema(
    "withheld",
    "the audit of disclosure control: every number that was taken out of a public table",
    (
        text("table", "public table that lost it"),
        text("row", "which row, by the names in it"),
        text("column", "which columns, 'all' where the row itself is gone"),
        text("reason", "why"),
    ),
)
