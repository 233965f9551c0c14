# Covariance structures on four waves: nlme's gls where it has the structure, brute force (dense.R) for all of them.
# Random slope at unscheduled times; maximum likelihood and likelihood-ratio tests.
# Run from this folder: Rscript make_structures.R
source("dense.R"); source("common.R"); suppressMessages({library(nlme); library(lme4); library(lmerTest)})

# ---- 26 people, four waves, dropout -------------------------------------------------------------------------------------------
set.seed(2601)
S <- outer(c(1, 1.2, 1.3, 1.6), c(1, 1.2, 1.3, 1.6)) * 4 * matrix(c(1, .6, .5, .3, .6, 1, .6, .5, .5, .6, 1, .6, .3, .5, .6, 1), 4)
d <- simulate_people(26, S, dropout = .15)
d$score <- round(25 - .6 * d$wave - .9 * (d$cohort == "mentored") * (d$wave > 0) + .3 * (d$age - 13) + d$noise, 2)
d <- d[d$keep, c("id", "cohort", "age", "wave", "score")]; write.csv(d, "structures.csv", row.names = FALSE); d <- ready(d)
X <- model.matrix(~ cohort * wave + age, d); test <- grep(":", colnames(X))
names <- c("unstructured", "toeplitz", "ar1", "compound_symmetry", "heterogeneous_toeplitz", "heterogeneous_ar1", "heterogeneous_compound_symmetry")
dense <- lapply(setNames(names, names), function(s) dense_result(d$score, X, d$id, d$wave, s, test))
one <- function(cor, hetero, method = "REML", f = score ~ cohort * wave + age)
  gls(f, d, correlation = cor, weights = if (hetero) varIdent(form = ~ 1 | wave), control = tight_gls(), method = method)
sym <- corSymm(form = ~ as.integer(wave) | id); ar1 <- corAR1(.3, form = ~ as.integer(wave) | id); cs <- corCompSymm(.3, form = ~ 1 | id)
fits <- list(unstructured = one(sym, TRUE), ar1 = one(ar1, FALSE), compound_symmetry = one(cs, FALSE),
             heterogeneous_ar1 = one(ar1, TRUE), heterogeneous_compound_symmetry = one(cs, TRUE))
put(list(formula = "score ~ cohort * wave + age", dense = dense, gls = lapply(fits, gls_result, n = 4)), "structures.json")

# ---- maximum likelihood and likelihood-ratio tests ------------------------------------------------------------------------------
ratio <- function(big, small) { a <- anova(small, big); x <- 2 * (num(logLik(big)) - num(logLik(small)))
  k <- attr(logLik(big), "df") - attr(logLik(small), "df"); list(statistic = x, df = k, p = pchisq(x, k, lower.tail = FALSE)) }
without <- score ~ cohort + wave + age
pair <- function(cor, hetero) { a <- one(cor, hetero, "ML"); b <- one(cor, hetero, "ML", without)
  list(full = gls_result(a, 4), reduced = gls_result(b, 4), likelihood_ratio = ratio(a, b)) }
a <- lmer(score ~ cohort * wave + age + (1 | id), d, REML = FALSE, control = tight())
b <- lmer(score ~ cohort + wave + age + (1 | id), d, REML = FALSE, control = tight())
put(list(unstructured = pair(sym, TRUE), ar1 = pair(ar1, FALSE), heterogeneous_compound_symmetry = pair(cs, TRUE),
         random_intercept = list(full = lmer_result(a), reduced = lmer_result(b), likelihood_ratio = ratio(a, b))), "maximum_likelihood.json")

# ---- random slope over months that nobody scheduled --------------------------------------------------------------------------------
set.seed(64)
n <- 36; d <- data.frame(id = rep(sprintf("P%03d", 1:n), times = sample(2:6, n, TRUE)))
d$visit <- ave(seq_along(d$id), d$id, FUN = seq_along)
d$months <- round(ave(runif(nrow(d), .3, 4), d$id, FUN = cumsum) - .3, 1)
d$cohort <- ifelse(as.integer(factor(d$id)) %% 2 == 0, "mentored", "comparison")
b <- matrix(rnorm(2 * n), n) %*% chol(matrix(c(4, .3, .3, .12), 2)); i <- as.integer(factor(d$id))
d$score <- round(20 - .2 * d$months - .25 * d$months * (d$cohort == "mentored") + b[i, 1] + b[i, 2] * d$months + rnorm(nrow(d), sd = 1.2), 2)
write.csv(d, "unscheduled.csv", row.names = FALSE); d$cohort <- factor(d$cohort, levels = c("comparison", "mentored"))
m <- lmer(score ~ cohort * months + (months | id), d, control = tight()); stopifnot(!isSingular(m))
ml <- lmer(score ~ cohort * months + (months | id), d, REML = FALSE, control = tight())
put(list(reml = lmer_result(m, list(both = picks(m, "cohort"))), ml = lmer_result(ml)), "unscheduled.json")
