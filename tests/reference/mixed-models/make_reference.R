# Reference values for repeated-measures models, computed with R:
#   mmrm 0.3.18 (built with TMB 1.9.2), lme4 1.1-31, lmerTest 3.1-3, pbkrtest 0.5.2, nlme 3.1-162, emmeans 1.8.4.
# Run from this folder:  Rscript make_reference.R   (ALONGSIDE_WOODWORTH=folder of ahi-cesd.csv, which is not part of the project)
suppressMessages({library(mmrm); library(lme4); library(lmerTest); library(emmeans); library(nlme); library(jsonlite)})
num <- function(x) unname(as.numeric(x))
tab <- function(m) { k <- as.data.frame(m); data.frame(term = rownames(k), estimate = k[[1]], se = k[[2]], df = k[["df"]], t = k[["t value"]], p = k[["Pr(>|t|)"]]) }
put <- function(x, f) write_json(x, f, digits = 12, auto_unbox = TRUE, pretty = TRUE, na = "null")

# ---- data ------------------------------------------------------------------------------------
w <- read.csv("btheb_wide.csv")
btheb <- reshape(w, direction = "long", varying = c("bdi.2m","bdi.3m","bdi.5m","bdi.8m"), v.names = "bdi",
                 timevar = "month", times = c(2,3,5,8), idvar = "subject")
btheb <- btheb[!is.na(btheb$bdi), c("subject","treatment","drug","length","bdi.pre","month","bdi")]
btheb <- btheb[order(btheb$subject, btheb$month), ]
write.csv(btheb, "btheb_long.csv", row.names = FALSE)
btheb$treatment <- factor(btheb$treatment, levels = c("TAU","BtheB")); btheb$drug <- factor(btheb$drug); btheb$length <- factor(btheb$length, levels = c("<6m",">6m"))
btheb$visit <- factor(btheb$month); btheb$subject <- factor(btheb$subject)
# change-from-baseline layout: baseline is wave 0 of the outcome
btheb5 <- reshape(w, direction = "long", varying = c("bdi.pre","bdi.2m","bdi.3m","bdi.5m","bdi.8m"), v.names = "bdi",
                  timevar = "month", times = c(0,2,3,5,8), idvar = "subject")
btheb5 <- btheb5[!is.na(btheb5$bdi), ]; btheb5 <- btheb5[order(btheb5$subject, btheb5$month), ]
btheb5$treatment <- factor(btheb5$treatment, levels = c("TAU","BtheB")); btheb5$visit <- factor(btheb5$month); btheb5$subject <- factor(btheb5$subject)
# constrained baseline (cLDA): one mean before randomisation, arms free afterwards
for (v in c(2,3,5,8)) btheb5[[paste0("btheb_at_", v)]] <- as.numeric(btheb5$treatment == "BtheB" & btheb5$month == v)
sites <- read.csv("simulated_sites.csv"); for (v in c("id","site")) sites[[v]] <- factor(sites[[v]]); sites$wave <- factor(sites$wave); sites$cohort <- factor(sites$cohort, levels = c("unmentored","mentored"))

# ---- MMRM: covariance structures x df methods ----------------------------------------------------
# Kenward-Roger here: first-order form (no second derivatives of V, so independent of the parameterisation) with the
# OBSERVED information of the covariance parameters, which is what mmrm computes. pbkrtest uses the EXPECTED information.
# The optimiser is run far past its default stopping point, so that the last digits are the model's and not the optimiser's.
mm <- function(f, d, method) mmrm(f, d, reml = TRUE, control = mmrm_control(method = method, optimizer = "BFGS",
        optimizer_control = list(reltol = 1e-15, maxit = 20000), vcov = if (method == "Kenward-Roger") "Kenward-Roger-Linear" else "Asymptotic"))
one <- function(f, d, method, emm) {
  m <- mm(f, d, method)
  e <- as.data.frame(summary(emmeans(m, emm), infer = TRUE))
  p <- as.data.frame(summary(pairs(emmeans(m, emm), reverse = TRUE), infer = TRUE))
  list(method = method, loglik_reml = num(logLik(m)), n_obs = nrow(d), coefficients = tab(coef(summary(m))),
       covariance = unname(as.matrix(VarCorr(m))), marginal_means = e, pairwise = p)
}
fs <- list(unstructured = "us", compound_symmetry = "cs", ar1 = "ar1", toeplitz = "toep", heterogeneous_cs = "csh", heterogeneous_ar1 = "ar1h")
r <- list()
for (s in names(fs)) for (k in c("Satterthwaite","Kenward-Roger")) {
  f <- as.formula(sprintf("bdi ~ bdi.pre + drug + length + treatment*visit + %s(visit|subject)", fs[[s]]))
  r[[paste(s, tolower(sub("-","_",k)), sep = ".")]] <- one(f, btheb, k, ~ treatment | visit)
}
put(r, "btheb_mmrm.json")
put(list(unstructured.kenward_roger = one(bdi ~ treatment*visit + us(visit|subject), btheb5, "Kenward-Roger", ~ treatment | visit),
         unstructured.satterthwaite = one(bdi ~ treatment*visit + us(visit|subject), btheb5, "Satterthwaite", ~ treatment | visit)), "btheb_baseline_as_outcome_mmrm.json")

