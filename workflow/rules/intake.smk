# exports -> answers -> scores -> panel


rule read_exports:
    input:
        files=list_exports(),
        instruments=list_codebooks(),
        code=code("read_exports"),
    output:
        answers=f"{WORK}/answers.parquet",
        flagged=f"{WORK}/answers-flagged.parquet",
        people=f"{WORK}/people.parquet",
        responses=f"{WORK}/responses.parquet",
        ledger=f"{WORK}/ledger-read_exports.parquet",
        tally=f"{WORK}/tally-read_exports.parquet",
        notes=f"{WORK}/notes.parquet",
    log:
        f"{LOGS}/read_exports.log",
    params:
        study_folder=lambda wildcards: str(FOLDER),
        plan=STUDY.slice(
            "participants",
            "source",
            *each("waves", "files", "where", "between", "months_since", "retrospective", "source"),
            *each("outcomes", "instrument", "kind", "order", "recorded", "columns", "column", "labels", "waves"),
            *each("outcomes", "from_", "min", "max", "subscale", "scoring"),
        ),
        key=str(FOLDER / "pseudonym.key"),
    message:
        "Reading the exports"
    script:
        "../scripts/read_exports.py"


rule score_answers:
    input:
        answers=rules.read_exports.output.answers,
        instruments=list_codebooks(),
        code=code("score_answers"),
    output:
        scores=f"{WORK}/scores.parquet",
        ledger=f"{WORK}/ledger-score_answers.parquet",
        tally=f"{WORK}/tally-score_answers.parquet",
    log:
        f"{LOGS}/score_answers.log",
    params:
        plan=STUDY.slice(*each("outcomes", "instrument", "order", "subscale", "scoring")),
    message:
        "Scoring the answers by their codebooks"
    script:
        "../scripts/score_answers.py"


rule check_keys:
    input:
        answers=rules.read_exports.output.answers,
        instruments=list_codebooks(),
        code=code("check_keys"),
    output:
        keying=f"{WORK}/keying.parquet",
        instruments=f"{WORK}/instruments.parquet",
    log:
        f"{LOGS}/check_keys.log",
    priority: 1  # the panel waits for it
    params:
        plan=STUDY.slice(
            *each("outcomes", "instrument", "kind", "order", "subscale", "scoring", "recorded", "higher_is"),
            *each("outcomes", "score_of", "keying_acknowledged"),
        ),
    message:
        "Holding the scales' keys against the data"
    script:
        "../scripts/check_keys.py"


rule build_panel:
    input:
        after=rules.check_keys.output,  # a scale that the data contradict goes no further
        scores=rules.score_answers.output.scores,
        people=rules.read_exports.output.people,
        code=code("build_panel"),
    output:
        panel=f"{WORK}/panel.parquet",
    log:
        f"{LOGS}/build_panel.log",
    params:
        plan=STUDY.slice(
            "participants.cohort",
            *each("waves", "month"),
            *each("outcomes", "instrument"),
        ),
    message:
        "Laying people and waves side by side"
    script:
        "../scripts/build_panel.py"
