# estimates -> claims -> tables that may be shared


rule judge_claims:
    input:
        estimates=rules.estimate_primary.output.estimates,
        sensitivity=rules.estimate_sensitivity.output.estimates,
        components=rules.estimate_primary.output.components,
        code=code("judge_claims"),
    output:
        claims=f"{WORK}/claims.parquet",
        rejudged=f"{WORK}/rejudged.parquet",
        estimates=f"{WORK}/judged/estimates.parquet",
    log:
        f"{LOGS}/judge_claims.log",
    params:
        plan=STUDY.slice(
            "info.design",
            "analysis.confidence",
            "analysis.disclosure",
            "claims",
            *each("outcomes", "kind", "domain", "role", "higher_is", "waves", "smallest_worthwhile"),
        ),
    message:
        "Holding the claims against the estimates"
    script:
        "../scripts/judge_claims.py"


rule bin_scores:
    input:
        panel=rules.build_panel.output.panel,
        instruments=list_codebooks(),
        code=code("bin_scores"),
    output:
        distributions=f"{WORK}/distributions.parquet",
    log:
        f"{LOGS}/bin_scores.log",
    params:
        plan=STUDY.slice(*each("outcomes", "kind", "instrument", "order", "subscale", "scoring", "min", "max", "waves")),
        min_cell=STUDY.analysis.disclosure.min_cell,
    message:
        "Counting scores in bands"
    script:
        "../scripts/bin_scores.py"


rule control_disclosure:
    input:
        tables=[
            *rules.judge_claims.output,
            *work("means", "models", "components", "flow", "distributions", "flags", "set_apart"),
            *rules.check_keys.output,
            *rules.measure_scales.output,
            *work(*LEDGERS, *TALLIES, "notes"),
        ],
        code=code("control_disclosure"),
    output:
        tables=[f"{WORK}/public/{name}.parquet" for name in [*PUBLIC, "withheld"]],
    log:
        f"{LOGS}/control_disclosure.log",
    params:
        min_cell=STUDY.analysis.disclosure.min_cell,
        round_to=STUDY.analysis.disclosure.round_to,
    message:
        "Suppressing small groups, rounding counts"
    script:
        "../scripts/control_disclosure.py"
