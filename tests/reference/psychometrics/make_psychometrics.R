# Alpha with Feldt's interval, omega total of one factor, item-rest correlations and alpha without each item, by psych.
# Run from this folder:  Rscript make_psychometrics.R
# (ALONGSIDE_WOODWORTH = folder of Woodworth's ahi-cesd.csv, doi 10.5334/jopd.35, which is not part of the project)
# The keys are typed here once more, by hand; nothing of the project is read but answers that nobody has reversed.
suppressMessages({library(psych); library(jsonlite)})

keys <- list(
  isolation = list(items = 20, range = c(1, 4), reversed = c(1, 5, 6, 9, 10, 15, 16, 19, 20)),
  belonging = list(items = 12, range = c(1, 7), reversed = c(3, 4, 6, 7, 9, 11)),
  self_esteem = list(items = 10, range = c(0, 3), reversed = c(2, 5, 6, 8, 9)),
  anxiety = list(items = 7, range = c(0, 3), reversed = integer(0)),
  ahi = list(items = 24, range = c(1, 5), reversed = integer(0)),
  cesd = list(items = 20, range = c(1, 4), reversed = c(4, 8, 12, 16)))

reliability <- function(answers, key) {
  x <- answers[complete.cases(answers), , drop = FALSE]
  x[, key$reversed] <- sum(key$range) - x[, key$reversed]
  a <- suppressWarnings(alpha(x, check.keys = FALSE))
  o <- suppressMessages(suppressWarnings(omega(x, nfactors = 1, flip = FALSE, plot = FALSE, fm = "minres")))
  list(n = nrow(x), alpha = a$total$raw_alpha,
       feldt = c(a$feldt$lower.ci[[1]], a$feldt$upper.ci[[1]]),
       omega_total = o$omega.tot, item_rest = a$item.stats$r.drop, alpha_without = a$alpha.drop$raw_alpha,
       floor = 100 * mean(rowSums(x) == key$items * key$range[1]),
       ceiling = 100 * mean(rowSums(x) == key$items * key$range[2]))
}

answers_of <- function(frame, prefix, key) frame[, paste0(prefix, sprintf("%02d", seq_len(key$items)))]
write <- function(found, file) write_json(
  c(list(versions = list(R = R.version.string, psych = as.character(packageVersion("psych")))), found),
  file, digits = 12, auto_unbox = TRUE, pretty = TRUE)

bright <- read.csv("bright_path_answers.csv")
found <- list()
for (scale in c("isolation", "belonging", "self_esteem", "anxiety")) for (wave in c("before", "after", "followup"))
  for (cohort in c("everyone", "mentored", "unmentored")) {
    rows <- bright$wave == wave & (cohort == "everyone" | bright$cohort == cohort)
    found[[paste(scale, wave, cohort, sep = ".")]] <-
      reliability(answers_of(bright[rows, ], paste0(scale, "_"), keys[[scale]]), keys[[scale]])
  }
write(found, "bright_path.json")

woodworth <- read.csv(file.path(Sys.getenv("ALONGSIDE_WOODWORTH"), "ahi-cesd.csv"))
woodworth <- woodworth[!duplicated(woodworth[, c("id", "occasion")]), ]
found <- list()
for (scale in c("ahi", "cesd")) for (occasion in 0:5)
  found[[paste(scale, occasion, sep = ".")]] <-
    reliability(answers_of(woodworth[woodworth$occasion == occasion, ], scale, keys[[scale]]), keys[[scale]])
write(found, "woodworth.json")
