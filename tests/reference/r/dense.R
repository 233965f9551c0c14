# Brute-force REML and Kenward-Roger in base R, straight from Kenward & Roger (1997, Biometrics 53:983); no packages.
# V: function(theta) giving the N x N covariance. Derivatives of V are fourth-order central differences.

derivative <- function(f, theta, r) {
  h <- 1e-3 * max(abs(theta[r]), 0.1); e <- replace(numeric(length(theta)), r, h)
  (8 * (f(theta + e) - f(theta - e)) - (f(theta + 2 * e) - f(theta - 2 * e))) / (12 * h)
}
trace_of <- function(A, B) sum(A * t(B))

dense_loglik <- function(y, X, V, theta, reml = TRUE) {
  v <- V(theta)
  if (inherits(try(chol(v), silent = TRUE), "try-error")) return(-Inf)
  W <- solve(v); XWX <- t(X) %*% W %*% X
  e <- y - X %*% solve(XWX, t(X) %*% W %*% y)
  -(determinant(v)$modulus + reml * determinant(XWX)$modulus + t(e) %*% W %*% e + (length(y) - reml * ncol(X)) * log(2 * pi))[1] / 2
}

dense_parts <- function(y, X, V, theta, second = FALSE) {
  q <- length(theta); W <- solve(V(theta)); Phi <- solve(t(X) %*% W %*% X)
  M <- W - W %*% X %*% Phi %*% t(X) %*% W
  first <- lapply(seq_len(q), function(r) derivative(V, theta, r))
  out <- list(W = W, Phi = Phi, M = M, first = first, My = M %*% y)
  if (second) out$second <- lapply(seq_len(q), function(r) lapply(seq_len(q), function(s)
    derivative(function(t) derivative(V, t, s), theta, r)))
  out
}

dense_information <- function(y, X, V, theta, kind, reml = TRUE) {
  k <- dense_parts(y, X, V, theta, second = kind == "observed"); q <- length(theta); B <- if (reml) k$M else k$W
  outer(seq_len(q), seq_len(q), Vectorize(function(r, s) {
    BVr <- B %*% k$first[[r]]; BVs <- B %*% k$first[[s]]
    if (kind == "expected") return(trace_of(BVr, BVs) / 2)
    (trace_of(B, k$second[[r]][[s]]) - trace_of(BVr, BVs) +
      2 * (t(k$My) %*% k$first[[r]] %*% k$M %*% k$first[[s]] %*% k$My)[1] - (t(k$My) %*% k$second[[r]][[s]] %*% k$My)[1]) / 2
  }))
}

# Newton on the analytic score, halving steps; expected information wherever the observed one is not positive definite.
dense_maximise <- function(y, X, V, start, reml = TRUE) {
  theta <- start; value <- dense_loglik(y, X, V, theta, reml); stopifnot(is.finite(value))
  for (i in 1:200) {
    k <- dense_parts(y, X, V, theta); B <- if (reml) k$M else k$W
    g <- vapply(k$first, function(D) ((t(k$My) %*% D %*% k$My)[1] - trace_of(B, D)) / 2, 0)
    H <- dense_information(y, X, V, theta, "observed", reml)
    if (min(eigen(H, TRUE, TRUE)$values) <= 0) H <- dense_information(y, X, V, theta, "expected", reml)
    step <- solve(H, g); gain <- sum(g * step)
    if (gain < 1e-18) return(theta)
    size <- 1
    while (size > 1e-10 && !(dense_loglik(y, X, V, theta + size * step, reml) > value)) size <- size / 2
    if (size <= 1e-10) { stopifnot(gain < 1e-12); return(theta) }
    theta <- theta + size * step; value <- dense_loglik(y, X, V, theta, reml)
  }
  stop("no maximum reached")
}

# Single rows: Kenward-Roger (first-order form: no second derivatives of V in Phi_A) and Satterthwaite.
dense_rows <- function(y, X, V, theta, L, method, kind) {
  k <- dense_parts(y, X, V, theta); q <- length(theta)
  C <- solve(dense_information(y, X, V, theta, kind)); Phi <- k$Phi
  P <- lapply(k$first, function(D) -t(X) %*% k$W %*% D %*% k$W %*% X)
  A <- Phi
  if (method == "kenward_roger") {
    S <- 0 * Phi
    for (r in seq_len(q)) for (s in seq_len(q))
      S <- S + C[r, s] * (t(X) %*% k$W %*% k$first[[r]] %*% k$W %*% k$first[[s]] %*% k$W %*% X - P[[r]] %*% Phi %*% P[[s]])
    A <- Phi + 2 * Phi %*% S %*% Phi
  }
  b <- Phi %*% t(X) %*% k$W %*% y
  df <- apply(L, 1, function(l) {
    d <- vapply(P, function(p) (t(l) %*% Phi %*% p %*% Phi %*% l)[1], 0)
    2 * (t(l) %*% Phi %*% l)[1]^2 / (t(d) %*% C %*% d)[1]
  })
  est <- (L %*% b)[, 1]; se <- sqrt(diag(L %*% A %*% t(L)))
  data.frame(term = rownames(L), estimate = est, se = se, df = df, t = est / se, p = 2 * pt(-abs(est / se), df), row.names = NULL)
}

