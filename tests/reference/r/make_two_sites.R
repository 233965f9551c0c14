# Two sites, people assigned within them: the site variance has one degree of freedom, contrasts of change have many.
# Run from this folder: Rscript make_two_sites.R
source("dense.R"); source("common.R"); suppressMessages({library(lme4); library(lmerTest); library(pbkrtest)})
set.seed(2202)
d <- simulate_people(40, 4 * matrix(c(1, .6, .5, .6, 1.2, .6, .5, .6, 1.4), 3), dropout = .1)
d$site <- ifelse(((d$person - 1) %/% 2) %% 2 == 0, "north", "south")
d$score <- round(20 - .5 * d$wave - 1.2 * (d$cohort == "mentored") * (d$wave > 0) + d$noise + 4 * (d$site == "north") +
  c(.6, -.5, .3)[d$wave + 1] * ifelse(d$site == "north", 1, -1), 2)
d <- d[d$keep, c("id", "site", "cohort", "wave", "score")]; write.csv(d, "two_sites.csv", row.names = FALSE); d <- ready(d)
plain <- lmer(score ~ cohort * wave + (1 | site) + (1 | id), d, control = tight())
waves <- lmer(score ~ cohort * wave + (1 | site) + (1 | site:wave) + (1 | id), d, control = tight())
stopifnot(!isSingular(plain), !isSingular(waves))
# the second asks about rows that are not all well known: lmerTest gives two degrees of freedom where one has no more
tests <- function(m) list(cohort_by_wave = picks(m, ":"), level_and_waves = picks(m, "Intercept|^wave"))
X <- model.matrix(~ cohort * wave, d); K <- outer(d$site, d$site, "==") + 0; wave <- outer(d$wave, d$wave, "==")
put(list(formula = "score ~ cohort * wave", note = "rows with fewer than two degrees of freedom are R's; alongside.mixed gives them no p and no interval",
  intercept = lmer_result(plain, tests(plain)), intercept_and_waves = lmer_result(waves, tests(waves)),
  unstructured = dense_result(d$score, X, d$id, d$wave, "unstructured", 5:6, list(site = K)),
  unstructured_and_waves = dense_result(d$score, X, d$id, d$wave, "unstructured", 5:6, list(site = K, `site:wave` = K * wave))), "two_sites.json")
