# panel -> estimates

MODELLED = [
    "info.design",
    "participants.cohort",
    "participants.clusters",
    "participants.covariates",
    "participants.mentor",
    "analysis.adjust_for",
    "analysis.confidence",
    "analysis.covariance",
    "analysis.df",
    "contrasts",
    "baseline",
    "followups",
    *each("waves", "month"),
    *each("outcomes", "kind", "domain", "role", "higher_is", "waves"),
]


rule estimate_primary:
    input:
        panel=rules.build_panel.output.panel,
        code=code("estimate_primary"),
    output:
        estimates=f"{WORK}/estimates.parquet",
        means=f"{WORK}/means.parquet",
        models=f"{WORK}/models.parquet",
        components=f"{WORK}/components.parquet",
    log:
        f"{LOGS}/estimate_primary.log",
    priority: 1  # the longest stage: what waits for nothing else goes beside it
    params:
        plan=STUDY.slice(*MODELLED),
    message:
        "Estimating the difference that mentoring made, outcome by outcome"
    script:
        "../scripts/estimate_primary.py"


rule estimate_sensitivity:
    input:
        panel=rules.build_panel.output.panel,
        without=rules.vary_flagged.output.without,
        included=rules.vary_flagged.output.included,
        code=code("estimate_sensitivity"),
    output:
        estimates=f"{WORK}/estimates-sensitivity.parquet",
        set_apart=f"{WORK}/set_apart.parquet",
    log:
        f"{LOGS}/estimate_sensitivity.log",
    params:
        plan=STUDY.slice(*MODELLED),
    message:
        "Asking the same question of other choices"
    script:
        "../scripts/estimate_sensitivity.py"
