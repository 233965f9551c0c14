# Small designs: twelve people by brute force; 8 an arm; no site variance; a redundant column; a wave seen in one cohort.
# Run from this folder: Rscript make_small.R
source("dense.R"); source("common.R"); suppressMessages({library(nlme); library(lme4); library(lmerTest)})
structures <- c("unstructured", "toeplitz", "ar1", "compound_symmetry"); structures <- c(structures, paste0("heterogeneous_", structures[-1]))

# ---- twelve people, three waves, dropout; every structure by brute force (base R only) --------------------------------
set.seed(1201)
d <- simulate_people(12, 4 * matrix(c(1, .6, .4, .6, 1.3, .6, .4, .6, 1.6), 3), dropout = .15)
d$score <- round(20 + .5 * (d$age - 13) - .4 * d$wave - .8 * (d$cohort == "mentored") * (d$wave > 0) + d$noise, 2)
d <- d[d$keep, c("id", "cohort", "age", "wave", "score")]; write.csv(d, "n12.csv", row.names = FALSE); d <- ready(d)
X <- model.matrix(~ cohort * wave, d)
put(list(formula = "score ~ cohort * wave",
  fits = lapply(setNames(structures, structures), function(s) dense_result(d$score, X, d$id, d$wave, s, grep(":", colnames(X))))), "n12.json")

# ---- eight an arm, three waves, unstructured ---------------------------------------------------------------------------
set.seed(802)
d <- simulate_people(16, 9 * matrix(c(1, .5, .4, .5, 1.2, .6, .4, .6, 1.5), 3), dropout = .1)
d$score <- round(30 - d$wave - 1.5 * (d$cohort == "mentored") * (d$wave > 0) + .3 * (d$age - 13) + d$noise, 2)
d <- d[d$keep, c("id", "cohort", "age", "wave", "score")]; write.csv(d, "eight_an_arm.csv", row.names = FALSE); d <- ready(d)
X <- model.matrix(~ cohort * wave + age * wave, d)
g <- gls(score ~ cohort * wave + age * wave, d, correlation = corSymm(form = ~ as.integer(wave) | id), weights = varIdent(form = ~ 1 | wave), control = tight_gls())
put(list(formula = "score ~ cohort * wave + age * wave", gls = gls_result(g, 3),
         dense = dense_result(d$score, X, d$id, d$wave, "unstructured", grep("cohort.*:", colnames(X)))), "eight_an_arm.json")

# ---- sites that do not differ: their variance is estimated at zero -----------------------------------------------------
set.seed(77)
d <- simulate_people(60, 4 * (diag(3) * .5 + .5), dropout = .15)
d$site <- sprintf("S%d", (d$person - 1) %/% 10 + 1)
d$noise <- d$noise - ave(d$noise, d$site)          # site means closer together than chance would have them
d$score <- round(20 - .5 * d$wave - .6 * (d$cohort == "mentored") * (d$wave > 0) + d$noise, 2)
d <- d[d$keep, c("id", "site", "cohort", "wave", "score")]; write.csv(d, "no_site_variance.csv", row.names = FALSE); d <- ready(d)
with_site <- lmer(score ~ cohort * wave + (1 | site) + (1 | id), d, control = tight())
without <- lmer(score ~ cohort * wave + (1 | id), d, control = tight())
stopifnot(isSingular(with_site), abs(logLik(with_site) - logLik(without)) < 1e-8)
put(list(with_site = list(loglik = num(logLik(with_site)), variance_components = components(with_site)), without = lmer_result(without)), "no_site_variance.json")

# ---- a column that repeats the others -----------------------------------------------------------------------------------
set.seed(5)
d <- simulate_people(40, 4 * (diag(3) * .4 + .6), dropout = .1)
d$score <- round(20 + .2 * (d$age - 13) - .5 * d$wave + d$noise, 2)
d <- d[d$keep, c("id", "cohort", "age", "wave", "score")]; d$months_old <- d$age * 12
write.csv(d, "redundant_column.csv", row.names = FALSE); d <- ready(d)
m <- suppressMessages(lmer(score ~ cohort * wave + age + months_old + (1 | id), d, control = tight()))
put(list(note = "lmer drops months_old = 12 age; its coefficients are those without it", dropped = setdiff("months_old", names(fixef(m))),
         fit = lmer_result(m)), "redundant_column.json")

# ---- the last wave was collected in one cohort only ----------------------------------------------------------------------
set.seed(31)
d <- simulate_people(40, 4 * matrix(c(1, .6, .5, .4, .6, 1.1, .6, .5, .5, .6, 1.2, .6, .4, .5, .6, 1.4), 4), dropout = .12)
d$score <- round(20 - .5 * d$wave - .9 * (d$cohort == "mentored") * (d$wave > 0) + d$noise, 2)
d <- d[d$keep & !(d$wave == 3 & d$cohort == "comparison"), c("id", "cohort", "wave", "score")]
write.csv(d, "one_cohort_wave.csv", row.names = FALSE); d <- ready(d)
X <- model.matrix(~ cohort * wave, d); X <- X[, qr(X)$pivot[seq_len(qr(X)$rank)]]
stopifnot(setdiff(colnames(model.matrix(~ cohort * wave, d)), colnames(X)) == "cohortmentored:wave3")
g <- gls(score ~ X - 1, d, correlation = corSymm(form = ~ as.integer(wave) | id), weights = varIdent(form = ~ 1 | wave), control = tight_gls())
put(list(formula = "score ~ cohort * wave", note = "cohortmentored:wave3 cannot be estimated; wave3 is then the mentored cohort's mean at wave 3 less its other terms",
         gls = gls_result(g, 4), dense = dense_result(d$score, X, d$id, d$wave, "unstructured", match(c("cohortmentored:wave1", "cohortmentored:wave2"), colnames(X))),
         random_intercept = suppressMessages(lmer_result(lmer(score ~ cohort * wave + (1 | id), d, control = tight())))), "one_cohort_wave.json")
