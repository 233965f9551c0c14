# Made-up answers of 60 people to five items, and which of them R's mahalanobis() flags at one in a thousand.
# Rscript make_mahalanobis.R   writes mahalanobis.json beside itself
library(jsonlite)
set.seed(11)
level <- rnorm(60)
answers <- sapply(1:5, function(item) pmin(pmax(round(3 + 1.1 * level + rnorm(60, sd = 0.7)), 1), 5))
answers[7, ] <- c(1, 5, 1, 5, 1)
answers[31, ] <- c(5, 1, 5, 5, 1)
distance <- mahalanobis(answers, colMeans(answers), cov(answers))
flagged <- which(pchisq(distance, df = 5, lower.tail = FALSE) < 0.001)
write_json(list(answers = answers, distance = distance, flagged = flagged), "mahalanobis.json", digits = 12)
