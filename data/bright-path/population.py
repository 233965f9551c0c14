"""The people of Bright Path: who they are, who joins, how they change, what they answer. Nobody in it exists.

In: a random generator and the number of people at each site. Out: a `Population` with covariates, cohort and, for
both potential outcomes, the answers of everybody at every wave; `draw_missing` then decides who is seen.

Steps
1. Covariates: age, gender, first generation in further education.
2. Four latent levels a person (isolation, belonging, self-esteem, anxiety) that last over the year, plus a
   momentary part at each wave (autoregressive), plus effects of the site and of the site at one wave.
3. Who joins depends on the covariates and on the lasting level of isolation. It never depends on the momentary part
   of the first survey: that would make the mentored improve by regression to the mean alone.
4. Everybody changes; how much depends on the covariates too, so that a comparison without them is wrong.
5. Mentoring shifts the latent level at the follow-up waves by EFFECT.
6. Answers come from a graded response model: P(answer >= k) = logistic(a (theta - b_k)).
7. Later waves are missed more often by people whose earlier *observed* scores were worse, and in the comparison
   cohort: missing at random given what was seen.
"""

from dataclasses import dataclass

import numpy as np

WAVES = ("before", "after", "followup")
FOLLOWUPS = WAVES[1:]
OUTCOMES = ("isolation", "belonging", "self_esteem", "anxiety")
GENDERS = ("Female", "Male", "Non-binary")
MEAN_AGE, SD_AGE = 17.0, 1.5

# Shift of the latent level (baseline SD near 1) by mentoring, after and at follow-up.
EFFECT = {
    "isolation": (-0.32, -0.26),
    "belonging": (0.30, 0.26),
    "self_esteem": (0.10, 0.12),
    "anxiety": (-0.02, -0.16),
}
# What happens to everybody: people settle in during their first year; examinations make them anxious.
TREND = {
    "isolation": (-0.58, -0.62),
    "belonging": (0.54, 0.58),
    "self_esteem": (0.46, 0.50),
    "anxiety": (0.44, 0.42),
}
# Level: effect on the lasting level. Change: additional change by the first and the second follow-up.
# Columns: age in SD, female, non-binary, first generation.
LEVEL = {
    "isolation": (0.00, 0.05, 0.30, 0.15),
    "belonging": (0.05, 0.00, -0.30, -0.15),
    "self_esteem": (0.05, -0.20, -0.30, -0.05),
    "anxiety": (0.05, 0.35, 0.40, 0.05),
}
CHANGE = {
    "isolation": (-0.20, 0.10, 0.10, 0.28),
    "belonging": (0.18, -0.10, -0.10, -0.26),
    "self_esteem": (0.12, -0.08, -0.10, -0.16),
    "anxiety": (-0.12, 0.10, 0.10, 0.14),
}
CHANGE_GROWTH = (1.0, 1.2)
TYPICAL = (0.0, 0.52, 0.03, 0.42)  # where the covariates' change is zero, so that TREND is the average person's
JOINING = (-0.45, 0.40, 0.20, 0.65)  # log odds, same columns as LEVEL
JOINING_ISOLATION = 0.45  # log odds for each SD of lasting isolation
JOINING_SITE_SD = 0.3
JOINING_INTERCEPT = -0.75

LASTING_VARIANCE, MOMENTARY_VARIANCE, MOMENTARY_CORRELATION = 0.60, 0.36, 0.25
SITE_VARIANCE, SITE_WAVE_VARIANCE = 0.025, 0.012
LASTING_CORRELATION = np.array(
    [[1.00, -0.60, -0.45, 0.40], [-0.60, 1.00, 0.45, -0.30], [-0.45, 0.45, 1.00, -0.45], [0.40, -0.30, -0.45, 1.00]]
)
MOMENTARY_CORRELATIONS = 0.5 * LASTING_CORRELATION + 0.5 * np.eye(4)

ITEM_SKIPPING = 0.03  # of the answered scales, one or two items are left out


@dataclass(frozen=True)
class Scale:
    """What the file holds: items numbered from 1, answers from `low` to `high`, `reversed_items` run the other way.

    centre, spread: mean and range of the items' thresholds on the latent level
    shift: what scoring by the codebook adds to the sum of the recorded answers (Rosenberg: recorded 1-4, scored 0-3)
    """

    prefix: str
    n_items: int
    low: int
    high: int
    reversed_items: tuple[int, ...]
    discrimination: float
    centre: float
    spread: float
    shift: int = 0

    @property
    def n_steps(self):
        return self.high - self.low

    def thresholds(self):
        """items x steps: evenly spread, items in a fixed scattered order so that neighbours differ."""
        place = (np.arange(self.n_items) * 17 % self.n_items + 0.5) / self.n_items - 0.5
        step = (np.arange(self.n_steps) + 0.5) / self.n_steps - 0.5
        return self.centre + self.spread * (step[None, :] + place[:, None] / self.n_steps)

    def discriminations(self):
        return self.discrimination * (1 + 0.25 * np.cos(np.arange(self.n_items)))

    def keyed(self, answers):
        """Answers as recorded -> answers in which more is more of the construct, and back (it is its own inverse)."""
        turned = answers.copy()
        columns = np.array(self.reversed_items, dtype=int) - 1
        turned[..., columns] = self.low + self.high - turned[..., columns]
        return turned

    def score(self, answers):
        """Score in the codebook's metric of complete answers as recorded (last axis: items)."""
        return self.keyed(answers).sum(axis=-1) + self.shift

    def expected_score(self, theta):
        """Mean score of people at latent level `theta`."""
        grid = np.linspace(-8, 8, 3201)
        steps = self.thresholds()
        slope = self.discriminations()[:, None]
        curve = sum(_logistic(slope[item] * (grid[:, None] - steps[item])).sum(axis=1) for item in range(self.n_items))
        return np.interp(theta, grid, curve) + self.n_items * self.low + self.shift


