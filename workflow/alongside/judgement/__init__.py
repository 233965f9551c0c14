"""What the estimates say about the claims, in fixed words, and what of it may be shown.

In: estimates. Out: adjusted p values, verdicts with their sentences, and tables that protect small groups.
"""
