# Three cohorts: all pairs of them, adjusted by Tukey, Bonferroni and the multivariate t; the interaction's F test.
# Run from this folder: Rscript make_pairwise.R
source("common.R"); suppressMessages({library(lme4); library(lmerTest); library(pbkrtest); library(emmeans)})
set.seed(2711)
d <- simulate_people(45, 4 * (diag(3) * .45 + .55), dropout = .15)
d$cohort <- c("comparison", "mentored", "peers")[(d$person - 1) %% 3 + 1]
d$score <- round(20 - .4 * d$wave - (.9 * (d$cohort == "mentored") + .5 * (d$cohort == "peers")) * d$wave + .2 * (d$age - 13) + d$noise, 2)
d <- d[, c("id", "cohort", "age", "wave", "score", "keep")]
d$keep <- d$keep + 0; write.csv(d, "three_cohorts.csv", row.names = FALSE)
d$wave <- factor(d$wave); d$cohort <- factor(d$cohort)
pairs_of <- function(m, adjust, ddf) {
  k <- as.data.frame(summary(contrast(emmeans(m, ~ cohort | wave, lmer.df = ddf), "revpairwise", adjust = adjust), infer = TRUE))
  data.frame(wave = k$wave, contrast = k$contrast, estimate = k$estimate, se = k$SE, df = k$df, p = k$p.value, ci_low = k$lower.CL, ci_high = k$upper.CL)
}
# emmeans integrates the multivariate t by simulation: its p has an error of 1e-4 or so
fits <- list(dropout = lmer(score ~ cohort * wave + age + (1 | id), d[d$keep == 1, ], control = tight()),
             complete = lmer(score ~ cohort * wave + (1 | id), d, control = tight()))
out <- lapply(fits, function(m) {
  ask <- function(adjust, ddf) { set.seed(1); pairs_of(m, adjust, ddf) }
  list(fit = lmer_result(m, list(cohort_by_wave = picks(m, "^cohort.*:wave"))),
       tukey = ask("tukey", "kenward-roger"), tukey_satterthwaite = ask("tukey", "satterthwaite"),
       bonferroni = ask("bonferroni", "kenward-roger"), mvt = ask("mvt", "kenward-roger"))
})
put(out, "three_cohorts.json")
