# Expected values for tests/unit/effects, on tests/reference/mixed-models/simulated_sites.csv (240 people, 12 sites,
# 3 waves with dropout). Run from this folder: Rscript make_expected.R
#   CR2 and Bell-McCaffrey degrees of freedom: clubSandwich on lm, clustered by site and by person
#   degrees of freedom by grouping level: nlme::lme with nested intercepts (Pinheiro & Bates 2000)
suppressMessages({library(clubSandwich); library(nlme); library(jsonlite)})
d <- read.csv("../../../reference/mixed-models/simulated_sites.csv")
d$cohort <- factor(d$cohort, levels = c("unmentored", "mentored")); d$wave <- factor(d$wave)
fit <- lm(score ~ cohort * wave + age, data = d)
robust <- function(cluster) {
  v <- vcovCR(fit, cluster = cluster, type = "CR2")
  t <- coef_test(fit, vcov = v, test = "Satterthwaite")
  # "Satterthwaite" under an identity working model is Bell and McCaffrey's
  out <- data.frame(term = rownames(t), estimate = t$beta, se = t$SE, df = t[["df_Satt"]])
  l <- rbind(c(0, 0, 0, 0, 0, 1, -1))
  list(coefficients = out, last_two = as.list(linear_contrast(fit, vcov = v, contrasts = l, test = "Satterthwaite")[c("Est", "SE", "df")]))
}
m <- lme(score ~ cohort * wave + age, random = ~ 1 | site/id, data = d)
s <- as.data.frame(summary(m)$tTable)
person <- lme(score ~ cohort * wave + age, random = ~ 1 | id, data = d)
write_json(list(
  versions = list(R = as.character(getRversion()), clubSandwich = as.character(packageVersion("clubSandwich")), nlme = as.character(packageVersion("nlme"))),
  cr2_by_site = robust(d$site), cr2_by_person = robust(d$id),
  lme_df = list(terms = rownames(s), site_and_person = s$DF, person = as.data.frame(summary(person)$tTable)$DF)),
  "expected.json", digits = 12, auto_unbox = TRUE, pretty = TRUE)
