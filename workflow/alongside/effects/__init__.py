"""Outcome by outcome: how much more one cohort changed since the baseline than another.

In: the panel and the study's plan. Out: estimates, means, models and variance components (`primary.estimate_primary`).
"""
