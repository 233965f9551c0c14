# Participants in classes in schools; participants in sites with an unstructured covariance; mentors in one arm only.
# Run from this folder: Rscript make_nested.R
source("dense.R"); source("common.R"); suppressMessages({library(lme4); library(lmerTest); library(pbkrtest)})

# ---- 10 schools x 3 classes x 5 pupils x 3 waves; cohort assigned to whole classes ----------------------------------------
set.seed(303)
d <- simulate_people(150, 3 * (diag(3) * .5 + .5), dropout = .12)
d$class <- sprintf("C%02d", (d$person - 1) %/% 5 + 1); d$school <- sprintf("S%02d", (d$person - 1) %/% 15 + 1)
d$cohort <- ifelse(((d$person - 1) %/% 5) %% 2 == 1, "mentored", "comparison")
at <- function(key, sd) { k <- unique(key); setNames(rnorm(length(k), sd = sd), k)[key] }
d$score <- round(20 - .5 * d$wave - .8 * (d$cohort == "mentored") * (d$wave > 0) + .2 * (d$age - 13) + d$noise +
  at(d$school, .9) + at(paste(d$school, d$wave), .6) + at(d$class, .8) + at(paste(d$class, d$wave), .6), 2)
d <- d[d$keep, c("id", "class", "school", "cohort", "age", "wave", "score")]; write.csv(d, "classes_in_schools.csv", row.names = FALSE); d <- ready(d)
waves <- lmer(score ~ cohort * wave + age * wave + (1 | school) + (1 | school:wave) + (1 | class) + (1 | class:wave) + (1 | id), d, control = tight())
plain <- lmer(score ~ cohort * wave + age * wave + (1 | school) + (1 | class) + (1 | id), d, control = tight())
stopifnot(!isSingular(waves), !isSingular(plain))
put(list(with_wave_effects = lmer_result(waves, list(cohort_by_wave = picks(waves, "cohortmentored:wave"))),
         without_wave_effects = lmer_result(plain, list(cohort_by_wave = picks(plain, "cohortmentored:wave")))), "classes_in_schools.json")

# ---- 8 sites x 6 people x 3 waves; unstructured within participant, site and site-by-wave effects; by brute force ---------
set.seed(44)
d <- simulate_people(48, 3 * matrix(c(1, .5, .3, .5, 1.3, .6, .3, .6, 1.7), 3), dropout = .12)
d$site <- sprintf("S%d", (d$person - 1) %/% 6 + 1)
d$score <- round(20 - .5 * d$wave - .8 * (d$cohort == "mentored") * (d$wave > 0) + d$noise + at(d$site, 1) + at(paste(d$site, d$wave), .8), 2)
d <- d[d$keep, c("id", "site", "cohort", "wave", "score")]; write.csv(d, "unstructured_in_sites.csv", row.names = FALSE); d <- ready(d)
X <- model.matrix(~ cohort * wave, d); site <- outer(d$site, d$site, "==") + 0; wave <- outer(d$wave, d$wave, "==")
put(list(formula = "score ~ cohort * wave",
  intercept_and_waves = dense_result(d$score, X, d$id, d$wave, "unstructured", 5:6, list(site = site, `site:wave` = site * wave)),
  intercept = dense_result(d$score, X, d$id, d$wave, "unstructured", 5:6, list(site = site)),
  heterogeneous_ar1 = dense_result(d$score, X, d$id, d$wave, "heterogeneous_ar1", 5:6, list(site = site))), "unstructured_in_sites.json")

# ---- mentors: twelve mentors of four people each in the mentored cohort, acting after baseline only --------------------------
set.seed(912)
d <- simulate_people(96, 3 * (diag(3) * .5 + .5), dropout = .1)
d$cohort <- ifelse(d$person <= 48, "mentored", "comparison")
d$mentor <- ifelse(d$person <= 48, sprintf("M%d", (d$person - 1) %/% 4 + 1), "nobody")
d$after <- (d$cohort == "mentored" & d$wave > 0) + 0
d$score <- round(20 - .5 * d$wave - .8 * d$after + d$noise + d$after * (at(d$mentor, 1.5) + at(paste(d$mentor, d$wave), 1.2)), 2)
d <- d[d$keep, c("id", "mentor", "cohort", "wave", "score", "after")]
# the file leaves the unmentored blank; here they share a label whose column of the design is zero, so it never enters
write.csv(transform(d[, names(d) != "after"], mentor = sub("nobody", "", mentor)), "mentors.csv", row.names = FALSE); d <- ready(d)
plain <- lmer(score ~ cohort * wave + (0 + after | mentor) + (1 | id), d, control = tight())
waves <- lmer(score ~ cohort * wave + (0 + after | mentor) + (0 + after | mentor:wave) + (1 | id), d, control = tight())
stopifnot(!isSingular(waves), !isSingular(plain))
X <- model.matrix(~ cohort * wave, d); K <- outer(d$mentor, d$mentor, "==") * outer(d$after, d$after); wave <- outer(d$wave, d$wave, "==")
put(list(intercept = lmer_result(plain, list(cohort_by_wave = picks(plain, ":"))), intercept_and_waves = lmer_result(waves, list(cohort_by_wave = picks(waves, ":"))),
         unstructured = dense_result(d$score, X, d$id, d$wave, "unstructured", 5:6, list(mentor = K)),
         unstructured_and_waves = dense_result(d$score, X, d$id, d$wave, "unstructured", 5:6, list(mentor = K, `mentor:wave` = K * wave))), "mentors.json")
