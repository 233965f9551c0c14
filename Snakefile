# Alongside: did mentoring help? One way through, from survey exports to a report.
#
#   snakemake --cores all                                    the demonstration study
#   snakemake --cores all --config study=beat-the-blues      another folder of data/
#   snakemake --cores all -- read_exports                    one stage and what it needs

from snakemake.utils import min_version

min_version("9.13")

config.setdefault("study", "bright-path")


include: "workflow/rules/common.smk"
include: "workflow/rules/intake.smk"  # read_exports, score_answers, check_keys, build_panel
include: "workflow/rules/sample.smk"  # count_flow, measure_scales, vary_flagged
include: "workflow/rules/effects.smk"  # estimate_primary, estimate_sensitivity
include: "workflow/rules/judgement.smk"  # judge_claims, control_disclosure
include: "workflow/rules/report.smk"  # write_ledger, publish, draw_figures, write_report


rule all:
    default_target: True
    input:
        rules.write_ledger.output,
        rules.publish.output,
        rules.write_report.output,