SCALES = {
    "isolation": Scale("ucla", 20, 1, 4, (1, 5, 6, 9, 10, 15, 16, 19, 20), 1.4, 0.05, 5.4),
    "belonging": Scale("gbs", 12, 1, 7, (3, 4, 6, 7, 9, 11), 1.75, -0.3, 5.8),
    "self_esteem": Scale("rses", 10, 1, 4, (2, 5, 6, 8, 9), 1.75, -0.3, 5.0, shift=-10),
    "anxiety": Scale("gad", 7, 0, 3, (), 2.1, 0.85, 4.0),
}


@dataclass(frozen=True)
class Population:
    """age, gender (index into GENDERS), first_generation, site, mentored: one entry a person

    latent: outcome -> waves x people, without mentoring
    answers: outcome -> waves x people x items as recorded, under the cohort that each person chose
    answers_if: mentored? -> the same under each potential outcome
    skipped: outcome -> waves x people x items, items left out
    late: enrolled after the first survey
    seen: waves x people, filled by `draw_missing`
    enrolled_if: mentored? -> people still at school after six months
    """

    age: np.ndarray
    gender: np.ndarray
    first_generation: np.ndarray
    site: np.ndarray
    mentored: np.ndarray
    latent: dict
    answers_if: dict
    answers: dict
    skipped: dict
    late: np.ndarray
    seen: np.ndarray
    enrolled_if: dict

    @property
    def enrolled(self):
        return np.where(self.mentored, self.enrolled_if[True], self.enrolled_if[False])

    def levels(self, outcome, wave):
        """(with mentoring, without): latent level of everybody at a follow-up wave (its place in WAVES)."""
        without = self.latent[outcome][wave]
        return without + EFFECT[outcome][wave - 1], without

    def scores(self, outcome):
        """waves x people: complete scores of everybody, seen or not."""
        return SCALES[outcome].score(self.answers[outcome])

    def observed_scores(self, outcome):
        """waves x people: missing where a wave was missed or more items were skipped than the codebook forgives."""
        forgiven = {"isolation": 0, "belonging": 0, "self_esteem": 2, "anxiety": 2}[outcome]
        scale = SCALES[outcome]
        keyed = np.where(self.skipped[outcome], np.nan, scale.keyed(self.answers[outcome]))
        n_skipped = self.skipped[outcome].sum(axis=-1)
        prorated = np.nanmean(keyed, axis=-1) * scale.n_items + scale.shift
        return np.where(self.seen & (n_skipped <= forgiven), prorated, np.nan)


def draw_population(rng, *, site_sizes, n_late=0):
    """A population with answers and missed waves.

    rng: numpy Generator
    site_sizes: people at each site
    n_late: so many people, whoever they are, enrolled after the first survey
    """
    site = np.repeat(np.arange(len(site_sizes)), site_sizes)
    traits = _draw_covariates(rng, n=len(site))
    latent, lasting = _draw_latent(rng, site=site, design=traits["design"])
    mentored = _draw_cohort(rng, site=site, design=traits["design"], lasting_isolation=lasting)
    answers_if = {False: {}, True: {}}
    skipped = {}
    for outcome, scale in SCALES.items():
        # The same luck under both potential outcomes: they differ by mentoring alone.
        luck = rng.random((len(WAVES), len(site), scale.n_items))
        for joined in (False, True):
            level = latent[outcome] + joined * np.array([0.0, *EFFECT[outcome]])[:, None]
            answers_if[joined][outcome] = answer(scale, level, luck)
        skipped[outcome] = _draw_skipped(rng, shape=luck.shape)
    answers = {
        outcome: np.where(mentored[None, :, None], answers_if[True][outcome], answers_if[False][outcome])
        for outcome in OUTCOMES
    }
    base = _logistic(2.3 - 0.3 * traits["first_generation"] - 0.15 * (traits["age"] - MEAN_AGE))
    luck = rng.random(len(site))
    population = Population(
        age=traits["age"],
        gender=traits["gender"],
        first_generation=traits["first_generation"],
        site=site,
        mentored=mentored,
        latent=latent,
        answers_if=answers_if,
        answers=answers,
        skipped=skipped,
        late=np.isin(np.arange(len(site)), rng.choice(len(site), n_late, replace=False)),
        seen=np.ones((len(WAVES), len(site)), dtype=bool),
        enrolled_if={False: luck < base, True: luck < base + 0.03},
    )
    draw_missing(rng, population)
    return population