clda <- function(method) { m <- mm(bdi ~ visit + btheb_at_2 + btheb_at_3 + btheb_at_5 + btheb_at_8 + us(visit|subject), btheb5, method)
  list(method = method, loglik_reml = num(logLik(m)), n_obs = nrow(btheb5), coefficients = tab(coef(summary(m))), covariance = unname(as.matrix(VarCorr(m)))) }
put(list(unstructured.kenward_roger = clda("Kenward-Roger"), unstructured.satterthwaite = clda("Satterthwaite")), "btheb_constrained_baseline_mmrm.json")

# ---- random-effects models ----------------------------------------------------------------------
lm1 <- function(f, d) { m <- lmerTest::lmer(f, d, REML = TRUE); v <- as.data.frame(VarCorr(m))
  list(formula = deparse1(f), loglik_reml = num(logLik(m)), n_obs = nobs(m), singular = isSingular(m), variance_components = v[, c("grp","var1","var2","vcov")],
       satterthwaite = tab(coef(summary(m))), kenward_roger = tab(coef(summary(m, ddf = "Kenward-Roger")))) }
put(list(random_intercept = lm1(bdi ~ bdi.pre + month + treatment + drug + length + (1|subject), btheb),
         random_slope     = lm1(bdi ~ bdi.pre + month + treatment + drug + length + (month|subject), btheb),
         random_intercept_by_visit = lm1(bdi ~ bdi.pre + drug + length + treatment*visit + (1|subject), btheb)), "btheb_lmer.json")
put(list(participant_in_site = lm1(score ~ cohort*wave + age + (1|site) + (1|id), sites),
         participant_in_site_by_wave = lm1(score ~ cohort*wave + age*wave + (1|site) + (1|site:wave) + (1|id), sites)), "simulated_sites_lmer.json")
g <- nlme::lme(score ~ cohort*wave + age, random = ~1|site, correlation = corSymm(form = ~as.integer(wave)|site/id), weights = varIdent(form = ~1|wave), data = sites, control = lmeControl(maxIter = 200, msMaxIter = 500, opt = "optim"))
put(list(formula = "score ~ cohort*wave + age, random site intercept, unstructured across waves within participant", loglik_reml = num(logLik(g)), coefficients = { t <- as.data.frame(summary(g)$tTable); data.frame(term = rownames(t), estimate = t$Value, se = t$Std.Error) }, site_sd = num(VarCorr(g)[1,2]), residual_sd_by_wave = num(g$sigma * coef(g$modelStruct$varStruct, unconstrained = FALSE, allCoef = TRUE))), "simulated_sites_lme.json")
data(sleepstudy, package = "lme4"); write.csv(sleepstudy, "sleepstudy.csv", row.names = FALSE)
put(list(random_slope = lm1(Reaction ~ Days + (Days|Subject), sleepstudy)), "sleepstudy_lmer.json")

# ---- a real four-arm trial with six waves (Woodworth et al. 2018, doi 10.5334/jopd.35, CC BY 4.0) ------
wd <- read.csv(file.path(Sys.getenv("ALONGSIDE_WOODWORTH"), "ahi-cesd.csv")); wd <- wd[!duplicated(wd[, c("id","occasion")]), ]
wd$arm <- factor(wd$intervention, levels = c(4,1,2,3), labels = c("early_memories","signature_strengths","three_good_things","gratitude_visit"))
wd$wave <- factor(wd$occasion); wd$id <- factor(wd$id)
put(list(note = "first of two duplicated person-occasions kept",
         cesd.kenward_roger = one(cesdTotal ~ arm*wave + us(wave|id), wd, "Kenward-Roger", ~ arm | wave),
         ahi.kenward_roger  = one(ahiTotal ~ arm*wave + us(wave|id), wd, "Kenward-Roger", ~ arm | wave)), "woodworth2018_mmrm.json")
