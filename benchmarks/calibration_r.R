# Each simulated study by lme4 with pbkrtest and lmerTest: Rscript calibration_r.R studies.csv fits.csv
# In: study, id, site, cohort, wave, score. Out: one row a study, for the last coefficient (mentored at the last wave):
# "whole": every variance kept, as R leaves it; "dropped": those at zero taken out and fitted again, as alongside.mixed does.
suppressMessages({library(lme4); library(lmerTest); library(pbkrtest)})
files <- commandArgs(trailingOnly = TRUE)
d <- read.csv(files[1], stringsAsFactors = TRUE); d$cohort <- factor(d$cohort, levels = c("comparison", "mentored"))
control <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhobeg = 0.1, rhoend = 1e-9, maxfun = 1e5), calc.derivs = FALSE, check.conv.singular = "ignore")
terms <- c(site = "(1 | site)", `site:wave` = "(1 | site:wave)")
model <- function(one, kept) lmer(as.formula(paste("score ~ cohort * wave + (1 | id)", paste(c("", terms[kept]), collapse = " + "))), one, control = control)
last <- function(m, ddf) { k <- coef(summary(m, ddf = ddf)); k[nrow(k), ] }
numbers <- function(m, kind) {
  k <- last(m, "Kenward-Roger"); s <- last(m, "Satterthwaite")
  data.frame(kind = kind, loglik = as.numeric(logLik(m)), estimate = k[["Estimate"]], se_kr = k[["Std. Error"]], df_kr = k[["df"]], p_kr = k[["Pr(>|t|)"]],
             df_satterthwaite = s[["df"]], p_satterthwaite = s[["Pr(>|t|)"]])
}
fits <- lapply(split(d, d$study), function(one) {
  kept <- names(terms); whole <- model(one, kept); m <- whole
  repeat { # a person's variance is the model's own and stays
    v <- as.data.frame(VarCorr(m)); zero <- intersect(v$grp[v$vcov < 1e-8 * v$vcov[v$grp == "Residual"]], kept)
    if (!length(zero)) break
    kept <- setdiff(kept, zero); m <- model(one, kept)
  }
  cbind(study = one$study[1], terms = paste(kept, collapse = " "), rbind(numbers(whole, "whole"), numbers(m, "dropped")))
})
write.csv(do.call(rbind, fits), files[2], row.names = FALSE)