# F test of L b = 0, Kenward & Roger section 3.
dense_f <- function(y, X, V, theta, L, kind) {
  k <- dense_parts(y, X, V, theta); n <- length(theta); q <- nrow(L)
  C <- solve(dense_information(y, X, V, theta, kind)); Phi <- k$Phi
  P <- lapply(k$first, function(D) -t(X) %*% k$W %*% D %*% k$W %*% X)
  S <- 0 * Phi
  for (r in seq_len(n)) for (s in seq_len(n))
    S <- S + C[r, s] * (t(X) %*% k$W %*% k$first[[r]] %*% k$W %*% k$first[[s]] %*% k$W %*% X - P[[r]] %*% Phi %*% P[[s]])
  A <- Phi + 2 * Phi %*% S %*% Phi
  b <- Phi %*% t(X) %*% k$W %*% y
  Theta <- t(L) %*% solve(L %*% Phi %*% t(L)) %*% L
  A1 <- 0; A2 <- 0
  for (r in seq_len(n)) for (s in seq_len(n)) {
    TPr <- Theta %*% Phi %*% P[[r]] %*% Phi; TPs <- Theta %*% Phi %*% P[[s]] %*% Phi
    A1 <- A1 + C[r, s] * sum(diag(TPr)) * sum(diag(TPs)); A2 <- A2 + C[r, s] * sum(diag(TPr %*% TPs))
  }
  B <- (A1 + 6 * A2) / (2 * q); g <- ((q + 1) * A1 - (q + 4) * A2) / ((q + 2) * A2); D <- 3 * q + 2 * (1 - g)
  c1 <- g / D; c2 <- (q - g) / D; c3 <- (q + 2 - g) / D
  E <- 1 / (1 - A2 / q); U <- 2 / q * (1 + c1 * B) / ((1 - c2 * B)^2 * (1 - c3 * B)); rho <- U / (2 * E^2)
  m <- 4 + (q + 2) / (q * rho - 1); lambda <- m / (E * (m - 2))
  f <- lambda * (t(L %*% b) %*% solve(L %*% A %*% t(L)) %*% (L %*% b))[1] / q
  list(statistic = f, df1 = q, df2 = m, scale = lambda, p = pf(f, q, m, lower.tail = FALSE))
}

# Sigma over waves. theta: unstructured = lower triangle by rows; otherwise sd (one, or one a wave), then correlations.
sigma_of <- function(structure, n) {
  lag <- abs(outer(1:n, 1:n, "-")); hetero <- startsWith(structure, "heterogeneous_"); family <- sub("heterogeneous_", "", structure)
  function(theta) {
    if (family == "unstructured") { S <- diag(n); S[upper.tri(S, TRUE)] <- theta; S[lower.tri(S)] <- t(S)[lower.tri(S)]; return(S) }
    m <- if (hetero) n else 1; sd <- rep_len(theta[1:m], n); rho <- theta[-(1:m)]
    R <- switch(family, compound_symmetry = matrix(c(1, rho)[1 + (lag > 0)], n), ar1 = rho^lag, toeplitz = matrix(c(1, rho)[1 + lag], n))
    outer(sd, sd) * R
  }
}
start_of <- function(structure, n, variance, rho = 0.4) {
  S <- variance * (diag(n) * (1 - rho) + rho)
  if (structure == "unstructured") return(S[upper.tri(S, TRUE)])
  c(rep(sqrt(variance), if (startsWith(structure, "heterogeneous_")) n else 1), if (endsWith(structure, "toeplitz")) rho^(1:(n - 1)) else rho)
}
within_person <- function(structure, wave, id) {
  w <- as.integer(wave); S <- sigma_of(structure, max(w)); mine <- outer(id, id, "==")
  function(theta) S(theta)[w, w] * mine
}