def draw_missing(rng, population):
    """Fill `population.seen` in place, from what the study would know: observed scores, cohort, earlier absence."""
    seen = population.seen
    seen[0] = ~population.late & (rng.random(len(population.site)) > 0.02)
    for wave in (1, 2):
        worse = np.zeros(len(population.site))
        for outcome, weight in (("isolation", 0.35), ("anxiety", 0.25)):
            earlier = population.observed_scores(outcome)[:wave]
            last = earlier[0]
            for more_recent in earlier[1:]:
                last = np.where(np.isnan(more_recent), last, more_recent)
            usual, sd = {"isolation": (46.0, 10.0), "anxiety": (7.5, 5.0)}[outcome]
            worse += weight * np.nan_to_num((last - usual) / sd)
        absent_before = 0.0 if wave == 1 else 1.3 * ~seen[1]
        intercept = np.where(population.mentored, (-2.05, -1.75)[wave - 1], (-1.50, -1.25)[wave - 1])
        seen[wave] = rng.random(len(population.site)) > _logistic(intercept + worse + absent_before)


def _draw_covariates(rng, *, n):
    age = np.clip(np.rint(rng.normal(MEAN_AGE, SD_AGE, n)), 13, 21)
    gender = np.searchsorted(np.cumsum([0.52, 0.45]), rng.random(n))
    first_generation = rng.random(n) < 0.42
    design = np.column_stack([(age - MEAN_AGE) / SD_AGE, gender == 0, gender == 2, first_generation]).astype(float)
    return {"age": age, "gender": gender, "first_generation": first_generation, "design": design}


def _draw_latent(rng, *, site, design):
    """(level of each outcome without mentoring, waves x people; lasting isolation beyond the covariates, in SD)"""
    n, n_sites = len(site), site.max() + 1
    lasting = rng.standard_normal((n, 4)) @ np.linalg.cholesky(LASTING_CORRELATION).T
    shocks = rng.standard_normal((len(WAVES), n, 4)) @ np.linalg.cholesky(MOMENTARY_CORRELATIONS).T
    momentary = np.empty_like(shocks)
    momentary[0] = shocks[0]
    for wave in (1, 2):
        fresh = np.sqrt(1 - MOMENTARY_CORRELATION**2)
        momentary[wave] = MOMENTARY_CORRELATION * momentary[wave - 1] + fresh * shocks[wave]
    site_level = np.sqrt(SITE_VARIANCE) * rng.standard_normal((n_sites, 4))
    site_wave = np.sqrt(SITE_WAVE_VARIANCE) * rng.standard_normal((len(WAVES), n_sites, 4))
    latent = {}
    for k, outcome in enumerate(OUTCOMES):
        covariate_change = (design - np.array(TYPICAL)) @ np.array(CHANGE[outcome])
        stable = np.sqrt(LASTING_VARIANCE) * lasting[:, k] + design @ np.array(LEVEL[outcome]) + site_level[site, k]
        levels = [
            stable + trend + growth * covariate_change + np.sqrt(MOMENTARY_VARIANCE) * momentary[wave, :, k]
            for wave, (trend, growth) in enumerate(zip((0.0, *TREND[outcome]), (0.0, *CHANGE_GROWTH), strict=True))
        ]
        latent[outcome] = np.stack(levels) + site_wave[:, site, k]
    return latent, lasting[:, OUTCOMES.index("isolation")]


def _draw_cohort(rng, *, site, design, lasting_isolation):
    site_pull = JOINING_SITE_SD * rng.standard_normal(site.max() + 1)
    log_odds = JOINING_INTERCEPT + design @ np.array(JOINING) + JOINING_ISOLATION * lasting_isolation + site_pull[site]
    return rng.random(len(site)) < _logistic(log_odds)


def answer(scale, theta, luck):
    """Answers as recorded at latent level `theta`; `luck`: uniform numbers, one more axis (the items) than theta."""
    slope, steps = scale.discriminations(), scale.thresholds()
    chosen = np.full(luck.shape, scale.low, dtype=np.int8)
    for step in range(scale.n_steps):
        chosen += luck < _logistic(slope * (theta[..., None] - steps[:, step]))
    return scale.keyed(chosen)


def _draw_skipped(rng, *, shape):
    """One or two items left out in a small share of the scales, whoever the person is."""
    waves, people, items = shape
    skipped = np.zeros(shape, dtype=bool)
    careless = rng.random((waves, people)) < ITEM_SKIPPING
    for position in (rng.integers(items, size=(waves, people)), rng.integers(items, size=(waves, people))):
        w, i = np.nonzero(careless)
        skipped[w, i, position[w, i]] = True
    return skipped


def _logistic(x):
    return 1.0 / (1.0 + np.exp(-x))
