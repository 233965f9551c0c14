# What every make_*.R here shares: numbers out, tight optimisers, versions.
options(digits = 15)
RNGversion("4.2.0")
num <- function(x) unname(as.numeric(x))
put <- function(x, file) jsonlite::write_json(c(list(made_by = versions()), x), file, digits = 12, auto_unbox = TRUE, pretty = TRUE, na = "null", null = "null")
versions <- function() {
  used <- intersect(c("nlme", "lme4", "lmerTest", "pbkrtest", "clubSandwich"), loadedNamespaces())
  c(R = paste(R.version$major, R.version$minor, sep = "."), vapply(used, function(p) as.character(packageVersion(p)), "")) |> as.list()
}
table_of <- function(m, keep = NULL) {
  k <- as.data.frame(m)
  data.frame(term = rownames(k), estimate = k[[1]], se = k[[2]], df = k[["df"]], t = k[["t value"]], p = k[["Pr(>|t|)"]])
}
# lme4 stops at a relative 1e-8 or so by default; this is as far as bobyqa goes
tight <- function() lme4::lmerControl(optimizer = "bobyqa", optCtrl = list(rhobeg = 0.1, rhoend = 1e-10, maxfun = 1e6), calc.derivs = FALSE)
tight_gls <- function(...) nlme::glsControl(tolerance = 1e-12, msTol = 1e-14, maxIter = 2000, msMaxIter = 2000, ...)
components <- function(m) { v <- as.data.frame(lme4::VarCorr(m)); v[, c("grp", "var1", "var2", "vcov")] }
lmer_result <- function(m, tests = list()) {
  m <- as(m, "lmerModLmerTest")
  out <- list(formula = deparse1(formula(m)), loglik = num(logLik(m)), n_obs = nobs(m), singular = lme4::isSingular(m),
              variance_components = components(m), satterthwaite_observed = table_of(coef(summary(m))))
  if (lme4::isREML(m)) out$kenward_roger_expected <- table_of(coef(summary(m, ddf = "Kenward-Roger")))
  if (length(tests)) out$f_tests <- lapply(tests, function(L) {
    s <- lmerTest::contestMD(m, L); k <- lmerTest::contestMD(m, L, ddf = "Kenward-Roger")
    list(satterthwaite_observed = list(statistic = s[["F value"]], df1 = s$NumDF, df2 = s$DenDF, p = s[["Pr(>F)"]]),
         kenward_roger_expected = list(statistic = k[["F value"]], df1 = k$NumDF, df2 = k$DenDF, p = k[["Pr(>F)"]]))
  })
  out
}
# Under ML, gls multiplies its standard errors by sqrt(N / (N - p)); here they are (X'V^-1 X)^-1 at the ML estimate of V, as lmer's
gls_result <- function(g, n) {
  k <- as.data.frame(summary(g)$tTable)
  if (g$method == "ML") k$Std.Error <- k$Std.Error * sqrt((g$dims$N - g$dims$p) / g$dims$N)
  list(formula = deparse1(formula(g)), loglik = num(logLik(g)), n_obs = g$dims$N,
       coefficients = data.frame(term = rownames(k), estimate = k$Value, se = k$Std.Error), covariance = gls_sigma(g, n))
}
# (nlme turns a corAR1 with gaps between waves into a corARMA.)
# Sigma over all n waves from a gls with corSymm/corCompSymm/corAR1 over integer waves and varIdent by wave (or none)
gls_sigma <- function(g, n) {
  s <- rep(1, n)
  if (!is.null(g$modelStruct$varStruct)) { k <- coef(g$modelStruct$varStruct, unconstrained = FALSE, allCoef = TRUE); s <- k[order(as.integer(factor(names(k))))] }
  r <- coef(g$modelStruct$corStruct, unconstrained = FALSE); lag <- abs(outer(1:n, 1:n, "-"))
  R <- if (inherits(g$modelStruct$corStruct, c("corAR1", "corARMA"))) r^lag else if (inherits(g$modelStruct$corStruct, "corCompSymm")) ifelse(lag > 0, r, 1) else {
    m <- diag(n); m[lower.tri(m)] <- r; m + t(m) - diag(n) }
  unname(g$sigma^2 * outer(s, s) * R)
}
# The rows of dense.R for one structure (plus a variance for each matrix in `extra`): both methods, both informations, and
# the F test that the coefficients in `test` are all zero
dense_result <- function(y, X, id, wave, structure, test, extra = list()) {
  base <- within_person(structure, wave, id); n <- max(as.integer(wave)); total <- var(lm.fit(X, y)$residuals)
  start <- start_of(structure, n, total); m <- length(start); start <- c(start, rep(total / 10, length(extra)))
  V <- function(theta) { v <- base(theta[1:m]); for (i in seq_along(extra)) v <- v + theta[m + i] * extra[[i]]; v }
  theta <- dense_maximise(y, X, V, start); stopifnot(all(theta[-(1:m)] > 0))
  L <- diag(ncol(X)); rownames(L) <- colnames(X)
  rows <- function(method, kind) dense_rows(y, X, V, theta, L, method, kind)
  out <- list(structure = structure, loglik = dense_loglik(y, X, V, theta), covariance = sigma_of(structure, n)(theta[1:m]))
  if (length(extra)) out$variance_components <- as.list(setNames(theta[-(1:m)], names(extra)))
  c(out, list(n_obs = length(y),
       kenward_roger_observed = rows("kenward_roger", "observed"), kenward_roger_expected = rows("kenward_roger", "expected"),
       satterthwaite_observed = rows("satterthwaite", "observed"), satterthwaite_expected = rows("satterthwaite", "expected"),
       f_test = list(terms = colnames(X)[test], observed = dense_f(y, X, V, theta, L[test, , drop = FALSE], "observed"),
                     expected = dense_f(y, X, V, theta, L[test, , drop = FALSE], "expected"))))
}
# People x waves: correlated scores, rounded so that the CSV holds exactly what was fitted
simulate_people <- function(n, Sigma, dropout = 0) {
  k <- nrow(Sigma); d <- expand.grid(wave = seq_len(k) - 1, person = seq_len(n))
  d$id <- sprintf("P%03d", d$person); d$noise <- as.vector(t(matrix(rnorm(n * k), n) %*% chol(Sigma)))
  d$cohort <- ifelse(d$person %% 2 == 0, "mentored", "comparison"); d$age <- round(rep(runif(n, 11, 16), each = k), 1)
  d$keep <- d$wave == 0 | runif(n * k) >= dropout
  d
}
ready <- function(d) { d$wave <- factor(d$wave); d$cohort <- factor(d$cohort, levels = c("comparison", "mentored")); d }
picks <- function(m, pattern) { k <- names(lme4::fixef(m)); diag(length(k))[grep(pattern, k), , drop = FALSE] }
