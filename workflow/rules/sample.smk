# who is in the study, and who is left


rule count_flow:
    input:
        panel=rules.build_panel.output.panel,
        responses=rules.read_exports.output.responses,
        scores=rules.score_answers.output.scores,
        code=code("count_flow"),
    output:
        flow=f"{WORK}/flow.parquet",
    log:
        f"{LOGS}/count_flow.log",
    params:
        plan=STUDY.slice(*each("waves", "month"), *each("outcomes", "waves", "from_")),
    message:
        "Counting who is left at each stage"
    script:
        "../scripts/count_flow.py"
