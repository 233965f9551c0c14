# ledgers -> one ledger; public tables -> results, figures, report


rule write_ledger:
    input:
        ledgers=work(*LEDGERS),
        notes=rules.read_exports.output.notes,
        code=code("write_ledger"),
    output:
        ledger=f"{RESTRICTED}/ledger.csv",
        page=f"{RESTRICTED}/check.html",
        readme=f"{RESTRICTED}/README.md",
    log:
        f"{LOGS}/write_ledger.log",
    params:
        title=STUDY.slug,
    message:
        "Writing down what was set aside"
    script:
        "../scripts/write_ledger.py"


rule publish:
    input:
        tables=rules.control_disclosure.output.tables,
        responses=rules.read_exports.output.responses,
        instruments=list_codebooks(),
        exports=list_exports(),
        code=code("publish"),
    output:
        results=f"{RESULTS}/results.json",
        estimates=f"{RESULTS}/estimates.csv",
        flow=f"{RESULTS}/flow.csv",
        claims=f"{RESULTS}/claims.csv",
        reliability=f"{RESULTS}/reliability.csv",
        workbook=f"{RESULTS}/tables.xlsx",
    log:
        f"{LOGS}/publish.log",
    params:
        plan=STUDY.slice(*EVERYTHING),
        study_folder=lambda wildcards: str(FOLDER),
    message:
        "Writing the tables"
    script:
        "../scripts/publish.py"


rule draw_figures:
    input:
        results=rules.publish.output.results,
        code=code("draw_figures"),
    output:
        figures=directory(f"{RESULTS}/figures"),
    log:
        f"{LOGS}/draw_figures.log",
    threads: 2  # nothing else is left to do
    params:
        [],
    message:
        "Drawing the figures"
    script:
        "../scripts/draw_figures.py"


rule write_report:
    input:
        results=rules.publish.output.results,
        figures=rules.draw_figures.output.figures,
        code=code("write_report"),
    output:
        reports=[f"{RESULTS}/report/{audience}.html" for audience in STUDY.report.audience],
    log:
        f"{LOGS}/write_report.log",
    params:
        audience=list(STUDY.report.audience),
    message:
        "Writing the reports"
    script:
        "../scripts/write_report.py"
