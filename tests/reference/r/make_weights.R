# Weights: participants of unequal weight, unstructured covariance, cluster-robust CR2 inference from clubSandwich.
# The criterion for theta counts a person of weight w as w people:
#   -2 l = sum_i w_i log|Sigma_i| + log|sum_i w_i X_i' Sigma_i^-1 X_i| + sum_i w_i r_i' Sigma_i^-1 r_i + (sum_i w_i n_i - k) log 2 pi
# which is not gls's likelihood with varFixed(~1/w): there every person's log-determinant counts once. So theta comes from
# the criterion above by optim, and gls is then held at that theta, for clubSandwich to work on.
# Run from this folder: Rscript make_weights.R
source("dense.R"); source("common.R"); suppressMessages({library(nlme); library(clubSandwich)})
set.seed(505)
d <- simulate_people(40, 4 * matrix(c(1, .6, .4, .6, 1.2, .6, .4, .6, 1.5), 3), dropout = .15)
d$site <- sprintf("S%d", (d$person - 1) %/% 5 + 1)
weight <- exp(rnorm(40, sd = .5)); arm <- (1:40) %% 2
weight <- round(weight / ave(weight, arm), 3)
for (a in 0:1) { last <- max(which(arm == a)); weight[last] <- weight[last] + sum(arm == a) - sum(weight[arm == a]) }  # sums to n in each cohort
d$weight <- round(weight[d$person], 3)
d$score <- round(20 - .5 * d$wave - .8 * (d$cohort == "mentored") * (d$wave > 0) + .3 * (d$age - 13) + d$noise, 2)
d <- d[d$keep, c("id", "site", "weight", "cohort", "age", "wave", "score")]; write.csv(d, "weights.csv", row.names = FALSE); d <- ready(d)
f <- score ~ cohort * wave + age * wave; X <- model.matrix(f, d); y <- d$score; people <- split(seq_along(y), d$id); w <- as.integer(d$wave)
criterion <- function(S) {
  XWX <- 0; XWy <- 0; yWy <- 0; logdet <- 0; n <- 0
  for (i in people) { W <- d$weight[i[1]] * solve(S[w[i], w[i], drop = FALSE]); x <- X[i, , drop = FALSE]
    XWX <- XWX + t(x) %*% W %*% x; XWy <- XWy + t(x) %*% W %*% y[i]; yWy <- yWy + (t(y[i]) %*% W %*% y[i])[1]
    logdet <- logdet + d$weight[i[1]] * determinant(S[w[i], w[i], drop = FALSE])$modulus; n <- n + d$weight[i[1]] * length(i) }
  b <- solve(XWX, XWy)
  -(logdet + determinant(XWX)$modulus + yWy - sum(XWy * b) + (n - ncol(X)) * log(2 * pi))[1] / 2
}
from_log_cholesky <- function(p) { U <- matrix(0, 3, 3); U[upper.tri(U, TRUE)] <- p; diag(U) <- exp(diag(U)); t(U) %*% U }
p <- c(.7, 0, .7, 0, 0, .7)
worth <- function(p) tryCatch(-criterion(from_log_cholesky(p)), error = function(e) 1e10)  # a wild step is a bad step
for (i in 1:6) p <- optim(p, worth, method = "BFGS", control = list(reltol = 1e-16, maxit = 5000, ndeps = rep(1e-5, 6)))$par
for (i in 1:4) {  # Newton with central differences: the last digits
  h <- 1e-4; e <- diag(6) * h; l <- function(p) criterion(from_log_cholesky(p))
  g <- vapply(1:6, function(r) (8 * (l(p + e[r, ]) - l(p - e[r, ])) - (l(p + 2 * e[r, ]) - l(p - 2 * e[r, ]))) / (12 * h), 0)
  p <- p - solve(optimHess(p, l, control = list(ndeps = rep(1e-3, 6))), g)
}
S <- from_log_cholesky(p); s <- sqrt(diag(S)); R <- cov2cor(S)
robust <- function(g, type, cluster) { k <- coef_test(g, vcov = type, cluster = cluster, test = "Satterthwaite")
  data.frame(term = rownames(k), estimate = k$beta, se = k$SE, df = k[[grep("^df", names(k))[1]]], p = k[[grep("^p_", names(k))[1]]]) }
all_of <- function(g) list(coefficients = gls_result(g, 3)$coefficients, CR2_participant = robust(g, "CR2", d$id), CR2_site = robust(g, "CR2", d$site),
                           CR0_participant = robust(g, "CR0", d$id), CR0_site = robust(g, "CR0", d$site))
held <- gls(f, d, correlation = corSymm(R[lower.tri(R)], form = ~ w | id, fixed = TRUE),
            weights = varComb(varIdent(form = ~ 1 | wave, fixed = c("1" = s[2] / s[1], "2" = s[3] / s[1])), varFixed(~ 1 / weight)), control = glsControl(sigma = s[1]))
own <- gls(f, d, correlation = corSymm(form = ~ w | id), weights = varComb(varIdent(form = ~ 1 | wave), varFixed(~ 1 / weight)), control = tight_gls())
free <- gls(f, d, correlation = corSymm(form = ~ w | id), weights = varIdent(form = ~ 1 | wave), control = tight_gls())
own_k <- coef(own$modelStruct$varStruct$A, unconstrained = FALSE, allCoef = TRUE)
own_sd <- own$sigma * own_k[order(names(own_k))]
own_R <- diag(3); own_R[lower.tri(own_R)] <- coef(own$modelStruct$corStruct, unconstrained = FALSE); own_R <- own_R + t(own_R) - diag(3)
put(list(formula = deparse1(f),
  weighted = c(list(loglik = criterion(S), covariance = S, gradient = max(abs(g))), all_of(held)),
  gls_own_theta = c(list(covariance = unname(outer(own_sd, own_sd) * own_R), loglik = num(logLik(own))), all_of(own)),
  unweighted = c(list(loglik = num(logLik(free)), covariance = gls_sigma(free, 3)), all_of(free))), "weights.json")
