# who is in the study, who is left, and how well their answers hang together


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


rule measure_scales:
    input:
        answers=rules.read_exports.output.answers,
        people=rules.read_exports.output.people,
        keying=rules.check_keys.output.keying,
        instruments=list_codebooks(),
        code=code("measure_scales"),
    output:
        reliability=f"{WORK}/reliability.parquet",
        item_checks=f"{WORK}/item_checks.parquet",
        inter_item=f"{WORK}/inter_item.parquet",
    log:
        f"{LOGS}/measure_scales.log",
    params:
        plan=STUDY.slice(*each("outcomes", "instrument", "order", "subscale", "scoring")),
    message:
        "Measuring how well the scales hang together"
    script:
        "../scripts/measure_scales.py"


rule vary_flagged:
    input:
        scores=rules.score_answers.output.scores,
        people=rules.read_exports.output.people,
        answers=rules.read_exports.output.answers,
        flagged=rules.read_exports.output.flagged,
        responses=rules.read_exports.output.responses,
        instruments=list_codebooks(),
        code=code("vary_flagged"),
    output:
        without=f"{WORK}/panel-without_flagged.parquet",
        included=f"{WORK}/panel-flagged_included.parquet",
        flags=f"{WORK}/flags.parquet",
    log:
        f"{LOGS}/vary_flagged.log",
    params:
        plan=STUDY.slice(
            "participants.cohort",
            *each("waves", "month"),
            *each("outcomes", "instrument", "order", "subscale", "scoring"),
        ),
    message:
        "Setting responses apart that show signs of careless answering"
    script:
        "../scripts/vary_flagged.py"
