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
    params:
        plan=STUDY.slice("info", "participants", "waves", "outcomes", "analysis"),
    message:
        "Estimating the difference that mentoring made, outcome by outcome"
    script:
        "../scripts/estimate_primary.py"
