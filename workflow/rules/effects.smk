# panel -> estimates


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
        plan=STUDY.slice(
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
        ),
    message:
        "Estimating the difference that mentoring made, outcome by outcome"
    script:
        "../scripts/estimate_primary.py"
